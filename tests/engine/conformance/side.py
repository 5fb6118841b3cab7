"""One scenario on one engine: a project, its state, and what its provider works on."""

from __future__ import annotations

import re
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml

from cachewright_offline.engine.backend import Backend
from cachewright_offline.engine.events import Diagnostic, ResourceFailed, ResourcePre
from cachewright_offline.engine.options import Options
from cachewright_offline.engine.project import Project
from cachewright_offline.engine.stack import Stack
from cachewright_offline.engine.urn import STACK_TYPE
from cachewright_offline.engine.wire import SIGNATURE, UNKNOWN_STRINGS
from cachewright_offline.errors import CachewrightError
from cachewright_offline.plugin.server import PluginServer
from cachewright_offline.provider.registry import load_provider
from cachewright_offline.values import UNKNOWN, Secret
from conformance.memory_provider import Memory, MemoryProvider
from conformance.pulumi_cli import PASSPHRASE, PulumiProject, events

if TYPE_CHECKING:
    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.engine.events import Event
    from cachewright_offline.provider.protocol import Provider
    from conformance.scenario import Step

PROJECT = "conformance"
_COLOUR = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done to one resource."""

    op: str
    urn: str
    replaces: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a command came to."""

    succeeded: bool
    done: list[Done] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outputs: Any = None
    told: str = ""

    @property
    def changes(self) -> list[Done]:
        """What was not left as it is."""
        return [one for one in self.done if one.op not in {"same", "read", "refresh"}]


class Side(ABC):
    """One engine's side of a scenario.

    Attributes:
        root: The project's folder.
        memory: What the package `test` holds here.
        cloud: This side's local AWS.
    """

    def __init__(self, root: Path, cloud: CloudEndpoint) -> None:
        self.root = root
        self.cloud = cloud
        self.memory = Memory()
        self.state = root / "state"
        self.config: dict[str, dict[str, Any]] = {}
        root.mkdir()
        shutil.copy(Path(__file__).with_name("things.py"), root)
        (root / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")

    def load(self, package: str, cloud: CloudEndpoint | None) -> Provider:
        """Return a provider of a package on this side."""
        return MemoryProvider(self.memory) if package == "test" else load_provider(package, cloud)

    def client(self, service: str) -> Any:
        """Return a boto3 client of this side's local AWS."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, region_name="us-east-1", endpoint_url=self.cloud.url, **keys)

    def perform(self, step: Step) -> Outcome:
        """Carry a step out."""
        if step.program is not None:
            (self.root / "__main__.py").write_text(step.program)
        config = self.config.setdefault(step.stack, {"aws:region": "us-east-1"})
        config.update(step.config)
        if step.before is not None:
            step.before(self)
        self.prepare(step.stack, config)
        return self.run(step)

    def prepare(self, stack: str, config: dict[str, Any]) -> None:
        """Write a stack's settings, and its state, if it has none: its salt stands in both."""
        state = Backend(self.state).open(PROJECT, stack, lambda: PASSPHRASE)
        snapshot = state.load()
        if not state.exists:
            state.save(snapshot)
        settings = {"encryptionsalt": state.crypter.salt, "config": {}}
        for key, value in config.items():
            name = key if ":" in key else f"{PROJECT}:{key}"
            is_secret = isinstance(value, dict) and "secret" in value
            settings["config"][name] = {"secure": state.crypter.encrypt(value["secret"])} if is_secret else value
        (self.root / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))

    @abstractmethod
    def run(self, step: Step) -> Outcome:
        """Run a step's command."""

    def state_file(self, stack: str) -> Path:
        """Return the file of a stack's state."""
        return self.state / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"

    def take_over(self, other: Side, stack: str) -> None:
        """Put the state of another side in the place of this one's, and work on what that side works on."""
        shutil.copy(other.state_file(stack), self.state_file(stack))
        self.memory = other.memory
        self.cloud = other.cloud


