"""What Pulumi's SDK finds out about each value anew, answered at once where the answer is plain or known.

A text or a number passes a dozen checks on its way to the engine and back, none of which can concern it; a type's
hints are taken apart for each value of the type. The answers here are the SDK's own: those for types are kept while
the program runs, and everything but plain values is handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pulumi import Output
from pulumi.runtime import resource, rpc

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

_PLAIN = frozenset({str, int, float, bool, type(None)})

_serialize_property = rpc.serialize_property
_contains_unknowns = rpc.contains_unknowns
_create_urn = resource.create_urn


async def serialize_property(value: Any, *arguments: Any, **options: Any) -> Any:
    """Return a value as the engine is sent it."""
    if value.__class__ in _PLAIN and not options.get("return_protobuf_value"):
        return value
    return await _serialize_property(value, *arguments, **options)


def contains_unknowns(val: Any) -> bool:
    """Tell whether a value is, or holds, an unknown one."""
    return val.__class__ not in _PLAIN and _contains_unknowns(val)


def create_urn(name: Any, type_: Any, parent: Any = None, *arguments: Any, **options: Any) -> Output[str]:
    """Return a URN; of plain text without waiting for anything."""
    if name.__class__ is str and type_.__class__ is str and parent.__class__ is str:
        return Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")
    return _create_urn(name, type_, parent, *arguments, **options)


def remembered(function: Callable[[Any], _T]) -> Callable[[Any], _T]:
    """Return `function`, which is one of a type, with its answers kept.

    Types are told apart by identity: their hashes cost more than many answers, and not every type hint has one.
    """
    known: dict[int, tuple[object, _T]] = {}

    def answer(of: Any) -> _T:
        found = known.get(id(of))
        if found is None:
            # The type is kept beside the answer, so that no other can have its identity.
            found = known[id(of)] = (of, function(of))
        return found[1]

    return answer
