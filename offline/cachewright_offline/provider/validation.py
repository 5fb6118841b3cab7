"""Rules that handlers put on inputs in `check_more`. Unknown and missing values pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cachewright_offline.provider.protocol import CheckFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cachewright_offline.values import Properties


def one_of(inputs: Properties, name: str, *allowed: str, fold_case: bool = False) -> Iterator[CheckFailure]:
    """Refuse a string that is not one of `allowed`."""
    value = inputs.get(name)
    if isinstance(value, str) and (value.lower() if fold_case else value) not in allowed:
        yield CheckFailure(name, f"expected {_either(allowed)}, found {value!r}")


def between(inputs: Properties, name: str, minimum: int, maximum: int | None = None) -> Iterator[CheckFailure]:
    """Refuse a number outside of a range."""
    value = inputs.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if value < minimum or (maximum is not None and value > maximum):
        wanted = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
        yield CheckFailure(name, f"expected {wanted}, found {value}")


def matches(inputs: Properties, name: str, pattern: str, expected: str) -> Iterator[CheckFailure]:
    """Refuse a string that a pattern does not match as a whole."""
    value = inputs.get(name)
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield CheckFailure(name, f"expected {expected}, found {value!r}")


def problem(inputs: Properties, name: str, rule: Callable[[str], str | None]) -> Iterator[CheckFailure]:
    """Refuse a string for the reason that a rule of the catalog gives."""
    value = inputs.get(name)
    if isinstance(value, str):
        reason = rule(value)
        if reason is not None:
            yield CheckFailure(name, reason)


def _either(allowed: tuple[str, ...]) -> str:
    return " or ".join(allowed) if len(allowed) < 3 else f"one of {', '.join(allowed)}"
