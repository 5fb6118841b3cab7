"""Why a snapshot is not written to a bucket: there are no data, and AWS has many reasons of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context


def refuse(context: Context, bucket: str, key: str) -> NoReturn:
    """Raise what AWS says of a bucket that is not there, elsewhere or taken; else, that it was granted nothing."""
    region = carrier.bucket_region(context.account_id, context.partition, bucket)
    if region is None:
        raise invalid_value(f"The S3 bucket {bucket} does not exist.")
    if region != context.region:
        raise invalid_value(f"The S3 bucket {bucket} is outside of the region.")
    if carrier.object_exists(context.account_id, context.partition, bucket, key):
        raise invalid_value(f"The S3 bucket {bucket} already contains an object with key {key}.")
    raise invalid_value(f"ElastiCache has not been granted READ permissions {bucket} on the S3 Bucket.")
