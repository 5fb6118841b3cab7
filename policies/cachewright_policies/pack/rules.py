"""The rules as policies: those that judge a resource by itself, and those that need the whole stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.proxy import UnknownValueError as PulumiUnknownValueError

from cachewright_policies import values
from cachewright_policies.finding import Status
from cachewright_policies.graph import Graph
from cachewright_policies.pack import judging, metadata, resources
from cachewright_policies.pack.properties import MendableProperties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_policy import (
        EnforcementLevel,
        PolicyConfigSchema,
        ReportViolation,
        ResourceValidationArgs,
        StackValidationArgs,
    )

    from cachewright_policies.pack.run import Run
    from cachewright_policies.rule import Environment, Rule


class NotMendedError(PulumiUnknownValueError):
    """Tells through Pulumi why a remediation did nothing: it is the one exception that pulumi_policy reports."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


class _OfRule:
    """What a policy of either kind has of its rule."""

    rule: Rule
    enforcement_level: EnforcementLevel | None
    config_schema: PolicyConfigSchema | None

    def hold_to(self, environment: Environment) -> None:
        """Take the levels and thresholds of another environment."""
        self.enforcement_level = metadata.enforcement_level(self.rule, environment)
        self.config_schema = metadata.config_schema(self.rule, environment)


class ResourceRule(_OfRule, ResourceValidationPolicy):
    """A rule that judges each resource before it is operated on.

    Args:
        rule: The rule.
        run: What the policies of the process know together.
    """

    def __init__(self, rule: Rule, run: Run) -> None:
        super().__init__(**metadata.of_rule(rule, run.environment))
        self.rule = rule
        self.run = run

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Report what violates the rule."""
        if args.resource_type in self.rule.types:
            graph = Graph((resources.of_arguments(args, self.run, self.run.inputs.get(args.urn)),))
            judging.judge(self.rule, self.run, graph, args.urn, args.get_config(), report_violation)


class MendingRule(ResourceRule):
    """A rule that can also mend what violates it, at the level `remediate`."""

    # pulumi_policy takes the properties themselves, too: its annotation names the awaitable only.
    def remediate(self, args: ResourceValidationArgs) -> Mapping[str, Any] | None:  # type: ignore[override]
        """Mend the properties in place and return them; None where nothing violates the rule or can be mended.

        Raises:
            NotMendedError: The rule's remediation failed: the resource is left as it was.
        """
        if args.resource_type not in self.rule.types or self.rule.remediate is None:
            return None
        subject = resources.of_arguments(args, self.run)
        found = judging.findings(self.rule, self.run, Graph((subject,)), args.get_config())
        if not any(one.status is Status.VIOLATION and one.policy == self.rule.name for one in found):
            return None
        properties = MendableProperties(args.props)
        settings = judging.all_settings(self.rule, self.run, args.get_config())
        try:
            if not self.rule.remediate(properties, subject, settings):
                return None
            properties.commit()
        except values.UnknownValueError:
            return None
        except Exception as error:  # noqa: BLE001 - a defect in one rule must not end the preview
            # The text of an exception may hold a secret; its kind does not.
            msg = f"it failed with {type(error).__name__}, and the resource is left as it was"
            raise NotMendedError(msg) from None
        return args.props


class StackRule(_OfRule, StackValidationPolicy):
    """A rule that follows references: it judges once all resources are known.

    Args:
        rule: The rule.
        run: What the policies of the process know together.
    """

    def __init__(self, rule: Rule, run: Run) -> None:
        super().__init__(**metadata.of_rule(rule, run.environment))
        self.rule = rule
        self.run = run

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Report what violates the rule."""
        graph = self.run.graph
        if graph is None:
            graph = resources.of_stack(args.resources, self.run)
        judging.judge(self.rule, self.run, graph, "", args.get_config(), report_violation)
