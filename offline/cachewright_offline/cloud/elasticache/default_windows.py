"""The windows that AWS chooses for a cache when a request names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import windows
from cachewright_offline.cloud.elasticache import settings

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Params


def chosen(params: Params) -> tuple[str, str]:
    """Return the snapshot window and the maintenance window of a new cache, which do not overlap.

    Raises:
        Fault: A window that the request names is malformed, or the two overlap.
    """
    snapshot: str | None = params.get("SnapshotWindow") or None
    maintenance: str | None = (params.get("PreferredMaintenanceWindow") or "").lower() or None
    settings.check_windows(snapshot, maintenance)
    if maintenance is None:
        maintenance = settings.DEFAULT_MAINTENANCE_WINDOW
        if snapshot is not None:
            maintenance = _first_free(snapshot)
    return snapshot or _first_free_hour(maintenance), maintenance


def idle_snapshot_window(snapshot: str, maintenance: str) -> str:
    """Return the snapshot window of a cache that takes no snapshots, beside another maintenance window.

    Nothing happens in it, and nobody need have chosen it: it gives way where the two would overlap.
    """
    return _first_free_hour(maintenance) if windows.overlap_problem(snapshot, maintenance) else snapshot


def _first_free_hour(maintenance: str) -> str:
    """Return an hour of the day that a maintenance window leaves free on every day, if there is one."""
    first = settings.DEFAULT_SNAPSHOT_WINDOW
    start = int(first[:2])
    hours = (f"{(start + ahead) % 24:02}:00-{(start + ahead + 1) % 24:02}:00" for ahead in range(24))
    return next((one for one in hours if not windows.overlap_problem(one, maintenance)), first)


def _first_free(snapshot: str) -> str:
    """Return an hour of the week that a snapshot window leaves free, if there is one."""
    first = settings.DEFAULT_MAINTENANCE_WINDOW
    hours = (f"sun:{hour:02}:00-{'mon' if hour == 23 else 'sun'}:{(hour + 1) % 24:02}:00" for hour in range(23, -1, -1))
    return next((one for one in hours if not windows.overlap_problem(snapshot, one)), first)
