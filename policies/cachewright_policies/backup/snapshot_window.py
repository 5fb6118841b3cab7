"""Snapshots at an hour that somebody has chosen."""

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

# What a remediation chooses from, by UTC.
_QUIET: Final = ("03:00-04:00", "05:00-06:00", "01:00-02:00", "22:00-23:00")


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find snapshot windows that are missing or meet the maintenance window."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_memcached or not (subject.number("snapshotRetentionLimit") or 0):
        return
    window = subject.text("snapshotWindow")
    if not window:
        yield Problem("no snapshot window is set: AWS picks an hour, maybe your busiest", "snapshotWindow")
        return
    malformed = windows.snapshot_problem(window)
    if malformed:
        yield Problem(f"the snapshot window {malformed}: the update fails", "snapshotWindow")
        return
    maintenance = subject.text("maintenanceWindow")
    problem = windows.overlap_problem(window, maintenance) if maintenance else None
    if problem:
        yield Problem(
            f"the snapshot window {window} meets the maintenance window {maintenance}: the snapshot is skipped or late",
            "snapshotWindow",
        )


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Choose an hour that does not meet the maintenance window."""
    del subject, settings
    maintenance = str(properties.get("maintenanceWindow") or "")
    quiet = next((one for one in _QUIET if windows.overlap_problem(one, maintenance) is None), None)
    if quiet is None:
        return False
    properties["snapshotWindow"] = quiet
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        snapshot_retention_limit=7,
        maintenance_window="sun:05:00-sun:06:00",
        {more}
    )
"""

RULE = Rule(
    name="cache-snapshot-window",
    title="Snapshots are taken in a chosen window",
    description=(
        "A snapshot costs memory and, on a cache without replicas, stops it from answering quickly. The window should"
        " be quiet, and apart from the maintenance window."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation="Set snapshotWindow (UTC) to a quiet hour outside maintenanceWindow. It is changed online.",
    arguments=("snapshotWindow",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more='snapshot_window="03:00-04:00",'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html",
    tags=("backup", "windows"),
    environments=SERIOUS,
    remediate=remediate,
)
