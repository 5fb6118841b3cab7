"""The paths under `/_cachewright/` by which `cachewright local` talks to the running process."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PREFIX = "/_cachewright/"


def product_version() -> str:
    """Return the installed version, or `0` when it runs from a bare source tree."""
    try:
        return version("cachewright")
    except PackageNotFoundError:
        return "0"


def _new_instance_id() -> str:
    return f"local-{uuid.uuid4().hex[:16]}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class Instance:
    """Which run of the local AWS this is. A reset makes it another one: what it held is gone."""

    port: int = 0
    instance_id: str = field(default_factory=_new_instance_id)
    started_at: str = field(default_factory=_now)

    def renew(self) -> None:
        """Become another instance."""
        self.instance_id = _new_instance_id()
        self.started_at = _now()

    def describe(self) -> dict[str, Any]:
        """Return what `status` tells about the process."""
        return {
            "instance_id": self.instance_id,
            "started_at": self.started_at,
            "pid": os.getpid(),
            "version": product_version(),
            "port": self.port,
        }


class ControlApi:
    """Answers the control paths and hands everything else on.

    Args:
        application: What answers AWS's calls.
        instance: This run.
        counts: Returns how many resources of each kind exist.
        reset: Forgets everything.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        instance: Instance,
        counts: Callable[[], Mapping[str, int]],
        reset: Callable[[], None],
    ) -> None:
        self._application = application
        self._instance = instance
        self._counts = counts
        self._reset = reset

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO") or ""
        if not path.startswith(PREFIX):
            return self._application(environ, start_response)
        method = environ.get("REQUEST_METHOD")
        action = path.removeprefix(PREFIX)
        if action == "status" and method == "GET":
            return _json(start_response, "200 OK", self._instance.describe() | {"resources": dict(self._counts())})
        if action == "reset" and method == "POST":
            self._reset()
            self._instance.renew()
            return _json(start_response, "200 OK", self._instance.describe() | {"resources": dict(self._counts())})
        expected = {"status": "GET", "reset": "POST"}.get(action)
        if expected is None:
            message = f"{path} is no control path: expected {PREFIX}status or {PREFIX}reset"
            return _json(start_response, "404 Not Found", {"message": message})
        return _json(start_response, "405 Method Not Allowed", {"message": f"{path} takes {expected}, not {method}"})


def _json(start_response: Callable[..., Any], status: str, document: Mapping[str, Any]) -> list[bytes]:
    body = json.dumps(document).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
