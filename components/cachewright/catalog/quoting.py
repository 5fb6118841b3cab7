"""Showing in a message what was found."""

from __future__ import annotations

_SHOWN = 60


def shown(value: str) -> str:
    """Return a value as a message shows it: quoted, and cut where it is long. Never for secrets.

    >>> shown("main cache")
    "'main cache'"
    """
    return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}... of {len(value)} characters"
