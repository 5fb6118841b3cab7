"""Where a project stands: in its repository, for machines, and from here, for a person."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from typing import TYPE_CHECKING

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.waivers import DEFAULT_FILE
from cachewright_ops.project_folder import find_root

if TYPE_CHECKING:
    from cachewright_offline.engine.project import Project


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project stands.

    Attributes:
        root: The project's folder; None where there is none.
        folder: The same from the root of the repository; empty where they are one, or there is no repository.
        here: The same from the working directory.
        entry: The file in it that stands for findings of no file.
    """

    root: Path | None = None
    folder: str = ""
    here: str = ""
    entry: str = "Pulumi.yaml"

    def in_repository(self, file: str) -> str:
        """Return a file of the project by its path from the root of the repository."""
        return normpath(join(self.folder, file))

    def from_here(self, file: str) -> str:
        """Return a file of the project by its path from the working directory."""
        return normpath(join(self.here, file))

    def waivers(self, given: Path | None) -> tuple[Path, str] | None:
        """Return the file of waivers and its path from the project's folder; None where there is none."""
        root = self.root or Path.cwd()
        if given is not None:
            return given, Path(os.path.relpath(given.absolute(), root)).as_posix()
        usual = root / DEFAULT_FILE
        return (usual, DEFAULT_FILE) if usual.is_file() else None


def of_project(project: Project) -> Place:
    """Return where a project stands."""
    return _place(project.root, project.file.name)


def of_recorded(folder: Path | None) -> Place:
    """Return where the project stands that a state or a preview is of: around a folder, or the folder itself."""
    try:
        root = find_root(folder)
    except CachewrightError:
        root = (folder or Path.cwd()).absolute()
    return _place(root, "Pulumi.yaml")


def _place(root: Path, entry: str) -> Place:
    repository = next((one for one in (root, *root.parents) if (one / ".git").exists()), root)
    relative = root.relative_to(repository).as_posix()
    return Place(root, "" if relative == "." else relative, Path(os.path.relpath(root)).as_posix(), entry)
