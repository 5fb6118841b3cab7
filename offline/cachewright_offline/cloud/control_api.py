"""The paths under `/_cachewright/` by which `cachewright local` talks to the running process."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from cachewright_offline.errors import CachewrightError

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
        actions: The answers by method and path; each takes the JSON object of the request's body.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        actions: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Mapping[str, Any]]],
    ) -> None:
        self._application = application
        self._actions = actions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO") or ""
        if not path.startswith(PREFIX):
            return self._application(environ, start_response)
        method, name = str(environ.get("REQUEST_METHOD")), path.removeprefix(PREFIX)
        action = self._actions.get((method, name))
        if action is None:
            return self._unknown(path, method, name, start_response)
        try:
            return _json(start_response, "200 OK", action(_arguments(environ)))
        except CachewrightError as error:
            return _json(start_response, "400 Bad Request", {"message": str(error)})

    def _unknown(self, path: str, method: str, name: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        expected = next((known for known, action in self._actions if action == name), None)
        if expected is not None:
            message = f"{path} takes {expected}, not {method}"
            return _json(start_response, "405 Method Not Allowed", {"message": message})
        paths = ", ".join(sorted(f"{PREFIX}{action}" for _, action in self._actions))
        return _json(start_response, "404 Not Found", {"message": f"{path} is no control path: expected {paths}"})


def _arguments(environ: dict[str, Any]) -> Mapping[str, Any]:
    body = environ["wsgi.input"].read()
    try:
        arguments = json.loads(body or b"{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        message = 'body: expected a JSON object such as {"duration": "2h"}, or nothing'
        raise CachewrightError(message)
    return arguments


def _json(start_response: Callable[..., Any], status: str, document: Mapping[str, Any]) -> list[bytes]:
    body = json.dumps(document).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
