"""aws.get_caller_identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Tell who works on the local AWS."""
    del arguments
    return {
        "accountId": call.account_id,
        "arn": f"arn:{call.partition}:iam::{call.account_id}:user/cachewright",
        "id": call.account_id,
        "userId": "AIDACACHEWRIGHTLOCAL",
    }
