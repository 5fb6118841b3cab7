"""From what a user asks to check to the report."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.report import Report, UnknownAs, of_refusals, worst_first
from cachewright_policies import configuration, registry
from cachewright_policies.belonging import owners
from cachewright_policies.evaluation import Evaluation, today
from cachewright_policies.finding import Status
from cachewright_policies.levels import environment_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from cachewright_ops.checking.program import CheckedProgram
    from cachewright_policies.finding import Finding
    from cachewright_policies.rule import Environment, Rule


@dataclass(frozen=True, slots=True)
class Demand:
    """What to hold the resources against.

    Attributes:
        environment: Whose levels hold; None for what the stack's name says.
        policy_config: The file with levels and settings, in Pulumi's form; None for the defaults.
        unknown_as: What becomes of findings that cannot be decided.
        today: The day that dated facts are compared with.
    """

    environment: Environment | None = None
    policy_config: Path | None = None
    unknown_as: UnknownAs = UnknownAs.REPORT
    today: date = field(default_factory=today)


def check(checked: CheckedProgram, stack: str, subject: str, demand: Demand) -> Report:
    """Hold resources against the rules.

    Args:
        checked: The resources.
        stack: The stack they are of; its name may say what it is for.
        subject: What is checked, in words.
        demand: What to hold them against.

    Raises:
        CachewrightError: The configuration of the rules is wrong.
    """
    began = time.monotonic()
    rules = registry.rules()
    environment = demand.environment or environment_of(stack)
    settings = _configuration(demand.policy_config, rules, environment)
    evaluation = Evaluation(rules, settings, demand.today, checked.region, checked.sources)
    findings: list[Finding] = evaluation.findings(checked.graph) + of_refusals(checked.refusals, checked.graph)
    if demand.unknown_as is UnknownAs.IGNORE:
        findings = [one for one in findings if one.status is not Status.UNKNOWN]
    caches = owners(checked.graph)
    graph = checked.graph.resources
    return Report(
        subject=subject,
        environment=environment.value,
        resources=sum(one.type != "pulumi:pulumi:Stack" for one in graph.values()),
        findings=worst_first(findings),
        caches=caches,
        names={urn: (graph[urn].name, graph[urn].type.rsplit(":", 1)[-1]) for urn in set(caches.values())},
        unknown_as=demand.unknown_as,
        seconds=time.monotonic() - began + checked.seconds,
    )


def _configuration(file: Path | None, rules: tuple[Rule, ...], environment: Environment) -> configuration.Configuration:
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
