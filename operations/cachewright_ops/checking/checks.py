"""From what a user asks to check to the report."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.own_policies import OWN_POLICIES
from cachewright_ops.checking.places import Place
from cachewright_ops.checking.report import Report, UnknownAs, of_refusals, worst_first
from cachewright_ops.checking.waivers import WaiverFile, read
from cachewright_ops.checking.waiving import Waiving
from cachewright_policies import configuration, environments, registry
from cachewright_policies.belonging import owners
from cachewright_policies.evaluation import Evaluation, today
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from cachewright_ops.checking.baseline import Baseline, Known
    from cachewright_ops.checking.program import CheckedProgram
    from cachewright_policies.finding import Finding
    from cachewright_policies.rule import Environment, Rule, Severity

# What the level of `undecided` in a policy configuration says in the command's words.
_UNKNOWN_AS: Final[Mapping[Level | None, UnknownAs]] = {
    Level.MANDATORY: UnknownAs.FAIL,
    Level.DISABLED: UnknownAs.IGNORE,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What to hold the resources against.

    Attributes:
        environment: Whose levels hold; None for what the stack's configuration or its name says.
        policy_config: The file with levels and settings, in Pulumi's form; None for the defaults.
        unknown_as: What becomes of findings that cannot be decided; None for what the configuration of the rules says.
        today: The day that dated facts are compared with.
        waivers: The file of waivers and how reports name it; None where there is none.
        baseline: What is known; None where everything counts.
        place: Where the project is.
    """

    environment: Environment | None = None
    policy_config: Path | None = None
    unknown_as: UnknownAs | None = None
    today: date = field(default_factory=today)
    waivers: tuple[Path, str] | None = None
    baseline: Baseline | None = None
    place: Place = field(default_factory=Place)


def check(checked: CheckedProgram, stack: str, subject: str, demand: Demand) -> Report:
    """Hold resources against the rules.

    Args:
        checked: The resources.
        stack: The stack they are of; its name may say what it is for.
        subject: What is checked, in words.
        demand: What to hold them against.

    Raises:
        CachewrightError: The configuration of the rules, or the file of waivers, is wrong.
    """
    began = time.monotonic()
    rules = registry.rules()
    environment = demand.environment or _environment(stack, checked.config)
    settings = configured(demand.policy_config, rules, environment)
    unknown_as = demand.unknown_as or _UNKNOWN_AS.get(settings.undecided, UnknownAs.REPORT)
    evaluation = Evaluation(rules, settings, demand.today, checked.region, checked.sources)
    waivers = WaiverFile() if demand.waivers is None else read(*demand.waivers, waivable(rules), demand.today)
    findings: list[Finding] = evaluation.findings(checked.graph) + of_refusals(checked.refusals, checked.graph)
    applied = [one.name for one in rules if settings.level(one) is not None]
    findings = Waiving(
        waivers, checked.graph, stack, environment, demand.today, frozenset({*applied, *OWN_POLICIES})
    ).apply(findings)
    if unknown_as is UnknownAs.IGNORE:
        findings = [one for one in findings if one.status is not Status.UNKNOWN]
    fixed: tuple[Known, ...] = ()
    if demand.baseline is not None:
        findings, fixed = demand.baseline.apply(findings)
    caches = owners(checked.graph)
    graph = checked.graph.resources
    return Report(
        subject=subject,
        environment=environment.value,
        resources=sum(one.type != "pulumi:pulumi:Stack" for one in graph.values()),
        findings=worst_first(findings),
        caches=caches,
        names={urn: (graph[urn].name, graph[urn].type.rsplit(":", 1)[-1]) for urn in set(caches.values())},
        unknown_as=unknown_as,
        seconds=time.monotonic() - began + checked.seconds,
        stack=stack,
        place=demand.place,
        waivers={one.id: one for one in waivers.waivers},
        against_baseline=demand.baseline is not None,
        fixed=fixed,
        checked=tuple(applied),
    )


def _environment(stack: str, config: Mapping[str, str]) -> Environment:
    try:
        return environments.chosen(stack, config)
    except environments.EnvironmentNameError as error:
        raise CachewrightError(str(error)) from error


def waivable(rules: Iterable[Rule]) -> Mapping[str, Severity]:
    """Return the severity of every policy that a waiver may name."""
    own = {name: one.severity for name, one in OWN_POLICIES.items() if one.waivable}
    return {**{one.name: one.severity for one in rules}, **own}


def configured(file: Path | None, rules: tuple[Rule, ...], environment: Environment) -> configuration.Configuration:
    """Return the configuration of the rules that a file says, or the defaults.

    Raises:
        CachewrightError: The file cannot be read, or is wrong.
    """
    try:
        return configuration.parse(None if file is None else _document(file), rules, environment)
    except configuration.PolicyConfigurationError as error:
        msg = f"the policy configuration {file} is wrong:\n{error}"
        raise CachewrightError(msg) from error


def _document(file: Path) -> Any:
    """Return what a JSON or YAML file holds."""
    try:
        text = file.read_text()
        if file.suffix in {".yaml", ".yml"}:
            import yaml

            return yaml.safe_load(text)
        return json.loads(text)
    except OSError as error:
        msg = f"cannot read {file}: {error.strerror}; name a readable JSON or YAML file"
        raise CachewrightError(msg) from error
    except ValueError as error:
        msg = f"{file} is not valid JSON: {error}; correct it"
        raise CachewrightError(msg) from error
