"""A run of Pulumi's own engine as one JSON object a line: the same lines as for the embedded engine."""

from __future__ import annotations

import json
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.urn import resource_type

if TYPE_CHECKING:
    from pulumi.automation.events import EngineEvent

# Pulumi's markup for colours.
_COLOUR = re.compile(r"<\{%.*?%\}>")


class EngineEventPrinter:
    """Prints every event; the last line is the summary.

    Args:
        debug: Whether to print the engine's debug messages, too.
    """

    def __init__(self, *, debug: bool) -> None:
        self._debug = debug
        self._lock = threading.Lock()
        self._failed = False
        self._summary: dict[str, Any] | None = None

    def on_event(self, event: EngineEvent) -> None:
        """Print one event."""
        if event.resource_pre_event is not None:
            self._print("resource-begin", **_step(event.resource_pre_event.metadata))
        elif event.res_outputs_event is not None:
            self._print("resource-end", **_step(event.res_outputs_event.metadata))
        elif event.res_op_failed_event is not None:
            self._failed = True
            self._print("resource-failed", **_step(event.res_op_failed_event.metadata))
        elif event.diagnostic_event is not None:
            told = event.diagnostic_event
            self._failed = self._failed or told.severity == "error"
            if not told.ephemeral and (self._debug or told.severity != "debug"):
                message = _COLOUR.sub("", f"{told.prefix or ''}{told.message}").strip()
                self._print("diagnostic", severity=told.severity, message=message, urn=told.urn or "")
        elif event.summary_event is not None:
            found = event.summary_event
            counts = {getattr(op, "value", op): count for op, count in (found.resource_changes or {}).items()}
            summary = {"result": "succeeded", "counts": counts, "seconds": found.duration_seconds}
            if self._failed:
                self._print("summary", **{**summary, "result": "failed"})
            else:
                self._summary = summary

    def finish(self, outputs: dict[str, Any] | None) -> None:
        """Print the outputs and the summary."""
        if outputs is not None:
            self._print("outputs", outputs=outputs)
        if self._summary is not None:
            self._print("summary", **self._summary)

    def _print(self, event: str, **members: Any) -> None:
        with self._lock:
            sys.stdout.write(json.dumps({"event": event, **members}) + "\n")
            sys.stdout.flush()


def _step(metadata: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "op": getattr(metadata.op, "value", metadata.op),
        "urn": metadata.urn,
        "type": resource_type(metadata.urn),
        "name": metadata.urn.rpartition("::")[2],
    }
    if metadata.detailed_diff:
        found["diff"] = {
            path: getattr(diff.diff_kind, "value", diff.diff_kind) for path, diff in metadata.detailed_diff.items()
        }
    if metadata.keys:
        found["replace_keys"] = list(metadata.keys)
    return found
