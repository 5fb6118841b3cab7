"""Takes a request from moto, lets the operation's function answer it, and hands the answer back."""

from __future__ import annotations

import logging
import uuid
from typing import Any, Final, TypeAlias

from moto.core.responses import BaseResponse

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.elasticache import protocol
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.registry import Context, operations
from cachewright_offline.cloud.error_shape import error_xml

_log = logging.getLogger(__name__)

_VERSION: Final = "2015-02-02"

Answer: TypeAlias = tuple[int, dict[str, str], bytes]


class ElastiCacheResponse(BaseResponse):  # type: ignore[misc]
    """moto's view of a request; account and region come from it."""

    def __init__(self) -> None:
        super().__init__(service_name="elasticache")

    def call_action(self) -> Answer:
        """Answer the request. Whatever happens inside, the client gets an answer in AWS's form."""
        action = (self.querystring.get("Action") or [""])[0]
        fields = [(key, values[0]) for key, values in self.querystring.items()]
        try:
            return self._answer(action, fields)
        except Fault as error:
            return _error(error.code, error.message, error.status)
        except Exception:  # noqa: BLE001  # a defect of one operation must not end the server
            _log.exception("%s failed", action)
            return _error("InternalFailure", f"{action} failed inside the local AWS; its log has the details.", 500)

    def _answer(self, action: str, fields: list[tuple[str, str]]) -> Answer:
        if not action:
            return _error("MissingAction", "The request is missing an action or a required parameter.", 400)
        model = protocol.operation_model(action)
        version = (self.querystring.get("Version") or [_VERSION])[0]
        if model is None or version != _VERSION:
            return _error("InvalidAction", f"Could not find operation {action} for version {version}", 400)
        function = operations().get(action)
        if function is None:
            return _error("NotImplemented", f"{action} is not implemented by the local AWS.", 501)
        state = carrier.elasticache_state(self.current_account, self.region)
        if state is None:
            return _error("InvalidParameterValue", f"Invalid region: {self.region}", 400)
        params = protocol.parse(model, fields)
        AGENDA.settle()
        result = function(Context(self.current_account, self.region, state), params)
        return _answer(200, protocol.serialise(model, result, str(uuid.uuid4())))


def _answer(status: int, body: bytes) -> Answer:
    return status, {"Content-Type": "text/xml"}, body


def _error(code: str, message: str, status: int) -> Answer:
    namespace: Any = protocol.service_model().metadata["xmlNamespace"]
    return _answer(status, error_xml(code, message, receiver=status >= 500, namespace=namespace))
