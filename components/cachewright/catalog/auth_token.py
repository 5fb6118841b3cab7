"""What AWS allows as an AUTH token. Source: AWS's user guide, "Authenticating with the AUTH command"."""

from __future__ import annotations

import re

MINIMUM_LENGTH = 16
MAXIMUM_LENGTH = 128
SPECIAL_CHARACTERS = "!&#$^<>-"

_TOKEN = re.compile(rf"[A-Za-z0-9{re.escape(SPECIAL_CHARACTERS)}]*")


def problem(token: str) -> str | None:
    """Return what is wrong with a token, or None; the token itself is never part of it."""
    if not MINIMUM_LENGTH <= len(token) <= MAXIMUM_LENGTH:
        lengths = f"{MINIMUM_LENGTH}-{MAXIMUM_LENGTH}"
        return f"must be {lengths} characters, got {len(token)}; leave it out to have one generated"
    if not _TOKEN.fullmatch(token):
        return (
            f"must hold only letters, digits and {SPECIAL_CHARACTERS}, got another character;"
            " leave it out to have one generated"
        )
    return None
