"""How the AWS provider writes engine versions, and which change of them goes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

from cachewright_offline.provider.protocol import CheckFailure

_REDIS: Final = re.compile(r"[1-5](\.\d+){2}|6\.x|[6-9]\.\d+")
_VALKEY: Final = re.compile(r"[7-9]\.\d+")
_MEMCACHED: Final = re.compile(r"\d+\.\d+\.\d+")
_EXPECTED: Final = {
    "redis": (_REDIS, "two parts such as 7.1 (6.x for the latest 6; three parts below 6)"),
    "valkey": (_VALKEY, "two parts such as 8.1"),
    "memcached": (_MEMCACHED, "three parts such as 1.6.22"),
}


def check(engine: object, version: object) -> Iterator[CheckFailure]:
    """Refuse a version that is not written as the engine's versions are."""
    if not isinstance(engine, str) or not isinstance(version, str) or engine.lower() not in _EXPECTED:
        return
    pattern, expected = _EXPECTED[engine.lower()]
    if not pattern.fullmatch(version):
        yield CheckFailure("engineVersion", f"expected a version of {engine} in {expected}, found {version!r}")


def key(version: str) -> tuple[float, ...]:
    """Return what versions are ordered by; `6.x` is after every other 6.

    >>> key("6.x") > key("6.2") > key("5.0.6")
    True
    """
    return tuple(
        float("inf") if part == "x" else float(part) for part in version.split(".") if part.isdigit() or part == "x"
    )


def is_downgrade(old: object, new: object) -> bool:
    """Tell whether `new` goes back behind `old`, compared in the parts that both have.

    >>> is_downgrade("7.1.0", "7.1"), is_downgrade("7.1", "7.0"), is_downgrade("6.2", "6.x")
    (False, True, False)
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    old_key, new_key = key(old), key(new)
    length = min(len(old_key), len(new_key))
    return new_key[:length] < old_key[:length]


def is_same(old: str, new: str) -> bool:
    """Tell whether two spellings are one version: `6.x` stands for every 6.

    >>> is_same("6.x", "6.2"), is_same("7.0", "7.1")
    (True, False)
    """
    return old == new or ("6.x" in {old, new} and old.split(".", maxsplit=1)[0] == new.split(".", maxsplit=1)[0] == "6")


def as_written(engine: str, actual: str, given: object) -> str:
    """Return the version that a program writes for the one that AWS tells.

    >>> as_written("redis", "7.1.0", None), as_written("redis", "6.2.6", "6.x"), as_written("memcached", "1.6.22", None)
    ('7.1', '6.x', '1.6.22')
    """
    parts = actual.split(".")
    if engine == "memcached" or int(parts[0]) < 6:
        return actual
    short = ".".join(parts[:2])
    return str(given) if isinstance(given, str) and is_same(given, short) else short
