"""Serverless caches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions, names
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import customer_keys
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import (
    serverless_automatic,
    serverless_network,
    serverless_restoring,
    serverless_snapshots,
)
from cachewright_offline.cloud.elasticache.operations.serverless_records import (
    Bounds,
    ServerlessCache,
    ServerlessCaches,
)
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.region_code import domain
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# Port, and port of the endpoint that reads from replicas.
_PORTS: Final = {"redis": (6379, 6380), "valkey": (6379, 6380), "memcached": (11211, 11212)}
_CONNECTION_TYPES: Final = ("vpc", "public")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@operation("CreateServerlessCache")
def create_serverless_cache(context: Context, params: Params) -> Result:
    """Make a serverless cache."""
    caches = context.state.part(ServerlessCaches)
    name = identifier(params, "ServerlessCacheName", "serverless_cache_name")
    if name in caches.by_name:
        raise fault("ServerlessCacheAlreadyExistsFault", f"Serverless cache {name} already exists.")
    most = limit("serverless_caches_per_region")
    if len(caches.by_name) >= most:
        message = f"A region may have {most} serverless caches."
        raise fault("ServerlessCacheQuotaForCustomerExceededFault", message)
    engine = params["Engine"].lower()
    if engine not in engine_versions.ENGINES:
        allowed = ", ".join(sorted(engine_versions.ENGINES))
        raise invalid_value(f"Invalid value for Engine: {params['Engine']}. Must be one of: {allowed}.")
    major = _major_version(engine, params.get("MajorEngineVersion"))
    retention, daily_time = _backups(params)
    subnet_ids, security_group_ids = serverless_network.place(context, params)
    connection_type = _one_of(params, "ConnectionType", _CONNECTION_TYPES)
    integrations = [one.get("IntegrationType", "") for one in params.get("Integrations") or ()]
    newest_only = engine == "valkey" and float(major) >= 9
    if connection_type == "public" and not newest_only:
        raise invalid_combination(
            "ConnectionType public requires the Valkey engine with a major version of 9 or above."
        )
    if integrations and (integrations != ["dynamodb"] or not newest_only):
        raise invalid_combination(
            "The only integration is dynamodb, with the Valkey engine of major version 9 or above."
        )
    cache = ServerlessCache(
        name=name,
        engine=engine,
        major_version=major,
        description=_description(params),
        created=context.state.now(),
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        storage=Bounds(),
        processing=Bounds(),
        kms_key_id=customer_keys.usable(context, params.get("KmsKeyId")),
        user_group_id=_user_group(context, params, engine),
        snapshot_retention_limit=retention or 0,
        daily_snapshot_time=daily_time,
        network_type=serverless_network.network_type(context, params, subnet_ids),
        connection_type=connection_type,
        integrations=integrations,
    )
    cache.storage, cache.processing = _limits(params, cache)
    for snapshot_arn in params.get("SnapshotArnsToRestore") or ():
        serverless_restoring.check(context, snapshot_arn, engine, major)
    tags = new_tags(params)
    caches.by_name[name] = cache
    context.state.tags[arn(context, name)] = tags

    def finish() -> None:
        if cache.status == "creating":
            cache.status = "available"
            context.state.record_event("serverless-cache", name, f"Cache {name} is created and ready to use.")

    serverless_restoring.begin(context, params.get("SnapshotArnsToRestore") or [])
    serverless_automatic.plan(context, name)
    context.state.after("serverless-cache-create", finish)
    return {"ServerlessCache": shown(context, cache)}


@operation("ModifyServerlessCache")
def modify_serverless_cache(context: Context, params: Params) -> Result:
    """Change a serverless cache."""
    cache = context.state.part(ServerlessCaches).find(params["ServerlessCacheName"])
    check_available(cache)
    if not {name for name, value in params.items() if value != []} - {"ServerlessCacheName"}:
        raise invalid_combination("No modifications were requested")
    engine, major = _new_engine(cache, params)
    if params.get("RemoveUserGroup") and "UserGroupId" in params:
        raise invalid_combination("RemoveUserGroup and UserGroupId cannot be given together.")
    retention, daily_time = _backups(params)
    storage, processing = _limits(params, cache)
    user_group_id = None if params.get("RemoveUserGroup") else cache.user_group_id
    if "UserGroupId" in params:
        user_group_id = _user_group(context, params, engine)
    elif user_group_id is not None and engine != cache.engine:
        links.user_groups.check_attachable(context, [user_group_id], engine)
    security_group_ids = cache.security_group_ids
    if params.get("SecurityGroupIds"):
        security_group_ids = serverless_network.security_groups(context, params, cache.subnet_ids)
    if "Description" in params:
        cache.description = _description(params)
    cache.engine, cache.major_version = engine, major
    cache.storage, cache.processing = storage, processing
    cache.user_group_id, cache.security_group_ids = user_group_id, security_group_ids
    cache.snapshot_retention_limit = cache.snapshot_retention_limit if retention is None else retention
    cache.daily_snapshot_time = daily_time or cache.daily_snapshot_time
    if retention is not None or daily_time is not None:
        serverless_automatic.plan(context, cache.name)
    cache.status = "modifying"
    told = [
        message
        for parameter, message in (
            ("SecurityGroupIds", f"SecurityGroups updated for the cache {cache.name}."),
            ("CacheUsageLimits", f"Limits updated for the cache {cache.name}."),
        )
        if params.get(parameter)
    ]

    def finish() -> None:
        if cache.status == "modifying":
            cache.status = "available"
            for message in told:
                context.state.record_event("serverless-cache", cache.name, message)

    context.state.after("serverless-cache-modify", finish)
    return {"ServerlessCache": shown(context, cache)}


@operation("DeleteServerlessCache")
def delete_serverless_cache(context: Context, params: Params) -> Result:
    """Delete a serverless cache, if asked with a last snapshot."""
    caches = context.state.part(ServerlessCaches)
    cache = caches.find(params["ServerlessCacheName"])
    check_available(cache)
    if params.get("FinalSnapshotName"):
        serverless_snapshots.take(context, params, cache, final=True)
    cache.status = "deleting"
    serverless_automatic.forget(context, cache.name)

    def remove() -> None:
        del caches.by_name[cache.name]
        context.state.tags.pop(arn(context, cache.name), None)
        context.state.record_event("serverless-cache", cache.name, f"Cache {cache.name} was deleted.")

    context.state.after("serverless-cache-delete", remove)
    return {"ServerlessCache": shown(context, cache)}


@operation("DescribeServerlessCaches")
def describe_serverless_caches(context: Context, params: Params) -> Result:
    """Show serverless caches."""
    caches = context.state.part(ServerlessCaches)
    if "ServerlessCacheName" in params:
        return {"ServerlessCaches": [shown(context, caches.find(params["ServerlessCacheName"]))]}
    chosen, token = page(
        caches.by_name.values(),
        params,
        lambda cache: cache.name,
        marker="NextToken",
        limit="MaxResults",
        smallest=1,
        largest=50,
    )
    return {"ServerlessCaches": [shown(context, cache) for cache in chosen], "NextToken": token}


@operation("CreateServerlessCacheSnapshot")
def create_serverless_cache_snapshot(context: Context, params: Params) -> Result:
    """Take a snapshot of a serverless cache."""
    cache = context.state.part(ServerlessCaches).find(params["ServerlessCacheName"])
    check_available(cache)
    snapshot = serverless_snapshots.take(context, params, cache)
    return {"ServerlessCacheSnapshot": serverless_snapshots.shown(context, snapshot)}


@operation("DescribeServerlessCacheSnapshots")
def describe_serverless_cache_snapshots(context: Context, params: Params) -> Result:
    """Show snapshots of serverless caches; a cache that is named must exist or have left snapshots."""
    found = serverless_snapshots.matching(context, params)
    if "ServerlessCacheName" in params and not found:
        context.state.part(ServerlessCaches).find(params["ServerlessCacheName"])
    chosen, token = page(
        found,
        params,
        lambda snapshot: snapshot.name,
        marker="NextToken",
        limit="MaxResults",
        smallest=1,
        largest=50,
    )
    shown_snapshots = [serverless_snapshots.shown(context, snapshot) for snapshot in chosen]
    return {"ServerlessCacheSnapshots": shown_snapshots, "NextToken": token}


def check_available(cache: ServerlessCache) -> None:
    """Raise the fault for a cache that takes no changes at this moment."""
    if cache.status != "available":
        message = f"Serverless cache {cache.name} is not in an available state: it is {cache.status}."
        raise fault("InvalidServerlessCacheStateFault", message)


def arn(context: Context, name: str) -> str:
    """Return a serverless cache's ARN."""
    return context.state.arn("serverlesscache", name)