class EmbeddedSide(Side):
    """The embedded engine, in this process."""

    def stack(self, name: str) -> Stack:
        """Return the stack as a new process would have it."""
        return Stack(Project.load(self.root), name, self.state, lambda: PASSPHRASE, self.cloud, load_provider=self.load)

    def run(self, step: Step) -> Outcome:
        """Run the command."""
        outcome = Outcome(succeeded=True)

        def on_event(event: Event) -> None:
            if isinstance(event, ResourcePre):
                one = event.step
                if _is_default_provider(one.urn):
                    return
                detail = tuple(sorted((path, diff.kind.value) for path, diff in one.detailed_diff.items()))
                outcome.done.append(
                    Done(one.op, one.urn, tuple(sorted(one.replace_keys)), tuple(sorted(one.diff_keys)), detail)
                )
            elif isinstance(event, ResourceFailed):
                outcome.failed.append(event.step.urn)
                outcome.errors.append(event.message)
            elif isinstance(event, Diagnostic) and event.severity == "error":
                outcome.errors.append(event.message)

        options = Options(
            targets=step.targets,
            target_dependents=step.target_dependents,
            parallel=step.parallel,
            refresh=step.refresh,
            on_event=on_event,
        )
        try:
            result = getattr(self.stack(step.stack), step.command)(options)
            outcome.succeeded = not result.errors
            outcome.outputs = _shown(result.outputs)
        except CachewrightError as error:
            outcome.succeeded = False
            outcome.errors.append(str(error))
        return outcome


class PulumiSide(Side):
    """Pulumi's own engine, attached to the same provider."""

    def __init__(self, root: Path, cloud: CloudEndpoint, executable: Path, home: Path) -> None:
        super().__init__(root, cloud)
        self.project = PulumiProject(executable, root, home, self.state)
        self.server = PluginServer(cloud, ("aws", "random", "test"), self._load)
        self.project.environment["PULUMI_DEBUG_PROVIDERS"] = self.server.debug_providers

    def _load(self, package: str, cloud: CloudEndpoint | None) -> Provider:
        return self.load(package, cloud)

    def close(self) -> None:
        """Stop serving the provider."""
        self.server.stop()

    def take_over(self, other: Side, stack: str) -> None:
        """Serve what the other side works on."""
        super().take_over(other, stack)
        self.server.stop()
        self.server = PluginServer(self.cloud, ("aws", "random", "test"), self._load)
        self.project.environment["PULUMI_DEBUG_PROVIDERS"] = self.server.debug_providers

    def run(self, step: Step) -> Outcome:
        """Run the command."""
        log = self.root / "events.jsonl"
        log.unlink(missing_ok=True)
        arguments = [step.command, "--stack", step.stack, "--event-log", str(log), "--parallel", str(step.parallel)]
        if step.command != "preview":
            arguments += ["--yes", "--skip-preview"]
        for target in step.targets:
            arguments += ["--target", target]
        if step.target_dependents:
            arguments.append("--target-dependents")
        if step.refresh:
            arguments.append("--refresh")
        ended = self.project.run(*arguments)
        outcome = Outcome(ended.returncode == 0, told=ended.stdout + ended.stderr)
        for event in events(log):
            self._take(event, outcome)
        return outcome

    def _take(self, event: Any, outcome: Outcome) -> None:
        if "resourcePreEvent" in event:
            told = event["resourcePreEvent"]["metadata"]
            if _is_default_provider(told["urn"]):
                return
            detail = (told.get("detailedDiff") or {}).items()
            outcome.done.append(
                Done(
                    told["op"],
                    told["urn"],
                    tuple(sorted(told.get("keys") or ())),
                    tuple(sorted(told.get("diffs") or ())),
                    tuple(sorted((path, diff["diffKind"]) for path, diff in detail)),
                )
            )
        elif event.get("resOutputsEvent", {}).get("metadata", {}).get("type") == STACK_TYPE:
            outcome.outputs = _shown((event["resOutputsEvent"]["metadata"].get("new") or {}).get("outputs"))
        elif "resOpFailedEvent" in event:
            outcome.failed.append(event["resOpFailedEvent"]["metadata"]["urn"])
        elif event.get("diagnosticEvent", {}).get("severity") == "error":
            told = event["diagnosticEvent"]
            outcome.errors.append(_COLOUR.sub("", f"{told.get('prefix', '')}{told['message']}").strip())


def _shown(value: Any) -> Any:
    """Return outputs as a display may show them: without secrets, unknowns marked, null left out."""
    if isinstance(value, Secret) or (isinstance(value, dict) and SIGNATURE in value):
        return "[secret]"
    if value is UNKNOWN or (isinstance(value, str) and value in UNKNOWN_STRINGS):
        return "[unknown]"
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items() if one is not None}
    return [_shown(one) for one in value] if isinstance(value, list) else value


def _is_default_provider(urn: str) -> bool:
    """Tell whether a step is one that no display shows."""
    return "::pulumi:providers:" in urn and urn.rpartition("::")[2].startswith("default")
