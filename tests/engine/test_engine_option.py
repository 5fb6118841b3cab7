"""`--engine pulumi` on the local AWS: the command drives Pulumi's own engine on the state the embedded one keeps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sys.executable).with_name("cachewright"))

PROGRAM = """\
import pulumi, pulumi_aws as aws, pulumi_random as random
suffix = random.RandomId("suffix", byte_length=4)
topic = aws.sns.Topic("alarms", name=suffix.hex.apply(lambda text: f"alarms-{text}"), display_name=%r)
pulumi.export("arn", topic.arn)
pulumi.export("hidden", pulumi.Output.secret("unseen"))
"""


class Place:
    """A project, and the command in it with Pulumi's CLI on PATH."""

    def __init__(self, root: Path, pulumi: Path, home: Path) -> None:
        self.root = root
        (root / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
        self.write("Alarms")
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))},
            # The tests' language host runs with the Python that is found first.
            "PATH": os.pathsep.join([str(pulumi.parent), str(Path(COMMAND).parent), os.environ["PATH"]]),
            "PULUMI_HOME": str(home),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_COLOR": "1",
        }

    def write(self, display_name: str) -> None:
        """Write the program."""
        (self.root / "__main__.py").write_text(PROGRAM % display_name)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """Run the command with --json, which must succeed, and return what it told."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def place(tmp_path: Path, pulumi_executable: Path, pulumi_home: Path) -> Iterator[Place]:
    """Return a project; its local AWS is stopped at the end."""
    found = Place(tmp_path, pulumi_executable, pulumi_home)
    yield found
    found.run("local", "stop")


def test_a_stack_lives_on_both_engines(place: Place) -> None:
    """Up, no change for either engine, an update, a preview, outputs and destroy: with the same lines of JSON."""
    pulumi = ("--engine", "pulumi")
    first = place.events("up", "--yes", *pulumi)
    assert first[-1]["event"] == "summary"
    assert (first[-1]["result"], first[-1]["counts"]) == ("succeeded", {"create": 3})
    outputs = next(one for one in first if one["event"] == "outputs")["outputs"]
    assert outputs["hidden"] == "[secret]"
    assert place.events("up", "--yes")[-1]["counts"] == {"same": 3}

    place.write("Alerts")
    for engine in (("--engine", "embedded"), pulumi):
        told = place.events("preview", *engine)
        changed = [one for one in told if one["event"] == "resource-begin" and one["op"] == "update"]
        assert [(one["name"], one["diff"]) for one in changed] == [("alarms", {"displayName": "update"})], engine
    assert place.events("up", "--yes")[-1]["counts"] == {"same": 2, "update": 1}
    assert place.events("up", "--yes", *pulumi)[-1]["counts"] == {"same": 3}
    assert place.events("refresh", "--yes", *pulumi)[-1]["counts"] == {"same": 3}

    shown = place.run("outputs", *pulumi, "--json", "--show-secrets")
    assert json.loads(shown.stdout) == {"arn": outputs["arn"], "hidden": "unseen"}
    assert place.events("destroy", "--yes", *pulumi)[-1]["counts"] == {"delete": 3}
    assert (place.root / "Pulumi.dev.yaml").read_text() == "config:\n  aws:region: us-east-1\n"


def test_a_failed_update_is_exit_code_1_and_tells_why(place: Place) -> None:
    """Pulumi's own message reaches the person, and the state holds what was made."""
    (place.root / "__main__.py").write_text(
        "import pulumi_aws as aws\n"
        "aws.sns.Topic('good', name='good')\n"
        "aws.elasticache.ParameterGroup('bad', name='bad', family='redis0')\n"
    )

    done = place.run("up", "--yes", "--engine", "pulumi")

    assert done.returncode == 1
    assert "redis0" in done.stdout
    assert place.run("outputs", "--engine", "pulumi").returncode == 0


def test_a_new_local_aws_is_noticed(place: Place) -> None:
    """The stack's resources are gone with the local AWS: the state is refreshed first, and all is made again."""
    assert place.events("up", "--yes", "--engine", "pulumi")[-1]["counts"] == {"create": 3}
    assert place.run("local", "reset").returncode == 0

    done = place.run("up", "--yes", "--engine", "pulumi")

    assert done.returncode == 0, done.stdout
    assert "The stack's state was made on another instance of the local AWS: it is refreshed first." in done.stdout
    assert place.events("up", "--yes", "--engine", "pulumi")[-1]["counts"] == {"same": 3}
