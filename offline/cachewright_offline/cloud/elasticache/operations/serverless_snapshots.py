"""Snapshots of serverless caches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import bucket_exports, customer_keys
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCache
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_KINDS: Final = ("automated", "manual")


@dataclass(slots=True)
class ServerlessSnapshot:
    """One snapshot of a serverless cache.

    Attributes:
        name: Its name, in lower case.
        cache_name: The cache that it was taken from.
        engine: That cache's engine.
        major_version: That cache's major version.
        kms_key_id: The ARN of the customer's key, if it has one.
        created: When the data were read.
        kind: `manual` or `automated`.
        expires: When an automatic one is removed; None for a manual one.
        status: `creating`, `available` or `deleting`.
    """

    name: str
    cache_name: str
    engine: str
    major_version: str
    kms_key_id: str | None
    created: datetime
    kind: str = "manual"
    expires: datetime | None = None
    status: str = "creating"


@dataclass(slots=True)
class ServerlessSnapshots:
    """The serverless snapshots of a region."""

    by_name: dict[str, ServerlessSnapshot] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many exist."""
        return {"elasticache_serverless_snapshots": len(self.by_name)}

    def find(self, name: str) -> ServerlessSnapshot:
        """Return a snapshot, or raise ServerlessCacheSnapshotNotFoundFault."""
        snapshot = self.by_name.get(name.lower())
        if snapshot is None:
            raise fault("ServerlessCacheSnapshotNotFoundFault", f"Serverless cache snapshot {name} not found.")
        return snapshot


def take(context: Context, params: Params, cache: ServerlessCache, *, final: bool = False) -> ServerlessSnapshot:
    """Take a snapshot of a cache: on request, or the final one before it is deleted, which no quota forbids."""
    name = _free_name(context, params, "FinalSnapshotName" if final else "ServerlessCacheSnapshotName")
    if not final:
        _check_daily_quota(context, cache.name)
    key = customer_keys.usable(context, params.get("KmsKeyId")) or cache.kms_key_id
    tags = new_tags(params)
    snapshot = ServerlessSnapshot(name, cache.name, cache.engine, cache.major_version, key, context.state.now())
    _keep(context, snapshot, tags)
    return snapshot


def matching(context: Context, params: Params) -> list[ServerlessSnapshot]:
    """Return the snapshots that a DescribeServerlessCacheSnapshots request means."""
    snapshots = context.state.part(ServerlessSnapshots)
    kind = params.get("SnapshotType")
    if kind is not None and kind not in _KINDS:
        raise invalid_value(f"Invalid value for SnapshotType: {kind}. Must be one of: {', '.join(_KINDS)}.")
    wanted, name = params.get("ServerlessCacheSnapshotName"), params.get("ServerlessCacheName")
    return [
        one
        for one in ([snapshots.find(wanted)] if wanted is not None else snapshots.by_name.values())
        if (name is None or one.cache_name == name.lower()) and (kind is None or one.kind == kind)
    ]


def announce(context: Context, snapshot: ServerlessSnapshot) -> None:
    """Record that a snapshot was taken."""
    message = f"Snapshot {snapshot.name} created for cache {snapshot.cache_name}."
    context.state.record_event("serverless-cache-snapshot", snapshot.name, message)


def remove(context: Context, snapshot: ServerlessSnapshot) -> None:
    """Remove a snapshot and its tags; one that is gone, or whose name another has taken, is left alone."""
    kept = context.state.part(ServerlessSnapshots).by_name
    if kept.get(snapshot.name) is snapshot:
        del kept[snapshot.name]
        context.state.tags.pop(arn(context, snapshot.name), None)


