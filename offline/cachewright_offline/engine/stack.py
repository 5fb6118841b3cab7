"""A stack, and what can be done to it: preview, up, refresh, destroy."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cachewright_offline.engine.backend import Backend
from cachewright_offline.engine.errors import ConfigurationError, ProgramError
from cachewright_offline.engine.events import Diagnostic, Outputs, Summary
from cachewright_offline.engine.executor import Stopped
from cachewright_offline.engine.options import Options
from cachewright_offline.engine.recorder import normalise
from cachewright_offline.engine.resume import drop_pending, resume, tell_pending
from cachewright_offline.engine.run import Run
from cachewright_offline.errors import CachewrightError, PassphraseError
from cachewright_offline.values import reveal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.engine.backend import StackState
    from cachewright_offline.engine.journal import Journal
    from cachewright_offline.engine.plan import Plan
    from cachewright_offline.engine.project import Config, Project
    from cachewright_offline.engine.resource import Resource, Snapshot
    from cachewright_offline.provider.protocol import Provider
    from cachewright_offline.values import Properties, Secret

Kind = Literal["preview", "update", "refresh", "destroy"]
Result = Literal["succeeded", "failed", "canceled"]


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What a run has come to.

    Attributes:
        kind: What was run.
        result: `failed` when a resource failed, `canceled` when the run was ended from outside.
        plan: Every step, in the order they began.
        outputs: The stack's outputs, secrets still wrapped.
        seconds: How long it took.
        errors: What went wrong.
        pending: What is still to be finished by the next run.
    """

    kind: Kind
    result: Result
    plan: Plan
    outputs: Properties
    seconds: float
    errors: tuple[str, ...] = ()
    pending: tuple[str, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How many resources had each kind of step."""
        return self.plan.counts


def passphrase_of_environment() -> str:
    """Return the passphrase that PULUMI_CONFIG_PASSPHRASE, or the file PULUMI_CONFIG_PASSPHRASE_FILE, holds.

    Raises:
        PassphraseError: Neither is set.
    """
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    if given is not None:
        return given
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            msg = f"cannot read PULUMI_CONFIG_PASSPHRASE_FILE={file}: {error.strerror}"
            raise PassphraseError(msg) from error
    msg = "the stack has secrets: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    raise PassphraseError(msg)


class Stack:
    """One stack of a project.

    Args:
        project: The project.
        stack_name: The stack's name.
        backend: Where states are kept.
        passphrase: Called for the passphrase when a secret is read or written; default: from the environment.
        cloud: The local AWS, or None where nothing reaches it (a preview of a stack without reads).
        config: Configuration values that beat the stack file's.
        load_provider: Returns a new provider of a package; default: the local provider's registry.
        read_stack: Returns the state's resources of a stack that the program refers to, or None where they are not
            known; default: what the backend holds.
        sealed: What stands for each encrypted value of the configuration; None to decrypt them.
        function: The program, where it is a function of this process and not the project's folder.
    """

    def __init__(
        self,
        project: Project,
        stack_name: str,
        backend: Backend | Path | str,
        passphrase: Callable[[], str] = passphrase_of_environment,
        cloud: CloudEndpoint | None = None,
        config: Mapping[str, str | Secret] | None = None,
        *,
        load_provider: Callable[[str, CloudEndpoint | None], Provider] | None = None,
        read_stack: Callable[[str], list[Resource] | None] | None = None,
        sealed: str | None = None,
        function: Callable[[], object] | None = None,
    ) -> None:
        self.project = project
        self.name = stack_name
        self.backend = backend if isinstance(backend, Backend) else Backend(backend)
        self.cloud = cloud
        self._passphrase = passphrase
        self._overrides = dict(config or {})
        self._load_provider = load_provider
        self._read_stack = read_stack or self._resources_of
        self._sealed = sealed
        self._function = function
        self._config: Config | None = None
        self.state: StackState = self.backend.open(project.name, stack_name, passphrase)

    @property
    def config(self) -> Config:
        """The stack's configuration."""
        if self._config is None:
            self._config = self.project.config(self.name, self._passphrase, self._overrides, sealed=self._sealed)
        return self._config

    @property
    def has_moved(self) -> bool:
        """Whether the state was made on another local AWS than the one that runs."""
        return self._has_moved(self.state.snapshot)

    def preview(self, options: Options | None = None) -> Plan:
        """Tell what an `up` would do. Nothing is written.

        Raises:
            CachewrightError: The program, the configuration or the state is wrong.
        """
        options = options or Options()
        config = self.config
        self._prepare()
        snapshot = _copied(self._load())
        moved = self._has_moved(snapshot)
        run = self._run(snapshot, None, options)
        if moved:
            self._tell_moved(run)
        else:
            tell_pending(snapshot, run.report)
        return self._perform(run, "preview", config, refresh=moved or options.refresh, program=True).plan

    def up(self, options: Options | None = None) -> UpdateResult:
        """Bring the stack to what the program says.

        Raises:
            CachewrightError: The program, the configuration or the state is wrong; what was done before is saved.
        """
        return self._update("update", options or Options())

    def refresh(self, options: Options | None = None) -> UpdateResult:
        """Bring the state to what is there, without changing any of it."""
        return self._update("refresh", options or Options())

    def destroy(self, options: Options | None = None) -> UpdateResult:
        """Delete everything the stack holds."""
        return self._update("destroy", options or Options())

    def outputs(self, *, show_secrets: bool = False) -> Properties:
        """Return the stack's outputs as last recorded.

        Raises:
            ConfigurationError: The stack was never brought up.
        """
        root = self._load().stack_resource()
        if root is None:
            msg = f"the stack {self.name!r} has no state yet; run 'cachewright up --stack {self.name}' first"
            raise ConfigurationError(msg)
        return {key: reveal(value) if show_secrets else value for key, value in root.outputs.items()}

    # ---------------------------------------------------------------- how a run goes

    def _update(self, kind: Kind, options: Options) -> UpdateResult:
        config = self.config if kind != "destroy" else self._config_if_readable()
        began = time.time()
        command = {"update": "up"}.get(kind, kind)
        with self.state.lock(command):
            if kind == "update":
                self._prepare()
            snapshot = self._load(fresh=True)
            moved = self._has_moved(snapshot)
            self._take_up(snapshot, options, moved=moved)
            if not self.state.exists and kind == "update":
                # A journal's secrets can be read again only where the salt is on disk, with a state before it.
                self.state.save(snapshot)
            journal = self.state.begin_update()
            run = self._run(self.state.snapshot, journal, options)
            result: UpdateResult | None = None
            try:
                if moved:
                    self._tell_moved(run)
                if self.cloud is not None:
                    self.state.instance_id = self.cloud.instance_id
                result = self._perform(
                    run,
                    kind,
                    config,
                    refresh=moved or options.refresh or kind == "refresh",
                    program=kind == "update",
                )
            finally:
                run.recorder.finish(self.state)
                counts = result.counts if result is not None else run.plan({}, kind).counts
                outcome = "succeeded" if result is not None and result.result == "succeeded" else "failed"
                self.state.record_history(kind, outcome, counts, began)
            pending = tuple(
                f"{operation.type} {operation.resource.urn}" for operation in self.state.snapshot.pending_operations
            )
            return replace(result, pending=pending)

    def _perform(self, run: Run, kind: Kind, config: Config, *, refresh: bool, program: bool) -> UpdateResult:
        began = time.monotonic()
        outputs: Properties = {}
        problem: CachewrightError | None = None
        try:
            if refresh:
                run.refresh()
            if program:
                self._run_program(run, config)
            if kind in {"preview", "update", "destroy"}:
                run.delete_rest()
        except Stopped:
            pass
        except ProgramError as error:
            problem = error
            run.executor.stop()
        except BaseException:
            run.executor.stop()
            raise
        finally:
            run.executor.shut_down()
        with contextlib.suppress(Stopped):
            outputs = run.finish_stack_outputs(failed=problem is not None)
        errors = tuple(run.executor.errors)
        result: Result = "succeeded"
        if problem is not None or errors:
            result = "failed"
        elif run.executor.canceled:
            result = "canceled"
        seconds = time.monotonic() - began
        plan = run.plan(outputs, kind)
        if problem is not None:
            run.emit(Diagnostic("error", str(problem)))
        elif result == "succeeded" and kind != "destroy":
            run.emit(Outputs(outputs))
        run.emit(Summary(result, plan.counts, seconds))
        if problem is not None:
            raise problem
        return UpdateResult(kind, result, plan, outputs, seconds, errors)

    def _run_program(self, run: Run, config: Config) -> None:
        from cachewright_offline.engine.engine_service import EngineService
        from cachewright_offline.engine.monitor import Monitor
        from cachewright_offline.engine.program import run_program

        values, secret_keys = dict(config.values), list(config.secret_keys)
        monitor = Monitor(run, self.project.root, values, secret_keys)
        try:
            run_program(
                self.project,
                self.name,
                function=self._function,
                monitor=monitor,
                engine=EngineService(run.emit, debug=run.options.debug),
                config=values,
                secret_keys=secret_keys,
                preview=run.preview,
                parallel=run.options.parallel,
                debug=run.options.debug,
                interrupt=run.options.cancel.set,
                stopped=lambda: run.executor.stopped,
            )
        finally:
            monitor.close()

    def _run(self, snapshot: Snapshot, journal: Journal | None, options: Options) -> Run:
        return Run(
            self.project.name,
            self.name,
            snapshot.resources,
            journal,
            options,
            load=self._new_provider,
            read_stack=self._read_stack,
            package_config=self._package_config,
        )

    def _package_config(self, package: str) -> Properties:
        return self.config.of_package(package)

    def _prepare(self) -> None:
        """Import what a program needs while the key for the state's secrets is derived: both take long."""
        self.state.prepare()
        import cachewright_offline.engine.monitor  # noqa: F401 - this brings Pulumi's SDK

    def _load(self, *, fresh: bool = False) -> Snapshot:
        snapshot = self.state.load() if fresh else self.state.snapshot
        normalise(snapshot.resources)
        return snapshot

    def _config_if_readable(self) -> Config:
        from cachewright_offline.engine.project import Config

        # A stack whose file is broken, or gone, must still be destroyable: its state holds all that is needed.
        try:
            return self.config
        except ConfigurationError:
            self._config = Config()
            return self._config

    def _has_moved(self, snapshot: Snapshot) -> bool:
        if self.cloud is None or not snapshot.resources:
            return False
        made_on = self.state.instance_id
        return bool(made_on) and made_on != self.cloud.instance_id

    def _tell_moved(self, run: Run) -> None:
        run.report(
            "warning",
            "the stack's state was made on another instance of the local AWS, which is gone: it is refreshed first",
        )

    def _take_up(self, snapshot: Snapshot, options: Options, *, moved: bool) -> None:
        """Settle what an earlier run left pending, before this one begins."""
        if not snapshot.pending_operations:
            return
        run = self._run(snapshot, None, options)
        changed = drop_pending(snapshot, run.report) if moved else resume(snapshot, run.providers, run.report)
        run.executor.shut_down()
        if changed:
            self.state.save(snapshot)

    def _new_provider(self, package: str) -> Provider:
        if self._load_provider is not None:
            return self._load_provider(package, self.cloud)
        from cachewright_offline.provider.registry import load_provider

        return load_provider(package, self.cloud)

    def _resources_of(self, reference: str) -> list[Resource]:
        """Return the resources of the stack that a stack reference names.

        Raises:
            ConfigurationError: There is no such stack in this backend.
        """
        parts = reference.split("/")
        if len(parts) > 3 or not all(parts) or (len(parts) == 3 and parts[0] != "organization"):
            msg = (
                f"stack reference {reference!r}: must be 'organization/<project>/<stack>', '<project>/<stack>' or"
                " '<stack>'"
            )
            raise ConfigurationError(msg)
        project = parts[-2] if len(parts) > 1 else self.project.name
        if (project, parts[-1]) == (self.project.name, self.name):
            return self.state.snapshot.resources
        state = self.backend.open(project, parts[-1], self._passphrase)
        if not state.exists:
            known = ", ".join(self.backend.stack_names(project)) or "none"
            msg = (
                f"stack reference {reference!r}: the project {project!r} has no stack {parts[-1]!r} in"
                f" {self.backend.root} (known: {known}); bring it up first"
            )
            raise ConfigurationError(msg)
        return state.load().resources


def _copied(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, resources=[replace(resource) for resource in snapshot.resources])
