"""The HTTP server: moto's services and our ElastiCache behind one lock, on the loopback address only."""

from __future__ import annotations

import io
import logging
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.control_api import ControlApi, Instance
from cachewright_offline.cloud.error_shape import ErrorShapeMiddleware, error_answer
from cachewright_offline.cloud.replay import OperationRecorder, ReplayMiddleware, capture
from cachewright_offline.cloud.signatures import SignedMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.serving import BaseWSGIServer

HOST = "127.0.0.1"
MAX_BODY_BYTES = 64 * 1024 * 1024

# The default AMIs take most of the first EC2 call and no cache needs one.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")


class SerialisingMiddleware:
    """Reads a request whole, then lets one request at a time through.

    moto's services are plain Python objects that assume one caller. A slow client holds no lock: the body is read
    before and the answer is sent after.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        try:
            body = _read_body(environ)
        except OSError as error:
            message = f"The request's body cannot be read: {error}."
            return _refuse(environ, start_response, "400 Bad Request", "MalformedHttpRequestException", message)
        if body is None:
            message = f"The request is larger than {MAX_BODY_BYTES} bytes."
            return _refuse(environ, start_response, "413 Request Entity Too Large", "RequestEntityTooLarge", message)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        with self._lock:
            answered = capture(self._application, environ)
        headers = [(key, value) for key, value in answered.headers if key.lower() != "content-length"]
        headers.append(("Content-Length", str(len(answered.body))))
        start_response(answered.status, headers)
        return [answered.body]


def _refuse(
    environ: dict[str, Any], start_response: Callable[..., Any], status: str, code: str, message: str
) -> Iterable[bytes]:
    """Answer with an error and close the connection: what is left of the request on it was not read."""

    def start(status: str, headers: list[tuple[str, str]]) -> Any:
        return start_response(status, [*headers, ("Connection", "close")])

    return error_answer(environ, start, status, code, message)


def _read_body(environ: dict[str, Any]) -> bytes | None:
    """Return the request's body, or None when it is too large."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        size = int(length) if length.isdigit() else 0
        return None if size > MAX_BODY_BYTES else stream.read(size)
    if environ.get("wsgi.input_terminated"):
        body: bytes = stream.read(MAX_BODY_BYTES + 1)
        return None if len(body) > MAX_BODY_BYTES else body
    return b""


def build_application(instance: Instance) -> Callable[..., Iterable[bytes]]:
    """Return the whole local AWS as a WSGI application."""
    from cachewright_offline.cloud import carrier
    from cachewright_offline.cloud.controls import Controls
    from cachewright_offline.cloud.services.unknown_region import KnownRegionMiddleware

    carrier.install()
    recorder = OperationRecorder()
    controls = Controls(instance, recorder.clear)
    signed = SignedMiddleware(KnownRegionMiddleware(ErrorShapeMiddleware(carrier.application())))
    aws = ReplayMiddleware(_settling(signed), recorder)
    actions = {
        ("GET", "status"): controls.status,
        ("POST", "reset"): controls.reset,
        ("POST", "advance"): controls.advance,
        ("POST", "export"): controls.export,
    }
    return SerialisingMiddleware(ControlApi(aws, actions))


def _settling(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Have what is due happen before any request of any service: alarms and what they scale see the same caches.

    What they begin in turn is settled by what looks at caches afterwards.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        AGENDA.settle()
        return application(environ, start_response)

    return answer


def bind(port: int) -> socket.socket:
    """Return a socket that listens on a loopback port (0: any free one).

    Raises:
        OSError: The port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A port in TIME_WAIT after a stop may be taken again; one that another process listens on may not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(256)
    except BaseException:
        listener.close()
        raise
    return listener


def make_server(listener: socket.socket, instance: Instance) -> BaseWSGIServer:
    """Return the server on a listening socket, not yet serving."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server as make_werkzeug_server

    class Handler(MotoRequestHandler):  # type: ignore[misc]
        """Keeps connections open, and keeps its log to what went wrong."""

        protocol_version = "HTTP/1.1"
        # Head and body of an answer are two writes: without this, each answer waits for the client's delayed ACK.
        disable_nagle_algorithm = True

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            logging.getLogger("werkzeug").debug('"%s" %s %s', self.requestline, code, size)

    instance.port = int(listener.getsockname()[1])
    application = build_application(instance)
    server = make_werkzeug_server(
        HOST, instance.port, application, threaded=True, request_handler=Handler, fd=listener.fileno()
    )
    server.daemon_threads = True
    return server
