"""How a speed is written: `instant`, `1x`, `60x`."""

from __future__ import annotations

import re
from typing import Final

from cachewright_offline.errors import CachewrightError

INSTANT: Final = "instant"
_FASTEST: Final = 1_000_000
_FORM: Final = re.compile(r"(?P<factor>[0-9]{1,7}(\.[0-9]{1,3})?)x?")


def parse(text: str) -> float | None:
    """Return how many times faster than on AWS resources change state, or None for at once.

    >>> parse("10x"), parse("instant")
    (10.0, None)

    Raises:
        CachewrightError: It is no speed.
    """
    written = text.strip().lower()
    if written == INSTANT:
        return None
    match = _FORM.fullmatch(written)
    factor = float(match["factor"]) if match else 0.0
    if not 0 < factor <= _FASTEST:
        message = (
            f"speed: expected `instant`, or a factor above 0 and up to {_FASTEST} such as `1x` or `60x`, "
            f"found {text!r}; leave it out for instant"
        )
        raise CachewrightError(message)
    return factor


def shown(speed: float | None) -> str:
    """Return a speed as it is written.

    >>> shown(60.0), shown(None)
    ('60x', 'instant')
    """
    return INSTANT if speed is None else f"{speed:.3f}".rstrip("0").rstrip(".") + "x"
