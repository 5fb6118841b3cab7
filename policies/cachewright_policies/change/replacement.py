"""Caches with data that an update is about to replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CACHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that a preview replaces."""
    del scope
    cache = Cache(subject)
    if subject.op != "replace" or cache.is_member or cache.is_memcached:
        return
    why = ", ".join(subject.replace_keys) or "an argument that cannot be changed in place"
    saved = subject.is_set("snapshotName") or subject.is_set("snapshotArns") or subject.is_set("snapshotArnsToRestores")
    if not saved:
        yield Problem(
            f"the update replaces the cache because of {why}, and the new one begins empty",
            subject.replace_keys[0] if subject.replace_keys else "",
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        at_rest_encryption_enabled=True,  # it was False
        {more}
    )
"""

RULE = Rule(
    name="cache-replacement",
    title="No cache is replaced with its data in it",
    description=(
        "Some arguments are fixed at creation. Changing one deletes the cache and makes an empty one; a preview tells"
        " so in one word among hundreds. Checked where a preview is given (--preview)."
    ),
    severity=Severity.CRITICAL,
    types=CACHES,
    check=check,
    remediation=(
        "Take the change back, or make the new cache beside the old one from a snapshot (snapshotName) and move the"
        " clients over."
    ),
    arguments=("snapshotName",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more='snapshot_name="sessions-before",'),
    url="https://www.pulumi.com/docs/iac/concepts/update-plans/",
    tags=("change", "data-loss"),
    of_change=True,
)
