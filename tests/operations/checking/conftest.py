"""Findings and reports made by hand, and the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cachewright_ops.checking.report import Report, worst_first
from cachewright_policies.finding import Finding, Status
from cachewright_policies.levels import Level
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

CACHEWRIGHT = Path(sys.executable).parent / "cachewright"
TYPE = "aws:elasticache/replicationGroup:ReplicationGroup"


def _urn(name: str) -> str:
    return f"urn:pulumi:prod::shop::{TYPE}::{name}"


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return a maker of findings on the replication group `sessions`."""

    def make(**changes: Any) -> Finding:
        name = changes.pop("name", "sessions")
        given: dict[str, Any] = {
            "policy": "cache-automatic-backups",
            "level": Level.MANDATORY,
            "severity": Severity.HIGH,
            "status": Status.VIOLATION,
            "urn": _urn(name),
            "type": TYPE,
            "name": name,
            "message": "no automatic snapshot is taken",
            "remediation": "Set snapshotRetentionLimit.",
            "property": "snapshotRetentionLimit",
            "effect": "snapshotRetentionLimit: online.",
            "file": "__main__.py",
            "line": 7,
        }
        return Finding(**{**given, **changes})

    return make


@pytest.fixture
def report() -> Callable[..., Report]:
    """Return a maker of reports in which each finding's resource is its own cache."""

    def make(*findings: Finding, **changes: Any) -> Report:
        given: dict[str, Any] = {
            "subject": "shop, stack prod",
            "environment": "prod",
            "resources": 4,
            "findings": worst_first(findings),
            "caches": {one.urn: one.urn for one in findings if one.urn},
            "names": {one.urn: (one.name, one.type.rsplit(":", 1)[-1]) for one in findings if one.urn},
            "stack": "prod",
            "seconds": 1.25,
        }
        return Report(**{**given, **changes})

    return make


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a runner of the command in a folder, in a process of its own."""

    def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "AWS_"))}
        return subprocess.run(
            [CACHEWRIGHT, *arguments],
            cwd=folder,
            env={**clean, "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
