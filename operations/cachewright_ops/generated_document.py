"""Documents that are made from code and tables: written by `make docs`, checked by `make lint`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_or_check(target: Path, render: Callable[[], str], source: str) -> int:
    """Write a document, or with `--check` on the command line tell whether it is up to date.

    Args:
        target: The document.
        render: Returns what it must hold.
        source: What it is made from, in a few words.

    Returns:
        The exit code: 1 where it is not up to date.
    """
    text = render()
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="utf-8")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"error: {target} is not what {source} say; run `make docs` and commit it\n")
    return 1
