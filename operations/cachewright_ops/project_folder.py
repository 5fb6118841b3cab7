"""Which project and which stack a command is about."""

from __future__ import annotations

import re
from pathlib import Path

from cachewright_offline.errors import CachewrightError

_STACK_FILE = re.compile(r"Pulumi\.(?P<stack>.+)\.ya?ml")


def find_root(cwd: Path | None) -> Path:
    """Return the nearest folder with a Pulumi.yaml, from `cwd` upwards.

    Raises:
        CachewrightError: There is none.
    """
    start = (cwd or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    msg = f"no Pulumi.yaml in {start} or a folder above it; change into a Pulumi project or give --cwd"
    raise CachewrightError(msg)


def stack_files(cwd: Path | None) -> list[str]:
    """Return the stacks that have a settings file in the project, sorted; empty outside a project."""
    try:
        root = find_root(cwd)
    except CachewrightError:
        return []
    names = {
        match["stack"]
        for folder in (root, *(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")))
        for path in folder.glob("Pulumi.*.y*ml")
        if (match := _STACK_FILE.fullmatch(path.name))
    }
    return sorted(names)


def choose_stack(stack: str | None, cwd: Path | None) -> str:
    """Return the stack that is meant: the named one, or the project's only one.

    Raises:
        CachewrightError: None is named and the project has several, or none.
    """
    if stack:
        return stack
    names = stack_files(cwd)
    if len(names) == 1:
        return names[0]
    known = f"one of {', '.join(names)}" if names else "a name for a new one"
    msg = f"--stack must name a stack, found none; give --stack or set PULUMI_STACK to {known}"
    raise CachewrightError(msg)
