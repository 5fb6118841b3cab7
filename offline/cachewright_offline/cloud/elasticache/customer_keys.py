"""KMS keys that caches and snapshots are encrypted with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context


def usable(context: Context, key: str | None) -> str | None:
    """Return the ARN of a key that can encrypt, or None when none is given.

    Raises:
        Fault: The key does not exist in this region, or it is not enabled.
    """
    if not key:
        return None
    state = carrier.kms_key_state(context.account_id, context.region, key)
    if state != "Enabled":
        found = "does not exist" if state is None else f"is {state}"
        raise invalid_value(f"The KMS key {key} {found} in {context.region}. It must exist and be enabled.")
    return carrier.kms_key_arn(context.account_id, context.region, key)
