"""Pulumi's CLI on the state folder that the embedded engine keeps: every command that reads or mends a state."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from conformance.scenario import up
from conformance.side import EmbeddedSide, PulumiSide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.pulumi_cli import PulumiProject

    from cachewright_offline.endpoint import CloudEndpoint

URN = "urn:pulumi:dev::conformance::test:index:Thing::%s"
PROGRAM = """
first = Thing("first", value=pulumi.Output.secret("hidden"))
Thing("second", value=first.arn)
Thing("third", value=1)
pulumi.export("secret", first.value)
"""


@pytest.fixture
def sides(
    tmp_path: Path,
    pulumi_executable: Path,
    pulumi_home: Path,
    local_aws: CloudEndpoint,
    shared_language_host: dict[str, str],
) -> Iterator[tuple[EmbeddedSide, PulumiProject]]:
    """Return the embedded engine, and Pulumi's CLI on the same state, project and memory."""
    embedded = EmbeddedSide(tmp_path / "embedded", local_aws)
    pulumi = PulumiSide(tmp_path / "pulumi", local_aws, pulumi_executable, pulumi_home)
    pulumi.memory = embedded.memory
    project = pulumi.project
    project.root = embedded.root
    project.environment |= {"PULUMI_BACKEND_URL": f"file://{embedded.state}"} | shared_language_host
    yield embedded, project
    pulumi.server.stop()


def names(project: PulumiProject) -> list[str]:
    """Return the names of the things in the state."""
    resources = project.export("dev")["deployment"].get("resources", [])
    return [one["urn"].rpartition("::")[2] for one in resources if one["type"] == "test:index:Thing"]


def test_stacks_are_listed_and_shown(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """`stack ls`, `stack output`, `stack history` and `stack export` read what the embedded engine wrote."""
    embedded, project = sides
    assert embedded.perform(up(PROGRAM)).succeeded

    listed = json.loads(project.ok("stack", "ls", "--json"))
    assert [(one["name"], one["resourceCount"]) for one in listed] == [("dev", 5)]
    assert json.loads(project.ok("stack", "output", "--stack", "dev", "--json", "--show-secrets")) == {
        "secret": "hidden"
    }
    history = json.loads(project.ok("stack", "history", "--stack", "dev", "--json"))
    assert [(one["kind"], one["result"], one["resourceChanges"]) for one in history] == [
        ("update", "succeeded", {"create": 4})
    ]
    exported = json.loads(project.ok("stack", "export", "--stack", "dev"))
    assert "hidden" not in json.dumps(exported)
    assert sorted(names(project)) == ["first", "second", "third"]


def test_a_state_is_mended_with_pulumis_commands(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """`state protect`, `unprotect`, `rename`, `delete` and `import` of a state: the embedded engine goes on from it."""
    embedded, project = sides
    assert embedded.perform(up(PROGRAM)).succeeded
    exported = project.ok("stack", "export", "--stack", "dev")

    project.ok("state", "protect", URN % "third", "--stack", "dev", "--yes")
    protected = embedded.perform(up(PROGRAM.replace('Thing("third", value=1)', ""), fails=True))
    assert not protected.succeeded
    project.ok("state", "unprotect", URN % "third", "--stack", "dev", "--yes")
    project.ok("state", "rename", URN % "third", "renamed", "--stack", "dev", "--yes")
    renamed = embedded.perform(up(PROGRAM.replace('Thing("third"', 'Thing("renamed"')))
    assert [one.op for one in renamed.changes] == []
    project.ok("state", "delete", URN % "renamed", "--stack", "dev", "--yes")
    assert [one.op for one in embedded.perform(up(PROGRAM)).changes] == ["create"]
    (project.root / "exported.json").write_text(exported)
    project.ok("stack", "import", "--stack", "dev", "--file", "exported.json")
    assert [one.op for one in embedded.perform(up(PROGRAM)).changes] == []


def test_the_engines_lock_each_other_out(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """While Pulumi works on a stack the embedded engine refuses to, and `pulumi cancel` lets it go on."""
    embedded, project = sides
    assert embedded.perform(up(PROGRAM)).succeeded
    slow = PROGRAM + '\nThing("slow", fail="wait")\n'
    embedded.prepare("dev", embedded.config["dev"])
    (project.root / "__main__.py").write_text("import pulumi\nfrom things import *\n" + slow)
    process = project.start("up", "--stack", "dev", "--yes", "--skip-preview")
    assert embedded.memory.waiting.wait(60)

    refused = embedded.perform(up())
    assert not refused.succeeded
    assert "the stack 'dev' is locked by" in refused.errors[0]
    process.kill()
    process.wait()
    embedded.memory.go_on.set()
    project.ok("cancel", "--stack", "dev", "--yes")

    done = embedded.perform(up(PROGRAM))
    assert done.succeeded, done.errors


def test_pulumi_refuses_a_stack_that_the_embedded_engine_works_on(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """The lock stands where Pulumi looks for it."""
    embedded, project = sides
    assert embedded.perform(up(PROGRAM)).succeeded

    with embedded.stack("dev").state.lock("up"):
        done = project.run("up", "--stack", "dev", "--yes", "--skip-preview")

    assert done.returncode != 0
    assert "the stack is currently locked by 1 lock(s)" in done.stdout + done.stderr


def test_an_interrupted_update_is_finished_by_the_other_engine(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """Ctrl-C lets Pulumi finish what runs; what is left is made by the embedded engine."""
    embedded, project = sides
    assert embedded.perform(up("")).succeeded
    (project.root / "__main__.py").write_text(
        'import pulumi\nfrom things import *\nslow = Thing("slow", fail="wait")\nThing("after", value=slow.arn)\n'
    )
    process = project.start("up", "--stack", "dev", "--yes", "--skip-preview")
    assert embedded.memory.waiting.wait(60)

    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    for line in process.stdout:
        if "cancel" in line.lower() or "^C" in line:
            break
    embedded.memory.go_on.set()
    process.communicate(timeout=60)

    assert process.returncode != 0
    assert names(project) == ["slow"]
    done = embedded.perform(up())
    assert [(one.op, one.urn.rpartition("::")[2]) for one in done.changes] == [("create", "after")]


def test_pending_operations_are_told_and_settled(sides: tuple[EmbeddedSide, PulumiProject]) -> None:
    """A create that Pulumi was killed in stands in the state as pending: the embedded engine tells it and goes on."""
    embedded, project = sides
    assert embedded.perform(up(PROGRAM)).succeeded
    embedded.prepare("dev", embedded.config["dev"])
    (project.root / "__main__.py").write_text(
        "import pulumi\nfrom things import *\n" + PROGRAM + '\nThing("slow", fail="wait")\n'
    )
    process = project.start("up", "--stack", "dev", "--yes", "--skip-preview")
    assert embedded.memory.waiting.wait(60)
    process.kill()
    process.wait()
    embedded.memory.go_on.set()
    project.ok("cancel", "--stack", "dev", "--yes")
    pending: list[Any] = project.export("dev")["deployment"]["pending_operations"]
    assert [(one["type"], one["resource"]["urn"]) for one in pending] == [("creating", URN % "slow")]

    done = embedded.perform(up())

    assert done.succeeded, done.errors
    assert names(project).count("slow") == 1
    assert "pending_operations" not in project.export("dev")["deployment"]
