"""What a check says, whatever the form it is printed in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cachewright_policies.evaluation import RULE_FAILED
from cachewright_policies.finding import Finding, Status
from cachewright_policies.levels import Level
from cachewright_policies.registry import by_name
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cachewright_ops.checking.providers import Refusal
    from cachewright_policies.graph import Graph

INVALID_INPUT: Final = "invalid-input"
MALFORMED_WAIVER: Final = "malformed-waiver"
UNUSED_WAIVER: Final = "unused-waiver"

# What `check` itself may find, besides the rules.
OWN_POLICIES: Final = {
    INVALID_INPUT: "The AWS provider accepts the inputs of every resource",
    RULE_FAILED: "Every rule decides on every resource",
    MALFORMED_WAIVER: "Every waiver names its policies, targets, reason, owner, ticket and end",
    UNUSED_WAIVER: "Every waiver waives something",
}


class UnknownAs(StrEnum):
    """What becomes of findings that cannot be decided."""

    IGNORE = "ignore"
    REPORT = "report"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says.

    Attributes:
        subject: What was checked, in words: the project and the stack, or the file.
        environment: Whose levels held.
        resources: How many resources were looked at.
        findings: What was found, the worst first.
        caches: The URN of the cache that a resource belongs to, by the resource's URN.
        names: The names and types of those caches, by URN.
        unknown_as: What becomes of findings that cannot be decided.
        seconds: How long it took.
    """

    subject: str
    environment: str
    resources: int
    findings: tuple[Finding, ...]
    caches: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    unknown_as: UnknownAs = UnknownAs.REPORT
    seconds: float = 0.0

    def summary(self) -> dict[str, int]:
        """Return the counts that every form shows."""
        violations = [one for one in self.findings if one.status in {Status.VIOLATION, Status.EXPIRED_WAIVER}]
        return {
            "resources": self.resources,
            "mandatory": sum(one.level is Level.MANDATORY for one in violations),
            "advisory": sum(one.level is Level.ADVISORY for one in violations),
            "unknown": sum(one.status is Status.UNKNOWN for one in self.findings),
            "waived": sum(one.status is Status.WAIVED for one in self.findings),
        }

    @property
    def fails(self) -> bool:
        """Whether the check does not let the change pass."""
        counts = self.summary()
        return counts["mandatory"] > 0 or (self.unknown_as is UnknownAs.FAIL and counts["unknown"] > 0)


def title_of(policy: str) -> str:
    """Return what a policy asks for, in a few words."""
    rule = by_name().get(policy)
    return OWN_POLICIES.get(policy, policy) if rule is None else rule.title


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: what stops a change first, then by severity, resource and policy."""
    order = list(Status)
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                order.index(one.status) == order.index(Status.WAIVED),
                one.status is Status.UNKNOWN,
                one.level is not Level.MANDATORY,
                one.severity.rank,
                one.urn,
                one.policy,
                one.property,
            ),
        )
    )


def of_refusals(refusals: Iterable[Refusal], graph: Graph) -> list[Finding]:
    """Return what the provider would refuse, as findings."""
    found = []
    for one in refusals:
        resource = graph.resources.get(one.urn)
        if resource is None:
            continue
        found.append(
            Finding(
                policy=INVALID_INPUT,
                level=Level.MANDATORY,
                severity=Severity.HIGH,
                status=Status.VIOLATION,
                urn=one.urn,
                type=resource.type,
                name=resource.name,
                message=one.reason,
                remediation="Correct the input: an update would stop at this resource.",
                property=one.property,
                file=resource.file,
                line=resource.line,
            )
        )
    return found
