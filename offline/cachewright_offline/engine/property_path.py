"""Paths into property values: `tags.Name`, `parameters[0].value`, `root["a key"]`, `*`.

Source: Pulumi's sdk/go/common/resource/properties_path.go.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from cachewright_offline.values import Secret

if TYPE_CHECKING:
    from cachewright_offline.values import Properties, PropertyValue

Path: TypeAlias = "tuple[str | int, ...]"


@lru_cache(maxsize=4096)
def parse(text: str) -> Path:
    """Return the keys of a path.

    Raises:
        ValueError: The path is malformed.
    """
    if text.startswith("."):
        msg = "expected property path to start with a name or index"
        raise ValueError(msg)
    keys: list[str | int] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character == ".":
            position += 1
            if position == len(text):
                msg = "expected property path to end with a name or index"
                raise ValueError(msg)
        elif text.startswith('["', position):
            key, position = _quoted(text, position + 2)
            keys.append(key)
        elif character == "[":
            end = text.find("]", position)
            if end < 0:
                msg = "missing closing bracket in array index"
                raise ValueError(msg)
            segment = text[position + 1 : end]
            if segment != "*" and not segment.lstrip("-").isdigit():
                msg = f"invalid array index: {segment!r}"
                raise ValueError(msg)
            keys.append("*" if segment == "*" else int(segment))
            position = end + 1
        else:
            end = position
            while end < len(text) and text[end] not in ".[":
                end += 1
            keys.append(text[position:end])
            position = end
    return tuple(keys)


def _quoted(text: str, position: int) -> tuple[str, int]:
    key: list[str] = []
    while position < len(text):
        if text.startswith('\\"', position):
            key.append('"')
            position += 2
        elif text[position] == '"':
            if not text.startswith("]", position + 1):
                msg = "missing closing bracket in property access"
                raise ValueError(msg)
            return "".join(key), position + 2
        else:
            key.append(text[position])
            position += 1
    msg = "missing closing quote in property name"
    raise ValueError(msg)


def contains(path: Path, other: Path) -> bool:
    """Tell whether `path` is `other` or leads to a place above it; `*` stands for any key."""
    if len(other) < len(path):
        return False
    return all(mine in {"*", theirs} for mine, theirs in zip(path, other, strict=False))


def reset(path: Path, old: Properties, new: Properties) -> bool:
    """Set the place in `new` that `path` names back to what `old` holds there, in place.

    Returns:
        False when that would add or remove an element of a list, or a place in the middle of the path.
    """
    return _reset(path, old, new, old_secret=False, new_secret=False)


def _reset(path: Path, old: PropertyValue, new: PropertyValue, *, old_secret: bool, new_secret: bool) -> bool:
    if not path:
        return False
    while isinstance(old, Secret):
        old, old_secret = old.element, True
    while isinstance(new, Secret):
        new, new_secret = new.element, True
    secret = old_secret and not new_secret
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        return _reset_index(key, rest, old, new, old_secret=old_secret, new_secret=new_secret)
    if key == "*":
        return _reset_all(rest, old, new, old_secret=old_secret, new_secret=new_secret)
    if not rest:
        if isinstance(old, dict) and key in old:
            if not isinstance(new, dict):
                return False
            new[key] = _keep_secret(old[key], secret)
        elif isinstance(new, dict):
            new.pop(key, None)
        return True
    if not isinstance(old, dict) or not isinstance(new, dict):
        return not isinstance(old, dict) and not isinstance(new, dict)
    if key not in new:
        return key not in old
    return _reset(rest, old.get(key), new[key], old_secret=old_secret, new_secret=new_secret)


def _reset_index(
    key: int, rest: Path, old: PropertyValue, new: PropertyValue, *, old_secret: bool, new_secret: bool
) -> bool:
    if key < 0:
        return False
    if not isinstance(old, list) or not isinstance(new, list):
        return not isinstance(old, list) and not isinstance(new, list)
    if key >= len(old) and key >= len(new):
        return not rest
    if key >= len(old) or key >= len(new):
        return False
    if rest:
        return _reset(rest, old[key], new[key], old_secret=old_secret, new_secret=new_secret)
    new[key] = _keep_secret(old[key], old_secret and not new_secret)
    return True


def _reset_all(rest: Path, old: PropertyValue, new: PropertyValue, *, old_secret: bool, new_secret: bool) -> bool:
    secret = old_secret and not new_secret
    if isinstance(new, dict):
        if not isinstance(old, dict):
            return not rest
        if rest:
            return all(
                name in new and _reset(rest, old[name], new[name], old_secret=old_secret, new_secret=new_secret)
                for name in old
            )
        for name in [name for name in new if name not in old]:
            del new[name]
        new.update({name: _keep_secret(value, secret) for name, value in old.items()})
        return True
    if isinstance(new, list):
        if not isinstance(old, list):
            return not rest
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            if not rest:
                new[index] = _keep_secret(before, secret)
            elif not _reset(rest, before, after, old_secret=old_secret, new_secret=new_secret):
                return False
        return len(old) == len(new)
    return False


def _keep_secret(value: PropertyValue, secret: bool) -> PropertyValue:
    return Secret(value) if secret and not isinstance(value, Secret) else value
