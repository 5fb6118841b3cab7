"""The configuration of the rules: levels and settings, in the form of Pulumi's `--policy-pack-config`.

`{"all": "mandatory", "<rule>": "disabled", "<rule>": {"enforcementLevel": "advisory", "minimumDays": 15}}`
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.levels import Level, default_level
from cachewright_policies.rule import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cachewright_policies.rule import Rule

ALL: Final = "all"
LEVEL: Final = "enforcementLevel"
# What the rules cannot decide in a preview has a level of its own.
UNDECIDED: Final = "undecided"
_LEVELS: Final = ", ".join(Level)


class PolicyConfigurationError(Exception):
    """A configuration is wrong; `str()` lists everything that is, one a line."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Levels and settings of the rules in one environment.

    Attributes:
        environment: What the stack is for.
        levels: The level of single rules.
        all: The level of every rule that has none of its own, those included that are off by default, as Pulumi has
            it; None for the environment's.
        chosen: The settings that differ from the rules' defaults, by rule.
        undecided: The level of what no rule can decide; None where nothing is said.
    """

    environment: Environment = Environment.PROD
    levels: Mapping[str, Level] = field(default_factory=dict)
    all: Level | None = None
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    undecided: Level | None = None

    def level(self, rule: Rule) -> Level | None:
        """Return the level of a rule, or None when it is not checked."""
        level = self.levels.get(rule.name) or self.all
        if level is None:
            if not rule.enabled or self.environment not in rule.environments:
                return None
            level = default_level(rule.severity, self.environment)
        if level is Level.REMEDIATE:
            return Level.MANDATORY
        return None if level is Level.DISABLED else level

    def settings(self, rule: Rule) -> Mapping[str, Any]:
        """Return a rule's settings, defaults filled in."""
        chosen = self.chosen.get(rule.name, {})
        return {one.name: chosen.get(one.name, one.default_in(self.environment)) for one in rule.settings}


def parse(document: Any, rules: Sequence[Rule], environment: Environment) -> Configuration:
    """Return the configuration that a document says.

    Raises:
        PolicyConfigurationError: A rule, a level or a setting is not known, or a value does not fit its schema.
    """
    if document is None:
        return Configuration(environment)
    if not isinstance(document, dict):
        msg = f"expected an object of rules and levels, found {type(document).__name__}"
        raise PolicyConfigurationError(msg)
    known = {rule.name: rule for rule in rules}
    problems: list[str] = []
    levels: dict[str, Level] = {}
    chosen: dict[str, dict[str, Any]] = {}
    every: Level | None = None
    undecided: Level | None = None
    for name, entry in document.items():
        if name in {ALL, UNDECIDED}:
            level = _level(name, entry.get(LEVEL) if isinstance(entry, dict) else entry, problems, mends=False)
            every, undecided = (level, undecided) if name == ALL else (every, level)
            continue
        rule = known.get(name)
        if rule is None:
            problems.append(
                f"{name}: there is no such rule{_nearest(name, known)}; `cachewright check --list` lists them"
            )
            continue
        if not isinstance(entry, dict):
            level = _level(name, entry, problems, mends=rule.remediate is not None)
            if level is not None:
                levels[name] = level
            continue
        for key, value in entry.items():
            if key == LEVEL:
                level = _level(name, value, problems, mends=rule.remediate is not None)
                if level is not None:
                    levels[name] = level
                continue
            setting = next((one for one in rule.settings if one.name == key), None)
            if setting is None:
                names = ", ".join(one.name for one in rule.settings) or "none"
                problems.append(f"{name}.{key}: expected a setting of the rule ({names}), found {key!r}; leave it out")
                continue
            problem = schema_problem(value, setting.schema)
            if problem:
                problems.append(f"{name}.{key}: {problem}")
            else:
                chosen.setdefault(name, {})[key] = whole(value, setting.schema)
    if problems:
        raise PolicyConfigurationError("\n".join(problems))
    return Configuration(environment, levels, every, chosen, undecided)


def whole(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a number as the schema means it: Pulumi hands every number over as a float."""
    if schema.get("type") == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def schema_problem(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Return why a value does not fit a setting's schema, or None.

    >>> schema_problem(0, {"type": "integer", "minimum": 1})
    'expected an integer of at least 1, found 0'
    """
    from jsonschema import Draft202012Validator

    error = next(iter(Draft202012Validator(schema).iter_errors(whole(value, schema))), None)
    if error is None:
        return None
    return f"expected {_expected(schema)}, found {value!r}"


def _expected(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(one) for one in schema["enum"])
    kind = schema.get("type", "value")
    article = "an" if kind[0] in "aeio" else "a"
    text = f"{article} {kind}"
    if "items" in schema:
        text += f" of {schema['items'].get('type', 'value')}s"
    if "minimum" in schema:
        text += f" of at least {schema['minimum']}"
    if "maximum" in schema:
        text += f" and at most {schema['maximum']}" if "minimum" in schema else f" of at most {schema['maximum']}"
    return text


def _level(name: str, value: Any, problems: list[str], *, mends: bool) -> Level | None:
    try:
        level = Level(value)
    except ValueError:
        problems.append(f"{name}: expected a level ({_LEVELS}), found {value!r}")
        return None
    if level is Level.REMEDIATE and not mends:
        problems.append(
            f"{name}: expected a level of what cannot be remediated (advisory, mandatory, disabled), found 'remediate'"
        )
        return None
    return level


def _nearest(name: str, known: Mapping[str, Rule]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""
