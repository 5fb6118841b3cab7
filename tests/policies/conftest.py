"""Programs in a folder of their own, run as `cachewright check` runs them and held against the rules."""

from __future__ import annotations

import textwrap
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from cachewright import testing
from cachewright_policies.configuration import Configuration, parse
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.levels import default_level
from cachewright_policies.rule import Environment
from cachewright_policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cachewright_policies.finding import Finding
    from cachewright_policies.rule import Rule

HEADER = "import json\n\nimport pulumi\nimport pulumi_aws as aws\n\n"
TODAY = date(2026, 11, 23)


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., testing.Run]:
    """Run the text of a program, after the usual imports."""
    number = count()

    def run_text(program: str, config: dict[str, str] | None = None) -> testing.Run:
        root = tmp_path / f"program{next(number)}"
        root.mkdir()
        (root / "Pulumi.yaml").write_text("name: example\nruntime: python\n")
        (root / "__main__.py").write_text(HEADER + textwrap.dedent(program))
        settings = {"aws:region": "eu-west-1", **(config or {})}
        return testing.run(root, stack="main", config=settings, allow_refusals=True)

    return run_text


@pytest.fixture
def found() -> Callable[..., list[Finding]]:
    """Hold a graph against some rules, all of them switched on, at production's levels."""

    def hold(
        graph: Graph,
        *rules: Rule,
        configuration: Configuration | None = None,
        today: date = TODAY,
        region: str = "eu-west-1",
        sources: Mapping[str, str] | None = None,
    ) -> list[Finding]:
        levels = {rule.name: default_level(rule.severity, Environment.PROD) for rule in rules}
        chosen = configuration or Configuration(Environment.PROD, levels)
        return Evaluation(rules, chosen, today, region, sources or {}).findings(graph)

    return hold


@pytest.fixture
def verdicts(found: Callable[..., list[Finding]]) -> Callable[..., list[str]]:
    """Hold resources, each `(type, name, inputs, references)`, against one rule.

    References are `{property: [names]}`: the property comes from those resources, and is unknown where the inputs do
    not say otherwise. Returned is `name.property` of each violation, with a question mark for what is undecided.
    """

    def hold(rule: Rule, *specs: tuple[Any, ...], settings: Mapping[str, Any] | None = None, **more: Any) -> list[str]:
        urns = {name: f"urn:pulumi:main::example::{type}::{name}" for type, name, *_ in specs}
        resources = []
        for type, name, inputs, *rest in specs:
            edges = {property: [urns[one] for one in names] for property, names in (rest[0] if rest else {}).items()}
            values = {**dict.fromkeys(edges, UNKNOWN), **inputs}
            options = rest[1] if len(rest) > 1 else {}
            resources.append(Resource(urns[name], type, values, property_dependencies=edges, **options))
        document = {rule.name: {"enforcementLevel": "mandatory", **(settings or {})}}
        configuration = parse(document, [rule], more.pop("environment", Environment.PROD))
        findings = found(Graph(resources), rule, configuration=configuration, **more)
        return [f"{one.name}.{one.property}".rstrip(".") + "?" * (one.status == "unknown") for one in findings]

    return hold
