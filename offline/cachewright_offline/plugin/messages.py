"""The provider's results as Pulumi's protobuf messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2, status_pb2

from cachewright_offline.engine import wire
from cachewright_offline.provider.protocol import DiffKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.protocol import CheckFailure, DiffResult, PartialError

_KINDS = {kind: getattr(provider_pb2.PropertyDiff, kind.name) for kind in DiffKind}


def diff_response(result: DiffResult) -> Any:
    """Return what an update would do, property by property."""
    answer = provider_pb2.DiffResponse
    return answer(
        changes=answer.DIFF_SOME if result.changed else answer.DIFF_NONE,
        replaces=result.replace_keys,
        stables=result.stables,
        deleteBeforeReplace=result.delete_before_replace,
        diffs=result.changed_keys,
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=_KINDS[one.kind], inputDiff=one.input_diff)
            for path, one in result.detailed.items()
        },
        hasDetailedDiff=True,
    )


def failures(found: Iterable[CheckFailure]) -> list[Any]:
    """Return the inputs that the provider refuses."""
    return [provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in found]


def init_failed(error: PartialError, code: int) -> bytes:
    """Return the details of an error that left a resource: the engine keeps it in the state, and tries again."""
    status = status_pb2.Status(code=code, message=str(error))
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.state.id,
            properties=wire.encode_struct(error.state.outputs),
            inputs=wire.encode_struct(error.state.inputs),
            reasons=[str(error)],
        )
    )
    data: bytes = status.SerializeToString()
    return data
