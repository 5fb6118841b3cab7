"""CopySnapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from cachewright_offline.cloud.elasticache import bucket_exports, customer_keys
from cachewright_offline.cloud.elasticache.faults import invalid_combination
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.operations.snapshots import daily_quota
from cachewright_offline.cloud.elasticache.operations.snapshots.description import shown
from cachewright_offline.cloud.elasticache.operations.snapshots.records import (
    Snapshots,
    check_readable,
    free_name,
    keep,
)
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshot
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("CopySnapshot")
def copy_snapshot(context: Context, params: Params) -> Result:
    """Copy a snapshot; an export to a bucket is refused, as there are no data to write."""
    source = context.state.part(Snapshots).find(params["SourceSnapshotName"])
    check_readable(source)
    if params.get("TargetBucket"):
        _refuse_export(context, source, params)
    daily_quota.check(context, source)
    name = free_name(context, params, "TargetSnapshotName")
    key = customer_keys.usable(context, params.get("KmsKeyId")) or source.kms_key_id
    copy = replace(source, name=name, kms_key_id=key, kind="manual", status="creating", restoring=0)
    keep(context, copy, new_tags(params))
    return {"Snapshot": shown(context, copy, node_group_config=True)}


def _refuse_export(context: Context, source: Snapshot, params: Params) -> NoReturn:
    name = identifier(params, "TargetSnapshotName", "snapshot_name")
    if source.facts.get("DataTiering") == "enabled":
        raise invalid_combination("A snapshot with data tiering cannot be exported to an S3 bucket.")
    # There is one file for each shard where the keys are spread over slots.
    key = f"{name}-{source.nodes[0].node_group_id}.rdb" if source.cluster_enabled else f"{name}.rdb"
    bucket_exports.refuse(context, params["TargetBucket"], key)
