"""Where Pulumi's SDK does work for every resource that nobody here needs.

Together that is more than half of the time a preview takes. Each is replaced while a program runs by something that
has the same results:

* the whole Python stack is copied with its source lines, and every frame is sent: the engine keeps the first;
* a message is built for each step of a registration, and dropped unless debug messages are wanted;
* each setting is looked up three times;
* each property of a resource costs four futures and a watched task: see `sdk_outputs`;
* each value passes checks that cannot concern it, each type is taken apart anew: see `sdk_values`.

Where the SDK no longer has one of them, it runs as it is: it is another one inside then, and slow is better than wrong.
A test says which.
"""

from __future__ import annotations

import contextlib
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Resource.__init__, CustomResource.__init__ (or ComponentResource.__init__) and that of the concrete class.
_SDK_FRAMES = 3

# Functions of `pulumi._types` that answer the same for the same type.
_OF_TYPES = (
    "input_type_py_to_pulumi_names",
    "is_discriminated_union",
    "resource_pulumi_to_py_names",
    "resource_types",
    "unwrap_optional_type",
    "unwrap_type",
)


@contextlib.contextmanager
def sdk_shortcuts(*, debug: bool) -> Iterator[None]:
    """Replace them for a while."""
    with contextlib.ExitStack() as stack:
        try:
            found = [(owner, name, getattr(owner, name), value) for owner, name, value in replacements(debug=debug)]
        except (AttributeError, ImportError):
            found = []
        for owner, name, before, value in found:
            setattr(owner, name, value)
            stack.callback(setattr, owner, name, before)
        yield


def replacements(*, debug: bool) -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """Yield what is replaced: the module or class, the name in it, and what takes its place."""
    from pulumi import _types, _utils, log
    from pulumi.runtime import resource, rpc

    from cachewright_offline.engine import sdk_outputs, sdk_values

    yield resource, "_get_stack_trace", calling_frame
    if not debug:
        yield log, "debug", _nothing
    yield _utils.ContextProperty, "__get__", _setting
    yield rpc, "transfer_properties", sdk_outputs.transfer_properties
    yield rpc, "serialize_property", sdk_values.serialize_property
    yield rpc, "contains_unknowns", sdk_values.contains_unknowns
    yield resource, "create_urn", sdk_values.create_urn
    for name in _OF_TYPES:
        yield _types, name, sdk_values.remembered(getattr(_types, name))


def _setting(self: Any, instance: object, _: object) -> Any:
    value = self._data.get(self._ContextProperty__default)
    return self if instance is None or isinstance(value, dict) else value


def _nothing(*_: object, **__: object) -> None:
    """Log nothing."""


def calling_frame() -> Any:
    """Return the stack trace of one frame: that which constructs the resource."""
    from pulumi.runtime.proto import source_pb2

    frame = sys._getframe(1)  # noqa: SLF001 - there is no public way to one frame
    seen = 0
    while frame.f_back is not None:
        seen += frame.f_code.co_name == "__init__"
        frame = frame.f_back
        if seen == _SDK_FRAMES:
            position = source_pb2.SourcePosition(uri=_uri(frame.f_code.co_filename), line=frame.f_lineno)
            return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=position)])
    return source_pb2.StackTrace()


@lru_cache(maxsize=1024)
def _uri(file: str) -> str:
    try:
        return Path(file).as_uri()
    except ValueError:
        return ""
