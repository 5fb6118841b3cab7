"""`cachewright local` as a person meets it: what each command says, and with which exit code."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("cachewright"))


@pytest.fixture
def local(tmp_path):
    """Return a function that runs `cachewright local` in a project of its own; what it starts is stopped at the end."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}

    def run(*arguments, code=0):
        done = subprocess.run(
            [COMMAND, "local", *arguments],
            cwd=tmp_path,
            env={**clean, "NO_COLOR": "1", "COLUMNS": "400"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code in {0, 1} else done.stderr

    yield run
    run("stop")


def test_speed_time_and_reset(local):
    """The speed and the time are shown, the time moves, and a reset brings it back."""
    assert "Its speed is 60x, its time 2" in local("start", "--speed", "60x")
    before = json.loads(local("status", "--json"))
    assert (before["running"], before["speed"], before["regions"]) == (True, "60x", {})
    assert before["memory_bytes"] > 0
    assert local("advance", "8d").startswith("It is 2")
    after = json.loads(local("advance", "1s", "--json"))
    assert after["time"] > before["time"]
    assert json.loads(local("reset", "--json"))["time"] < after["time"]


def test_malformed_arguments(local):
    """Each is named, with what was expected, what was found and a way out."""
    assert local("start", "--speed", "fast", code=2) == (
        "error: speed: expected `instant`, or a factor above 0 and up to 1000000 such as `1x` or `60x`, found 'fast';"
        " leave it out for instant\n"
    )
    assert local("advance", "2w", code=2) == (
        "error: duration: expected days, hours, minutes and seconds such as `90s`, `2h` or `1d12h`, found '2w'; write"
        " each number with its unit, the largest first\n"
    )
    assert "cachewright local start" in local("advance", "2h", code=2)
    assert "The local AWS is not running" in local("status", code=1)


def test_another_speed(local):
    """A start on a running one with another speed is refused, with the way out."""
    local("start")
    assert "speed: 1x was asked for, but the local AWS of " in local("start", "--speed", "1x", code=2)
    assert json.loads(local("status", "--json"))["speed"] == "instant"


def test_export_and_seed(local, tmp_path):
    """What an export wrote, a start reads; the standard output is the document where no file is named."""
    local("start")
    document = json.loads(local("export"))
    assert (document["format"], document["version"], document["accounts"]) == ("cachewright-local", 1, {})
    assert local("export", str(tmp_path / "held.json")) == f"Wrote {tmp_path / 'held.json'}.\n"
    # With the values of secrets it is for its owner alone, even where others could read a file of that name.
    held = tmp_path / "secrets.json"
    held.touch(0o644)
    assert local("export", "--secret-values", str(held)) == f"Wrote {held}.\n"
    assert stat.S_IMODE(held.stat().st_mode) == 0o600
    assert json.loads(held.read_text())["format"] == "cachewright-local"
    local("stop")
    local("start", "--seed", str(tmp_path / "held.json"))
    local("stop")
    (tmp_path / "other.json").write_text('{"format": "other"}')
    assert "format: expected 'cachewright-local', found 'other'" in local(
        "start", "--seed", str(tmp_path / "other.json"), code=2
    )
    assert "The local AWS is not running" in local("status", code=1)
