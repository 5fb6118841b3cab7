"""What a command tells of itself while it takes its time: on a terminal only, and gone when it is done."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cachewright_ops.display.console import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def working() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done, beside a turning wheel on standard error."""
    console = errors()
    if not console.is_terminal:
        yield lambda _: None
        return
    from rich.text import Text

    with console.status("", spinner="dots") as status:
        yield lambda text: status.update(Text(text))
