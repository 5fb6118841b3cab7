"""aws.get_partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import regions

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def dns_suffix(region: str) -> str:
    """Return what AWS's host names in a region end with.

    >>> dns_suffix("eu-west-1"), dns_suffix("cn-north-1")
    ('amazonaws.com', 'amazonaws.com.cn')
    """
    return "amazonaws.com.cn" if regions.partition(region) == "aws-cn" else "amazonaws.com"


def answer(call: Call, arguments: Properties) -> Properties:
    """Tell the partition of the region."""
    del arguments
    suffix = dns_suffix(call.region)
    return {
        "dnsSuffix": suffix,
        "id": call.partition,
        "partition": call.partition,
        "region": call.region,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }
