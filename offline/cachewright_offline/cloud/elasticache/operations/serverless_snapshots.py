"""Snapshots of serverless caches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import customer_keys
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCache
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_KINDS: Final = ("automated", "manual")
_COMPATIBLE: Final = {"redis": {"redis", "valkey"}, "valkey": {"valkey"}, "memcached": {"memcached"}}


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


def take(context: Context, params: Params, cache: ServerlessCache) -> ServerlessSnapshot:
    """Take a snapshot of a cache: on request, or before it is deleted."""
    name = _free_name(context, params, "ServerlessCacheSnapshotName")
    _check_daily_quota(context, cache.name)
    key = customer_keys.usable(context, params.get("KmsKeyId")) or cache.kms_key_id
    tags = new_tags(params)
    snapshot = ServerlessSnapshot(name, cache.name, cache.engine, cache.major_version, key, context.state.now())
    _keep(context, snapshot, tags)
    return snapshot


def matching(context: Context, params: Params) -> list[ServerlessSnapshot]:
    """Return the snapshots that a DescribeServerlessCacheSnapshots request means."""
    snapshots = context.state.part(ServerlessSnapshots)
    if "ServerlessCacheSnapshotName" in params:
        return [snapshots.find(params["ServerlessCacheSnapshotName"])]
    kind = params.get("SnapshotType")
    if kind is not None and kind not in _KINDS:
        raise invalid_value(f"Invalid value for SnapshotType: {kind}. Must be one of: {', '.join(_KINDS)}.")
    name = params.get("ServerlessCacheName")
    return [
        one
        for one in snapshots.by_name.values()
        if (name is None or one.cache_name == name.lower()) and (kind is None or one.kind == kind)
    ]


def check_restorable(context: Context, snapshot_arn: str, engine: str) -> None:
    """Raise the fault for a snapshot that a new cache of an engine cannot be filled from."""
    if snapshot_arn.startswith("arn:") and ":s3:::" in snapshot_arn:
        return
    prefix = arn(context, "")
    known = context.state.part(ServerlessSnapshots).by_name.get(snapshot_arn.removeprefix(prefix))
    if not snapshot_arn.startswith(prefix) or known is None:
        node_based = context.state.arn("snapshot", "")
        if snapshot_arn.startswith(node_based) and snapshot_arn in context.state.tags:
            return
        raise invalid_value(f"The snapshot {snapshot_arn} does not exist.")
    if known.status != "available":
        raise invalid_value(f"The snapshot {snapshot_arn} is not available: it is {known.status}.")
    if engine not in _COMPATIBLE[known.engine]:
        raise invalid_value(f"A snapshot of engine {known.engine} cannot be restored to the engine {engine}.")


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
    _check_available(source)
    name = _free_name(context, params, "TargetServerlessCacheSnapshotName")
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
    _check_available(snapshot)
    snapshot.status = "deleting"
    context.state.after("serverless-snapshot-delete", lambda: remove(context, snapshot))
    return {"ServerlessCacheSnapshot": shown(context, snapshot)}


@operation("ExportServerlessCacheSnapshot")
def export_serverless_cache_snapshot(context: Context, params: Params) -> Result:
    """Refuse: there are no data that could be written to a bucket."""
    _check_available(context.state.part(ServerlessSnapshots).find(params["ServerlessCacheSnapshotName"]))
    bucket = params["S3BucketName"]
    message = f"ElastiCache was unable to validate the authenticated user has access on the S3 bucket {bucket}."
    raise invalid_value(message)


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
    name = identifier(params, parameter, "snapshot_name")
    if name in context.state.part(ServerlessSnapshots).by_name:
        message = f"Serverless cache snapshot {name} already exists."
        raise fault("ServerlessCacheSnapshotAlreadyExistsFault", message)
    return name


def _keep(context: Context, snapshot: ServerlessSnapshot, tags: dict[str, str]) -> None:
    context.state.part(ServerlessSnapshots).by_name[snapshot.name] = snapshot
    context.state.tags[arn(context, snapshot.name)] = tags
    message = f"Serverless cache snapshot {snapshot.name} has been created."
    context.state.record_event("serverless-cache-snapshot", snapshot.name, message)

    def finish() -> None:
        if snapshot.status == "creating":
            snapshot.status = "available"

    context.state.after("serverless-snapshot-create", finish)


def _check_available(snapshot: ServerlessSnapshot) -> None:
    if snapshot.status != "available":
        message = f"Serverless cache snapshot {snapshot.name} is not available: it is {snapshot.status}."
        raise fault("InvalidServerlessCacheSnapshotStateFault", message)
