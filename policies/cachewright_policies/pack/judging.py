"""Holding what Pulumi hands over against one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_policies.configuration import Configuration, whole
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.finding import Finding, Status
from cachewright_policies.levels import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_policy import ReportViolation

    from cachewright_policies.graph import Graph
    from cachewright_policies.pack.run import Run
    from cachewright_policies.rule import Rule


def judge(
    rule: Rule, run: Run, graph: Graph, looked_at: str, config: Mapping[str, Any], report: ReportViolation
) -> None:
    """Report what violates a rule, and remember what it cannot decide.

    Args:
        rule: The rule.
        run: Takes what is not decided.
        graph: The resources.
        looked_at: The URN of the one resource that is looked at, or empty for the stack: a second look at the same
            replaces what the first could not decide.
        config: The policy's configuration.
        report: Takes violations.
    """
    found = findings(rule, run, graph, config)
    for one in found:
        if one.status is Status.VIOLATION:
            report(one.message, one.urn)
    run.undecided[rule.name, looked_at] = [one for one in found if one.status is Status.UNKNOWN]


def findings(rule: Rule, run: Run, graph: Graph, config: Mapping[str, Any]) -> list[Finding]:
    """Return everything in a graph that does not pass a rule; no secret stands in any message."""
    configuration = Configuration(
        run.environment, {rule.name: Level.MANDATORY}, chosen={rule.name: settings(rule, config)}
    )
    return Evaluation((rule,), configuration, region=run.region).findings(graph)


def settings(rule: Rule, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in a policy's configuration, whose numbers are all floats."""
    return {one.name: whole(config[one.name], one.schema) for one in rule.settings if one.name in config}


def all_settings(rule: Rule, run: Run, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings in a policy's configuration, the environment's defaults filled in."""
    return Configuration(run.environment, chosen={rule.name: settings(rule, config)}).settings(rule)
