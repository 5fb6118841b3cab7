"""Three places where Pulumi's SDK does work for every resource that nobody here needs.

It copies the whole Python stack with its source lines and sends every frame (the engine keeps the first), it builds
a log message for each step of a registration (dropped unless debug messages are wanted), and it looks each setting
up three times. Together that is a third of the time a preview takes. They are replaced while a program runs; where
the SDK no longer has them, nothing is replaced.
"""

from __future__ import annotations

import contextlib
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Resource.__init__, CustomResource.__init__ (or ComponentResource.__init__) and that of the concrete class.
_SDK_FRAMES = 3


@contextlib.contextmanager
def sdk_shortcuts(*, debug: bool) -> Iterator[None]:
    """Replace them for a while."""
    import pulumi._utils
    import pulumi.log
    import pulumi.runtime.resource

    with contextlib.ExitStack() as stack:
        _replace(stack, pulumi.runtime.resource, "_get_stack_trace", calling_frame)
        if not debug:
            _replace(stack, pulumi.log, "debug", _nothing)
        _replace(stack, pulumi._utils.contextproperty, "__get__", _setting)  # noqa: SLF001 - see above
        yield


def _replace(stack: contextlib.ExitStack, module: Any, name: str, value: Any) -> None:
    before = getattr(module, name, None)
    if before is not None:
        setattr(module, name, value)
        stack.callback(setattr, module, name, before)


def _setting(self: Any, instance: object, _: object) -> Any:
    value = self._data.get(self._contextproperty__default)
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
