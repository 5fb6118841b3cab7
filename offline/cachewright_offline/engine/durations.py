"""Durations as Go writes them: `30s`, `1h30m`, `1.5h`."""

from __future__ import annotations

import re

from cachewright_offline.engine.errors import ConfigurationError

_PIECE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text: str) -> float:
    """Return how many seconds a duration is; an empty one is 0.

    >>> seconds("1h30m"), seconds("90s")
    (5400.0, 90.0)

    Raises:
        ConfigurationError: It is no duration.
    """
    if not text or text == "0":
        return 0.0
    total, position = 0.0, 0
    for piece in _PIECE.finditer(text):
        if piece.start() != position:
            break
        total += float(piece[1]) * _SECONDS[piece[2]]
        position = piece.end()
    if position != len(text):
        msg = f"custom_timeouts must be durations such as '30m' or '1h30m', found {text!r}"
        raise ConfigurationError(msg)
    return total
