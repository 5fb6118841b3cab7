"""Where the local AWS of a project keeps its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def home(cwd: Path | None) -> Path:
    """Return the folder of the project that `cwd` is in."""
    from cachewright_ops.project_folder import find_root
    from cachewright_ops.session import HOME

    return find_root(cwd) / HOME / "cloud"
