"""Transforms: functions of the program that change a registration or an invoke before the engine takes it.

The SDK serves them on a loopback address of its own; a resource's own transforms run first, then its parents', then
the stack's.
Source: Pulumi's pkg/resource/deploy/source_eval.go (wrapTransformCallback).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.errors import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Transforms:
    """The transforms of one run, and the connections to the servers they stand on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[str, Any] = {}
        self._stack: list[Any] = []
        self._invokes: list[Any] = []
        self._own: dict[str, Sequence[Any]] = {}
        self._parents: dict[str, str] = {}

    def add_for_stack(self, callback: Any) -> None:
        """Let `callback` transform every resource from now on."""
        self._stack.append(callback)

    def add_for_invokes(self, callback: Any) -> None:
        """Let `callback` transform every invoke from now on."""
        self._invokes.append(callback)

    def remember(self, urn: str, parent: str, own: Sequence[Any]) -> None:
        """Note the transforms of a registered resource: they are its children's too."""
        self._parents[urn] = parent
        if own:
            self._own[urn] = list(own)

    def of_resource(self, own: Sequence[Any], parent: str) -> list[Any]:
        """Return the transforms that a resource goes through, in order."""
        if not (own or self._own or self._stack):
            return []
        found = list(own)
        while parent:
            found += self._own.get(parent, ())
            parent = self._parents.get(parent, "")
        return found + self._stack

    def of_invoke(self) -> list[Any]:
        """Return the transforms that an invoke goes through, in order."""
        return list(self._invokes)

    def call(self, callback: Any, request: Any, response: Any) -> Any:
        """Send `request` through one transform and parse what it answers into `response`.

        Raises:
            StepError: The transform failed.
        """
        import grpc  # type: ignore[import-untyped]
        from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc

        with self._lock:
            channel = self._channels.get(callback.target)
            if channel is None:
                options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
                channel = self._channels[callback.target] = grpc.insecure_channel(callback.target, options=options)
        message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request.SerializeToString())
        try:
            answer = callback_pb2_grpc.CallbacksStub(channel).Invoke(message)
        except grpc.RpcError as error:
            details = error.details() if isinstance(error, grpc.Call) else str(error)
            msg = f"invoke transform: {details}"
            raise StepError(msg) from error
        response.ParseFromString(answer.response)
        return response

    def close(self) -> None:
        """Close the connections."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
