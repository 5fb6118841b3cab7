"""Quotas that AWS raises on request, raised for a local AWS: `nodes_per_region=5000`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from cachewright.catalog.limits import limits
from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse(text: str) -> tuple[str, int]:
    """Return name and value of a quota.

    Raises:
        CachewrightError: It is not of the form `name=value`, or AWS raises no quota of this name.
    """
    name, _, value = text.partition("=")
    if not (value.isascii() and value.isdecimal() and 0 < int(value[:10]) <= 1_000_000_000 and len(value) <= 10):
        message = f"quota: expected name=value such as `nodes_per_region=5000`, found {text!r}; give a whole number"
        raise CachewrightError(message)
    found = limits().get(name)
    if found is None or not found.adjustable:
        names = ", ".join(sorted(one.name for one in limits().values() if one.adjustable))
        message = f"quota: expected one that AWS raises on request, found {name!r}; give one of {names}"
        raise CachewrightError(message)
    return name, int(value)


def apply(texts: Iterable[str]) -> None:
    """Have quotas be these in this process.

    Raises:
        CachewrightError: One is malformed; none is changed then.
    """
    for name, value in [parse(text) for text in texts]:
        limits()[name] = dataclasses.replace(limits()[name], value=value)