@operation("CopyServerlessCacheSnapshot")
def copy_serverless_cache_snapshot(context: Context, params: Params) -> Result:
    """Copy a snapshot."""
    source = context.state.part(ServerlessSnapshots).find(params["SourceServerlessCacheSnapshotName"])
    check_available(source)
    name = _free_name(context, params, "TargetServerlessCacheSnapshotName")
    _check_daily_quota(context, source.cache_name)
    key = customer_keys.usable(context, params.get("KmsKeyId")) or source.kms_key_id
    tags = new_tags(params)
    copy = ServerlessSnapshot(name, source.cache_name, source.engine, source.major_version, key, source.created)
    _keep(context, copy, tags)
    return {"ServerlessCacheSnapshot": shown(context, copy)}


@operation("DeleteServerlessCacheSnapshot")
def delete_serverless_cache_snapshot(context: Context, params: Params) -> Result:
    """Delete a snapshot."""
    snapshots = context.state.part(ServerlessSnapshots)
    snapshot = snapshots.find(params["ServerlessCacheSnapshotName"])
    check_available(snapshot)
    snapshot.status = "deleting"
    context.state.after("serverless-snapshot-delete", lambda: remove(context, snapshot))
    return {"ServerlessCacheSnapshot": shown(context, snapshot)}


@operation("ExportServerlessCacheSnapshot")
def export_serverless_cache_snapshot(context: Context, params: Params) -> Result:
    """Refuse: there are no data that could be written to a bucket."""
    snapshot = context.state.part(ServerlessSnapshots).find(params["ServerlessCacheSnapshotName"])
    check_available(snapshot)
    if snapshot.engine == "memcached":
        raise invalid_value("Snapshots of the engine memcached cannot be exported.")
    bucket_exports.refuse(context, params["S3BucketName"], f"{snapshot.name}.rdb")


def arn(context: Context, name: str) -> str:
    """Return a serverless snapshot's ARN."""
    return context.state.arn("serverlesscachesnapshot", name)


def shown(context: Context, snapshot: ServerlessSnapshot) -> Result:
    """Return a serverless snapshot as answers show it."""
    return {
        "ServerlessCacheSnapshotName": snapshot.name,
        "ARN": arn(context, snapshot.name),
        "KmsKeyId": snapshot.kms_key_id,
        "SnapshotType": snapshot.kind,
        "Status": snapshot.status,
        "CreateTime": snapshot.created,
        "ExpiryTime": snapshot.expires,
        "BytesUsedForCache": "0",
        "ServerlessCacheConfiguration": {
            "ServerlessCacheName": snapshot.cache_name,
            "Engine": snapshot.engine,
            "MajorEngineVersion": snapshot.major_version,
        },
    }


def _check_daily_quota(context: Context, cache_name: str) -> None:
    since = context.state.now() - timedelta(days=1)
    recent = sum(
        one.kind == "manual" and one.cache_name == cache_name and one.created > since
        for one in context.state.part(ServerlessSnapshots).by_name.values()
    )
    most = limit("serverless_snapshots_per_day")
    if recent >= most:
        message = f"{most} snapshots of the serverless cache {cache_name} were taken within the last 24 hours."
        raise fault("ServerlessCacheSnapshotQuotaExceededFault", message)


def _free_name(context: Context, params: Params, parameter: str) -> str:
    name = identifier(params, parameter, "serverless_snapshot_name")
    if name in context.state.part(ServerlessSnapshots).by_name:
        message = f"Serverless cache snapshot {name} already exists."
        raise fault("ServerlessCacheSnapshotAlreadyExistsFault", message)
    return name


def _keep(context: Context, snapshot: ServerlessSnapshot, tags: dict[str, str]) -> None:
    context.state.part(ServerlessSnapshots).by_name[snapshot.name] = snapshot
    context.state.tags[arn(context, snapshot.name)] = tags

    def finish() -> None:
        if snapshot.status == "creating":
            snapshot.status = "available"
            announce(context, snapshot)

    context.state.after("serverless-snapshot-create", finish)


def check_available(snapshot: ServerlessSnapshot) -> None:
    """Refuse to use a snapshot that is being taken or deleted."""
    if snapshot.status != "available":
        message = f"Serverless cache snapshot {snapshot.name} is not available: it is {snapshot.status}."
        raise fault("InvalidServerlessCacheSnapshotStateFault", message)
