"""A rule in words: what the page of rules, SARIF's help and `cachewright explain` say alike."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.evaluation import effect_of
from cachewright_policies.levels import default_level
from cachewright_policies.rule import EVERYWHERE, Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_policies.rule import Framework, Rule, Setting

# What is left of a line in an example that only its counterpart has.
_BEFORE_A_BRACKET: Final = re.compile(r"\n\s*\n(?=\s*\))")


def short_type(token: str) -> str:
    """Return the last word of a type token.

    >>> short_type("aws:elasticache/replicationGroup:ReplicationGroup")
    'ReplicationGroup'
    """
    return token.rsplit(":", 1)[-1]


def levels(rule: Rule) -> Mapping[str, str]:
    """Return a rule's level in each environment when nothing is configured: a level, or `off`."""
    return {
        one.value: default_level(rule.severity, one).value if rule.enabled and one in rule.environments else "off"
        for one in Environment
    }


def effects(rule: Rule) -> Mapping[str, str]:
    """Return what the fix does to a running cache by the types that it differs for; types alike share a key."""
    by_text: dict[str, list[str]] = {}
    for type in rule.types:
        text = effect_of(rule, type)
        if text:
            by_text.setdefault(text, []).append(short_type(type))
    return {", ".join(types): text for text, types in by_text.items()}


def defaults(setting: Setting) -> str:
    """Return what a setting is when nothing is configured, in words.

    >>> from cachewright_policies.rule import Setting
    >>> defaults(Setting("minimumDays", {}, 1, {Environment.PROD: 7}))
    '1 (prod: 7)'
    """
    other = ", ".join(f"{one.value}: {json.dumps(value)}" for one, value in setting.by_environment.items())
    return json.dumps(setting.default) + (f" ({other})" if other else "")


def schema_words(schema: Mapping[str, Any]) -> str:
    """Return what a schema allows, in a few words.

    >>> schema_words({"type": "integer", "minimum": 1, "maximum": 35})
    'integer, 1 to 35'
    """
    if "enum" in schema:
        return "one of " + ", ".join(json.dumps(one) for one in schema["enum"])
    kind = str(schema.get("type", "any"))
    if "items" in schema:
        kind = f"array of {schema['items'].get('type', 'any')}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    if low is not None:
        return f"{kind}, at least {low}"
    return f"{kind}, at most {high}" if high is not None else kind


def framework_words(framework: Framework) -> str:
    """Return a framework with its controls."""
    return f"{framework.name}: {', '.join(framework.controls)}"


def example(program: str) -> str:
    """Return an example as it would stand in a file."""
    return _BEFORE_A_BRACKET.sub("\n", textwrap.dedent(program).strip("\n"))


def rule_markdown(rule: Rule) -> str:
    """Return what a person who meets a finding of the rule wants to know, as Markdown."""
    parts = [rule.description, f"**Fix:** {rule.remediation}"]
    told = effects(rule)
    if told:
        parts.append(
            "**Effect of the fix on a running cache:**\n\n"
            + "\n".join(f"- {types}: {text}" for types, text in told.items())
        )
    if rule.environments != EVERYWHERE:
        where = ", ".join(one.value for one in Environment if one in rule.environments)
        parts.append(f"**Checked in:** {where}")
    if rule.settings:
        parts.append(
            "**Settings:**\n\n"
            + "\n".join(
                f"- `{one.name}` ({schema_words(one.schema)}; default {defaults(one)}):"
                f" {one.schema.get('description', '')}"
                for one in rule.settings
            )
        )
    if rule.frameworks:
        parts.append("**Frameworks:** " + "; ".join(framework_words(one) for one in rule.frameworks))
    parts += [
        f"**Violates it:**\n\n```python\n{example(rule.violating)}\n```",
        f"**Complies:**\n\n```python\n{example(rule.compliant)}\n```",
        f"[Read more]({rule.url})",
    ]
    return "\n\n".join(parts)
