"""One run over a stack: the pieces that serve it, put together, and what a program's registrations go through.

The monitor decodes what the SDK sends and calls `register`, `read`, `outputs` and `invoke` here; `finish_program`
does what is left when the program has ended.
"""

from __future__ import annotations

import os
import threading
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from cachewright_offline.engine.errors import StepError
from cachewright_offline.engine.events import Diagnostic, ResourceOutputs
from cachewright_offline.engine.executor import Executor, Stopped
from cachewright_offline.engine.goal import Goal
from cachewright_offline.engine.plan import Plan, SourcePosition, Step
from cachewright_offline.engine.providers import ProviderRegistry
from cachewright_offline.engine.recorder import Recorder
from cachewright_offline.engine.stack_reference import BuiltinProvider
from cachewright_offline.engine.step_generator import StepGenerator
from cachewright_offline.engine.targets import Targets
from cachewright_offline.engine.urn import (
    PROVIDER_TYPE_PREFIX,
    STACK_TYPE,
    default_provider_name,
    resource_type,
)
from cachewright_offline.errors import CachewrightError
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from cachewright_offline.engine.events import Event, Severity
    from cachewright_offline.engine.goal import ReadGoal
    from cachewright_offline.engine.journal import Journal
    from cachewright_offline.engine.options import Options
    from cachewright_offline.engine.resource import Resource
    from cachewright_offline.provider.protocol import CheckFailure, Provider
    from cachewright_offline.values import Properties


