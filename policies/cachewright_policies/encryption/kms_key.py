"""Keys that rotate, stay, and belong to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.policy_document import open_statements
from cachewright_policies.rule import Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import KMS_KEY, KMS_KEY_POLICY
from cachewright_policies.topology.encryption_keys import used_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find keys around caches that never rotate, vanish soon, are off, or are everybody's."""
    if subject.urn not in used_keys(scope.graph):
        return
    symmetric = subject.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if symmetric and not subject.flag("enableKeyRotation"):
        yield Problem("the key is never rotated: what it encrypts in ten years, one key opens", "enableKeyRotation")
    if not subject.flag("isEnabled", default=True):
        yield Problem("the key is disabled: what it encrypts cannot be read", "isEnabled")
    days = subject.number("deletionWindowInDays")
    if days is not None and days < scope.settings["minimumDeletionDays"]:
        yield Problem(
            f"a deletion takes effect after {int(days)} days: too few to notice that snapshots still need it",
            "deletionWindowInDays",
        )
    for holder in (subject, *scope.graph.users(subject, KMS_KEY_POLICY, property="keyId")):
        for statement in open_statements(holder.text("policy")):
            yield Problem(f"the key's policy lets every AWS account use it ({statement})", "policy", holder)


_PROGRAM = """
    key = aws.kms.Key("caches"{more})
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        at_rest_encryption_enabled=True,
        kms_key_id=key.arn,
    )
"""

RULE = Rule(
    name="kms-key-protection",
    title="Keys of caches rotate, last, and are nobody else's",
    description=(
        "A customer key decides who can read a cache's disks, snapshots, logs and secrets. It should rotate, take long"
        " to delete, be enabled, and have a policy that names who may use it."
    ),
    severity=Severity.MEDIUM,
    types=(KMS_KEY,),
    check=check,
    remediation=(
        "Set enableKeyRotation, a deletionWindowInDays of 14 or more, and a policy with named principals or a condition"
        " on the account. All of it changes online; the cache keeps its key."
    ),
    arguments=("enableKeyRotation", "deletionWindowInDays", "policy"),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=", enable_key_rotation=True, deletion_window_in_days=30"),
    url="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    tags=("encryption", "kms"),
    frameworks=(Framework("AWS FSBP", ("KMS.4",)),),
    settings=(
        Setting(
            "minimumDeletionDays",
            {"type": "integer", "minimum": 7, "maximum": 30, "description": "How many days a deletion has to wait."},
            14,
        ),
    ),
    needs_graph=True,
)
