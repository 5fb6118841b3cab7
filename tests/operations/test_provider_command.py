"""`cachewright provider`: the local provider for any command of Pulumi's own CLI."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

COMMAND = str(Path(sys.executable).with_name("cachewright"))
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """Return a project; its local AWS is stopped at the end."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    yield tmp_path
    subprocess.run([COMMAND, "local", "stop"], cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True)


def start(project: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start the command."""
    return subprocess.Popen(
        [COMMAND, "provider", *arguments], cwd=project, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(project: Path, number: signal.Signals) -> None:
    """What it prints is what Pulumi needs: each package answers on its port; a signal ends it, and it leaves with 0."""
    process = start(project, "--json")
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())

    assert told["environment"] == {
        "PULUMI_DEBUG_PROVIDERS": f"aws:{told['ports']['aws']},random:{told['ports']['random']}"
    }
    for package, port in told["ports"].items():
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            from importlib.metadata import version

            assert stub.GetPluginInfo(empty_pb2.Empty(), timeout=30).version == version(f"pulumi-{package}")
    process.send_signal(number)
    assert process.wait(30) == 0


def test_it_says_what_to_type(project: Path) -> None:
    """A person copies one line; the local AWS that was started for it stays when it ends."""
    process = start(project)
    assert process.stdout is not None
    lines = [process.stdout.readline().rstrip() for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    process.wait(30)

    assert lines[0].startswith("Started the local AWS at http://127.0.0.1:")
    assert lines[1] == "Point Pulumi's CLI at it, in another shell; Ctrl-C ends it:"
    assert lines[2].startswith("  export PULUMI_DEBUG_PROVIDERS=aws:")
