"""aws.elasticache.get_subnet_group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import described

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Read one that exists."""
    return described.of(call, "aws:elasticache/subnetGroup:SubnetGroup", "name", arguments)
