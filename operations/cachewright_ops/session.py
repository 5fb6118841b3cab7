"""From a command's options to the stack they mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cachewright_offline.errors import CachewrightError
from cachewright_ops.options import Engine, Target
from cachewright_ops.passphrase import read_passphrase
from cachewright_ops.project_folder import choose_stack, find_root

if TYPE_CHECKING:
    from pathlib import Path

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.engine.stack import Stack

HOME = ".cachewright"


def uses_pulumi(engine: Engine, target: Target) -> bool:
    """Tell whether Pulumi's own engine is meant.

    Raises:
        CachewrightError: The embedded engine was asked to reach real AWS.
    """
    if target is Target.AWS and engine is Engine.EMBEDDED:
        msg = (
            "--engine must be pulumi (or auto) for real AWS, found embedded, which reaches nothing but this machine;"
            " leave --engine out"
        )
        raise CachewrightError(msg)
    return target is Target.AWS or engine is Engine.PULUMI


def backend_root(root: Path) -> str:
    """Return where the project's local stacks are kept: PULUMI_BACKEND_URL if it is a folder, or the project's own."""
    url = os.environ.get("PULUMI_BACKEND_URL", "")
    return url if url.startswith("file://") else str(root / HOME / "state")


def open_stack(cwd: Path | None, stack: str | None, *, cloud: CloudEndpoint | None, any_runtime: bool = False) -> Stack:
    """Return the stack of a command.

    Args:
        cwd: The folder to look for the project from.
        stack: The stack's name, or None for the project's only one.
        cloud: The local AWS, or None where the command does not reach it.
        any_runtime: Whether the program may be of another language than Python: this engine cannot run it.

    Raises:
        CachewrightError: There is no project, or no stack is named.
    """
    from cachewright_offline.engine.project import Project
    from cachewright_offline.engine.stack import Stack

    root = find_root(cwd)
    name = choose_stack(stack, cwd)
    home = root / HOME
    return Stack(
        Project.load(root, any_runtime=any_runtime), name, backend_root(root), lambda: read_passphrase(home), cloud
    )


def running_cloud(cwd: Path | None) -> CloudEndpoint | None:
    """Return the project's local AWS if it runs."""
    from cachewright_offline.cloud import control

    running = control.status(find_root(cwd) / HOME / "cloud")
    return running.endpoint if running else None


def started_cloud(cwd: Path | None) -> tuple[CloudEndpoint, bool]:
    """Return the project's local AWS, and whether it had to be started."""
    from cachewright_offline.cloud import control

    home = find_root(cwd) / HOME / "cloud"
    running = control.status(home)
    if running is not None:
        return running.endpoint, False
    return control.start(home).endpoint, True
