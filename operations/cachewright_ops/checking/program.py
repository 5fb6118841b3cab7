"""From a program to the graph that the rules look at: its preview, in this process and with nothing reached."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from cachewright_offline.engine import resource as engine
from cachewright_offline.engine.options import Options
from cachewright_offline.engine.stack import Stack
from cachewright_offline.engine.urn import STACK_TYPE
from cachewright_offline.errors import CachewrightError
from cachewright_offline.values import UNKNOWN, ResourceReference, Secret
from cachewright_ops.checking.fixtures import Fixtures
from cachewright_ops.checking.providers import CheckingProviders
from cachewright_ops.checking.unknown_answers import UNKNOWN_TEXT
from cachewright_policies import values
from cachewright_policies.environments import KEY
from cachewright_policies.graph import Graph, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cachewright_offline.engine.plan import Plan, SourcePosition, Step
    from cachewright_offline.engine.project import Project
    from cachewright_ops.checking.providers import Refusal

_PROVIDER = "pulumi:providers:"
_AWS = "pulumi:providers:aws"
_AWS_TYPES = "aws:"
_Settings: TypeAlias = "tuple[str | None, Mapping[str, Any]]"
_NOTHING_SET: _Settings = (None, {})


@dataclass(frozen=True, slots=True)
class CheckedProgram:
    """What a program registers.

    Attributes:
        graph: Its resources.
        region: The region of its default provider; None where none is known.
        refusals: The inputs that the provider would refuse.
        sources: The texts of the program's files, by their paths from the project's root.
        seconds: How long it took.
        config: What the stack's configuration says of the stack itself; empty where it is not known.
    """

    graph: Graph
    region: str | None = None
    refusals: tuple[Refusal, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    config: Mapping[str, str] = field(default_factory=dict)


def run(
    project: Project,
    stack: str,
    passphrase: str | None = None,
    config: Mapping[str, str] | None = None,
    fixtures: Fixtures | None = None,
) -> CheckedProgram:
    """Run a project's program as a preview of a stack that does not exist yet.

    Args:
        project: The project.
        stack: The stack whose configuration it gets.
        passphrase: What the configuration's secrets are encrypted with; without it they are unknown secrets.
        config: Configuration values that beat the stack file's.
        fixtures: The answers that functions and stack references get; everything else of them is unknown.

    Raises:
        CachewrightError: The program or its configuration is wrong.
    """
    began = time.monotonic()
    providers = CheckingProviders(fixtures or Fixtures())
    with tempfile.TemporaryDirectory(prefix="cachewright-check-") as backend:
        one = stack_of(project, stack, backend, providers, passphrase, config)
        # What the program prints must not stand in a report for machines.
        with contextlib.redirect_stdout(sys.stderr):
            plan = one.preview(Options())
    if plan.errors:
        # What follows the resource that failed is not known: half a program must not pass.
        raise CachewrightError("\n".join(dict.fromkeys(plan.errors)))
    return registered(one, plan, providers, time.monotonic() - began)


def stack_of(
    project: Project,
    stack: str,
    backend: Path | str,
    providers: CheckingProviders,
    passphrase: str | None = None,
    config: Mapping[str, str | Secret] | None = None,
    function: Callable[[], object] | None = None,
) -> Stack:
    """Return a stack whose providers reach nothing.

    Args:
        project: The project.
        stack: The stack's name.
        backend: The folder of its state.
        providers: What checks and completes its resources.
        passphrase: What the configuration's secrets are encrypted with; without it they are unknown secrets.
        config: Configuration values that beat the stack file's.
        function: The program, where it is not the project's folder.
    """
    return Stack(
        project,
        stack,
        backend,
        lambda: passphrase or "",
        None,
        config,
        load_provider=providers.load,
        read_stack=lambda name: _referred(name, providers.fixtures),
        sealed=UNKNOWN_TEXT if passphrase is None else None,
        function=function,
    )


def registered(stack: Stack, plan: Plan, providers: CheckingProviders, seconds: float = 0.0) -> CheckedProgram:
    """Return what a run of a stack registered.

    Args:
        stack: The stack.
        plan: The run's steps.
        providers: The providers of the run.
        seconds: How long it took.
    """
    # The engine keeps the default provider, which it makes by itself, out of the plan.
    region, default_tags = _settings_of(stack.config.of_package("aws"))
    region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    graph = graph_of(plan, (region, default_tags), _folder(stack.project))
    # The rest of the configuration may be secret, and no rule reads it.
    config = {key: value for key, value in stack.config.values.items() if key == KEY}
    return CheckedProgram(graph, region, tuple(providers.refusals), _sources(stack.project, graph), seconds, config)


def of_plan(plan: Plan) -> CheckedProgram:
    """Return the resources of a plan that was made elsewhere: nothing in it is checked by a provider again."""
    return CheckedProgram(graph_of(plan), _default_region(plan))


def _sources(project: Project, graph: Graph) -> Mapping[str, str]:
    """Return the texts of the files that create resources, of those beside the first one, and of the settings."""
    files = {one.file for one in graph.resources.values() if one.file}
    folder = project.program_folder
    beside = [folder] if folder.is_file() else list(folder.glob("*.py"))
    beside += [project.stack_file(name) for name in project.stack_names()]
    files.update(os.path.relpath(one, project.root) for one in beside)
    return {file: (project.root / file).read_text(errors="replace") for file in sorted(files)}


def _referred(name: str, fixtures: Fixtures) -> list[engine.Resource] | None:
    """Return the resources of a stack that the program refers to, or None where no fixture tells of it."""
    outputs = fixtures.stack_references.get(name)
    if outputs is None:
        return None
    urn = f"urn:pulumi:{name.replace('/', '::')}::{STACK_TYPE}::{name}"
    return [engine.Resource(urn, STACK_TYPE, custom=False, outputs=dict(outputs))]


def _folder(project: Project) -> str:
    """Return the program's folder, from the project's root."""
    folder = project.program_folder
    return os.path.relpath(folder.parent if folder.is_file() else folder, project.root)


def graph_of(plan: Plan, default: _Settings = _NOTHING_SET, folder: str = ".") -> Graph:
    """Return the resources of a plan, and what it deletes, as the rules see them.

    Args:
        plan: The plan.
        default: The region and the default tags of the default provider of AWS, where the plan does not have it.
        folder: The program's folder, from the project's root: what people look at is there.
    """
    settings = {step.urn: _provider_settings(step) for step in plan.steps if step.type.startswith(_PROVIDER)}
    steps = {step.urn: step for step in plan.steps if step.logical}
    resources = [(_resource(step, settings, default, _position(step, steps, folder)), step) for step in steps.values()]
    return Graph(
        [one for one, step in resources if step.new is not None], [one for one, step in resources if step.new is None]
    )


def _position(step: Step, steps: Mapping[str, Step], folder: str) -> SourcePosition | None:
    """Return the line of the program that makes a resource: its own, or that of the component it is made by.

    A library's line says nothing to who uses it.
    """
    looked_at: Step | None = step
    while looked_at is not None:
        if looked_at.source is not None and _is_of_program(looked_at.source.file, folder):
            return looked_at.source
        looked_at = steps.get(looked_at.resource.parent)
    return step.source


def _is_of_program(file: str, folder: str) -> bool:
    return (folder == "." or file.startswith(f"{folder}/")) and "/site-packages/" not in file


def _resource(
    step: Step, settings: Mapping[str, _Settings], default: _Settings, source: SourcePosition | None
) -> Resource:
    state = step.resource
    otherwise = default if state.type.startswith(_AWS_TYPES) else _NOTHING_SET
    region, default_tags = settings.get(state.provider.rsplit("::", 1)[0], otherwise)
    own = state.inputs.get("region")
    return Resource(
        step.urn,
        state.type,
        {key: converted(value) for key, value in state.inputs.items()},
        id=state.id,
        outputs={key: converted(value) for key, value in state.outputs.items()},
        property_dependencies=state.property_dependencies,
        dependencies=state.dependencies,
        parent=state.parent,
        region=own if isinstance(own, str) else region,
        default_tags=default_tags,
        protect=state.protect,
        retain_on_delete=state.retain_on_delete,
        op=step.op,
        replace_keys=step.replace_keys,
        old=None if step.old is None else {key: converted(value) for key, value in step.old.inputs.items()},
        file="" if source is None else source.file,
        line=0 if source is None else source.line,
    )


def converted(value: Any) -> Any:
    """Return an engine's value as the rules see it."""
    kind = value.__class__
    if kind is str or value is None or kind is bool:
        return value
    if value is UNKNOWN:
        return values.UNKNOWN
    if kind is Secret:
        return values.Secret(converted(value.element))
    if kind is list:
        return [converted(one) for one in value]
    if kind is dict:
        return {key: converted(one) for key, one in value.items()}
    if kind is ResourceReference:
        return values.UNKNOWN if value.id is UNKNOWN else (value.id or value.urn)
    return value


def _provider_settings(step: Step) -> _Settings:
    return _settings_of(step.resource.inputs)


def _settings_of(inputs: Mapping[str, Any]) -> _Settings:
    """Return the region and the default tags that a provider's configuration says."""
    region = inputs.get("region")
    tags = _unpacked(converted(inputs.get("defaultTags")))
    found = tags.get("tags") if isinstance(tags, dict) else None
    return (region if isinstance(region, str) else None), (found if isinstance(found, dict) else {})


def _unpacked(value: Any) -> Any:
    """On the wire Pulumi packs a provider's objects into JSON."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _default_region(plan: Plan) -> str | None:
    regions = (
        _provider_settings(step)[0] for step in plan.steps if step.type == _AWS and step.name.startswith("default")
    )
    return next(regions, None)
