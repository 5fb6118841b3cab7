"""Turns what an application cannot answer into an error that SDKs can read.

moto lets exceptions escape for operations that it does not have and for input that it does not expect; a client would
get an HTML page. AWS answers in the protocol of the service that was asked.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import OperationNotFoundError

from cachewright_offline.cloud.replay import capture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnknownServiceError(Exception):
    """A request is signed for a service that does not exist."""


_log = logging.getLogger(__name__)


class ErrorShapeMiddleware:
    """Catches every exception of an application, and its HTML error pages."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, whatever happens."""
        stream = environ["wsgi.input"]
        body = stream.read()
        stream.seek(0)
        action = action_name(environ, body)
        try:
            answer = capture(self._application, environ)
        except OperationNotFoundError:
            message = f"The action {action} is not valid for this web service."
            return error_answer(environ, start_response, "400 Bad Request", "InvalidAction", message)
        except UnknownServiceError:
            message = "Credential should be scoped to correct service."
            return error_answer(environ, start_response, "403 Forbidden", "SignatureDoesNotMatch", message)
        except NotImplementedError:
            message = f"{action} is not implemented by the local AWS."
            return error_answer(environ, start_response, "501 Not Implemented", "NotImplemented", message)
        except Exception:  # noqa: BLE001  # a defect of one operation must not end the server
            _log.exception("%s failed", action)
            message = f"{action} failed inside the local AWS; its log has the details."
            return error_answer(environ, start_response, "500 Internal Server Error", "InternalFailure", message)
        content_type = next((value for key, value in answer.headers if key.lower() == "content-type"), "")
        if (
            content_type.startswith("text/html")
            and answer.status[:1] in {"4", "5"}
            and b"<!doctype html>" in answer.body
        ):
            message = f"{action} is not implemented by the local AWS."
            return error_answer(environ, start_response, "501 Not Implemented", "NotImplemented", message)
        start_response(answer.status, answer.headers)
        return [answer.body]


def error_answer(
    environ: dict[str, Any], start_response: Callable[..., Any], status: str, code: str, message: str
) -> list[bytes]:
    """Answer with an error in the protocol of the request."""
    if uses_json(environ):
        content_type = environ.get("CONTENT_TYPE") or "application/x-amz-json-1.1"
        body = json.dumps({"__type": code, "message": message}).encode()
    else:
        content_type = "text/xml"
        body = error_xml(code, message, receiver=status.startswith("5"))
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("x-amzn-ErrorType", code)]
    start_response(status, headers)
    return [body]


def uses_json(environ: dict[str, Any]) -> bool:
    """Tell whether a request is in one of AWS's JSON protocols."""
    return "json" in (environ.get("CONTENT_TYPE") or "") or bool(environ.get("HTTP_X_AMZ_TARGET"))


def action_name(environ: dict[str, Any], body: bytes) -> str:
    """Return the name of the operation that a request asks for, or its method and path."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return str(target).rsplit(".", 1)[-1]
    found = re.search(r"(?:^|&)Action=([A-Za-z0-9]+)", body[:100_000].decode("latin-1"))
    if found:
        return str(found.group(1))
    for key, value in parse_qsl(environ.get("QUERY_STRING") or ""):
        if key == "Action":
            return str(value)
    return f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"


def error_xml(code: str, message: str, *, receiver: bool = False, namespace: str = "") -> bytes:
    """Return an error in the XML of AWS's query protocol."""
    attribute = f' xmlns="{namespace}"' if namespace else ""
    # What a client sent stands in messages, and not every character may stand in XML.
    message = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", message)
    code = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", code)
    return (
        f"<ErrorResponse{attribute}><Error><Type>{'Receiver' if receiver else 'Sender'}</Type>"
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    ).encode()
