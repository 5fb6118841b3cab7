"""What a check may find besides what the rules find: about inputs, about rules that fail, about waivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cachewright_policies.evaluation import RULE_FAILED
from cachewright_policies.rule import Severity

INVALID_INPUT: Final = "invalid-input"
MALFORMED_WAIVER: Final = "malformed-waiver"
EXPIRED_WAIVER: Final = "expired-waiver"
EXPIRING_WAIVER: Final = "expiring-waiver"
UNUSED_WAIVER: Final = "unused-waiver"


@dataclass(frozen=True, slots=True)
class OwnPolicy:
    """One kind of such findings.

    Attributes:
        title: What is asked for, in a few words.
        description: What it means.
        severity: How bad it is.
        remediation: What to do.
        waivable: Whether a waiver may name it.
    """

    title: str
    description: str
    severity: Severity
    remediation: str
    waivable: bool = False


OWN_POLICIES: Final = {
    INVALID_INPUT: OwnPolicy(
        "The AWS provider accepts the inputs of every resource",
        "The AWS provider refuses an input before anything is changed, and the update stops at that resource.",
        Severity.HIGH,
        "Correct the input: an update would stop at this resource.",
        waivable=True,
    ),
    RULE_FAILED: OwnPolicy(
        "Every rule decides on every resource",
        "A rule has a defect and could not decide on a resource; every other rule and resource was looked at.",
        Severity.HIGH,
        "Report it with the resource's inputs; until then disable the rule in the configuration.",
        waivable=True,
    ),
    MALFORMED_WAIVER: OwnPolicy(
        "Every waiver names its policies, targets, reason, owner, ticket and end",
        "A waiver that is not whole, ends too late or names what does not exist waives nothing.",
        Severity.MEDIUM,
        "Correct the waiver; until then it waives nothing.",
    ),
    EXPIRED_WAIVER: OwnPolicy(
        "No waiver has ended",
        "The day until which somebody had decided to live with findings is over: they count again.",
        Severity.MEDIUM,
        "Mend what it waived and delete the waiver, or decide anew and write when and why.",
    ),
    EXPIRING_WAIVER: OwnPolicy(
        "No waiver ends within two weeks",
        "What a waiver holds back will count again soon.",
        Severity.LOW,
        "Mend what it waives before that day, or decide anew and write when and why.",
    ),
    UNUSED_WAIVER: OwnPolicy(
        "Every waiver waives something",
        "A waiver whose policies find nothing on its targets hides what may come later.",
        Severity.LOW,
        "Delete what is not needed, or correct the name.",
    ),
}
