"""Hold the resources of a stack against the rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from cachewright.catalog import resource_types
from cachewright_policies.finding import Finding, Status
from cachewright_policies.rule import Problem, Scope, Severity, Unverified
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cachewright_policies.configuration import Configuration
    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.levels import Level
    from cachewright_policies.rule import Rule

RULE_FAILED: Final = "rule-failed"
_REDACTED: Final = "[secret]"
# Shorter texts stand in too many messages by chance; AWS accepts no secret so short.
_SHORTEST_SECRET: Final = 4


def today() -> date:
    """Return the day, by UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a graph is held against the rules.

    Attributes:
        rules: The rules.
        configuration: Levels, settings and the environment.
        today: The day that dated facts are compared with.
        region: The region of the default provider.
        sources: The program's files.
    """

    rules: Iterable[Rule]
    configuration: Configuration
    today: date = field(default_factory=today)
    region: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def findings(self, graph: Graph) -> list[Finding]:
        """Return everything that does not pass, in the order of the rules; no secret stands in any message."""
        found = [
            one
            for rule in self.rules
            if (level := self.configuration.level(rule)) is not None
            for one in self._of_rule(rule, level, graph)
        ]
        return _redacted(found, graph)

    def _of_rule(self, rule: Rule, level: Level, graph: Graph) -> Iterator[Finding]:
        configuration = self.configuration
        scope = Scope(
            graph, configuration.settings(rule), configuration.environment, self.today, self.region, self.sources
        )
        for subject in graph.of_type(*rule.types):
            yield from _of_resource(rule, level, subject, scope)


def _of_resource(rule: Rule, level: Level, subject: Resource, scope: Scope) -> Iterator[Finding]:
    """Go through what one rule finds on one resource; a rule that fails is a finding of its own."""
    verdicts = _verdicts(rule, subject, scope)
    while True:
        try:
            verdict = next(verdicts, None)
        except UnknownValueError as error:
            verdict, verdicts = _not_known(error), iter(())
        except Exception as error:  # noqa: BLE001 - a rule's defect must not hide the other rules' findings
            yield _failure(rule, level, subject, error)
            return
        if verdict is None:
            return
        yield _finding(rule, level, subject, verdict)


def effect_of(rule: Rule, type: str) -> str:
    """Return what setting a rule's arguments does to a running cache of a type, from the catalog; empty if nothing."""
    table = resource_types.find(type)
    told = []
    for argument in rule.arguments:
        property = None if table is None else table.properties.get(argument)
        if property is None or property.effect in {"", "none"}:
            continue
        when = f" ({property.when})" if property.when else ""
        sentences = " ".join(part for part in (property.explanation, property.safe_path) if part)
        told.append(f"{argument}: {property.effect}{when}. {sentences}".strip())
    return " ".join(told)


def _verdicts(rule: Rule, subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Go through a rule's verdicts; one that is no generator is called, and may fail, only when they are asked for."""
    yield from rule.check(subject, scope)


def _not_known(error: UnknownValueError) -> Unverified:
    return Unverified(f"{error.property} is known only after the update", error.property)


def _finding(rule: Rule, level: Level, subject: Resource, verdict: Problem | Unverified) -> Finding:
    resource = (verdict.resource if isinstance(verdict, Problem) else None) or subject
    return Finding(
        policy=rule.name,
        level=level,
        severity=rule.severity,
        status=Status.VIOLATION if isinstance(verdict, Problem) else Status.UNKNOWN,
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        message=verdict.message,
        remediation=rule.remediation,
        property=verdict.property,
        effect=effect_of(rule, resource.type),
        file=resource.file,
        line=resource.line,
    )


def _failure(rule: Rule, level: Level, subject: Resource, error: Exception) -> Finding:
    """Tell of a rule's own defect by its kind and place: the text of an exception may hold a secret."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" in line {trace.tb_lineno} of {trace.tb_frame.f_code.co_name}"
    return Finding(
        policy=RULE_FAILED,
        level=level,
        severity=Severity.HIGH,
        status=Status.VIOLATION,
        urn=subject.urn,
        type=subject.type,
        name=subject.name,
        message=f"the rule {rule.name} failed on this resource with {type(error).__name__}{place}: nothing is decided",
        remediation=f"Report it with the resource's inputs; until then disable {rule.name} in the configuration.",
        file=subject.file,
        line=subject.line,
    )


def _redacted(findings: list[Finding], graph: Graph) -> list[Finding]:
    if not findings:
        return findings
    secrets = [text for text in graph.secrets() if len(text) >= _SHORTEST_SECRET]
    result = []
    for one in findings:
        message = one.message
        for secret in secrets:
            if secret in message:
                message = message.replace(secret, _REDACTED)
        result.append(one if message is one.message else replace(one, message=message))
    return result
