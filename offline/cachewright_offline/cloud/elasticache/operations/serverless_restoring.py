"""What a new serverless cache is filled from: snapshots of serverless or node-based caches, and files in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog.engine_versions import version_key
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import Fault, invalid_value
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations.serverless_snapshots import ServerlessSnapshots

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context

# By the engine of the snapshot: what it can be restored to. Valkey reads what Redis OSS wrote, not the other way.
_COMPATIBLE: Final = {"redis": {"redis", "valkey"}, "valkey": {"valkey"}, "memcached": {"memcached"}}
# Serverless caches read what Redis OSS wrote from this version on.
_OLDEST_REDIS: Final = "5.0"


def check(context: Context, arn: str, engine: str, major: str) -> None:
    """Raise the fault for an ARN that a new cache of an engine and a major version cannot be filled from."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[1] != context.partition or not parts[5]:
        raise invalid_value(f"Invalid snapshot ARN: {arn}.")
    if parts[2] == "s3":
        _check_file(context, arn, parts[5], engine)
        return
    kind, _, name = parts[5].partition(":")
    if parts[2] != "elasticache" or kind not in {"serverlesscachesnapshot", "snapshot"} or not name:
        message = f"Invalid snapshot ARN: {arn}. Must be of a snapshot, a serverless cache snapshot or an S3 object."
        raise invalid_value(message)
    if parts[3] != context.region:
        raise invalid_value(f"The snapshot {arn} is not in the region {context.region} of the cache.")
    if parts[4] != context.account_id:
        raise invalid_value(f"The snapshot {arn} is not of the account {context.account_id} of the cache.")
    taken_of, version = _serverless(context, arn, name) if kind != "snapshot" else _node_based(context, arn, name)
    if engine not in _COMPATIBLE[taken_of]:
        raise invalid_value(f"A snapshot of engine {taken_of} cannot be restored to the engine {engine}.")
    _check_version(taken_of, version, engine, major)


def begin(context: Context, arns: list[str]) -> None:
    """Show the snapshots of node-based caches that a new cache is filled from as being restored."""
    prefix = context.state.arn("snapshot", "")
    for arn in arns:
        if arn.startswith(prefix):
            links.snapshots.begin_restoring(context, arn.removeprefix(prefix), "serverless-cache-create")


def _serverless(context: Context, arn: str, name: str) -> tuple[str, str]:
    """Return engine and version of a serverless cache's snapshot."""
    known = context.state.part(ServerlessSnapshots).by_name.get(name)
    if known is None:
        raise invalid_value(f"The snapshot {arn} does not exist.")
    if known.status != "available":
        raise invalid_value(f"The snapshot {arn} is not available: it is {known.status}.")
    return known.engine, known.major_version


def _node_based(context: Context, arn: str, name: str) -> tuple[str, str]:
    """Return engine and version of a node-based cache's snapshot."""
    try:
        known = links.snapshots.source(context, name)
    except Fault as refusal:
        if refusal.code == "SnapshotNotFoundFault":
            raise invalid_value(f"The snapshot {arn} does not exist.") from None
        raise invalid_value(f"The snapshot {arn} cannot be restored. {refusal.message}") from None
    return known.engine, known.engine_version


def _check_version(taken_of: str, version: str, engine: str, major: str) -> None:
    if taken_of == "redis" and version_key(version) < version_key(_OLDEST_REDIS):
        message = f"A snapshot of redis {version} cannot be restored to a serverless cache: it is older than 5.0."
        raise invalid_value(message)
    if taken_of == engine and version_key(version)[:1] > version_key(major)[:1]:
        raise invalid_value(f"A snapshot of {engine} {version} cannot be restored to the older major version {major}.")


def _check_file(context: Context, arn: str, place: str, engine: str) -> None:
    bucket, _, key = place.removeprefix("::").partition("/")
    if engine == "memcached":
        raise invalid_value("A serverless cache of memcached cannot be filled from files in S3.")
    if not bucket or not key or "," in arn:
        prefix = f"arn:{context.partition}:s3:::"
        raise invalid_value(f"Invalid S3 ARN: {arn}. Must be like {prefix}bucket/snapshot.rdb, without commas.")
    if not carrier.object_exists(context.account_id, context.partition, bucket, key):
        raise invalid_value(f"No permission to access S3 object: {arn}")
