"""What a check says, whatever the form it is printed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from cachewright_ops.checking.own_policies import INVALID_INPUT, OWN_POLICIES
from cachewright_ops.checking.places import Place
from cachewright_policies.finding import Finding, Status, fingerprint
from cachewright_policies.levels import Level
from cachewright_policies.registry import by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cachewright_ops.checking.baseline import Known
    from cachewright_ops.checking.providers import Refusal
    from cachewright_ops.checking.waivers import Waiver
    from cachewright_policies.graph import Graph


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
        stack: The stack's name.
        place: Where the project is.
        waivers: The waivers that cover findings, by id.
        against_baseline: Whether a baseline was given.
        fixed: What the baseline knows and is found no more.
        checked: The rules that were checked.
    """

    subject: str
    environment: str
    resources: int
    findings: tuple[Finding, ...]
    caches: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    unknown_as: UnknownAs = UnknownAs.REPORT
    seconds: float = 0.0
    stack: str = ""
    place: Place = field(default_factory=Place)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    against_baseline: bool = False
    fixed: tuple[Known, ...] = ()
    checked: tuple[str, ...] = ()

    def summary(self) -> dict[str, int]:
        """Return the counts that every form shows; those of a baseline only where one was given."""
        violations = [one for one in self.findings if one.status in {Status.VIOLATION, Status.EXPIRED_WAIVER}]
        counts = {
            "resources": self.resources,
            "mandatory": sum(one.level is Level.MANDATORY for one in violations),
            "advisory": sum(one.level is Level.ADVISORY for one in violations),
            "unknown": sum(one.status is Status.UNKNOWN for one in self.findings),
            "waived": sum(one.status is Status.WAIVED for one in self.findings),
        }
        if self.against_baseline:
            counts["baseline"] = sum(one.status is Status.BASELINE for one in self.findings)
            counts["fixed"] = sum(one.count for one in self.fixed)
        return counts

    @property
    def fails(self) -> bool:
        """Whether the check does not let the change pass."""
        counts = self.summary()
        return counts["mandatory"] > 0 or (self.unknown_as is UnknownAs.FAIL and counts["unknown"] > 0)

    def is_failure(self, finding: Finding) -> bool:
        """Tell whether a finding is one of those for which the check does not let the change pass."""
        if finding.status is Status.UNKNOWN:
            return self.unknown_as is UnknownAs.FAIL
        return finding.level is Level.MANDATORY and finding.status in {Status.VIOLATION, Status.EXPIRED_WAIVER}

    def groups(self) -> Iterator[tuple[str, list[Finding]]]:
        """Group the findings: each cache's, in the order of its worst one; then what is around; then the waivers.

        Yields:
            A heading and the findings below it.
        """
        place: dict[str, int] = {}
        for index, one in enumerate(self.findings):
            heading = self._heading(one)
            last = {_AROUND: 1, _WAIVERS: 2}.get(heading, 0)
            place.setdefault(heading, index + last * len(self.findings))
        ordered = sorted(self.findings, key=lambda one: place[self._heading(one)])
        for heading, findings in groupby(ordered, self._heading):
            yield heading, list(findings)

    def _heading(self, finding: Finding) -> str:
        if not finding.urn:
            return _WAIVERS
        cache = self.caches.get(finding.urn)
        return " ".join(reversed(self.names[cache])) if cache else _AROUND

    def fingerprints(self) -> tuple[str, ...]:
        """Return what each finding is recognized by; the second of a resource and property has its own, too."""
        seen: Counter[str] = Counter()
        marks = []
        for one in self.findings:
            mark = fingerprint(one)
            seen[mark] += 1
            marks.append(f"{mark}:{seen[mark]}")
        return tuple(marks)

    def path_of(self, finding: Finding) -> tuple[str, int]:
        """Return a finding's file from the root of the repository, and its line; what has none is at the project."""
        return self.place.in_repository(finding.file or self.place.entry), finding.line or 1


_AROUND = "Around the caches"
_WAIVERS = "Waivers"


def title_of(policy: str) -> str:
    """Return what a policy asks for, in a few words."""
    rule = by_name().get(policy)
    if rule is not None:
        return rule.title
    own = OWN_POLICIES.get(policy)
    return policy if own is None else own.title


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: what stops a change first, then by severity, resource and policy; what does not count is last."""
    last = {Status.UNKNOWN: 1, Status.BASELINE: 2, Status.WAIVED: 3}
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                last.get(one.status, 0),
                one.level is not Level.MANDATORY,
                one.severity.rank,
                one.urn,
                one.policy,
                one.property,
                one.line,
                one.message,
            ),
        )
    )


def of_refusals(refusals: Iterable[Refusal], graph: Graph) -> list[Finding]:
    """Return what the provider would refuse, as findings."""
    policy = OWN_POLICIES[INVALID_INPUT]
    found = []
    for one in refusals:
        resource = graph.resources.get(one.urn)
        if resource is None:
            continue
        found.append(
            Finding(
                policy=INVALID_INPUT,
                level=Level.MANDATORY,
                severity=policy.severity,
                status=Status.VIOLATION,
                urn=one.urn,
                type=resource.type,
                name=resource.name,
                message=one.reason,
                remediation=policy.remediation,
                property=one.property,
                file=resource.file,
                line=resource.line,
            )
        )
    return found
