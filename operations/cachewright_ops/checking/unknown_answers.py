"""Answers of functions that only AWS could give: each value is a stand-in, and unknown wherever it turns up again.

A program gets a function's answer as plain Python, and there an unknown value has no form: `None` would break the first
loop or index. So it gets stand-ins of the types that the function's result class names; what they reach of a
resource's inputs is unknown.
"""

from __future__ import annotations

import importlib
import typing
from types import NoneType
from typing import Any, Final

from cachewright_offline.values import UNKNOWN, Secret

UNKNOWN_TEXT: Final = "cachewright-unknown-1f6c0c7e"
# Whole numbers and texts can be recognized again; a truth value cannot, and stands for itself.
_NUMBER: Final = -86_400_310_407
# Programs index the zones or subnets that a function finds, three at most times.
_ELEMENTS: Final = 3
_DEPTH: Final = 8


def answer(token: str) -> dict[str, Any]:
    """Return a function's answer with stand-ins, from its result class; empty where there is none.

    Args:
        token: The function, such as `aws:ec2/getAmi:getAmi`.
    """
    result = _result_class(token)
    return {} if result is None else _members(result, 0)


def restored(value: Any) -> Any:
    """Return an input with every stand-in, and every text that one stands in, as an unknown value."""
    kind = value.__class__
    if kind is str:
        return UNKNOWN if UNKNOWN_TEXT in value else value
    if kind is int or kind is float:
        return UNKNOWN if value == _NUMBER else value
    if kind is list:
        return [restored(one) for one in value]
    if kind is dict:
        return {key: restored(one) for key, one in value.items() if UNKNOWN_TEXT not in key}
    if kind is Secret:
        return Secret(restored(value.element))
    return value


def _result_class(token: str) -> type | None:
    package, module, name = [*token.split(":"), "", ""][:3]
    folder = module.split("/", maxsplit=1)[0]
    try:
        found = importlib.import_module(f"pulumi_{package}" + ("" if folder in {"", "index"} else f".{folder}"))
    except ImportError:
        return None
    result = getattr(found, f"{name[:1].upper()}{name[1:]}Result", None)
    return result if isinstance(result, type) else None


def _members(owner: type, depth: int) -> dict[str, Any]:
    found = {}
    for name, member in vars(owner).items():
        wire_name = getattr(getattr(member, "fget", None), "_pulumi_name", None)
        if wire_name is not None and not name.startswith("_"):
            found[wire_name] = _stand_in(_annotated(owner, member.fget), depth)
    return found


def _annotated(owner: type, getter: Any) -> Any:
    """Return what a getter returns; a nested type is named relative to the module that its owner is defined in."""
    module = importlib.import_module(owner.__module__)
    try:
        return typing.get_type_hints(getter, vars(module)).get("return")
    except (NameError, AttributeError):
        return None


def _stand_in(kind: Any, depth: int) -> Any:
    origin = typing.get_origin(kind)
    arguments = [one for one in typing.get_args(kind) if one is not NoneType]
    if kind is str:
        return UNKNOWN_TEXT
    if kind is bool:
        return False
    if kind is int or kind is float:
        return _NUMBER
    if origin is typing.Union and arguments:
        return _stand_in(arguments[0], depth)
    if origin is not None and issubclass(origin, typing.Sequence) and depth < _DEPTH:
        return [_stand_in(arguments[0], depth + 1) for _ in range(_ELEMENTS)]
    if isinstance(kind, type) and depth < _DEPTH:
        return _members(kind, depth + 1)
    return {}
