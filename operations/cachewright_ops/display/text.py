"""A run for a person: a live tree of what is going on, or plain lines where the output is no terminal."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from cachewright_offline.engine import events
from cachewright_ops.display import console
from cachewright_ops.display.steps import LOOKS, counted, difference_lines, type_name
from cachewright_ops.display.values import masked, output_lines

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console

    from cachewright_offline.engine.plan import Step
    from cachewright_offline.engine.stack import Stack
    from cachewright_ops.update import Request

_TITLES = {"up": "Updating", "preview": "Previewing", "refresh": "Refreshing", "destroy": "Destroying"}
_QUIET = frozenset({"same", "remove-pending-replace"})


class _Row:
    """One resource of the tree."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.began = time.monotonic()
        self.seconds: float | None = None
        self.failure = ""


class TextReporter:
    """Shows a run as a tree that grows; what is unchanged is counted, not listed."""

    def __init__(self, request: Request, stack: Stack) -> None:
        self._request = request
        self._stack = stack
        self._preview = request.command == "preview"
        self._console: Console = console.output()
        self._lock = threading.RLock()
        self._rows: dict[str, _Row] = {}
        self._live: Live | None = None
        self._ended = False
        self._outputs: dict[str, object] = {}
        self._summary: events.Summary | None = None
        self._diagnostics: list[events.Diagnostic] = []

    def __enter__(self) -> None:
        """Begin to show."""
        self._rows, self._outputs, self._summary, self._diagnostics = {}, {}, None, []
        self._ended = False
        where = f" on the local AWS at {self._stack.cloud.url}" if self._stack.cloud else ""
        title = "Previewing" if self._preview else _TITLES[self._request.command]
        self._console.print(Text(f"{title} {self._stack.project.name}/{self._stack.name}{where}", style="bold"))
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._tree, console=self._console, refresh_per_second=8, vertical_overflow="ellipsis"
            )
            self._live.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show what has come of it."""
        if self._live is not None:
            self._ended = True
            self._live.stop()
            self._live = None
        for one in self._diagnostics:
            self._print_diagnostic(one)
        shown = list(output_lines(self._outputs))
        if shown and self._summary is not None and self._summary.result == "succeeded":
            self._console.print(Text("\nOutputs:", style="bold"))
            for line in shown:
                self._console.print(line)
        if self._summary is not None:
            self._print_summary(self._summary)

    def note(self, text: str) -> None:
        """Say something beside the run."""
        self._console.print(text)

    def has_told(self, message: str) -> bool:
        """Return whether this error was among the run's diagnostics."""
        return any(one.severity == "error" and one.message == message for one in self._diagnostics)

    def on_event(self, event: events.Event) -> None:
        """Show one event."""
        with self._lock:
            if isinstance(event, events.ResourcePre):
                self._rows[event.step.urn] = _Row(event.step)
            elif isinstance(event, events.ResourceDone):
                row = self._rows.setdefault(event.step.urn, _Row(event.step))
                row.step, row.seconds = event.step, event.seconds
                self._line(row)
            elif isinstance(event, events.ResourceFailed):
                row = self._rows.setdefault(event.step.urn, _Row(event.step))
                row.failure = event.message
                self._line(row)
            elif isinstance(event, events.Diagnostic):
                if event.severity != "debug" or self._request.debug:
                    self._diagnostics.append(event)
            elif isinstance(event, events.Outputs):
                self._outputs = {key: masked(value) for key, value in event.outputs.items()}
            elif isinstance(event, events.Summary):
                self._summary = event

    def _line(self, row: _Row) -> None:
        if self._live is not None or (row.step.op in _QUIET and not row.failure):
            return
        # There are thousands of these in a large program, and Rich takes longer to lay one out than the engine to
        # decide about its resource.
        console.print_plain(self._console, "".join(part for part, _ in self._parts(row, indent=" ")))
        self._details(row)

    def _details(self, row: _Row) -> None:
        if self._request.diff:
            for line in difference_lines(row.step):
                self._console.print(Text(f"      {line}"))

    def _text(self, row: _Row) -> Text:
        return Text.assemble(*self._parts(row))

    def _parts(self, row: _Row, indent: str = "") -> tuple[tuple[str, str], ...]:
        """Return the pieces of a resource's line, each with its style."""
        look = LOOKS[row.step.op]
        if row.failure:
            state, style = "failed", "bold red"
        elif row.seconds is None:
            state, style = f"{look.doing} {time.monotonic() - row.began:.0f}s", look.style
        elif self._preview:
            state, style = look.would, look.style
        else:
            state, style = f"{look.done} ({row.seconds:.1f}s)", look.style
        return (
            (f"{indent}{look.sign:<2} ", look.style),
            (f"{type_name(row.step.type)} ", ""),
            (row.step.name, "bold"),
            ("  ", ""),
            (state, style),
        )

    def _tree(self) -> Tree:
        """Return the tree as it is now: what changes or runs, below what it belongs to.

        While the run lasts, what was finished first makes place for what a screen can hold: to lay thousands of rows
        out eight times a second would slow the run down.
        """
        with self._lock:
            shown = {urn: row for urn, row in self._rows.items() if row.step.op not in _QUIET or row.failure}
            if not self._ended:
                finished = [urn for urn, row in shown.items() if row.seconds is not None]
                for urn in finished[: max(len(shown) - self._console.height, 0)]:
                    del shown[urn]
            unchanged = sum(1 for row in self._rows.values() if row.step.op == "same")
            root = Tree(Text(f"{unchanged} unchanged" if unchanged else "", style="dim"), hide_root=not unchanged)
            nodes: dict[str, Tree] = {}

            def node(urn: str) -> Tree:
                if urn in nodes:
                    return nodes[urn]
                row = self._rows[urn]
                parent = row.step.parent
                above = node(parent) if parent in self._rows else root
                nodes[urn] = above.add(self._text(row))
                if self._request.diff and urn in shown and row.seconds is not None:
                    for line in difference_lines(row.step):
                        nodes[urn].add(Text(line))
                return nodes[urn]

            for urn in shown:
                node(urn)
            return root

    def _print_diagnostic(self, one: events.Diagnostic) -> None:
        style = {"error": "bold red", "warning": "yellow", "info": "cyan", "debug": "dim"}[one.severity]
        about = (
            f"{type_name(one.urn.split('::')[2].rsplit('$', 1)[-1])} {one.urn.split('::', 3)[3]}: " if one.urn else ""
        )
        target = console.errors() if one.severity == "error" else self._console
        target.print(Text(f"{one.severity}: ", style=style) + Text(about + one.message, style=""))

    def _print_summary(self, summary: events.Summary) -> None:
        words = counted(summary.counts, preview=self._preview)
        verdict = {"succeeded": "", "failed": "Failed: ", "canceled": "Interrupted: "}[summary.result]
        style = "bold green" if summary.result == "succeeded" else "bold red"
        self._console.print(Text(f"\n{verdict}{words} in {summary.seconds:.1f}s", style=style))
        pending = self._stack.state.snapshot.pending_operations if summary.result == "canceled" else []
        for operation in pending:
            self._console.print(f"  pending: {operation.type} {operation.resource.urn}")
