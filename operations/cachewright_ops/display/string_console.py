"""A console that writes to text: for reports that are printed, kept or sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import io

    from rich.console import Console

# What a report is laid out for where nobody says, and the least it can be laid out for.
WIDTH: Final = 100
_NARROWEST: Final = 40


def string_console(stream: io.StringIO, *, colour: bool, width: int) -> Console:
    """Return a console; without colour it writes no control codes.

    Args:
        stream: What it writes to.
        colour: Whether it writes for a terminal.
        width: How many columns it lays out for.
    """
    from rich.console import Console

    return Console(
        file=stream,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        width=max(width, _NARROWEST),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
