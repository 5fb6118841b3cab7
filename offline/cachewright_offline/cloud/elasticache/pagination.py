"""`Marker` and `MaxRecords`, and their serverless namesakes."""

from __future__ import annotations

import base64
import binascii
import itertools
from typing import TYPE_CHECKING, TypeVar

from cachewright_offline.cloud.elasticache.faults import invalid_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cachewright_offline.cloud.elasticache.registry import Params

Item = TypeVar("Item")


def page(
    items: Iterable[Item],
    params: Params,
    key: Callable[[Item], str],
    *,
    marker: str = "Marker",
    limit: str = "MaxRecords",
    smallest: int = 20,
    largest: int = 100,
) -> tuple[list[Item], str | None]:
    """Return one page of items in the order of their keys, and the marker of the next page when there is one.

    The marker names the last key that was shown, so items that come or go between two pages neither repeat nor hide
    the others.

    Raises:
        Fault: The limit is out of bounds, or the marker was not made here.
    """
    ordered = sorted(items, key=key)
    return ordered_page(ordered, params, key, marker=marker, limit=limit, smallest=smallest, largest=largest)


def ordered_page(
    items: Iterable[Item],
    params: Params,
    key: Callable[[Item], str],
    *,
    marker: str = "Marker",
    limit: str = "MaxRecords",
    smallest: int = 20,
    largest: int = 100,
) -> tuple[list[Item], str | None]:
    """Return one page of items that come in the order of their keys, as `page` does; no more of them is looked at."""
    size = params.get(limit, largest)
    if not smallest <= size <= largest:
        raise invalid_value(f"Invalid value {size} for {limit}. Must be between {smallest} and {largest}.")
    last = last_key(params, marker)
    if last is not None:
        items = (item for item in items if key(item) > last)
    found = list(itertools.islice(items, size + 1))
    return found[:size], _encode(key(found[size - 1])) if len(found) > size else None


def last_key(params: Params, marker: str = "Marker") -> str | None:
    """Return the key of the last item of the page before, or None for the first page.

    Raises:
        Fault: The marker was not made here.
    """
    given = params.get(marker)
    return _decode(given, marker) if given else None


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(text: str, name: str) -> str:
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError) as error:
        raise invalid_value(f"The value of {name} is invalid.") from error
