"""CopySnapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import customer_keys
from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.operations.snapshots.description import shown
from cachewright_offline.cloud.elasticache.operations.snapshots.records import (
    Snapshots,
    check_available,
    free_name,
    keep,
)
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("CopySnapshot")
def copy_snapshot(context: Context, params: Params) -> Result:
    """Copy a snapshot; an export to a bucket is refused, as there are no data to write."""
    source = context.state.part(Snapshots).find(params["SourceSnapshotName"])
    if params.get("TargetBucket"):
        bucket = params["TargetBucket"]
        message = f"ElastiCache was unable to validate the authenticated user has access on the S3 bucket {bucket}."
        raise invalid_value(message)
    check_available(source)
    name = free_name(context, params, "TargetSnapshotName")
    key = customer_keys.usable(context, params.get("KmsKeyId")) or source.kms_key_id
    copy = replace(source, name=name, kms_key_id=key, kind="manual", status="creating")
    keep(context, copy, new_tags(params))
    return {"Snapshot": shown(context, copy, node_group_config=True)}
