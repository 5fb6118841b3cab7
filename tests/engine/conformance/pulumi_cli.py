"""Pulumi's own CLI: where it is, and projects it works on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[3]
BUILT = ROOT / "build" / "engine" / "bin" / "pulumi"
VARIABLE = "CACHEWRIGHT_PULUMI"
PASSPHRASE = "conformance"
SECONDS = 180


def find() -> Path | str:
    """Return the CLI that the suite drives, or, as text, why there is none.

    It is the one CACHEWRIGHT_PULUMI names, or the one that `make engine` built.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        return Path(found).resolve() if found else f"{VARIABLE} must name Pulumi's CLI, found {named!r}, which is none"
    if BUILT.exists():
        return BUILT
    return f"Pulumi's CLI is not built: run `make engine` (needs Go), or set {VARIABLE} to an installed one"


class PulumiProject:
    """A folder with a Pulumi project, its own state, and Pulumi's CLI at work on it.

    Attributes:
        root: The folder.
        backend: Where its stacks are kept.
        environment: The CLI's environment; change it as a test needs.
    """

    def __init__(self, executable: Path, root: Path, home: Path, backend: Path | None = None) -> None:
        self.executable = executable
        self.root = root
        self.backend = backend or root / ".cachewright" / "state"
        self.backend.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))},
            "PATH": os.pathsep.join([str(executable.parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_HOME": str(home),
            "PULUMI_BACKEND_URL": f"file://{self.backend}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # Whatever is missing is an error: nothing is fetched.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # Only with this the CLI knows --event-log.
            "PULUMI_DEBUG_COMMANDS": "true",
            "NO_COLOR": "1",
            "CI": "",
        }

    def use_virtual_environment(self) -> None:
        """Give the project a `.venv`, as the repository's Pulumi.yaml names it."""
        (self.root / ".venv").symlink_to(sys.prefix)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the CLI in the project's folder, and return the process."""
        return subprocess.Popen(
            [str(self.executable), *arguments, "--non-interactive"],
            cwd=self.root,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI to its end."""
        process = self.start(*arguments, **environment)
        try:
            output, errors = process.communicate(timeout=SECONDS)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)

    def ok(self, *arguments: str, **environment: str) -> str:
        """Run the CLI, which must succeed, and return what it printed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def export(self, stack: str) -> dict[str, Any]:
        """Return a stack's deployment with its secrets in clear text."""
        found: dict[str, Any] = json.loads(self.ok("stack", "export", "--stack", stack, "--show-secrets"))
        return found


def events(path: Path) -> list[Mapping[str, Any]]:
    """Return the engine events that `--event-log` wrote."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
