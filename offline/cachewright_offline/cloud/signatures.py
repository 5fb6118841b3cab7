"""Requests of the query protocol that are signed in their address, not at all, or with nothing that says who asks.

Signatures are not verified, but who asks, for which service and where is read from them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from cachewright_offline.cloud.error_shape import action_name, error_answer, uses_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# STS gives credentials for these to callers that have none.
_UNSIGNED: Final = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
_SCOPE: Final = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/[^/,\s]+/[^/,\s]+/aws4_request")
# An access key that is an account's number acts for that account.
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
# S3's old signatures, and tokens.
_OTHER_SCHEMES: Final = ("AWS ", "AWS3-", "Bearer ", "Basic ")
_IN_QUERY: Final = ("X-Amz-Credential=", "AWSAccessKeyId=")


def _from_address(query: str) -> str:
    """Return the header that says what a presigned address of the query protocol says, or nothing."""
    fields = dict(parse_qsl(query))
    if "Action" not in fields or "X-Amz-Credential" not in fields:
        return ""
    return f"AWS4-HMAC-SHA256 Credential={fields['X-Amz-Credential']}, SignedHeaders=host, Signature=presigned"


class SignedMiddleware:
    """Answers calls that are not signed as AWS does; moto would take them for calls of S3."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        authorization = str(environ.get("HTTP_AUTHORIZATION") or "")
        if not authorization:
            authorization = _from_address(str(environ.get("QUERY_STRING") or ""))
            if authorization:
                environ["HTTP_AUTHORIZATION"] = authorization
        scope = _SCOPE.search(authorization)
        if scope and _ACCOUNT.fullmatch(scope["key"]):
            # What moto calls the way to name an account; a header of the request's own is as good.
            environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", scope["key"])
        if authorization and not authorization.startswith(_OTHER_SCHEMES) and not scope:
            message = "Authorization header requires 'Credential' parameter: key/date/region/service/aws4_request."
            return error_answer(environ, start_response, "400 Bad Request", "IncompleteSignature", message)
        if not authorization and self._is_query_call(environ):
            message = "Request is missing Authentication Token"
            return error_answer(environ, start_response, "403 Forbidden", "MissingAuthenticationToken", message)
        return self._application(environ, start_response)

    @staticmethod
    def _is_query_call(environ: dict[str, Any]) -> bool:
        """Tell whether a request without a header of its own names an action and should have been signed."""
        stream = environ["wsgi.input"]
        body = stream.read()
        stream.seek(0)
        if uses_json(environ) or "form-urlencoded" not in str(environ.get("CONTENT_TYPE")):
            return False
        action = action_name(environ, body)
        query = f"{environ.get('QUERY_STRING') or ''}&{body[:100_000].decode('latin-1')}"
        return "Action=" in query and action not in _UNSIGNED and not any(name in query for name in _IN_QUERY)
