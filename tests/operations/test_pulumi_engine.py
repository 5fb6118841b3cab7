"""`--engine pulumi` and `--target aws`: what Pulumi's CLI is told, by a stand-in for it that records."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("cachewright"))

STAND_IN = """\
#!{python}
import json, os, sys
kept = ("PULUMI_", "AWS_")
with open({log!r}, "a") as file:
    environment = {{key: value for key, value in os.environ.items() if key.startswith(kept)}}
    file.write(json.dumps({{"cwd": os.getcwd(), "arguments": sys.argv[1:], "environment": environment}}) + "\\n")
arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
if arguments[:1] == ["version"]:
    print("v3.200.0")
elif arguments[:2] == ["stack", "output"]:
    print(json.dumps({{"plain": 1, "hidden": "open" if "--show-secrets" in sys.argv else "[secret]"}}))
elif arguments[:2] == ["stack", "history"]:
    print(json.dumps([dict(kind="update", startTime="2026-11-23T10:00:00.000Z", message="", environment={{}},
        config={{}}, result="succeeded", endTime="2026-11-23T10:00:01.000Z", version=1)]))
elif arguments[:2] == ["stack", "select"] and {missing}:
    sys.exit("error: no stack named 'dev' found")
else:
    if "--event-log" in sys.argv:
        with open(sys.argv[sys.argv.index("--event-log") + 1], "a") as events:
            summary = dict(maybeCorrupt=False, durationSeconds=1, resourceChanges={{"same": 1}}, PolicyPacks={{}})
            events.write(json.dumps(dict(sequence=1, timestamp=1, summaryEvent=summary)) + "\\n")
    print("said on standard output", flush=True)
    print("said on standard error", file=sys.stderr)
    sys.exit({code} if arguments[0] not in ("stack",) else 0)
"""


class Place:
    """A project, and a folder with the stand-in that is the whole PATH."""

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        self.root.mkdir()
        (self.root / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (self.root / "Pulumi.dev.yaml").write_text("config:\n  shop:greeting: hello\n")
        self.bin = root / "bin"
        self.bin.mkdir()
        self.log = root / "log"
        self.install()

    def install(self, *, code: int = 0, missing: bool = False) -> None:
        """Put the stand-in in its place: how updates end, and whether the stack is missing."""
        text = STAND_IN.format(python=sys.executable, log=str(self.log), code=code, missing=missing)
        (self.bin / "pulumi").write_text(textwrap.dedent(text))
        (self.bin / "pulumi").chmod(0o755)

    def run(self, *arguments: str, answer: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run the command."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.root,
            env={**clean, "PATH": str(self.bin), "NO_COLOR": "1", "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            input=answer,
        )

    def calls(self) -> list[dict[str, Any]]:
        """Return how the stand-in was called, without the question for its version."""
        found = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [one for one in found if one["arguments"] != ["version"]]

    def commands(self) -> list[str]:
        """Return the command lines."""
        return [" ".join(one["arguments"]).removeprefix("--non-interactive ") for one in self.calls()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place of its own."""
    return Place(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "purpose"), [(("--target", "aws"), "real AWS"), (("--engine", "pulumi"), "--engine pulumi")]
)
def test_without_pulumi_it_says_how_to_get_it(place: Place, arguments: tuple[str, ...], purpose: str) -> None:
    """The local AWS is not touched for it."""
    done = place.run("up", "--yes", *arguments, PATH="/nonexistent")

    assert done.returncode == 2
    assert done.stderr == (
        f"error: Pulumi's CLI must be on PATH for {purpose}, found none; install it as"
        " https://www.pulumi.com/docs/install/ says\n"
    )
    assert not (place.root / ".cachewright").exists()


def test_real_aws_is_reached_with_the_users_own_environment(place: Place) -> None:
    """Options, credentials, backend and passphrase reach Pulumi as they are; nothing of the local AWS does."""
    given = {
        "AWS_PROFILE": "production",
        "AWS_REGION": "eu-west-1",
        "PULUMI_BACKEND_URL": "s3://states",
        "PULUMI_CONFIG_PASSPHRASE": "theirs",
    }

    done = place.run(
        *("up", "--yes", "--stack", "dev", "--target", "aws", "--diff", "--refresh", "--parallel", "4"),
        *("--target-urn", "**x", "--target-dependents"),
        **given,
    )

    assert done.returncode == 0, done.stderr
    assert place.commands() == [
        "stack select --stack dev",
        "up --yes --skip-preview --diff --target **x --target-dependents --parallel 4 --color never --refresh"
        " --exec-kind auto.local --stack dev",
        "stack output --json --stack dev",
        "stack output --json --show-secrets --stack dev",
        "stack history --json --page-size 1 --page 1 --stack dev",
    ]
    for call in place.calls():
        assert call["cwd"] == str(place.root)
        assert {key: call["environment"].get(key) for key in given} == given
        assert "PULUMI_DEBUG_PROVIDERS" not in call["environment"]
    assert not (place.root / ".cachewright").exists()


def test_what_pulumi_says_is_streamed(place: Place) -> None:
    """Each line goes to the stream it came on."""
    done = place.run("preview", "--target", "aws")

    assert done.returncode == 0
    assert done.stdout == "said on standard output\n"
    assert done.stderr == "said on standard error\n"


