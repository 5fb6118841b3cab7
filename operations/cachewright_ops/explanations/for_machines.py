"""An explanation as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog.resource_types import ResourceType
from cachewright_ops.checking.rule_text import effects, example, levels
from cachewright_ops.explanations.lookup import Named, TypedProperty
from cachewright_policies import registry
from cachewright_policies.rule import Environment, Rule

if TYPE_CHECKING:
    from cachewright.catalog.resource_types import Property


def document(subject: Rule | Named | ResourceType | tuple[TypedProperty, ...]) -> dict[str, Any]:
    """Return what is told of a rule, a type or properties."""
    if isinstance(subject, Rule):
        return _rule(subject)
    if isinstance(subject, Named):
        return {
            "kind": "rule",
            "name": subject.name,
            "title": subject.policy.title,
            "description": subject.policy.description,
            "severity": subject.policy.severity.value,
            "remediation": subject.policy.remediation,
        }
    if isinstance(subject, ResourceType):
        return {
            "kind": "type",
            "type": subject.token,
            "properties": [_property(one) for one in subject.properties.values()],
        }
    return {
        "kind": "property",
        "properties": [
            {
                "type": one.type.token,
                **_property(one.property),
                **_effect(one.telling()),
                "rules": [rule.name for rule in one.rules()],
            }
            for one in subject
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "kind": "rule",
        "name": rule.name,
        "title": rule.title,
        "description": rule.description,
        "concern": registry.concern_of(rule),
        "severity": rule.severity.value,
        "levels": dict(levels(rule)),
        "types": list(rule.types),
        "remediation": rule.remediation,
        "effects": dict(effects(rule)),
        "settings": [
            {
                "name": one.name,
                "schema": dict(one.schema),
                "defaults": {where.value: one.default_in(where) for where in Environment},
            }
            for one in rule.settings
        ],
        "frameworks": {one.name: list(one.controls) for one in rule.frameworks},
        "tags": list(rule.tags),
        "url": rule.url,
        "examples": {"violating": example(rule.violating), "compliant": example(rule.compliant)},
    }


def _property(property: Property) -> dict[str, Any]:
    return {
        "name": property.name,
        "valueType": property.type,
        "required": property.required,
        "output": property.output,
        "default": property.default,
        "secret": property.secret,
        "replaces": property.replaces,
        "conflicts": list(property.conflicts),
        **_effect(property),
        "source": property.source,
    }


def _effect(property: Property) -> dict[str, str]:
    return {
        "effect": property.effect,
        "when": property.when,
        "explanation": property.explanation,
        "safePath": property.safe_path,
    }
