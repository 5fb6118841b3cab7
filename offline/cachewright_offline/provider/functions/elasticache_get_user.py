"""aws.elasticache.get_user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import described

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Read one that exists."""
    told = described.of(call, "aws:elasticache/user:User", "userId", arguments)
    mode = told.pop("authenticationMode", None)
    told["authenticationModes"] = [] if mode is None else [mode]
    return told