def test_an_update_that_fails_is_exit_code_1(place: Place) -> None:
    """Pulumi has said why: nothing is added."""
    place.install(code=255)

    done = place.run("up", "--yes", "--target", "aws")

    assert done.returncode == 1
    assert done.stderr == "said on standard error\n"


def test_without_yes_the_preview_is_shown_and_a_no_ends_it(place: Place) -> None:
    """Nothing is updated before a person has seen what would be."""
    done = place.run("up", "--target", "aws", answer="n\n")

    assert done.returncode == 1
    assert "Perform this up of dev? [y/N]" in done.stdout
    assert [one.split()[0] for one in place.commands()] == ["stack", "preview"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("preview", "preview --color never --parallel 10"),
        ("refresh", "refresh --yes --skip-preview --color never --parallel 10"),
        ("destroy", "destroy --yes --skip-preview --color never --parallel 10"),
    ],
)
def test_every_command_is_pulumis_own(place: Place, command: str, expected: str) -> None:
    """The same words as for the embedded engine do the same."""
    arguments = () if command == "preview" else ("--yes",)

    assert place.run(command, *arguments, "--target", "aws").returncode == 0

    words = set(place.commands()[1].split())
    assert set(expected.split()) <= words


def test_outputs_of_real_aws_hide_their_secrets(place: Place) -> None:
    """They are shown when asked for."""
    assert json.loads(place.run("outputs", "--target", "aws", "--json").stdout) == {"hidden": "[secret]", "plain": 1}
    shown = place.run("outputs", "--target", "aws", "--json", "--show-secrets")
    assert json.loads(shown.stdout) == {"hidden": "open", "plain": 1}


def test_a_stack_that_does_not_exist_on_real_aws_is_not_made(place: Place) -> None:
    """Who makes it chooses how its secrets are kept."""
    place.install(missing=True)

    done = place.run("up", "--yes", "--target", "aws")

    assert done.returncode == 2
    assert done.stderr == (
        "error: the stack 'dev' must exist for --target aws, found none in Pulumi's backend; create it with"
        " `pulumi stack init dev` (and --secrets-provider, if its secrets are not kept by a passphrase)\n"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_ENDPOINT_URL", "http://127.0.0.1:4747"), ("PULUMI_DEBUG_PROVIDERS", "aws:1234")],
)
def test_an_environment_that_leads_to_this_machine_is_refused(place: Place, name: str, value: str) -> None:
    """A rehearsal's environment must not be taken for real AWS, or the other way round."""
    done = place.run("up", "--yes", "--target", "aws", **{name: value})

    assert done.returncode == 2
    assert done.stderr == (
        f"error: the environment must lead to real AWS for --target aws, found {name}={value}, which leads to this"
        f" machine; unset {name}, or leave --target out\n"
    )


def test_the_local_target_has_the_projects_own_state_and_the_local_provider(place: Place) -> None:
    """Pulumi works on the state the embedded engine keeps, and writes nothing into the project's settings."""
    (place.root / "Pulumi.dev.yaml").write_text(
        "secretsprovider: awskms://alias/theirs\nencryptedkey: abc\nconfig:\n  shop:greeting: hello\n"
    )

    done = place.run("preview", "--engine", "pulumi", AWS_PROFILE="production")

    assert done.returncode == 0, done.stderr
    call = place.calls()[1]
    environment = call["environment"]
    assert environment["PULUMI_BACKEND_URL"] == f"file://{place.root}/.cachewright/state"
    passphrase = (place.root / ".cachewright" / "passphrase").read_text()
    assert environment["PULUMI_CONFIG_PASSPHRASE"] == passphrase
    ports = dict(one.split(":") for one in environment["PULUMI_DEBUG_PROVIDERS"].split(","))
    assert sorted(ports) == ["aws", "random"]
    config_file = Path(call["arguments"][call["arguments"].index("--config-file") + 1])
    lines = config_file.read_text().splitlines()
    assert lines[:2] == ["config:", "  shop:greeting: hello"]
    assert lines[2].startswith("encryptionsalt: v1:")
    assert len(lines) == 3


def test_a_program_of_another_language_is_pulumis_to_run(place: Place) -> None:
    """The embedded engine runs Python only, and says so; Pulumi's engine has the local AWS for every language."""
    (place.root / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\n")

    assert place.run("preview", "--engine", "pulumi").returncode == 0
    refused = place.run("preview")

    assert refused.returncode == 2
    assert "the embedded engine runs python only, found 'yaml'; run this project with --engine pulumi" in refused.stderr


def test_an_interrupt_is_handed_on_to_pulumi(place: Place) -> None:
    """Pulumi ends as it does alone, and the command says with its exit code that it was interrupted."""
    import signal

    (place.bin / "pulumi").write_text(
        f"#!{sys.executable}\n"
        "import signal, sys, time\n"
        "if 'version' in sys.argv: print('v3.250.0'); sys.exit()\n"
        "if 'select' in sys.argv: sys.exit()\n"
        "signal.signal(signal.SIGINT, lambda *_: (print('saving the state', flush=True), sys.exit(1)))\n"
        "print('at work', flush=True)\n"
        "time.sleep(60)\n"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
    process = subprocess.Popen(
        [COMMAND, "up", "--yes", "--target", "aws"],
        cwd=place.root,
        env={**clean, "PATH": str(place.bin)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"

    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=30)[0] == "saving the state\n"
    assert process.returncode == 130
