"""CreateGlobalReplicationGroup."""

from __future__ import annotations

import hashlib
import string
from typing import TYPE_CHECKING

from cachewright.catalog import global_datastore, names
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups, replication_groups
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    GlobalReplicationGroup,
    GlobalReplicationGroups,
    arn,
    begin,
    tell,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups import durability
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("CreateGlobalReplicationGroup")
def create(context: Context, params: Params) -> Result:
    """Create a global datastore over an existing replication group."""
    id = _id(context, params["GlobalReplicationGroupIdSuffix"])
    groups = context.state.part(GlobalReplicationGroups).groups
    if id in groups:
        raise fault("GlobalReplicationGroupAlreadyExistsFault", f"Global replication group {id} already exists.")
    primary = replication_groups.available(context, params["PrimaryReplicationGroupId"])
    _check_primary(primary)
    tags = new_tags(params)
    description = params.get("GlobalReplicationGroupDescription") or ""
    group = GlobalReplicationGroup(id, description, {context.region: primary.id}, context.region)
    groups[id] = group
    primary.global_id, primary.global_role = id, "PRIMARY"
    # Members are to have the same version: AWS turns it off and does not let it be turned on.
    primary.auto_minor = False
    original = parameter_groups.find(context, primary.parameter_group)
    primary.parameter_group = parameter_groups.copy_for_global(context, original, id).name
    context.state.tags[arn(context, group)] = tags
    message = f"Replication group {primary.id} is the primary of global datastore {id}"
    begin(context, group, "create", lambda: tell(context, primary.id, message))
    return {"GlobalReplicationGroup": shown(context, group)}


def _id(context: Context, suffix: str) -> str:
    problem = names.problem("global_suffix", suffix)
    if problem:
        raise invalid_value(f"The parameter GlobalReplicationGroupIdSuffix {problem}.")
    if global_datastore.region_problem(context.region):
        raise invalid_value(f"Global datastores are not available in {context.region}.")
    prefix = global_datastore.id_prefix(context.region) or _made_up_prefix(context.region)
    return f"{prefix}-{suffix}".lower()


def _made_up_prefix(region: str) -> str:
    """Return five letters for a region that has global datastores and whose prefix AWS does not document."""
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:5])


def _check_primary(primary: ReplicationGroup) -> None:
    if primary.global_id:
        raise fault("InvalidReplicationGroupStateFault", f"{primary.id} is a member of {primary.global_id} already.")
    problem = global_datastore.node_type_problem(primary.node_type)
    problem = problem or global_datastore.engine_problem(primary.engine, primary.version)
    if problem:
        raise invalid_value(f"The primary replication group {primary.id} {problem}")
    if primary.network_type != "ipv4":
        raise invalid_value(f"{primary.id} has the network type {primary.network_type}: global datastores have IPv4.")
    if durability.is_logged(primary.durability):
        raise invalid_value(f"{primary.id} has durability enabled, which global datastores do not support.")
