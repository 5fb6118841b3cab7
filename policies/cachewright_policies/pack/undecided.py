"""What a preview cannot decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, Severity, StackValidationPolicy

from cachewright_policies.configuration import UNDECIDED

if TYPE_CHECKING:
    from pulumi_policy import ReportViolation, StackValidationArgs

    from cachewright_policies.pack.run import Run
    from cachewright_policies.rule import Environment

_DESCRIPTION: Final = (
    "A rule reads a value that only an update can tell, so that it neither passes nor is violated. Advisory reports"
    " it, mandatory fails the preview, disabled ignores it."
)
_STEPS: Final = (
    "Give the value in the program, let the resource it comes from stand in the same stack, or look again after the"
    " update."
)


class Undecided(StackValidationPolicy):
    """Reports what the other policies could not decide, at a level of its own.

    Pulumi gives each policy one level: a mandatory rule could report what it does not know only as a violation.

    Args:
        run: What the policies of the process know together.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(
            name=UNDECIDED,
            display_name="Every rule is decided in the preview",
            description=_DESCRIPTION,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            tags=["unknown"],
            remediation_steps=_STEPS,
        )
        self.run = run

    def hold_to(self, environment: Environment) -> None:
        """Stay as it is: the level is the same in every environment."""

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Report what is not decided, of the resources that there are."""
        graph = self.run.graph
        present = {one.urn for one in args.resources} if graph is None else graph.resources.keys()
        for (rule, _), found in self.run.undecided.items():
            for one in found:
                if one.urn in present:
                    report_violation(f"{rule}: {one.message}", one.urn)
