"""Answers a repeated call with the answer it got before.

A client that is killed between the request and its state file does not know whether the request was carried out.
It names its call in a header; when the same call comes again under the same name, it gets the recorded answer and
nothing is done twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPERATION_HEADER = "x-cachewright-operation"
_ENVIRON_KEY = "HTTP_X_CACHEWRIGHT_OPERATION"

# SDKs fill these in with a new random value on every attempt: they say nothing about what is asked for.
_IDEMPOTENCY_TOKENS = frozenset({"ClientToken", "ClientRequestToken", "clientToken", "clientRequestToken"})


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """One answer, whole."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class OperationRecorder:
    """Recorded answers by operation name and request, the oldest forgotten first when the bounds are reached."""

    def __init__(self, max_entries: int = 20_000, max_bytes: int = 64 * 1024 * 1024) -> None:
        self._entries: OrderedDict[tuple[str, str], RecordedResponse] = OrderedDict()
        self._bytes = 0
        self._max_entries = max_entries
        self._max_bytes = max_bytes

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        """Forget all answers."""
        self._entries.clear()
        self._bytes = 0

    def find(self, operation: str, fingerprint: str) -> RecordedResponse | None:
        """Return the answer that the same call of the same operation got."""
        return self._entries.get((operation, fingerprint))

    def record(self, operation: str, fingerprint: str, response: RecordedResponse) -> None:
        """Keep an answer."""
        previous = self._entries.pop((operation, fingerprint), None)
        if previous is not None:
            self._bytes -= len(previous.body)
        self._entries[operation, fingerprint] = response
        self._bytes += len(response.body)
        while len(self._entries) > self._max_entries or (self._bytes > self._max_bytes and len(self._entries) > 1):
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= len(oldest.body)


def fingerprint(environ: dict[str, Any], body: bytes) -> str:
    """Return what identifies a request: method, path, service and region, action and arguments."""
    content_type = environ.get("CONTENT_TYPE") or ""
    digest = hashlib.sha256()
    scope = _credential_scope(environ.get("HTTP_AUTHORIZATION") or "")
    parts = (
        environ.get("REQUEST_METHOD") or "",
        environ.get("PATH_INFO") or "",
        environ.get("QUERY_STRING") or "",
        environ.get("HTTP_X_AMZ_TARGET") or "",
        scope,
    )
    for part in parts:
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    digest.update(_without_tokens(content_type, body))
    return digest.hexdigest()


def _credential_scope(authorization: str) -> str:
    """Return account key, region and service of a signature; its date and signature change with every attempt."""
    _, _, credential = authorization.partition("Credential=")
    fields = credential.split(",", 1)[0].split("/")
    return "/".join([fields[0], *fields[2:4]]) if len(fields) >= 4 else ""


def _without_tokens(content_type: str, body: bytes) -> bytes:
    if not any(token.encode() in body for token in _IDEMPOTENCY_TOKENS):
        return body
    try:
        if "json" in content_type:
            document = json.loads(body)
            if isinstance(document, dict):
                kept = {key: value for key, value in document.items() if key not in _IDEMPOTENCY_TOKENS}
                return json.dumps(kept, sort_keys=True).encode()
        elif "form-urlencoded" in content_type:
            pairs = parse_qsl(body.decode(), keep_blank_values=True)
            return urlencode([(key, value) for key, value in pairs if key not in _IDEMPOTENCY_TOKENS]).encode()
    except ValueError:
        return body
    return body


class ReplayMiddleware:
    """Holds an application behind an `OperationRecorder`. Expects the request's body buffered in `wsgi.input`.

    Only answers that say that something was done are kept: a call that was refused changed nothing, and is asked anew.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], recorder: OperationRecorder) -> None:
        self._application = application
        self._recorder = recorder

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the record, or ask the application and record."""
        operation = environ.get(_ENVIRON_KEY)
        if not operation:
            return self._application(environ, start_response)
        stream = environ["wsgi.input"]
        mark = fingerprint(environ, stream.read())
        stream.seek(0)
        recorded = self._recorder.find(operation, mark)
        if recorded is None:
            recorded = capture(self._application, environ)
            if recorded.status.startswith("2"):
                self._recorder.record(operation, mark, recorded)
        start_response(recorded.status, list(recorded.headers))
        return [recorded.body]


def capture(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> RecordedResponse:
    """Run a WSGI application to its end and return the whole answer."""
    status = ""
    headers: list[tuple[str, str]] = []
    written: list[bytes] = []

    def start(new_status: str, new_headers: list[tuple[str, str]], _exc_info: object = None) -> Callable[[bytes], None]:
        nonlocal status, headers
        status, headers = new_status, list(new_headers)
        return written.append

    iterable = application(environ, start)
    try:
        written.extend(iterable)
    finally:
        close = getattr(iterable, "close", None)
        if close is not None:
            close()
    return RecordedResponse(status, headers, b"".join(written))
