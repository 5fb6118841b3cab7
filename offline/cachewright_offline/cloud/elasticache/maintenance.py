"""When a window opens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cachewright.catalog import windows

if TYPE_CHECKING:
    from datetime import datetime


def next_opening(window: str, now: datetime) -> datetime:
    """Return the first moment after now at which a well-formed window such as `sun:23:00-mon:00:00` opens."""
    interval = windows.maintenance_interval(window)
    if interval is None:
        message = f"{window!r} is no maintenance window"
        raise ValueError(message)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    opening = midnight - timedelta(days=now.weekday()) + timedelta(minutes=interval[0])
    return opening if opening > now else opening + timedelta(weeks=1)


def next_daily_opening(window: str, now: datetime) -> datetime:
    """Return the first moment after now at which a well-formed snapshot window such as `03:00-05:00` opens."""
    interval = windows.snapshot_interval(window)
    if interval is None:
        message = f"{window!r} is no snapshot window"
        raise ValueError(message)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    opening = midnight + timedelta(minutes=interval[0])
    return opening if opening > now else opening + timedelta(days=1)
