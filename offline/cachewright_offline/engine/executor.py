"""Carrying steps out: calls the provider, keeps the state, reports.

Steps of one chain go one after the other, chains run in parallel. After a failure no further step begins; those
that run come to their end.
Source: Pulumi's pkg/resource/deploy/step.go and step_executor.go.
"""

from __future__ import annotations

import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cachewright_offline.engine import secrecy
from cachewright_offline.engine.difference import Difference, inverted
from cachewright_offline.engine.errors import StepError
from cachewright_offline.engine.events import Diagnostic, ResourceDone, ResourceFailed, ResourcePre
from cachewright_offline.engine.operation import operation_name, timestamp
from cachewright_offline.engine.plan import SourcePosition
from cachewright_offline.engine.urn import is_default_provider, is_provider_type
from cachewright_offline.errors import CachewrightError
from cachewright_offline.provider.protocol import PartialError, ProviderError
from cachewright_offline.values import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cachewright_offline.engine.events import Event
    from cachewright_offline.engine.plan import Step
    from cachewright_offline.engine.providers import ProviderHandle, ProviderRegistry
    from cachewright_offline.engine.recorder import Recorder
    from cachewright_offline.engine.resource import Resource

_READS = frozenset({"read", "read-replacement", "import", "import-replacement", "refresh"})
_WRITES = frozenset({"create", "create-replacement", "update", "delete", "delete-replaced"})


class Stopped(Exception):  # noqa: N818 - not an error of its own: whatever stopped the run was reported
    """The run takes no further steps."""


