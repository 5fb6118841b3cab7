"""What waivers do to findings, and what is found about the waivers themselves."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cachewright_ops.checking.own_policies import (
    EXPIRED_WAIVER,
    EXPIRING_WAIVER,
    MALFORMED_WAIVER,
    OWN_POLICIES,
    UNUSED_WAIVER,
)
from cachewright_ops.checking.waivers import reaches
from cachewright_policies.finding import Finding, Status
from cachewright_policies.levels import default_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cachewright_ops.checking.waivers import Waiver, WaiverFile
    from cachewright_policies.graph import Graph
    from cachewright_policies.rule import Environment

WARNED_BEFORE: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Waiving:
    """Applies a file of waivers to the findings of one check.

    Attributes:
        file: The waivers.
        graph: The resources that were checked.
        stack: The stack they are of.
        environment: Whose levels hold.
        today: The day.
        checked: The policies that were checked: of the others nothing is known.
    """

    file: WaiverFile
    graph: Graph
    stack: str
    environment: Environment
    today: date
    checked: frozenset[str]

    def apply(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings with what is waived marked, and what is found about the waivers."""
        used: set[tuple[str, str]] = set()
        marked = [self._marked(one, used) for one in findings]
        return [*marked, *self._of_waivers(used, findings)]

    def _marked(self, finding: Finding, used: set[tuple[str, str]]) -> Finding:
        covering = [one for one in self._here() if one.covers(finding)]
        used.update((one.id, finding.policy) for one in covering)
        holding = next((one for one in covering if one.expires >= self.today), None)
        if holding is not None:
            return replace(finding, status=Status.WAIVED, reason=said(holding), waiver=holding.id)
        if covering:
            return replace(finding, status=Status.EXPIRED_WAIVER, reason=said(covering[-1]), waiver=covering[-1].id)
        return finding

    def _here(self) -> Iterator[Waiver]:
        return (one for one in self.file.waivers if one.is_for(self.stack))

    def _of_waivers(self, used: set[tuple[str, str]], findings: Sequence[Finding]) -> Iterator[Finding]:
        for fault in self.file.faults:
            where = f"{fault.field}: " if fault.field else ""
            yield self._finding(MALFORMED_WAIVER, fault.waiver, fault.field, f"{where}{fault.message}", fault.line)
        for one in self._here():
            if one.expires < self.today:
                yield self._finding(EXPIRED_WAIVER, one.id, "expires", f"it ended on {one.expires}", one.line)
            elif one.expires - self.today <= WARNED_BEFORE:
                days = (one.expires - self.today).days
                left = f"in {days} day{'s' if days > 1 else ''}" if days else "today"
                yield self._finding(EXPIRING_WAIVER, one.id, "expires", f"it ends {left}, on {one.expires}", one.line)
            for field, message in self._unused(one, used, findings):
                yield self._finding(UNUSED_WAIVER, one.id, field, message, one.line)

    def _unused(
        self, waiver: Waiver, used: set[tuple[str, str]], findings: Sequence[Finding]
    ) -> Iterator[tuple[str, str]]:
        is_here = False
        for index, target in enumerate(waiver.targets):
            if self._is_elsewhere(target):
                continue
            is_reached = any(reaches(target, one.urn, one.type, one.name) for one in self.graph.resources.values())
            is_here = is_here or is_reached
            if not is_reached:
                yield f"targets[{index}]", f"{target} is no resource of this stack{self._near(target)}"
        if not is_here:
            return
        for index, policy in enumerate(waiver.policies):
            if policy in self.checked and (waiver.id, policy) not in used:
                other = any(one.policy == policy for one in findings)
                suffix = ", only on other resources" if other else ""
                yield f"policies[{index}]", f"{policy} finds nothing on its targets{suffix}: there is nothing to waive"

    def _is_elsewhere(self, target: str) -> bool:
        """Tell whether a target is a URN of another stack: it may be used there."""
        parts = target.split("::")
        stack = self.stack.rsplit("/", 1)[-1]
        return target.startswith("urn:pulumi:") and "*" not in parts[0] and parts[0] != f"urn:pulumi:{stack}"

    def _near(self, target: str) -> str:
        known = [
            one.urn if target.startswith("urn:") else f"{one.type.rsplit(':', 1)[-1]}/{one.name}"
            for one in self.graph.resources.values()
        ]
        near = difflib.get_close_matches(target, known, 1)
        return f" (did you mean {near[0]}?)" if near else ""

    def _finding(self, policy: str, waiver: str, field: str, message: str, line: int) -> Finding:
        own = OWN_POLICIES[policy]
        return Finding(
            policy=policy,
            level=default_level(own.severity, self.environment),
            severity=own.severity,
            status=Status.VIOLATION,
            urn="",
            type="",
            name=waiver,
            message=f"the waiver {waiver}: {message}",
            remediation=own.remediation,
            property=f"{waiver}.{field}".rstrip("."),
            file=self.file.name,
            line=line,
        )


def said(waiver: Waiver) -> str:
    """Return what a report tells of a waiver beside what it waives."""
    control = f" Meanwhile: {waiver.compensating_control}" if waiver.compensating_control else ""
    return f"{waiver.id} ({waiver.owner}, {waiver.ticket}, until {waiver.expires}): {waiver.reason}{control}"
