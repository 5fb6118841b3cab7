"""Where reports are written: `--output FORMAT=FILE`, or a file whose suffix tells the format."""

from __future__ import annotations

import difflib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a suffix stands for; the longest that fits counts.
SUFFIXES: Final = {
    ".sarif.json": "sarif",
    ".sarif": "sarif",
    ".json": "json",
    ".xml": "junit",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}
FORMATS: Final = ("text", "json", "sarif", "junit", "markdown")


@dataclass(frozen=True, slots=True)
class Destination:
    """One file to write.

    Attributes:
        format: The form of the report.
        file: The file.
    """

    format: str
    file: Path


def destinations(options: Iterable[str]) -> tuple[Destination, ...]:
    """Return the files that options name, each looked at: what cannot be written is told before anything is run.

    Raises:
        CachewrightError: A format is not known, two reports go to one file, or a file cannot be written.
    """
    found = tuple(_destination(one) for one in options)
    taken: dict[Path, str] = {}
    for one in found:
        require_writable(one.file, "--output")
        place = one.file.resolve()
        if place in taken and not _is_stream(place):
            msg = f"--output: {one.file} is given twice, as {taken[place]} and as {one.format}; give each its own file"
            raise CachewrightError(msg)
        taken[place] = one.format
    return found


def _destination(option: str) -> Destination:
    head, equals, rest = option.partition("=")
    if equals and head in FORMATS:
        if not rest:
            msg = f"--output: expected a file after {option!r}; write it as in --output {head}=report"
            raise CachewrightError(msg)
        return Destination(head, Path(rest))
    if equals and "/" not in head and "." not in head:
        near = difflib.get_close_matches(head, FORMATS, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        msg = f"--output: expected one of {', '.join(FORMATS)} before the =, found {head!r}{hint}"
        raise CachewrightError(msg)
    lower = option.lower()
    format = next((format for suffix, format in SUFFIXES.items() if lower.endswith(suffix)), None)
    if format is None:
        msg = (
            f"--output: no format is known by the name {option!r}; end it in {', '.join(SUFFIXES)}, or write"
            f" FORMAT={option or 'FILE'}"
        )
        raise CachewrightError(msg)
    return Destination(format, Path(option))


def require_writable(file: Path, option: str) -> None:
    """Make sure that a file can be written.

    Raises:
        CachewrightError: It cannot, because of its folder, what it is, or who may write it.
    """
    target = file.resolve()
    if target.is_dir():
        msg = f"{option}: {file} is a folder; name a file in it"
        raise CachewrightError(msg)
    folder = target.parent
    if not folder.is_dir():
        reason = "is no folder" if folder.exists() else "does not exist"
        msg = f"{option}: cannot write {file}: the folder {folder} {reason}; create it, or name another"
        raise CachewrightError(msg)
    if not os.access(target if target.exists() else folder, os.W_OK):
        msg = f"{option}: cannot write {file}: permission denied; make it writable, or name another"
        raise CachewrightError(msg)


def write(file: Path, text: str, option: str) -> None:
    """Write a file whole or not at all; a link is followed, and what is no file, such as a pipe, is written to.

    Raises:
        CachewrightError: It cannot be written.
    """
    target = file.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        if _is_stream(target):
            target.write_text(text, encoding="utf-8")
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(descriptor)
        part.replace(target)
    except OSError as error:
        msg = f"{option}: cannot write {file}: {error.strerror}; make room or name another file"
        raise CachewrightError(msg) from error
    finally:
        part.unlink(missing_ok=True)


def _is_stream(target: Path) -> bool:
    return target.exists() and not target.is_file()
