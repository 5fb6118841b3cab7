"""The language host: what Pulumi's CLI starts to run Python."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.pulumi_cli import PulumiProject

    Make = Callable[[str], PulumiProject]


def test_a_program_runs_with_its_configuration(pulumi_project: Make) -> None:
    """Project, stack, organization, folder, configuration and secret keys arrive; what it returns comes back."""
    project = pulumi_project(
        """
import os, pulumi
config = pulumi.Config()
pulumi.export("where", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization(), os.getcwd()])
pulumi.export("plain", config.require("plain"))
pulumi.export("hidden", config.require_secret("hidden"))
pulumi.export("dry", pulumi.runtime.is_dry_run())
"""
    )
    project.ok("stack", "init", "dev")
    project.ok("config", "set", "plain", "seen", "--stack", "dev")
    project.ok("config", "set", "--secret", "hidden", "unseen", "--stack", "dev")

    project.ok("up", "--stack", "dev", "--yes", "--skip-preview")

    assert '"hidden": "[secret]"' in project.ok("stack", "output", "--stack", "dev", "--json")
    outputs = project.export("dev")["deployment"]["resources"][0]["outputs"]
    assert outputs["where"] == ["conformance", "dev", "organization", str(project.root)]
    assert (outputs["plain"], outputs["dry"]) == ("seen", False)
    assert outputs["hidden"]["plaintext"] == '"unseen"'


def test_the_streams_of_a_program_are_kept_apart(pulumi_project: Make) -> None:
    """What a program prints is information of the stack, on the stream it was printed to."""
    project = pulumi_project("import sys\nprint('to stdout')\nprint('to stderr', file=sys.stderr)\n")
    project.ok("stack", "init", "dev")

    log = project.root / "events.jsonl"
    project.ok("preview", "--stack", "dev", "--event-log", str(log))

    from conformance.pulumi_cli import events

    diagnostics = [one["diagnosticEvent"] for one in events(log) if "diagnosticEvent" in one]
    told = {(one["severity"], one["message"].strip()) for one in diagnostics if "to std" in one["message"]}
    assert told == {("info", "to stdout"), ("info#err", "to stderr")}


def test_a_program_that_raises_is_told_once_with_its_place(pulumi_project: Make) -> None:
    """The user reads the traceback of the program's own lines, and no second message about an exit code."""
    project = pulumi_project("import pulumi\n\ndef broken():\n    raise ValueError('no such thing')\n\nbroken()\n")
    project.ok("stack", "init", "dev")

    done = project.run("preview", "--stack", "dev")

    assert done.returncode != 0
    assert done.stdout.count("ValueError: no such thing") == 1
    assert f'File "{project.root / "__main__.py"}", line 4, in broken' in done.stdout
    assert "exit code" not in done.stdout


def test_a_program_that_exits_fails_with_its_code(pulumi_project: Make) -> None:
    """A program that ends itself with a code fails the update, and the code is told."""
    project = pulumi_project("import os\nos._exit(7)\n")
    project.ok("stack", "init", "dev")

    done = project.run("preview", "--stack", "dev")

    assert done.returncode != 0
    assert "Program exited with non-zero exit code: 7" in done.stdout


def test_an_interrupt_ends_the_program(pulumi_project: Make) -> None:
    """Two interrupts end the CLI at once, and the program does not live on without it."""
    project = pulumi_project(
        """
import os, pathlib, time
pathlib.Path("pid").write_text(str(os.getpid()))
print("waiting", flush=True)
time.sleep(600)
"""
    )
    project.ok("stack", "init", "dev")
    process = project.start("preview", "--stack", "dev")
    assert process.stdout is not None
    for line in process.stdout:
        if "waiting" in line:
            break
    pid = int((project.root / "pid").read_text())

    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode != 0
    assert_ends(pid)


def test_a_missing_virtual_environment_is_named(pulumi_project: Make) -> None:
    """A project that names a virtual environment is never run with another Python instead."""
    project = pulumi_project("print('ran')\n")
    (project.root / "Pulumi.yaml").write_text(
        "name: conformance\nruntime:\n  name: python\n  options:\n    virtualenv: elsewhere\n"
    )
    project.ok("stack", "init", "dev")

    done = project.run("preview", "--stack", "dev")

    assert done.returncode != 0
    assert f"{project.root / 'elsewhere'}" in done.stdout + done.stderr
    assert "ran" not in done.stdout


def assert_ends(pid: int) -> None:
    """Wait, for half a minute, until a process is gone."""
    import time
    from pathlib import Path

    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
