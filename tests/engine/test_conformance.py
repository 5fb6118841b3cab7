"""Every scenario on both engines: the same steps, states, outputs, errors and exit status.

A scenario is a file of `scenarios/`. In its end each engine takes over the state that the other has written.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conformance import comparison
from conformance.scenario import Scenario, preview
from conformance.side import PROJECT, EmbeddedSide, PulumiSide

from cachewright_offline.cloud import control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.side import Side

    from cachewright_offline.endpoint import CloudEndpoint

SCENARIOS = sorted(Path(__file__).with_name("scenarios").glob("*.py"))


@pytest.fixture(scope="session")
def second_local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudEndpoint]:
    """Return a local AWS for the embedded engine: names are taken by the other engine on the first."""
    home = tmp_path_factory.mktemp("second-local-aws")
    yield control.start(home).endpoint
    control.stop(home)


def load(path: Path) -> Scenario:
    """Return the scenario of a file."""
    spec = importlib.util.spec_from_file_location(f"scenarios.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.__doc__, f"{path.name} says what it is about"
    scenario: Scenario = module.SCENARIO
    return scenario


@pytest.fixture
def sides(
    tmp_path: Path,
    pulumi_executable: Path,
    pulumi_home: Path,
    local_aws: CloudEndpoint,
    second_local_aws: CloudEndpoint,
    shared_language_host: dict[str, str],
) -> Iterator[tuple[EmbeddedSide, PulumiSide]]:
    """Return both sides of a scenario."""
    embedded = EmbeddedSide(tmp_path / "embedded", second_local_aws)
    pulumi = PulumiSide(tmp_path / "pulumi", local_aws, pulumi_executable, pulumi_home)
    pulumi.project.environment |= shared_language_host
    yield embedded, pulumi
    pulumi.close()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_both_engines_agree(path: Path, sides: tuple[EmbeddedSide, PulumiSide]) -> None:
    """What each step does, reports and leaves is the same on both, but for chance and times."""
    scenario = load(path)
    embedded, pulumi = sides
    for index, step in enumerate(scenario.steps):
        before = [state(side, step.stack) for side in sides if side.state_file(step.stack).exists()]
        ours, theirs = embedded.perform(step), pulumi.perform(step)
        after = [state(side, step.stack) for side in sides]
        found = comparison.step_differences(ours, theirs, comparison.edges_of(*before, *after))
        found += comparison.differences(*(comparison.without_chance(one) for one in after))
        if (ours.succeeded, theirs.succeeded) != (not step.fails, not step.fails):
            found.append(f"succeeded: embedded {ours.succeeded}, pulumi {theirs.succeeded}")
        # A preview of Pulumi's tells in a message, not in an event, what has failed.
        if step.command != "preview" and sorted(ours.failed) != sorted(theirs.failed):
            found.append(f"failed: embedded {ours.failed}, pulumi {theirs.failed}")
        if step.command == "preview" and ours.succeeded:
            shown = [comparison.without_chance(one.outputs or {}) for one in (ours, theirs)]
            found += [f"outputs{line}" for line in comparison.differences(*shown)]
        said = comparison.errors_of_embedded(ours.errors), comparison.errors_of_pulumi(theirs.errors)
        if said[0] != said[1] and not step.own_words:
            found.append(f"errors: embedded {said[0]}, pulumi {said[1]}")
        told = f"{path.stem}, step {index + 1} ({step.command}); embedded: {ours.errors}; pulumi: {theirs.told}"
        assert found == [], "\n".join([*found, told])
    if scenario.taken_over:
        assert_taken_over(embedded, pulumi, scenario.steps[-1].stack)


def state(side: Side, stack: str) -> dict[str, object]:
    """Return a side's state of a stack."""
    return comparison.state_of(side.state, PROJECT, stack)


def assert_taken_over(embedded: EmbeddedSide, pulumi: PulumiSide, stack: str) -> None:
    """Swap the states, with what they are about: neither engine finds anything to change."""
    step = replace(preview(), stack=stack)
    memories, clouds = (embedded.memory, pulumi.memory), (embedded.cloud, pulumi.cloud)
    theirs = pulumi.state_file(stack).read_bytes()
    pulumi.take_over(embedded, stack)
    there = pulumi.perform(step)
    assert there.succeeded, there.told
    assert there.changes == [], there.told
    embedded.state_file(stack).write_bytes(theirs)
    embedded.memory, embedded.cloud = memories[1], clouds[1]
    embedded.stack(stack).state.instance_id = clouds[1].instance_id
    here = embedded.perform(step)
    assert here.succeeded, here.errors
    assert here.changes == []
