"""What a policy tells Pulumi of its rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi_policy

from cachewright_policies.levels import Level, default_level
from cachewright_policies.registry import concern_of

if TYPE_CHECKING:
    from cachewright_policies.rule import Environment, Rule


def of_rule(rule: Rule, environment: Environment) -> dict[str, Any]:
    """Return the arguments of a policy's constructor."""
    return {
        "name": rule.name,
        "display_name": rule.title,
        "description": rule.description,
        "enforcement_level": enforcement_level(rule, environment),
        "config_schema": config_schema(rule, environment),
        "severity": pulumi_policy.Severity(rule.severity.value),
        "framework": _framework(rule),
        "tags": _tags(rule),
        "remediation_steps": rule.remediation,
        "url": rule.url,
    }


def enforcement_level(rule: Rule, environment: Environment) -> pulumi_policy.EnforcementLevel:
    """Return the level of a rule that nothing is configured for."""
    checked = rule.enabled and environment in rule.environments
    level = default_level(rule.severity, environment) if checked else Level.DISABLED
    return pulumi_policy.EnforcementLevel(level.value)


def config_schema(rule: Rule, environment: Environment) -> pulumi_policy.PolicyConfigSchema | None:
    """Return the settings of a rule, each with the default that the environment has."""
    if not rule.settings:
        return None
    return pulumi_policy.PolicyConfigSchema(
        {one.name: {**one.schema, "default": one.default_in(environment)} for one in rule.settings}
    )


def _framework(rule: Rule) -> pulumi_policy.PolicyComplianceFramework | None:
    """Return the framework that is named first: Pulumi takes one for each policy, the tags name all."""
    if not rule.frameworks:
        return None
    first = rule.frameworks[0]
    return pulumi_policy.PolicyComplianceFramework(name=first.name, reference=", ".join(first.controls))


def _tags(rule: Rule) -> list[str]:
    controls = (f"{_slug(one.name)}:{control}" for one in rule.frameworks for control in one.controls)
    # A rule of somebody else's pack stands in no folder of ours.
    concern = (concern_of(rule),) if rule.check.__module__.startswith("cachewright_policies.") else ()
    return list(dict.fromkeys((*concern, *rule.tags, *controls)))


def _slug(name: str) -> str:
    """Return a name as a tag holds it.

    >>> _slug("NIST 800-53 r5")
    'nist-800-53-r5'
    """
    return re.sub(r"[^a-z0-9.-]+", "-", name.lower())
