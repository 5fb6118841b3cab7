"""How a span of time is written: `90s`, `2h`, `1d12h`."""

from __future__ import annotations

import re
from typing import Final

from cachewright_offline.errors import CachewrightError

_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_FORM: Final = re.compile("".join(rf"(?:(?P<{unit}>[0-9]{{1,9}}){unit})?" for unit in _SECONDS))
# Farther than any reservation, window or retention reaches; datetime ends in the year 9999.
_LONGEST_DAYS: Final = 3_650


def parse(text: str) -> int:
    """Return the seconds of a span.

    >>> parse("90s"), parse("2h"), parse("1d12h")
    (90, 7200, 129600)

    Raises:
        CachewrightError: It is no span, or one longer than ten years.
    """
    written = "".join(text.lower().split())
    match = _FORM.fullmatch(written)
    if not written or match is None:
        message = (
            f"duration: expected days, hours, minutes and seconds such as `90s`, `2h` or `1d12h`, found {text!r};"
            " write each number with its unit, the largest first"
        )
        raise CachewrightError(message)
    seconds = sum(int(match[unit] or 0) * size for unit, size in _SECONDS.items())
    if seconds > _LONGEST_DAYS * _SECONDS["d"]:
        message = f"duration: expected at most {_LONGEST_DAYS}d, found {text!r}; advance in smaller steps"
        raise CachewrightError(message)
    return seconds
