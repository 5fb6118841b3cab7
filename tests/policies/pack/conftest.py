"""Pulumi's analyzer process, driven as the engine drives it: the messages are made from real programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from cachewright_offline.engine import wire
from cachewright_offline.engine.project import Project
from cachewright_ops.checking import program as checking
from cachewright_policies.configuration import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_offline.engine.plan import Plan

ROOT = Path(__file__).resolve().parents[3]
PACK = ROOT / "policies"
HEADER = "import json\n\nimport pulumi\nimport pulumi_aws as aws\n\n"
AWS = "pulumi:providers:aws"
REGION = {"aws:region": "eu-west-1"}
LEVELS = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "remediate": analyzer_pb2.REMEDIATE,
    "disabled": analyzer_pb2.DISABLED,
}


@dataclass
class Reported:
    """One diagnostic of the analyzer."""

    policy: str
    name: str
    message: str
    level: str
    severity: str
    urn: str

    @property
    def decided(self) -> bool:
        """Whether it is a violation, and not what a preview cannot tell."""
        return self.policy != UNDECIDED


class Engine:
    """What the engine does with an analyzer: one process, which serves until it is ended."""

    def __init__(self, folder: Path, environment: Mapping[str, str], executable: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder)],
            cwd=folder,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        port = self._process.stdout.readline().strip()
        if not port:
            _, errors = self._process.communicate()
            raise RuntimeError(errors)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        self._descriptions: dict[str, str] = {}

    def close(self) -> None:
        """End the process."""
        self._channel.close()
        self._process.terminate()
        self._process.communicate()

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """Return what the pack tells of itself."""
        return self.stub.GetAnalyzerInfo(empty_pb2.Empty())

    def configure_stack(self, stack: str, config: Mapping[str, str] | None = None) -> None:
        """Tell which stack is meant."""
        self.stub.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack=stack,
                project="example",
                dry_run=True,
                config={"aws:region": "eu-west-1"} if config is None else config,
            )
        )

    def configure(self, document: Mapping[str, Any] | None = None) -> None:
        """Configure every policy, as Pulumi does: its own level and defaults, and what a document says beside them."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        given = dict(document or {})
        every = given.pop("all", None)
        for one in self.info().policies:
            entry = given.get(one.name, {})
            if not isinstance(entry, dict):
                entry = {"enforcementLevel": entry}
            level = entry.get("enforcementLevel", every)
            policy = request.policyConfig[one.name]
            policy.enforcementLevel = one.enforcementLevel if level is None else LEVELS[level]
            schemas = json_format.MessageToDict(one.configSchema.properties)
            policy.properties.update({name: schema["default"] for name, schema in schemas.items()})
            policy.properties.update({name: value for name, value in entry.items() if name != "enforcementLevel"})
        self.stub.Configure(request)

    def preview(self, program: Previewed, *, inputs_too: bool = True) -> list[Reported]:
        """Analyze each resource of a program, and then the stack."""
        found = []
        for request in program.requests() if inputs_too else ():
            found += self._reported(self.stub.Analyze(request), request.urn)
        return found + self._reported(self.stub.AnalyzeStack(program.stack_request()), "")

    def remediate(self, request: analyzer_pb2.AnalyzeRequest) -> analyzer_pb2.RemediateResponse:
        """Let the pack mend a resource."""
        return self.stub.Remediate(request)

    def _reported(self, response: analyzer_pb2.AnalyzeResponse, urn: str) -> list[Reported]:
        return [
            Reported(
                one.policyName,
                (one.urn or urn).rsplit("::", 1)[-1],
                one.message.removeprefix(one.description).lstrip("\n"),
                analyzer_pb2.EnforcementLevel.Name(one.enforcementLevel).lower(),
                analyzer_pb2.PolicySeverity.Name(one.severity).removeprefix("POLICY_SEVERITY_").lower(),
                one.urn or urn,
            )
            for one in response.diagnostics
        ]


def _options(state: Any) -> analyzer_pb2.AnalyzerResourceOptions:
    return analyzer_pb2.AnalyzerResourceOptions(protect=state.protect, parent=state.parent)