class Executor:
    """Carries out the steps of one run.

    Args:
        providers: The run's providers.
        recorder: Keeps the state.
        emit: Takes events.
        preview: Whether to foretell instead of doing.
        parallel: How many operations may go on at once.
        cancel: Set from outside to end the run early.
        deletes: The URNs that this run deletes; a resource deleted with one of them needs no call of its own.
        olds: Returns the state's resource of a URN.
    """

    def __init__(
        self,
        providers: ProviderRegistry,
        recorder: Recorder,
        emit: Callable[[Event], None],
        *,
        preview: bool,
        parallel: int,
        cancel: threading.Event,
        deletes: set[str],
        olds: Callable[[str], Resource | None],
    ) -> None:
        self._providers = providers
        self._recorder = recorder
        self._emit = emit
        self._preview = preview
        self._cancel = cancel
        self._deletes = deletes
        self._olds = olds
        self._failed = threading.Event()
        self._lock = threading.Lock()
        self.pool = ThreadPoolExecutor(max_workers=max(parallel, 1), thread_name_prefix="cachewright-step")
        self.steps: list[Step] = []
        self._announced: set[int] = set()
        self.errors: list[str] = []
        self.protected: list[Resource] = []
        self.news: dict[str, Resource] = {}

    @property
    def canceled(self) -> bool:
        """Whether the run was ended from outside."""
        return self._cancel.is_set()

    @property
    def stopped(self) -> bool:
        """Whether no further step may begin."""
        return self._failed.is_set() or self._cancel.is_set()

    def error(self, message: str, urn: str = "", source: SourcePosition | None = None) -> None:
        """Report an error that makes the run fail, without ending it at once."""
        with self._lock:
            self.errors.append(message)
        self._emit(Diagnostic("error", message, urn, source))

    def stop(self) -> None:
        """Let no further step begin."""
        self._failed.set()

    def announce(self, steps: Sequence[Step]) -> None:
        """Give steps their place in the plan; a step that is carried out without it gets the next one."""
        with self._lock:
            for step in steps:
                if id(step) not in self._announced:
                    self._announced.add(id(step))
                    step.source = self._source(step.resource)
                    self.steps.append(step)

    def source_in_program(self, urn: str) -> SourcePosition | None:
        """Return where the program creates the resource `urn`, or the component it is part of."""
        return self._source(self.news.get(urn) or self._olds(urn))

    def _source(self, resource: Resource | None) -> SourcePosition | None:
        while resource is not None:
            position = SourcePosition.parse(resource.source_position)
            if position is not None or not resource.parent:
                return position
            resource = self.news.get(resource.parent) or self._olds(resource.parent)
        return None

    def run_parallel(self, steps: Sequence[Step]) -> None:
        """Carry out steps that do not depend on one another, and wait for all of them.

        Raises:
            Stopped: One of them failed, or the run was stopped before all were done.
        """
        if self.stopped:
            raise Stopped
        self.announce([step for step in steps if not _is_hidden(step)])
        running = []
        for step in steps:
            if self.is_quick([step]):
                self.run_chain([step])
            else:
                running.append(self.pool.submit(self.run_chain, [step]))
        failures = [failure for failure in (future.exception() for future in running) if failure is not None]
        for failure in failures:
            if not isinstance(failure, Stopped):
                raise failure
        if failures:
            raise Stopped

    def is_quick(self, steps: Sequence[Step]) -> bool:
        """Tell whether a chain reaches no further than this process: there is nothing to wait for then."""
        return not any(self._reaches_out(step) for step in steps)

    def _reaches_out(self, step: Step) -> bool:
        resource = step.resource
        if not resource.custom or is_provider_type(resource.type):
            return False
        return step.op in _READS or (step.op in _WRITES and not self._preview)

    def run_chain(self, steps: Sequence[Step]) -> None:
        """Carry out `steps` in order.

        Raises:
            Stopped: A step failed, or the run was stopped before all were done.
        """
        for step in steps:
            if self.stopped:
                raise Stopped
            self.run(step)

    def run(self, step: Step) -> None:
        """Carry out one step.

        Raises:
            Stopped: It failed, which was reported.
        """
        visible = not _is_hidden(step)
        if visible:
            self.announce([step])
            self._emit(ResourcePre(step))
        began = time.monotonic()
        token = None
        try:
            outside = self._reaches_out(step)
            if not self._preview:
                self._stamp(step)
            token = self._recorder.begin(step, outside=outside)
            self._apply(step)
        except PartialError as error:
            self._keep_partial(step, error, token)
            self._fail(step, str(error))
            raise Stopped from error
        except (ProviderError, StepError, CachewrightError) as error:
            self._recorder.fail(token)
            protected = isinstance(error, _ProtectedError)
            self._fail(step, str(error), stop=not protected and step.op != "refresh")
            if protected:
                with self._lock:
                    self.protected.append(step.resource)
                return
            raise Stopped from error
        except Exception as error:
            # Told here: once a run is stopped, what the program raises is taken for the echo of what is known.
            self._recorder.fail(token)
            self._fail(step, _defect(error))
            raise Stopped from error
        self._settle(step)
        try:
            self._recorder.end(step, token)
        except CachewrightError as error:
            # What was done is not recorded; what was begun is, and the next run goes on from there.
            self._fail(step, str(error))
            raise Stopped from error
        if visible:
            self._emit(ResourceDone(step, time.monotonic() - began))

    def _fail(self, step: Step, message: str, *, stop: bool = True) -> None:
        if stop:
            self.stop()
        with self._lock:
            self.errors.append(f"{step.type} '{step.name}': {message}")
        self._emit(ResourceFailed(step, message))

    def _stamp(self, step: Step) -> None:
        # The pending operation in the state carries when it began: the operation's name follows from it.
        now = timestamp()
        if step.op in {"create", "create-replacement"} and step.new is not None:
            step.new.created = step.new.modified = now

    def _apply(self, step: Step) -> None:
        op = step.op
        if op == "same":
            self._same(step)
        elif op in {"create", "create-replacement"}:
            self._create(step)
        elif op == "update":
            self._update(step)
        elif op in {"delete", "delete-replaced", "discard", "discard-replaced"}:
            self._delete(step)
        elif op in {"read", "read-replacement"}:
            self._read(step)
        elif op in {"import", "import-replacement"}:
            self._import(step)
        elif op == "refresh":
            self._refresh(step)

    def _provider(self, resource: Resource) -> ProviderHandle:
        if is_provider_type(resource.type):
            return self._providers
        found = self._providers.find(resource.provider) or self._providers.ensure(resource.provider)
        if found is None:
            msg = f"unknown provider '{resource.provider}' for resource '{resource.urn}'"
            raise StepError(msg, resource.urn)
        return found

    def _same(self, step: Step) -> None:
        old, new = step.old, step.new
        if old is None or new is None:
            return
        new.id, new.outputs, new.init_errors = old.id, old.outputs, old.init_errors
        if is_provider_type(new.type) and not step.skipped:
            # A provider that calls its changed inputs no difference goes on with the old ones.
            self._providers.same(new, old.inputs)
            self._alias_provider(new)

    def _alias_provider(self, new: Resource) -> None:
        for former in new.aliases:
            self._providers.alias(f"{former}::{new.id}", f"{new.urn}::{new.id}")

    def _create(self, step: Step) -> None:
        new = step.new
        if new is None:
            return
        if new.custom:
            timeout = new.custom_timeouts.create if new.custom_timeouts else 0.0
            state = self._provider(new).create(
                new.urn,
                new.inputs,
                preview=self._preview,
                operation="" if self._preview else operation_name("creating", new),
                timeout=timeout,
            )
            if not self._preview and not state.id:
                msg = "provider did not return an ID from Create"
                raise StepError(msg, new.urn)
            new.id, new.outputs = state.id, state.outputs
        if not self._preview:
            new.created = new.modified = timestamp()
        if step.pending_delete and step.old is not None:
            step.old.delete = True

    def _update(self, step: Step) -> None:
        old, new = step.old, step.new
        if old is None or new is None:
            return
        new.id, new.created, new.modified = old.id, old.created, old.modified
        if not new.custom:
            return
        timeout = new.custom_timeouts.update if new.custom_timeouts else 0.0
        operation = "" if self._preview else operation_name("updating", replace(new, modified=timestamp()))
        state = self._provider(new).update(
            new.urn,
            old.id,
            old.inputs,
            old.outputs,
            new.inputs,
            preview=self._preview,
            operation=operation,
            timeout=timeout,
        )
        new.outputs = state.outputs
        if not self._preview:
            new.modified = timestamp()
        if is_provider_type(new.type):
            self._alias_provider(new)

    def _delete(self, step: Step) -> None:
        old = step.old
        if old is None:
            return
        replacing = step.op in {"delete-replaced", "discard-replaced"}
        if not replacing and old.protect:
            msg = (
                f'resource "{old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either'
                " remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the"
                f" command:\n`pulumi state unprotect '{old.urn}'`"
            )
            raise _ProtectedError(msg, old.urn)
        kept = old.external or old.retain_on_delete or old.deleted_with in self._deletes
        if not self._preview and old.custom and not kept:
            timeout = old.custom_timeouts.delete if old.custom_timeouts else 0.0
            attempt = replace(old, modified=timestamp())
            self._provider(old).delete(
                old.urn,
                old.id,
                old.inputs,
                old.outputs,
                operation=operation_name("deleting", attempt),
                timeout=timeout,
            )
        if replacing and not old.delete:
            # It is gone, and its replacement is to come: should that not happen, the next run knows.
            old.pending_replacement = True

    def _read(self, step: Step) -> None:
        old, new = step.old, step.new
        if new is None:
            return
        if new.id:
            state = self._provider(new).read(new.urn, new.id, new.inputs, new.inputs)
            if state is None:
                msg = f"resource '{new.id}' does not exist"
                raise StepError(msg, new.urn)
            new.outputs = state.outputs
            new.id = state.id or new.id
        if step.pending_delete and old is not None:
            old.delete = True
        if old is not None:
            new.created, new.modified = old.created, old.modified
            if new.inputs != old.inputs or new.outputs != old.outputs:
                new.modified = timestamp()

    def _import(self, step: Step) -> None:
        new = step.new
        if new is None:
            return
        goal_inputs = new.inputs
        state = self._provider(new).read(new.urn, new.import_id, {}, {})
        if state is None:
            msg = f"resource '{new.import_id}' does not exist"
            raise StepError(msg, new.urn)
        new.id = state.id or new.import_id
        new.outputs = secrecy.marked(state.outputs, goal_inputs)
        new.inputs = secrecy.marked(state.inputs, goal_inputs)
        new.created = new.modified = timestamp()
        if step.pending_delete and step.old is not None:
            step.old.delete = True

    def _refresh(self, step: Step) -> None:
        old = step.old
        if old is None:
            return
        step.new, step.result = old, "same"
        if not old.custom or is_provider_type(old.type) or old.pending_replacement:
            return
        provider = self._provider(old)
        state = provider.read(old.urn, old.id, old.inputs, old.outputs)
        if state is None or not state.id:
            step.new, step.result = None, "delete"
            return
        new = replace(old, id=state.id, inputs=state.inputs or old.inputs, outputs=state.outputs, init_errors=[])
        if new.inputs != old.inputs or new.outputs != old.outputs:
            new.modified = timestamp()
        if new != old:
            step.new = new
        if old.external:
            step.result = "update" if new.outputs != old.outputs else "same"
            return
        # What the next `up` would change back is what the refresh shows as changed, the other way round.
        found = Difference.of(provider.diff(old.urn, new.id, new.inputs, new.outputs, old.inputs))
        step.detailed_diff, step.diff_keys = inverted(found.detailed), found.diff_keys
        step.result = "update" if found.changed else "same"

    def _keep_partial(self, step: Step, error: PartialError, token: int | None) -> None:
        """Keep what a failed operation has made, so that the next run goes on from it."""
        new = step.new
        if new is None or step.op not in {"create", "create-replacement", "update"}:
            self._recorder.fail(token)
            return
        new.id = error.state.id or new.id
        new.outputs = error.state.outputs
        if step.op == "update" and step.old is not None:
            # The old inputs stay, so that the next run sees the same difference and tries again.
            new.inputs = step.old.inputs
        new.init_errors = [str(error)]
        new.modified = timestamp()
        if step.op == "create-replacement" and step.pending_delete and step.old is not None:
            step.old.delete = True
        self._settle(step)
        self._recorder.end(step, token)

    def _settle(self, step: Step) -> None:
        """Mark what is secret, and remember the resource for references to it."""
        new = step.new
        if new is None or step.op in {"replace", "refresh"}:
            return
        outputs = secrecy.marked_names(new.outputs, (name for name in new.additional_secret_outputs if name != "id"))
        for key, value in new.inputs.items():
            if isinstance(value, Secret) and key in outputs and not isinstance(outputs[key], Secret):
                outputs = secrecy.marked_names(outputs, (key,))
        new.outputs = outputs
        self.news[new.urn] = new

    def shut_down(self) -> None:
        """Wait for what runs."""
        self.pool.shutdown(wait=True)


def _is_hidden(step: Step) -> bool:
    # Pulumi shows nobody the providers it makes by itself, nor its own bookkeeping.
    return is_default_provider(step.urn) or step.op == "remove-pending-replace"


def _defect(error: Exception) -> str:
    """Return what to say of an exception that nobody foresaw: where it came from, but not its text, which may tell."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"internal error: {type(error).__name__} at {Path(place.filename).name}:{place.lineno}; "
        "what was done before is saved. Please report it."
    )


class _ProtectedError(StepError):
    """A delete of a protected resource: nothing was done, so the run may go on and tell of the others too."""
