"""aws.elasticache.get_serverless_cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import described

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Read one that exists."""
    told = described.of(call, "aws:elasticache/serverlessCache:ServerlessCache", "name", arguments)
    for one, several in (("endpoint", "endpoints"), ("readerEndpoint", "readerEndpoints")):
        found = told.pop(several, None)
        told[one] = found[0] if isinstance(found, list) and found else {}
    return told
