"""The policies of the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.pack.rules import MendingRule, ResourceRule, StackRule
from cachewright_policies.pack.run import Run
from cachewright_policies.pack.undecided import Undecided
from cachewright_policies.registry import rules as every_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_policy import Policy

    from cachewright_policies.rule import Environment, Rule

NAME: Final = "cachewright"


def policies(environment: Environment, rules: Sequence[Rule] | None = None) -> list[Policy]:
    """Return every policy, for a pack of one's own or for ours.

    Args:
        environment: What the stack is for: its levels and thresholds hold where nothing is configured.
        rules: The rules; None for all that a policy can decide.
    """
    run = Run(environment)
    chosen = decidable(every_rule() if rules is None else rules)
    return [*(_policy(rule, run) for rule in chosen), Undecided(run)]


def decidable(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Leave out the rules that need what Pulumi tells no policy: what an update does, or the program's text."""
    return tuple(rule for rule in rules if not rule.of_change and not rule.needs_sources)


def _policy(rule: Rule, run: Run) -> Policy:
    if rule.needs_graph:
        return StackRule(rule, run)
    return ResourceRule(rule, run) if rule.remediate is None else MendingRule(rule, run)
