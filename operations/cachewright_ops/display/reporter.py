"""What shows a run while it goes on: a live tree on a terminal, lines elsewhere, JSON for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import TracebackType

    from cachewright_offline.engine.events import Event
    from cachewright_offline.engine.stack import Stack
    from cachewright_ops.update import Request


class Reporter(Protocol):
    """Shows a run; used as a context around it."""

    def on_event(self, event: Event) -> None:
        """Show one event."""

    def note(self, text: str) -> None:
        """Say something that is no event of the engine."""

    def has_told(self, message: str) -> bool:
        """Return whether a person has been shown this error on standard error already."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""


def make_reporter(request: Request, stack: Stack) -> Reporter:
    """Return what fits the streams and the options of a command."""
    if request.json:
        from cachewright_ops.display.json_lines import JsonReporter

        return JsonReporter()
    from cachewright_ops.display.text import TextReporter

    return TextReporter(request, stack)
