"""The command as a person meets it: help, errors, exit codes, places to run it from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cachewright_offline.values import UNKNOWN, Secret
from cachewright_ops.argument_docs import COMPONENTS, documented_fields, render
from cachewright_ops.display.steps import counted, type_name
from cachewright_ops.display.values import masked, short

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("cachewright"))


def run(*arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder with a clean environment."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env={**clean, "PULUMI_CONFIG_PASSPHRASE": "x", "NO_COLOR": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose program exports one secret and one plain value, and needs no cloud."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  shop:greeting: hello\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi\n"
        "pulumi.export('plain', pulumi.Config().require('greeting'))\n"
        "pulumi.export('hidden', pulumi.Output.secret('hunter2-hunter2'))\n"
    )
    (tmp_path / "below").mkdir()
    return tmp_path


def test_help_imports_neither_pulumi_nor_boto3() -> None:
    """Help, and completion, must not cost what a program costs."""
    script = (
        "import sys\nfrom cachewright_ops.main import app\nimport typer.main\ntyper.main.get_command(app)\n"
        "slow = {'pulumi', 'pulumi_aws', 'boto3', 'botocore', 'moto', 'cryptography', 'jinja2'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"


def test_help_lists_every_subcommand(tmp_path: Path) -> None:
    """Outside of any project, too."""
    done = run("--help", cwd=tmp_path)

    assert done.returncode == 0
    for command in ("up", "preview", "refresh", "destroy", "outputs", "local"):
        assert command in done.stdout


def test_a_run_shows_no_secret_and_outputs_masks_it(project: Path) -> None:
    """The clear text is shown on request only, and never stands in the state."""
    done = run("up", "--yes", cwd=project / "below")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert json.loads(run("outputs", "--json", cwd=project).stdout) == {"hidden": "[secret]", "plain": "hello"}
    assert run("outputs", "plain", cwd=project).stdout == "hello\n"
    assert run("outputs", "hidden", "--show-secrets", cwd=project).stdout == "hunter2-hunter2\n"
    for path in (project / ".cachewright").rglob("*"):
        assert path.is_dir() or b"hunter2" not in path.read_bytes(), path
    run("local", "stop", cwd=project)


def test_no_colour_and_no_escape_where_there_is_no_terminal(project: Path) -> None:
    """What is piped is plain text."""
    assert "\x1b" not in run("preview", cwd=project).stdout


def test_without_a_passphrase_one_is_generated_and_kept_private(project: Path) -> None:
    """A rehearsal needs no setting up; the file is its owner's only."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
    subprocess.run([COMMAND, "up", "--yes"], cwd=project, env=clean, check=True, capture_output=True)

    path = project / ".cachewright" / "passphrase"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text()) >= 32
    assert (
        subprocess.run(
            [COMMAND, "outputs", "hidden", "--show-secrets"],
            cwd=project,
            env=clean,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        == "hunter2-hunter2\n"
    )
    run("local", "stop", cwd=project)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("preview", "--cwd", "/"),
            "error: no Pulumi.yaml in / or a folder above it; change into a Pulumi project or give --cwd\n",
        ),
        (
            ("preview", "--stack", "a b"),
            "error: the stack's name must be 1-100 letters, digits, '-', '_' or '.', found 'a b'; choose another"
            " --stack\n",
        ),
        (
            ("outputs", "--stack", "new"),
            "error: the stack 'new' has no state yet; run 'cachewright up --stack new' first\n",
        ),
        (
            ("up", "--yes", "--target", "aws", "--engine", "embedded"),
            "error: --engine must be pulumi (or auto) for real AWS, found embedded, which reaches nothing but this"
            " machine; leave --engine out\n",
        ),
    ],
)
def test_a_usage_error_is_one_message_and_exit_code_2(project: Path, arguments: tuple[str, ...], message: str) -> None:
    """What is wrong, what was expected, one way out; no traceback."""
    done = run(*arguments, cwd=project)

    assert (done.returncode, done.stderr) == (2, message)


def test_a_stack_must_be_named_where_there_are_several(project: Path) -> None:
    """The message names them."""
    (project / "Pulumi.prod.yaml").write_text("config: {}\n")

    done = run("preview", cwd=project)

    assert done.returncode == 2
    assert done.stderr == (
        "error: --stack must name a stack, found none; give --stack or set PULUMI_STACK to one of dev, prod\n"
    )
    assert run("preview", cwd=project, PULUMI_STACK="dev").returncode == 0


def test_an_error_of_the_program_names_file_and_line(project: Path) -> None:
    """Exit code 2 and no traceback; with --debug the traceback is there."""
    (project / "__main__.py").write_text("import pulumi\n\npulumi.export('x', 1 / 0)\n")

    done = run("preview", cwd=project)

    assert done.returncode == 2
    assert "__main__.py:3" in done.stderr
    assert "division by zero" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_missing_setting_of_ours_names_its_key(tmp_path: Path) -> None:
    """The stack program's own errors read the same way."""
    import shutil

    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("config:\n  caching:ownr: me\n  caching:networks: {}\n")

    done = run("preview", "--stack", "dev", cwd=tmp_path)

    assert done.returncode == 2
    assert "Pulumi.dev.yaml: caching:networks: Dictionary should have at least 1 item" in done.stderr


def test_a_corrupt_state_is_exit_code_2_with_the_place_of_the_backup(project: Path) -> None:
    """Nothing is run on a state that cannot be read."""
    assert run("up", "--yes", cwd=project).returncode == 0
    (project / "Pulumi.dev.yaml").write_text("config:\n  shop:greeting: servus\n")
    assert run("up", "--yes", cwd=project).returncode == 0
    state = project / ".cachewright" / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    state.write_text(state.read_text()[:-20])

    done = run("up", "--yes", cwd=project)

    assert done.returncode == 2
    assert f"the state file {state} is corrupt" in done.stderr
    assert f"{state}.bak" in done.stderr
    run("local", "stop", cwd=project)


def test_an_unwritable_state_folder_is_exit_code_2(project: Path) -> None:
    """A file where the folder should be stands in for a folder that cannot be written, also for root."""
    (project / ".cachewright").mkdir()
    (project / ".cachewright" / "state").write_text("")

    done = run("up", "--yes", cwd=project)

    assert done.returncode == 2
    assert "error: cannot" in done.stderr
    assert "Traceback" not in done.stderr
    run("local", "stop", cwd=project)


def test_counts_read_as_sentences() -> None:
    """What changes first, what does not last."""
    assert counted({"same": 3, "create": 1, "delete": 2}, preview=False) == "1 created, 2 deleted, 3 unchanged"
    assert counted({"create": 1, "same": 3}, preview=True) == "1 to create, 3 unchanged"
    assert counted({}, preview=False) == "nothing to do"


def test_values_are_shown_short_and_without_secrets() -> None:
    """Masked at any depth; unknowns are named."""
    assert masked({"a": [Secret("x"), UNKNOWN]}) == {"a": ["[secret]", "[unknown until it is made]"]}
    assert short("y" * 200) == '"' + "y" * 99 + "…"
    assert type_name("aws:kms/key:Key") == "aws.kms.Key"


def test_the_components_reference_is_up_to_date_and_whole() -> None:
    """Every argument has its sentence, and the committed page is what the docstrings say."""
    import cachewright

    for name in COMPONENTS:
        for field in documented_fields(getattr(cachewright, f"{name}Args")):
            assert field.doc.endswith((".", "`")), f"{name}.{field.name}"
    assert (ROOT / "docs" / "components.md").read_text() == render()