def shown(context: Context, cache: ServerlessCache) -> Result:
    """Return a serverless cache as answers show it; it has no endpoints before it is available."""
    storage, processing = cache.storage.shown(Unit="GB"), cache.processing.shown()
    limits = {"DataStorage": storage, "ECPUPerSecond": processing} if storage or processing else None
    port, reader_port = _PORTS[cache.engine]
    address = f"{cache.name}-{context.state.endpoint_hash()}.serverless.{domain(context.region)}"
    endpoint = {"Address": address, "Port": port}
    reachable = cache.status != "creating"
    return {
        "ServerlessCacheName": cache.name,
        "Description": cache.description,
        "CreateTime": cache.created,
        "Status": cache.status,
        "Engine": cache.engine,
        "MajorEngineVersion": cache.major_version,
        "FullEngineVersion": cache.full_version,
        "CacheUsageLimits": limits,
        "KmsKeyId": cache.kms_key_id,
        "StorageEncryptionType": "sse-kms" if cache.kms_key_id else "sse-elasticache",
        "SecurityGroupIds": cache.security_group_ids,
        "Endpoint": endpoint if reachable else None,
        "ReaderEndpoint": {"Address": address, "Port": reader_port} if reachable else None,
        "ARN": arn(context, cache.name),
        "UserGroupId": cache.user_group_id,
        "SubnetIds": cache.subnet_ids,
        "SnapshotRetentionLimit": cache.snapshot_retention_limit,
        "DailySnapshotTime": cache.daily_snapshot_time,
        "NetworkType": cache.network_type,
        "ConnectionType": cache.connection_type,
        "Migration": cache.migration.shown(endpoint) if cache.migration else None,
        "Integrations": [{"IntegrationType": kind, "Status": "enabled"} for kind in cache.integrations] or None,
    }


