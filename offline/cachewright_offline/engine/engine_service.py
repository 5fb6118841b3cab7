"""The engine object that Pulumi's SDK logs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2

from cachewright_offline.engine.events import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.engine.events import Event, Severity

_SEVERITIES: dict[int, Severity] = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


class EngineService:
    """Takes log messages.

    Args:
        emit: Takes events.
        debug: Whether debug messages are wanted.
    """

    def __init__(self, emit: Callable[[Event], None], *, debug: bool) -> None:
        self._emit = emit
        self._debug = debug
        self._root = ""

    def Log(self, request: Any) -> Any:  # noqa: N802 - the stub's name
        """Report a message of the program."""
        severity = _SEVERITIES.get(request.severity, "info")
        if severity != "debug" or self._debug:
            self._emit(Diagnostic(severity, request.message, request.urn))
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Return the stack's URN."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any) -> Any:  # noqa: N802
        """Take the stack's URN."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Accept any version: the state this engine writes is Pulumi's."""
        return engine_pb2.RequirePulumiVersionResponse()

    def StartDebugging(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Do nothing: the program runs in this process."""
        return empty_pb2.Empty()
