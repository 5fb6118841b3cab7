"""Automatic snapshots of serverless caches: taken daily at the time that is set, removed when their days are over.

Only the next one of a cache stands in the agenda, which follows from its records: nothing else is kept of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCaches
from cachewright_offline.cloud.elasticache.operations.serverless_snapshots import (
    ServerlessSnapshot,
    ServerlessSnapshots,
    announce,
    arn,
    remove,
)
from cachewright_offline.cloud.elasticache.registry import resumption

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCache
    from cachewright_offline.cloud.elasticache.registry import Context

# When no time is given, AWS chooses one.
_DEFAULT_TIME: Final = "00:00"


def plan(context: Context, name: str) -> None:
    """Have the next automatic snapshot of a cache taken, if it has them."""
    opening = _next(context.state.part(ServerlessCaches).by_name.get(name), context.state.now())
    if opening is not None:
        context.state.at(opening, lambda: _open(context, name, opening))


def forget(context: Context, name: str) -> None:
    """Remove the automatic snapshots of a cache: they go with it."""
    for snapshot in list(context.state.part(ServerlessSnapshots).by_name.values()):
        if snapshot.kind == "automated" and snapshot.cache_name == name:
            remove(context, snapshot)


@resumption
def await_times(context: Context) -> None:
    """Wait for the snapshot times of what was loaded, and for the end of its automatic snapshots."""
    for name in context.state.part(ServerlessCaches).by_name:
        plan(context, name)
    for snapshot in context.state.part(ServerlessSnapshots).by_name.values():
        _await_expiry(context, snapshot)


def _next(cache: ServerlessCache | None, now: datetime) -> datetime | None:
    if cache is None or not cache.snapshot_retention_limit:
        return None
    hour, minute = (cache.daily_snapshot_time or _DEFAULT_TIME).split(":")
    opening = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return opening if opening > now else opening + timedelta(days=1)


def _open(context: Context, name: str, opening: datetime) -> None:
    """Take the snapshot of a day and plan that of the next, unless something else is in the agenda for the cache now.

    The time may have been moved since, and the cache be gone, or a new one of the same name be in its place.
    """
    cache = context.state.part(ServerlessCaches).by_name.get(name)
    snapshots = context.state.part(ServerlessSnapshots).by_name
    called = f"automatic.{name}-{opening:%Y-%m-%d-%H-%M}"
    if cache is None or _next(cache, opening - timedelta(minutes=1)) != opening or called in snapshots:
        return
    if cache.status == "available":
        expires = opening + timedelta(days=cache.snapshot_retention_limit)
        snapshot = ServerlessSnapshot(
            called,
            name,
            cache.engine,
            cache.major_version,
            cache.kms_key_id,
            opening,
            kind="automated",
            expires=expires,
            status="available",
        )
        snapshots[called] = snapshot
        context.state.tags[arn(context, called)] = {}
        announce(context, snapshot)
        _await_expiry(context, snapshot)
    plan(context, name)


def _await_expiry(context: Context, snapshot: ServerlessSnapshot) -> None:
    if snapshot.expires is not None:
        context.state.at(snapshot.expires, lambda: remove(context, snapshot))
