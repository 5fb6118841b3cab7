"""Migration of data from an endpoint of the customer's own, to a replication group or to a serverless cache.

No data are moved here; what is kept is which cache is being migrated to, and from where. Source of a replication
group's rules: AWS's user guide, "Preparing your source and target nodes for migration".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import replication_groups, serverless_migrations
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_MIGRATING: Final = "migrating"
_FIRST_VERSION: Final = "5.0.6"
_OF_SERVERLESS: Final = ("AutoCutover", "ClearTargetCacheData")


@operation("TestMigration")
def test_migration(context: Context, params: Params) -> Result:
    """Test the connection to the source: the group is as it was at the next request."""
    group = _target(context, params["ReplicationGroupId"])
    source = the_endpoint(params)
    replication_groups.begin(context, group, "modifying", "modify", lambda: _tell_test(context, group, source))
    return {"ReplicationGroup": replication_groups.shown(context, group)}


def _tell_test(context: Context, group: ReplicationGroup, source: dict[str, Any]) -> None:
    message = f"Test Migration successful for {group.id} from {source['Address']}:{source['Port']}"
    context.state.record_event("replication-group", group.id, message)


@operation("StartMigration")
def start_migration(context: Context, params: Params) -> Result:
    """Let a group replicate from the source until the migration is completed."""
    if _is_serverless(params):
        return {"ServerlessCache": serverless_migrations.start(context, params)}
    given = [name for name in _OF_SERVERLESS if params.get(name) is not None]
    if given:
        raise invalid_combination(f"{given[0]} is for the migration to a serverless cache only.")
    group = _target(context, params["ReplicationGroupId"])
    group.migrating_from = the_endpoint(params)
    group.status = _MIGRATING
    context.state.record_event("replication-group", group.id, f"Start Migration successful for {group.id}")
    return {"ReplicationGroup": replication_groups.shown(context, group)}


@operation("CompleteMigration")
def complete_migration(context: Context, params: Params) -> Result:
    """Make a group independent of the source; here its data are always in sync, so Force changes nothing."""
    if _is_serverless(params):
        return {"ServerlessCache": serverless_migrations.complete(context, params)}
    group = replication_groups.find(context, params["ReplicationGroupId"])
    if group.migrating_from is None:
        message = f"Replication group {group.id} is not under migration."
        raise fault("ReplicationGroupNotUnderMigrationFault", message)
    group.migrating_from = None
    replication_groups.begin(context, group, _MIGRATING, "modify", lambda: _tell_completion(context, group))
    return {"ReplicationGroup": replication_groups.shown(context, group)}


def _tell_completion(context: Context, group: ReplicationGroup) -> None:
    context.state.record_event("replication-group", group.id, f"Complete Migration successful for {group.id}")


@operation("PrepareMigration")
def prepare_migration(context: Context, params: Params) -> Result:
    """Say from where data are to be migrated to a serverless cache."""
    return {"ServerlessCache": serverless_migrations.prepare(context, params, the_endpoint(params))}


@operation("StopMigration")
def stop_migration(context: Context, params: Params) -> Result:
    """Stop the data sync to a serverless cache; it can be started again."""
    return {"ServerlessCache": serverless_migrations.stop(context, params)}


def _is_serverless(params: Params) -> bool:
    """Tell which of the two kinds of cache a request names."""
    if bool(params.get("ReplicationGroupId")) == bool(params.get("ServerlessCacheName")):
        raise invalid_combination("Exactly one of ReplicationGroupId and ServerlessCacheName must be given.")
    return bool(params.get("ServerlessCacheName"))


def _target(context: Context, id: str) -> ReplicationGroup:
    """Return a group that data can be migrated to."""
    group = replication_groups.find(context, id)
    if group.migrating_from is not None:
        message = f"Replication group {group.id} is already under migration."
        raise fault("ReplicationGroupAlreadyUnderMigrationFault", message)
    group = replication_groups.available(context, id)
    first = engine_versions.version_key(_FIRST_VERSION)
    problems = {
        "is encrypted in transit": group.tls,
        "does not have Multi-AZ enabled": not group.multi_az,
        "is part of a global datastore": group.global_id is not None,
        "has data tiering enabled": group.data_tiering,
        f"runs a version before {_FIRST_VERSION}": engine_versions.version_key(group.version) < first,
    }
    found = [problem for problem, is_so in problems.items() if is_so]
    if found:
        raise invalid_value(f"Data cannot be migrated to replication group {group.id}: it {' and '.join(found)}.")
    return group


def the_endpoint(params: Params) -> dict[str, Any]:
    """Return the one endpoint that a request names."""
    endpoints: list[dict[str, Any]] = params.get("CustomerNodeEndpointList") or []
    if len(endpoints) != 1:
        raise invalid_value(f"CustomerNodeEndpointList must have exactly one element, got {len(endpoints)}.")
    endpoint = endpoints[0]
    if not endpoint.get("Address") or endpoint.get("Port") is None:
        raise invalid_value("The endpoint in CustomerNodeEndpointList must have an Address and a Port.")
    settings.check_port(endpoint["Port"])
    return endpoint
