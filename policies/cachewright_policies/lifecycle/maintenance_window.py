"""Maintenance at an hour that somebody has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import windows
from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Problem, Rule, Severity
from cachewright_policies.tokens import NODE_BASED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_DAY: Final = 24 * 60
# Standard time of most people there, in hours from UTC; an hour of summer time more or less is within the margin.
_OFFSETS: Final = {
    "us-east": -5,
    "us-west": -8,
    "us-gov-east": -5,
    "us-gov-west": -8,
    "ca-": -5,
    "mx-": -6,
    "sa-": -3,
    "eu-": 1,
    "me-": 3,
    "il-": 2,
    "af-": 2,
    "ap-south-": 5,
    "ap-southeast-2": 10,
    "ap-southeast": 8,
    "ap-northeast": 9,
    "ap-east": 8,
    "cn-": 8,
}
# What a remediation chooses from: nights and mornings of Sunday, by UTC.
_QUIET: Final = ("sun:03:00-sun:05:00", "sun:05:00-sun:07:00")
# From ten to four nobody calls it night, summer time or not.
_BUSY: Final = (10 * 60, 16 * 60)


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches whose maintenance is left to chance, or in the middle of a working day."""
    if Cache(subject).is_member:
        return
    window = subject.text("maintenanceWindow")
    if not window:
        yield Problem("no maintenance window is set: AWS picks a day and an hour", "maintenanceWindow")
        return
    malformed = windows.maintenance_problem(window)
    if malformed:
        yield Problem(f"the maintenance window {malformed}: the update fails", "maintenanceWindow")
        return
    interval = windows.maintenance_interval(window)
    region = subject.region or scope.region or ""
    offset = next((hours for prefix, hours in _OFFSETS.items() if region.startswith(prefix)), None)
    if interval is not None and offset is not None and _at_work(interval[0] + offset * 60, interval[1]):
        yield Problem(f"the maintenance window {window} (UTC) lies in the working day of {region}", "maintenanceWindow")


def _at_work(start: int, length: int) -> bool:
    """Tell whether minutes of the week, by local time, meet the middle of a working day."""
    return any(
        start + week * 7 * _DAY < day * _DAY + _BUSY[1] and day * _DAY + _BUSY[0] < start + week * 7 * _DAY + length
        for week in (-1, 0, 1)
        for day in range(5)
    )


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Choose a window of a Sunday that does not meet the snapshots'."""
    del subject, settings
    snapshots = str(properties.get("snapshotWindow") or "")
    quiet = next((one for one in _QUIET if windows.overlap_problem(snapshots, one) is None), None)
    if quiet is None:
        return False
    properties["maintenanceWindow"] = quiet
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        {more}
    )
"""

RULE = Rule(
    name="cache-maintenance-window",
    title="Maintenance happens in a chosen, quiet window",
    description=(
        "In its weekly window ElastiCache patches and replaces nodes: connections break, and a primary fails over. It"
        " should be the quietest hours of the week, and known to those on call."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation="Set maintenanceWindow (UTC), such as sun:03:00-sun:05:00. It is changed online.",
    arguments=("maintenanceWindow",),
    violating=_PROGRAM.format(more='maintenance_window="wed:11:00-wed:12:00",'),
    compliant=_PROGRAM.format(more='maintenance_window="sun:03:00-sun:05:00",'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/maintenance-window.html",
    tags=("lifecycle", "windows"),
    environments=SERIOUS,
    remediate=remediate,
)
