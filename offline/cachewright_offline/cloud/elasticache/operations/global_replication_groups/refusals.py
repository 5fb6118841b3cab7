"""What operations on global datastores refuse: most of them know one code for bad parameters."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache.faults import Fault, invalid_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.registry import Params

# What the checks of replication groups say, and these operations do not have in AWS's model.
_OTHER_CODES: Final = frozenset(
    {
        "CacheParameterGroupNotFound",
        "InvalidParameterCombination",
        "NodeGroupsPerReplicationGroupQuotaExceeded",
        "NodeQuotaForClusterExceeded",
    }
)


@contextmanager
def invalid_values_only() -> Iterator[None]:
    """Say InvalidParameterValue where a check that is shared with replication groups says it more closely."""
    try:
        yield
    except Fault as refusal:
        if refusal.code not in _OTHER_CODES:
            raise
        raise invalid_value(refusal.message) from None


def check_immediate(params: Params) -> None:
    """Refuse to wait: botocore says that there is no window for it, and that only true is permitted for shards."""
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: a global datastore has no maintenance window.")