@dataclass
class Previewed:
    """A program that ran.

    Attributes:
        checked: What `check` makes of it.
        plan: The plan that the engine's messages are made from.
        config: The stack's configuration, as far as it is given to the program beside the stack's file.
    """

    checked: checking.CheckedProgram
    plan: Plan
    config: Mapping[str, str]

    def request(self, name: str) -> analyzer_pb2.AnalyzeRequest:
        """Return the message about one resource by its name."""
        return next(one for one in self.requests() if one.name == name)

    def requests(self) -> Iterator[analyzer_pb2.AnalyzeRequest]:
        """Go through the messages about each resource, with its inputs."""
        for step in self._steps():
            yield analyzer_pb2.AnalyzeRequest(
                type=step.type,
                urn=step.urn,
                name=step.name,
                properties=wire.encode_struct(step.new.inputs, keep_references=False),
                options=_options(step.new),
                provider=self._provider(step.new),
            )

    def stack_request(self) -> analyzer_pb2.AnalyzeStackRequest:
        """Return the message about the whole stack, with outputs."""
        return analyzer_pb2.AnalyzeStackRequest(
            resources=[
                analyzer_pb2.AnalyzerResource(
                    type=step.type,
                    urn=step.urn,
                    name=step.name,
                    properties=wire.encode_struct(step.new.outputs, keep_references=False),
                    options=_options(step.new),
                    provider=self._provider(step.new),
                    parent=step.new.parent,
                    dependencies=step.new.dependencies,
                    propertyDependencies={
                        key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                        for key, urns in step.new.property_dependencies.items()
                    },
                )
                for step in self._steps()
            ]
        )

    def _steps(self) -> list[Any]:
        return [step for step in self.plan.steps if step.logical and step.new is not None]

    def _provider(self, state: Any) -> analyzer_pb2.AnalyzerProviderResource | None:
        urn = state.provider.rsplit("::", 1)[0]
        inputs = next((step.new.inputs for step in self._steps() if step.urn == urn), None)
        if inputs is None and f"{AWS}::default" in urn:
            # The engine makes the default provider of the configuration; the embedded plan has no step for it.
            inputs = {key.removeprefix("aws:"): value for key, value in self.config.items() if key.startswith("aws:")}
        if inputs is None:
            return None
        return analyzer_pb2.AnalyzerProviderResource(
            type=AWS, urn=urn, name=urn.rsplit("::", 1)[-1], properties=wire.encode_struct(inputs)
        )


@pytest.fixture
def previewed(tmp_path, monkeypatch):
    """Run the text of a program, or a project, as `cachewright check` does."""
    plans = []
    graph_of = checking.graph_of
    monkeypatch.setattr(checking, "graph_of", lambda plan, *more: plans.append(plan) or graph_of(plan, *more))
    number = count()

    def run(
        text: str = "", *, project: Project | None = None, stack: str = "main", config: Mapping[str, str] | None = None
    ) -> Previewed:
        if project is None:
            root = tmp_path / f"program{next(number)}"
            root.mkdir()
            (root / "Pulumi.yaml").write_text("name: example\nruntime: python\n")
            (root / "__main__.py").write_text(HEADER + textwrap.dedent(text))
            project = Project.load(root)
            config = REGION if config is None else config
        given = config or {}
        checked = checking.run(project, stack, None, given)
        return Previewed(checked, plans[-1], given)

    return run


def process_environment(stack: str = "main", **more: str) -> dict[str, str]:
    """Return the environment that Pulumi's language host gives an analyzer."""
    return {
        **os.environ,
        "PULUMI_PROJECT": "example",
        "PULUMI_STACK": stack,
        "PULUMI_DRY_RUN": "true",
        "PULUMI_CONFIG": json.dumps({"aws:region": "eu-west-1"}),
        **more,
    }


@pytest.fixture(scope="session")
def shared_engine():
    """Return one analyzer of the pack for the whole run: start-up is what costs."""
    engine = Engine(PACK, process_environment())
    yield engine
    engine.close()


@pytest.fixture
def engine(shared_engine):
    """Return the analyzer, for a production stack with nothing configured."""
    shared_engine.configure_stack("main")
    shared_engine.configure()
    return shared_engine


@pytest.fixture
def start():
    """Start analyzers of other packs, stacks or environments; they end with the test."""
    started = []

    def begin(folder: Path = PACK, *, environment: Mapping[str, str] | None = None, **more: Any) -> Engine:
        engine = Engine(folder, environment or process_environment(), **more)
        started.append(engine)
        return engine

    yield begin
    for one in started:
        one.close()
