"""Which CLI the suite drives, and what it says where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import pulumi_cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_built_one_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make engine` puts it where the suite looks."""
    built = tmp_path / "pulumi"
    built.touch()
    monkeypatch.setattr(pulumi_cli, "BUILT", built)
    monkeypatch.delenv("CACHEWRIGHT_PULUMI", raising=False)

    assert pulumi_cli.find() == built


def test_a_named_one_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name on PATH, or by its place."""
    installed = tmp_path / "pulumi"
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for named in ("pulumi", str(installed)):
        monkeypatch.setenv("CACHEWRIGHT_PULUMI", named)
        assert pulumi_cli.find() == installed


def test_without_one_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what a skipped test shows, and what fails one in CI."""
    monkeypatch.setattr(pulumi_cli, "BUILT", tmp_path / "nothing")
    monkeypatch.delenv("CACHEWRIGHT_PULUMI", raising=False)
    assert pulumi_cli.find() == (
        "Pulumi's CLI is not built: run `make engine` (needs Go), or set CACHEWRIGHT_PULUMI to an installed one"
    )
    monkeypatch.setenv("CACHEWRIGHT_PULUMI", "/nowhere/pulumi")
    assert pulumi_cli.find() == "CACHEWRIGHT_PULUMI must name Pulumi's CLI, found '/nowhere/pulumi', which is none"
