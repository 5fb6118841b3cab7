"""The handbook-size configuration, run once, and how it is held against every rule at the strictest level."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cachewright_offline.engine.project import Project
from cachewright_ops.checking.program import CheckedProgram, run
from cachewright_policies import configuration, registry
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.rule import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_policies.configuration import Configuration
    from cachewright_policies.graph import Graph

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def handbook() -> CheckedProgram:
    """The clean configuration, as `cachewright check` runs it."""
    return run(Project.load(HERE / "program"), "prod", "handbook")


@pytest.fixture(scope="session")
def strictest() -> Configuration:
    """Production, with every rule on and mandatory, and the thresholds that ask for most."""
    document = json.loads((HERE / "strictest.json").read_text())
    return configuration.parse(document, registry.rules(), Environment.PROD)


@pytest.fixture(scope="session")
def findings(strictest: Configuration) -> Callable[..., list[str]]:
    """Hold a graph against every rule: `rule: Type.name`, and whether it is undecided."""

    def hold(graph: Graph, program: CheckedProgram, sources: Mapping[str, str] | None = None) -> list[str]:
        texts = {**program.sources, **(sources or {})}
        evaluation = Evaluation(registry.rules(), strictest, TODAY, program.region, texts)
        return sorted(
            {
                f"{one.policy}: {one.type.rsplit(':', 1)[-1]}.{one.name}{'?' * (one.status == 'unknown')}"
                for one in evaluation.findings(graph)
            }
        )

    return hold
