"""The same faults in the text of the program, found by `cachewright check` itself.

They prove that a fault planted in the graph is the fault that a program would have.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from cachewright_ops.main import app

HERE = Path(__file__).parent
EDITS = yaml.safe_load((HERE / "program_edits.yaml").read_text())
OPTIONS = ("--stack", "prod", "--policy-config", str(HERE / "strictest.json"), "--today", "2026-11-23")


def edited(folder: Path, edit: dict[str, Any]) -> Path:
    """Copy the program and plant a fault in its text."""
    shutil.copytree(HERE / "program", folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / edit.get("file", "__main__.py")
    text = file.read_text()
    begin = text.index(edit.get("after", ""))
    place = text.index(edit["find"], begin)
    file.write_text(text[:place] + edit["replace"] + text[place + len(edit["find"]) :])
    return folder


def found(report: str) -> list[str]:
    """Return what a report in JSON finds, as `rule: Type.name`."""
    return sorted(
        {
            f"{one['policy']}: {one['type'].rsplit(':', 1)[-1]}.{one['name']}{'?' * (one['status'] == 'unknown')}"
            for one in json.loads(report)["findings"]
        }
    )


@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one["mutant"])
def test_the_fault_in_the_program_is_found_as_in_the_graph(edit, tmp_path, mutants, handbook, monkeypatch):
    """The command finds in the edited program what is found in the changed graph, and fails."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "handbook")
    folder = edited(tmp_path / "program", edit)
    result = CliRunner().invoke(app, ["check", str(folder), *OPTIONS, "--format", "json"])
    refused = [f"invalid-input: {one}" for one in edit.get("refused", [])]
    assert found(result.stdout) == sorted([*mutants[edit["mutant"]].expected(handbook.graph), *refused])
    assert result.exit_code == 1


def test_the_clean_program_passes_in_a_process_of_its_own(tmp_path):
    """The installed command, on the project's folder, finds nothing and exits with 0."""
    done = subprocess.run(
        [Path(sys.executable).parent / "cachewright", "check", HERE / "program", *OPTIONS, "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "handbook"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert found(done.stdout) == []
