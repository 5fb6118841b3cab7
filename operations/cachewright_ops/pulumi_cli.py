"""Handing a command over to Pulumi's own CLI: the way to real AWS."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(root: Path, arguments: Sequence[str]) -> int:
    """Run `pulumi` in the project's folder, with this process's streams and environment; return its exit code.

    Raises:
        CachewrightError: It is not installed.
    """
    executable = shutil.which("pulumi")
    if executable is None:
        msg = (
            "Pulumi's CLI must be on PATH for real AWS, found none; install it as"
            " https://www.pulumi.com/docs/install/ says, or leave --target out for the local AWS"
        )
        raise CachewrightError(msg)
    return subprocess.run([executable, *arguments], cwd=root, check=False).returncode