def _majors(engine: str) -> list[str]:
    """Return the major versions that serverless caches of an engine can have, oldest first."""
    digits = 2 if engine == "memcached" else 1
    oldest = {"redis": 7.0, "valkey": 7.0, "memcached": 1.6}[engine]
    found = [".".join(one.version.split(".")[:digits]) for one in engine_versions.engine_versions(engine)]
    return [major for major in dict.fromkeys(found) if float(major) >= oldest]


def _major_version(engine: str, given: str | None) -> str:
    known = _majors(engine)
    if given is None:
        return known[-1]
    if given not in known:
        message = f"Invalid value for MajorEngineVersion: {given}. The versions of {engine} are: {', '.join(known)}."
        raise invalid_value(message)
    return given


def _new_engine(cache: ServerlessCache, params: Params) -> tuple[str, str]:
    """Return engine and major version after a modification, or raise the fault for what cannot be."""
    engine = params.get("Engine", cache.engine).lower()
    if engine != cache.engine and {engine, cache.engine} != {"redis", "valkey"}:
        raise invalid_combination(
            f"The engine of a serverless cache cannot be changed from {cache.engine} to {engine}."
        )
    asked = params.get("MajorEngineVersion")
    if asked is None and engine != cache.engine and cache.major_version not in _majors(engine):
        raise invalid_combination(f"MajorEngineVersion is required to change the engine to {engine}.")
    major = _major_version(engine, asked or cache.major_version)
    if engine == cache.engine and float(major) < float(cache.major_version):
        message = f"The major engine version cannot be lowered from {cache.major_version} to {major}."
        raise invalid_combination(message)
    return engine, major


