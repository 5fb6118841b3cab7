"""The two consoles: what was asked for goes to standard output, what went wrong to standard error.

Rich leaves colour and movement out where the stream is no terminal or NO_COLOR is set.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@cache
def output() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


@cache
def errors() -> Console:
    """Return the console of standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def print_plain(console: Console, line: str) -> None:
    """Print a line to a console that is no terminal, where there is nothing to lay out and no style to show."""
    from rich.control import strip_control_codes

    console.file.write(f"{strip_control_codes(line)}\n")
    console.file.flush()


def print_error(message: str) -> None:
    """Print `error: <message>`; the message is text, never markup."""
    from rich.text import Text

    errors().print(Text("error: ", style="bold red") + Text(message, style=""))


def print_warning(message: str) -> None:
    """Print `warning: <message>` to standard error; the message is text, never markup."""
    from rich.text import Text

    errors().print(Text("warning: ", style="bold yellow") + Text(message, style=""))


def print_note(message: str) -> None:
    """Print a line to standard error that is neither a warning nor an error; the message is text, never markup."""
    from rich.text import Text

    errors().print(Text(message))