class Run:
    """A preview, an update, a refresh or a destroy of one stack.

    Args:
        project: The project's name.
        stack: The stack's name.
        base: The state's resources; a preview gets copies of its own.
        journal: Where an update is recorded, or None for a preview.
        options: How it is to be done.
        load: Returns a new provider of a package.
        read_stack: Returns the state's resources of another stack, by the name a stack reference gives; None where
            they are not known.
        package_config: Returns the stack's configuration of a package, for its default provider.
    """

    def __init__(
        self,
        project: str,
        stack: str,
        base: list[Resource],
        journal: Journal | None,
        options: Options,
        *,
        load: Callable[[str], Provider],
        read_stack: Callable[[str], list[Resource] | None],
        package_config: Callable[[str], Properties],
    ) -> None:
        self.project = project
        self.stack = stack
        self.base = base
        self.options = options
        self.preview = journal is None
        self.seed = options.seed or os.urandom(32)
        self._lock = threading.RLock()
        self._package_config = package_config
        self._default_providers: dict[tuple[str, str], str] = {}
        self._registered: dict[str, Step] = {}
        self._stack_outputs: tuple[str, Properties] | None = None
        self._goal: Goal | None = None
        self.goals: dict[str, Goal] = {}
        builtin = BuiltinProvider(read_stack, self._find_resource)
        self.providers = ProviderRegistry(load, builtin, preview=self.preview)
        self.providers.know(base)
        self.generator = self._new_generator(base)
        self.recorder = Recorder(journal, self.generator.graph)
        self.executor = Executor(
            self.providers,
            self.recorder,
            self.emit,
            preview=self.preview,
            parallel=options.parallel,
            cancel=options.cancel,
            deletes=self.generator.deletes,
            olds=self._old,
        )

    def _new_generator(self, base: list[Resource]) -> StepGenerator:
        return StepGenerator(
            self.stack,
            self.project,
            base,
            self.providers,
            self.report,
            preview=self.preview,
            targets=Targets(self.options.targets),
            target_dependents=self.options.target_dependents,
            seed=self.seed,
        )

    def emit(self, event: Event) -> None:
        """Hand an event on, one at a time."""
        with self._lock:
            self.options.on_event(event)

    def report(self, severity: Severity, message: str, urn: str = "") -> None:
        """Report a message; an error makes the run fail."""
        source = self._source(urn) if urn else None
        if severity == "error":
            self.executor.error(message, urn, source)
        else:
            self.emit(Diagnostic(severity, message, urn, source))

    def _source(self, urn: str) -> SourcePosition | None:
        goal = self._goal
        if goal is None or not urn.endswith(f"::{goal.name}"):
            return self.executor.source_in_program(urn)
        return SourcePosition.parse(goal.source_position) or self.executor.source_in_program(goal.parent)

    def give_up(self, error: Exception, urn: str = "") -> None:
        """End the run because of `error`, which is reported unless it already was."""
        message = error.message if isinstance(error, StepError) else str(error)
        about = (error.urn if isinstance(error, StepError) else "") or urn
        if message:
            self.report("error", message, about)
        self.executor.stop()

    # ---------------------------------------------------------------- what a program asks for

    def register(self, goal: Goal) -> Resource | Future[Resource]:
        """Register a resource; returns its state, at once or when its operation has ended.

        Raises:
            Stopped: The run has ended.
        """
        with self._lock:
            self._goal = goal
            steps = self._generate(lambda: self.generator.register(goal))
            self._goal = None
            self.goals[steps[-1].urn] = goal
        if self.executor.is_quick(steps):
            return self._carry_out(goal, steps)
        return self.executor.pool.submit(self._carry_out, goal, steps)

    def _carry_out(self, goal: Goal, steps: list[Step]) -> Resource:
        self.executor.run_chain(steps)
        step = next(step for step in reversed(steps) if step.new is not None and step.op != "replace")
        state = step.new
        if state is None:
            raise Stopped
        if step.op in {"import", "import-replacement"}:
            with self._lock:
                more = self._generate(lambda: self.generator.after_import(goal, state))
            if more:
                return self._carry_out(goal, more)
        self._registered[state.urn] = step
        return state

    def _generate(self, generate: Callable[[], list[Step]]) -> list[Step]:
        if self.executor.stopped:
            raise Stopped
        try:
            return generate()
        except (StepError, ProviderError, CachewrightError) as error:
            self.give_up(error)
            raise Stopped from error

    def was_skipped(self, urn: str) -> bool:
        """Tell whether a registered resource was left out, because it is no target."""
        step = self._registered.get(urn)
        return step is not None and step.skipped

    def read(self, goal: ReadGoal) -> Resource | Future[Resource]:
        """Read a resource the stack does not own."""
        with self._lock:
            steps = self._generate(lambda: self.generator.read(goal))
        if goal.id is UNKNOWN and steps[0].new is not None:
            steps[0].new.id = ""
        return self.executor.pool.submit(self._finish_read, steps)

    def _finish_read(self, steps: list[Step]) -> Resource:
        self.executor.run_chain(steps)
        state = steps[0].new
        if state is None:
            raise Stopped
        return state

    def outputs(self, urn: str, outputs: Properties) -> None:
        """Take the outputs that a component, or the stack, registers.

        Raises:
            Stopped: The run has ended, or the resource was never registered.
        """
        if self.executor.stopped:
            raise Stopped
        with self._lock:
            if resource_type(urn) == STACK_TYPE:
                # Whether old outputs that were not set again are kept is known at the end of the run.
                self._stack_outputs = (urn, outputs)
                return
            self._set_outputs(urn, outputs)

    def _set_outputs(self, urn: str, outputs: Properties) -> None:
        step = self._registered.pop(urn, None)
        if step is None or step.new is None:
            msg = f"cannot complete a resource '{urn}' whose registration isn't pending"
            self.give_up(StepError(msg, urn))
            raise Stopped
        if step.skipped:
            return
        changed = step.new.outputs != outputs
        step.new.outputs = outputs
        if not self.preview:
            self.recorder.outputs(step.new, changed=changed)
        self.emit(ResourceOutputs(step))

    def default_provider(self, package: str, version: str) -> str:
        """Return the reference of a package's default provider, registering it when it is first asked for.

        Raises:
            Stopped: It cannot be had; this was reported.
        """
        with self._lock:
            known = self._default_providers.get((package, version))
            if known is not None:
                return known
            inputs = dict(self._package_config(package))
            if version:
                # Pulumi marks inputs that hold a version this way, so that none is looked for in the configuration.
                inputs |= {"__internal": {}, "version": version}
            goal = Goal(PROVIDER_TYPE_PREFIX + package, default_provider_name(version), custom=True, inputs=inputs)
            state = self._carry_out(goal, self._generate(lambda: self.generator.register(goal)))
            reference = f"{state.urn}::{state.id}"
            self._default_providers[package, version] = reference
            return reference

    def invoke(self, token: str, arguments: Properties, reference: str) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function with the provider under `reference`.

        Raises:
            ProviderError: The provider refuses, or there is none.
        """
        provider = self.providers.find(reference)
        if provider is None:
            msg = f"unknown provider '{reference}'"
            raise ProviderError(msg)
        return provider.invoke(token, arguments, preview=self.preview)

    def _old(self, urn: str) -> Resource | None:
        return self.generator.olds.get(urn)

    def _find_resource(self, urn: str) -> Resource | None:
        return self.executor.news.get(urn)

    # ---------------------------------------------------------------- after, or instead of, a program

    def delete_rest(self) -> None:
        """Delete what the program no longer registers.

        Raises:
            Stopped: The run has ended early.
        """
        if self.executor.stopped:
            raise Stopped
        for urn in self.generator.unknown_targets():
            hint = "" if "$" in urn else " Did you forget to escape $ in your shell?"
            self.report("error", f"Target '{urn}' could not be found in the stack.{hint}")
        try:
            with self._lock:
                sames, groups = self.generator.deletions()
        except (StepError, ProviderError, CachewrightError) as error:
            self.give_up(error)
            raise Stopped from error
        self.executor.run_chain(sames)
        for group in groups:
            # What stays because it is protected keeps all that it needs.
            kept = {urn for one in self.executor.protected for urn in self.generator.graph.needed_by(one)}
            self.executor.run_parallel([step for step in group if step.urn not in kept])

    def refresh(self) -> None:
        """Read every resource (or every target) and take over what is found, in place.

        Raises:
            Stopped: The run has ended early.
        """
        targets = Targets(self.options.targets)
        steps = []
        try:
            for resource in self.base:
                if resource.urn in targets:
                    self.providers.ensure(resource.provider)
                    steps.append(Step("refresh", resource.urn, resource, resource))
        except (StepError, ProviderError, CachewrightError) as error:
            self.give_up(error)
            raise Stopped from error
        befores = {id(step): step.old for step in steps}
        try:
            self.executor.run_parallel(steps)
        finally:
            self._take_over(steps, befores)
        if self.executor.errors:
            self.executor.stop()
            raise Stopped

    def _take_over(self, steps: list[Step], befores: dict[int, Resource | None]) -> None:
        gone: dict[int, Resource] = {}
        changed: dict[int, Resource] = {}
        for step in steps:
            before = befores[id(step)]
            if before is None or step.result is None:
                continue
            if step.new is None:
                gone[id(before)] = before
            elif step.new is not before:
                # The step keeps the state as it was; the base goes on with what was found.
                step.old = replace(before)
                _overwrite(before, step.new)
                changed[id(before)] = before
        kept = [resource for resource in self.base if id(resource) not in gone]
        if gone or changed:
            changed.update((id(one), one) for one in _without_dangling(kept))
        self.recorder.changed(list(changed.values()), list(gone.values()))
        if gone or changed:
            self.base = kept
            deletes = self.generator.deletes
            self.generator = self._new_generator(kept)
            # The executor looks into the set it was given.
            self.generator.deletes = deletes
            self.recorder.use(self.generator.graph)

    def finish_stack_outputs(self, *, failed: bool) -> Properties:
        """Set the stack's outputs; after a failure, outputs that were not set again are kept."""
        root = next((one for one in self.base if one.type == STACK_TYPE and not one.delete), None)
        old = root.outputs if root is not None else {}
        if self._stack_outputs is None:
            return old
        urn, outputs = self._stack_outputs
        if failed or self.executor.errors or self.executor.stopped:
            outputs = {**old, **outputs}
        if urn not in self._registered:
            return old
        with self._lock:
            self._set_outputs(urn, outputs)
        return outputs

    def plan(self, outputs: Properties, kind: str) -> Plan:
        """Return all that was done, or would be done."""
        return Plan(
            self.project,
            self.stack,
            tuple(self.executor.steps),
            outputs,
            tuple(self.executor.errors),
            self.seed,
            "refresh" if kind == "refresh" else "destroy" if kind == "destroy" else "update",
        )


def _overwrite(target: Resource, source: Resource) -> None:
    for item in fields(source):
        setattr(target, item.name, getattr(source, item.name))


def _without_dangling(resources: list[Resource]) -> list[Resource]:
    """Take away, in place, what names resources that are gone; returns those that changed."""
    changed = []
    standing: set[str] = set()
    grandparent: dict[str, str] = {}
    for resource in resources:
        before = (resource.parent, resource.dependencies, resource.property_dependencies, resource.deleted_with)
        resource.dependencies = [urn for urn in resource.dependencies if urn in standing]
        # As in Pulumi, a property without dependencies is not listed any more.
        kept = {key: [urn for urn in urns if urn in standing] for key, urns in resource.property_dependencies.items()}
        resource.property_dependencies = {key: urns for key, urns in kept.items() if urns}
        if resource.deleted_with not in standing:
            resource.deleted_with = ""
        if resource.parent and resource.parent not in standing:
            resource.parent = grandparent.get(resource.parent, "")
        grandparent[resource.urn] = resource.parent
        standing.add(resource.urn)
        if before != (
            resource.parent,
            resource.dependencies,
            resource.property_dependencies,
            resource.deleted_with,
        ):
            changed.append(resource)
    return changed
