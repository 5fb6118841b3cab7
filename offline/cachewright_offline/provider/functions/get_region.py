"""aws.get_region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import get_partition

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Tell the region of the provider, or describe the one that is named."""
    named = arguments.get("name")
    region = named if isinstance(named, str) and named else call.region
    return {
        "description": region,
        "endpoint": f"ec2.{region}.{get_partition.dns_suffix(region)}",
        "id": region,
        "name": region,
        "region": region,
    }