def _description(params: Params) -> str:
    text: str = params.get("Description", "")
    problem = names.problem("description", text) if text else None
    if problem is not None:
        raise invalid_value(f"The parameter Description {problem}.")
    return text


def _one_of(params: Params, parameter: str, allowed: Sequence[str]) -> str:
    """Return the value of a parameter; the first allowed one is the default."""
    value: str = params.get(parameter, allowed[0])
    if value not in allowed:
        raise invalid_value(f"Invalid value for {parameter}: {value}. Must be one of: {', '.join(allowed)}.")
    return value


def _backups(params: Params) -> tuple[int | None, str | None]:
    """Return retention and time of the daily snapshots, each None when it is not given."""
    retention: int | None = params.get("SnapshotRetentionLimit")
    longest = limit("snapshot_retention_days_maximum")
    if retention is not None and not 0 <= retention <= longest:
        message = f"Invalid value for SnapshotRetentionLimit: {retention}. Must be between 0 and {longest}."
        raise invalid_value(message)
    daily_time: str | None = params.get("DailySnapshotTime") or None
    if daily_time is not None and not _TIME.fullmatch(daily_time):
        raise invalid_value(f"Invalid value for DailySnapshotTime: {daily_time}. Must be hh:mm in UTC.")
    return retention, daily_time


def _user_group(context: Context, params: Params, engine: str) -> str | None:
    given: str | None = params.get("UserGroupId") or None
    if given is None:
        return None
    if engine == "memcached":
        raise invalid_combination("User groups are not supported for the engine memcached.")
    links.user_groups.check_attachable(context, [given], engine)
    return given.lower()


def _limits(params: Params, cache: ServerlessCache) -> tuple[Bounds, Bounds]:
    """Return the usage limits after a request: a kind that is given replaces the old bounds, 0 lifts one."""
    given: dict[str, Any] = params.get("CacheUsageLimits") or {}
    storage, processing = cache.storage, cache.processing
    if "DataStorage" in given:
        if given["DataStorage"]["Unit"] != "GB":
            raise invalid_value(f"Invalid value for Unit: {given['DataStorage']['Unit']}. Must be GB.")
        storage = _bounds("DataStorage", given["DataStorage"], "serverless_data_storage_gb")
    if "ECPUPerSecond" in given:
        processing = _bounds("ECPUPerSecond", given["ECPUPerSecond"], "serverless_ecpu_per_second")
    return storage, processing


def _bounds(name: str, given: dict[str, Any], limit_name: str) -> Bounds:
    least, most = limit(f"{limit_name}_minimum"), limit(f"{limit_name}_maximum")
    bounds = Bounds(given.get("Minimum") or None, given.get("Maximum") or None)
    for side, value in (("Minimum", bounds.minimum), ("Maximum", bounds.maximum)):
        if value is not None and not least <= value <= most:
            raise invalid_value(f"Invalid value for {name} {side}: {value}. Must be between {least} and {most}.")
    if bounds.minimum is not None and bounds.maximum is not None and bounds.minimum > bounds.maximum:
        message = f"{name} Minimum ({bounds.minimum}) must not be greater than Maximum ({bounds.maximum})."
        raise invalid_combination(message)
    return bounds
