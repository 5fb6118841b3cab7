"""Maintenance and snapshot windows, in UTC.

A maintenance window is `ddd:hh24:mi-ddd:hh24:mi`, once a week; a snapshot window is `hh24:mi-hh24:mi`, every day.
Source: AWS's API reference, CreateReplicationGroup, and the user guide, "Managing maintenance".
"""

from __future__ import annotations

import re

from cachewright.catalog.limits import limit
from cachewright.catalog.quoting import shown

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_DAY = f"({'|'.join(DAYS)})"
# ASCII: otherwise \d takes any script's digits, and ignoring case takes the long s (U+017F) for an s.
_MAINTENANCE = re.compile(f"{_DAY}:{_CLOCK}-{_DAY}:{_CLOCK}", re.IGNORECASE | re.ASCII)
_SNAPSHOT = re.compile(f"{_CLOCK}-{_CLOCK}", re.ASCII)


def normalise(window: str) -> str:
    """Return a window as AWS stores it: in lower case."""
    return window.lower()


def maintenance_interval(window: str) -> tuple[int, int] | None:
    """Return a maintenance window as minutes of the week since Monday 00:00: start, and length; None if malformed."""
    match = _MAINTENANCE.fullmatch(window)
    if match is None:
        return None
    first_day, first_hour, first_minute, last_day, last_hour, last_minute = match.groups()
    start = DAYS.index(first_day.lower()) * DAY_MINUTES + int(first_hour) * 60 + int(first_minute)
    end = DAYS.index(last_day.lower()) * DAY_MINUTES + int(last_hour) * 60 + int(last_minute)
    return start, (end - start) % WEEK_MINUTES


def snapshot_interval(window: str) -> tuple[int, int] | None:
    """Return a snapshot window as minutes of the day: start, and length; None if malformed."""
    match = _SNAPSHOT.fullmatch(window)
    if match is None:
        return None
    first_hour, first_minute, last_hour, last_minute = (int(group) for group in match.groups())
    start = first_hour * 60 + first_minute
    return start, (last_hour * 60 + last_minute - start) % DAY_MINUTES


def maintenance_problem(window: str) -> str | None:
    """Return what is wrong with a maintenance window, or None."""
    interval = maintenance_interval(window)
    if interval is None:
        return f"must be ddd:hh24:mi-ddd:hh24:mi in UTC, got {shown(window)}; write it like 'mon:05:00-mon:07:00'"
    shortest, longest = limit("maintenance_window_minutes_minimum"), limit("maintenance_window_minutes_maximum")
    if not shortest <= interval[1] <= longest:
        return f"must last {shortest} to {longest} minutes, got {interval[1]} ({window}); move its end"
    return None


def snapshot_problem(window: str) -> str | None:
    """Return what is wrong with a snapshot window, or None."""
    interval = snapshot_interval(window)
    if interval is None:
        return f"must be hh24:mi-hh24:mi in UTC, got {shown(window)}; write it like '03:00-05:00'"
    shortest = limit("snapshot_window_minutes_minimum")
    if interval[1] < shortest:
        return f"must last {shortest} minutes or more, got {interval[1]} ({window}); move its end"
    return None


def overlap_problem(snapshot_window: str, maintenance_window: str) -> str | None:
    """Return why two well-formed windows overlap, or None when they do not; touching ends are fine."""
    daily, weekly = snapshot_interval(snapshot_window), maintenance_interval(maintenance_window)
    if daily is None or weekly is None:
        return None
    for day in range(-1, 8):
        start = day * DAY_MINUTES + daily[0]
        # A weekly window may run past Sunday midnight, a daily one past every midnight: one week on either side.
        for offset in (0, -WEEK_MINUTES, WEEK_MINUTES):
            if start + offset < weekly[0] + weekly[1] and weekly[0] < start + offset + daily[1]:
                return (
                    f"must not overlap the maintenance window {maintenance_window}, got {snapshot_window};"
                    " move one of the two"
                )
    return None
