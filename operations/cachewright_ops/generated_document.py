"""Documents that are made from code and tables: written by `make docs`, checked by `make lint`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def templates() -> jinja2.Environment:
    """Return the environment of the documents' templates, in which a name that does not exist is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cachewright_ops"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, and no input from outside
    )


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
