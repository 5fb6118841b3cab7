"""A run as one JSON object a line, for machines."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine import events
from cachewright_ops.display.values import masked

if TYPE_CHECKING:
    from types import TracebackType

    from cachewright_offline.engine.plan import Step


class JsonReporter:
    """Prints every event; the last line is the summary."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def on_event(self, event: events.Event) -> None:
        """Print one event."""
        if isinstance(event, events.ResourcePre):
            self._print("resource-begin", **_step(event.step))
        elif isinstance(event, events.ResourceDone):
            self._print("resource-end", **_step(event.step), seconds=round(event.seconds, 3))
        elif isinstance(event, events.ResourceFailed):
            self._print("resource-failed", **_step(event.step), message=event.message)
        elif isinstance(event, events.Diagnostic):
            self._print("diagnostic", severity=event.severity, message=event.message, urn=event.urn)
        elif isinstance(event, events.Outputs):
            self._print("outputs", outputs={key: masked(value) for key, value in event.outputs.items()})
        elif isinstance(event, events.Summary):
            self._print("summary", result=event.result, counts=dict(event.counts), seconds=round(event.seconds, 3))

    def note(self, text: str) -> None:
        """Print a note."""
        self._print("note", message=text)

    def has_told(self, message: str) -> bool:
        """Return False: events go to standard output, errors are told on standard error as well."""
        del message
        return False

    def __enter__(self) -> None:
        """Begin; there is nothing to set up."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; every line is out already."""

    def _print(self, event: str, **members: Any) -> None:
        with self._lock:
            sys.stdout.write(json.dumps({"event": event, **members}) + "\n")
            sys.stdout.flush()


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"op": step.op, "urn": step.urn, "type": step.type, "name": step.name}
    if step.detailed_diff:
        found["diff"] = {path: diff.kind.value for path, diff in step.detailed_diff.items()}
    if step.replace_keys:
        found["replace_keys"] = list(step.replace_keys)
    if step.source is not None:
        found["source"] = str(step.source)
    return found
