"""Requests that are signed for a region that does not exist."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.error_shape import error_xml, uses_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SCOPE = re.compile(r"Credential=[^/,]*/\d+/(?P<region>[^/,]+)/")


class KnownRegionMiddleware:
    """Answers for regions that do not exist as AWS does; moto would fail."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION") or "")
        if scope is None or scope["region"] in _regions():
            return self._application(environ, start_response)
        message = f"Credential should be scoped to a valid region, not '{scope['region']}'."
        if uses_json(environ):
            status, code = "400 Bad Request", "InvalidSignatureException"
            content_type = environ.get("CONTENT_TYPE") or "application/x-amz-json-1.1"
            body = json.dumps({"__type": code, "message": message}).encode()
        else:
            status, code = "403 Forbidden", "SignatureDoesNotMatch"
            content_type, body = "text/xml", error_xml(code, message)
        headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("x-amzn-ErrorType", code)]
        start_response(status, headers)
        return [body]


@functools.cache
def _regions() -> frozenset[str]:
    import botocore.session

    session = botocore.session.get_session()
    names = {
        region
        for service in ("ec2", "elasticache", "iam")
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition, allow_non_regional=True)
    }
    return frozenset(names | {"aws-global"})
