"""The workflow and the hook that users copy: valid by their published schemas, and run for real as far as they go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOW = ROOT / "docs" / "examples" / "cachewright-check.yaml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
PROGRAM = """import pulumi_aws as aws

aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r7g.large")
"""
# Stands for GitHub's own command: answers the list of comments through the real jq, and remembers what it is asked.
GH = """#!/usr/bin/env bash
set -euo pipefail
printf '%s\\n' "$*" >> "$HERE/asked"
if [ "$1 $2" != "api --method" ]; then
  while [ "$1" != --jq ]; do shift; done
  jq -r "$2" "$HERE/comments.json"
fi
"""


def steps():
    """Return the workflow's steps by name, or by what they use."""
    (job,) = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    return {one.get("name") or one["uses"].split("@")[0]: one for one in job["steps"]}


def write_project(folder: Path) -> None:
    """Write a project whose cache violates rules."""
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nconfig:\n  aws:region: {value: eu-west-1}\n")
    (folder / "__main__.py").write_text(PROGRAM)


@pytest.fixture
def step(tmp_path):
    """Return what runs a step's script as GitHub's runner does, in a project's folder."""
    if shutil.which("jq") is None and os.environ.get("CI") != "true":
        pytest.skip("jq, which stands behind GitHub's own command, is not installed")
    write_project(tmp_path)
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)

    def run(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {
            "STACK": "prod",
            "PROJECT": ".",
            "GITHUB_STEP_SUMMARY": "summary.md",
            "GITHUB_REPOSITORY": "acme/shop",
            "NUMBER": "7",
            "HERE": str(tmp_path),
            "PATH": os.pathsep.join([str(tmp_path), str(BIN), os.environ["PATH"]]),
            **environment,
        }
        script = tmp_path / "step.sh"
        script.write_text(steps()[name]["run"])
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=tmp_path,
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


class TestTheWorkflow:
    """docs/examples/cachewright-check.yaml."""

    def test_it_is_valid_by_the_published_schema(self):
        """SchemaStore's for GitHub's workflows."""
        done = subprocess.run(
            [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    def test_it_asks_for_no_more_than_it_needs(self):
        """Nothing may be written but comments and alerts, no credentials of AWS stand in it, and it ends."""
        document = yaml.safe_load(WORKFLOW.read_text())
        assert document["permissions"] == {"contents": "read"}
        (job,) = document["jobs"].values()
        assert job["permissions"] == {"contents": "read", "pull-requests": "write", "security-events": "write"}
        assert job["timeout-minutes"] <= 10
        assert "secrets." not in WORKFLOW.read_text()
        # What a person who opens a pull request may choose never stands in a script.
        assert not [name for name, one in steps().items() if "${{" in one.get("run", "")]

    def test_its_check_writes_what_its_other_steps_read(self, step, tmp_path):
        """The check fails the job, and the reports are there all the same."""
        done = step("Check")
        assert done.returncode == 1, done.stderr
        assert "cache-at-rest-encryption" in done.stdout
        read = steps()["Keep the report"]["with"]["path"].split()
        assert sorted(read) == ["cachewright.md", "cachewright.sarif", "cachewright.xml"]
        assert steps()["Show the findings as code scanning alerts"]["with"]["sarif_file"] in read
        for name in read:
            assert (tmp_path / name).stat().st_size
        assert json.loads((tmp_path / "cachewright.sarif").read_text())["version"] == "2.1.0"
        assert step("Show the findings in the job's summary").returncode == 0
        assert (tmp_path / "summary.md").read_text() == (tmp_path / "cachewright.md").read_text()

    def test_its_comment_is_made_once_and_then_renewed(self, step, tmp_path):
        """It is found again by its first line, whatever other comments quote it."""
        mark = "<!-- cachewright check: shop, stack prod -->"
        (tmp_path / "cachewright.md").write_text(f"{mark}\n### shop\n")
        others = [{"id": 1, "body": "hello"}, {"id": 2, "body": f"> {mark}\nwhat is this?"}, {"id": 3, "body": ""}]
        (tmp_path / "comments.json").write_text(json.dumps(others))
        name = "Renew the comment on the pull request"
        done = step(name)
        assert done.returncode == 0, done.stderr
        listed, made = (tmp_path / "asked").read_text().splitlines()
        assert listed.startswith("api repos/acme/shop/issues/7/comments --paginate --jq ")
        assert made == "api --method POST repos/acme/shop/issues/7/comments --field body=@cachewright.md"
        own = [{"id": 4, "body": f"{mark}\r\n### shop\r\n"}, {"id": 5, "body": mark}]
        (tmp_path / "comments.json").write_text(json.dumps(others + own))
        done = step(name)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "asked").read_text().splitlines()[-1] == (
            "api --method PATCH repos/acme/shop/issues/comments/4 --field body=@cachewright.md"
        )


class TestTheHook:
    """.pre-commit-hooks.yaml, with the real pre-commit."""

    def test_it_is_valid(self):
        """By pre-commit's own check of manifests; the hook in an environment of its own installs the command."""
        done = subprocess.run(
            [BIN / "pre-commit", "validate-manifest", HOOKS], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
        hooks = {one["id"]: one for one in yaml.safe_load(HOOKS.read_text())}
        assert hooks["cachewright-check"]["additional_dependencies"] == [".[local]"]
        assert {one["pass_filenames"] for one in hooks.values()} == {False}

    def test_it_stops_a_commit_whose_program_violates_a_rule(self, tmp_path):
        """From a clone of its repository; a commit that changes nothing of the program is let through unchecked."""
        hooks, user = tmp_path / "hooks", tmp_path / "user"
        environment = {
            **os.environ,
            "PRE_COMMIT_HOME": str(tmp_path / "home"),
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            **{f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

        def run(folder: Path, *command: str, code: int = 0) -> str:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == code, done.stdout + done.stderr
            return done.stdout + done.stderr

        for folder in (hooks, user):
            folder.mkdir()
            run(folder, "git", "init", "-q", "-b", "main")
        (hooks / HOOKS.name).write_text(HOOKS.read_text())
        run(hooks, "git", "add", ".")
        run(hooks, "git", "commit", "-qm", "hooks")
        revision = run(hooks, "git", "rev-parse", "HEAD").strip()
        hook = {"id": "cachewright-check-installed", "args": ["--stack", "prod"]}
        config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [hook]}]}
        (user / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        write_project(user)
        run(user, "pre-commit", "install")
        run(user, "git", "add", ".")
        refused = run(user, "git", "commit", "-qm", "a cache", code=1)
        assert "cachewright check" in refused
        assert "cache-at-rest-encryption" in refused
        assert "- exit code: 1" in refused
        (user / "README.md").write_text("# shop\n")
        run(user, "git", "reset", "-q")
        run(user, "git", "add", "README.md", ".pre-commit-config.yaml")
        assert "(no files to check)Skipped" in run(user, "git", "commit", "-qm", "words")
