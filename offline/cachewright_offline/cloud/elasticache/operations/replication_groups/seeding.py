"""What a new replication group is filled with: a snapshot, files in S3, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.links import links

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.links import SnapshotSource
    from cachewright_offline.cloud.elasticache.registry import Context, Params

_SOURCES: Final = ("SnapshotName", "SnapshotArns", "ServerlessCacheSnapshotName")


@dataclass(frozen=True, slots=True)
class Seed:
    """What a snapshot says about the group that is restored from it, where the request says nothing.

    Attributes:
        engine: The engine of the source, or None.
        version: The version of the source, or None.
        node_type: The node type of the source, or None.
        shards: How many node groups the source has.
        cluster_enabled: Whether the source's keys are spread over slots.
        data_tiering: Whether the source has data tiering; None where it does not matter.
    """

    engine: str | None = None
    version: str | None = None
    node_type: str | None = None
    shards: int = 1
    cluster_enabled: bool = False
    data_tiering: bool | None = None


def chosen(context: Context, params: Params) -> Seed:
    """Return what a request restores, everything checked that does not depend on the rest of the request."""
    given = [name for name in _SOURCES if params.get(name)]
    if len(given) > 1:
        raise invalid_combination(f"{' and '.join(given)} cannot be given together.")
    if params.get("SnapshotName"):
        return _of_snapshot(links.snapshots.source(context, params["SnapshotName"]))
    if params.get("SnapshotArns"):
        _check_files(context, params)
    if params.get("ServerlessCacheSnapshotName"):
        return _of_serverless_snapshot(context, params["ServerlessCacheSnapshotName"])
    return Seed()


def _of_snapshot(source: SnapshotSource) -> Seed:
    return Seed(
        source.engine,
        source.engine_version,
        source.node_type,
        source.shards,
        source.cluster_enabled,
        source.data_tiering,
    )


def _of_serverless_snapshot(context: Context, name: str) -> Seed:
    # Imported late: serverless caches are restored from snapshots of replication groups, too.
    from cachewright_offline.cloud.elasticache.operations.serverless_snapshots import (
        ServerlessSnapshots,
        check_available,
    )

    snapshot = context.state.part(ServerlessSnapshots).find(name)
    check_available(snapshot)
    if snapshot.engine == "memcached":
        raise invalid_combination("A snapshot of memcached cannot be restored to a replication group.")
    # A serverless cache spreads its keys over slots, however few they are.
    return Seed(snapshot.engine, snapshot.major_version, cluster_enabled=True)


def _check_files(context: Context, params: Params) -> None:
    prefix = f"arn:{context.partition}:s3:::"
    for arn in params["SnapshotArns"]:
        bucket, _, key = arn.removeprefix(prefix).partition("/")
        if not arn.startswith(prefix) or not bucket or not key or "," in arn:
            raise invalid_value(f"Invalid S3 ARN: {arn}. Must be like {prefix}bucket/snapshot.rdb, without commas.")
        if not carrier.object_exists(context.account_id, context.partition, bucket, key):
            raise invalid_value(f"No permission to access S3 object: {arn}")
    configured = params.get("NodeGroupConfiguration") or []
    count = params.get("NumNodeGroups") or len(configured) or 1
    if count > 1 and not all(one.get("Slots") for one in configured or [{}]):
        message = "NodeGroupConfiguration must give the slots of every node group to seed it from files in S3."
        raise invalid_combination(message)


def check_fits(seed: Seed, version: EngineVersion, *, cluster_enabled: bool, data_tiering: bool) -> None:
    """Refuse a group that the data of a snapshot do not fit in."""
    if seed.engine is None:
        return
    if (seed.engine, version.engine) == ("valkey", "redis"):
        raise invalid_combination("The snapshot was taken of valkey, not of redis.")
    older = engine_versions.version_key(version.version)[:1] < engine_versions.version_key(str(seed.version))[:1]
    if seed.engine == version.engine and older:
        message = f"A snapshot of {seed.engine} {seed.version} cannot be restored to the older {version.version}."
        raise invalid_combination(message)
    if seed.shards > 1 and not cluster_enabled:
        message = f"A snapshot of {seed.shards} node groups cannot be restored with cluster mode disabled."
        raise invalid_combination(message)
    if seed.data_tiering and not data_tiering:
        raise invalid_combination("A snapshot with data tiering can be restored to nodes with data tiering only.")
