"""What replication groups and clusters have in common: checks of their parameters, and parts of their descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog import auth_token, engine_versions, node_types, windows
from cachewright.catalog.limits import limit
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups, subnet_groups

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.parameter_groups import ParameterGroup
    from cachewright_offline.cloud.elasticache.operations.subnet_groups import SubnetGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

DEFAULT_SNAPSHOT_WINDOW = "05:00-06:00"
DEFAULT_MAINTENANCE_WINDOW = "sun:23:00-mon:00:00"
_LOG_FORMATS = frozenset({"json", "text"})


def engine_version(engine: str, version: str | None) -> EngineVersion:
    """Return the version that is meant; the engine's newest when none is given.

    Raises:
        Fault: AWS has no such engine or version.
    """
    if engine not in engine_versions.ENGINES:
        raise invalid_value(f"Invalid Engine: {engine}. Valid values are redis, valkey and memcached.")
    found = engine_versions.find(engine, version or engine_versions.default_version(engine))
    if found is None:
        found = next((one for one in engine_versions.engine_versions(engine) if one.actual_version == version), None)
    if found is None:
        raise invalid_combination(f"Cannot find version {version} for {engine}")
    return found


def node_type(name: str | None, version: EngineVersion) -> str:
    """Return a node type that runs a version."""
    if not name:
        raise invalid_value("The parameter CacheNodeType must be provided and must not be null.")
    if node_types.find(name) is None:
        raise invalid_value(f"The parameter CacheNodeType is not valid: {name}")
    problem = node_types.compatible(name, version.engine, version.version)
    if problem:
        raise invalid_combination(f"Unsupported node type: {problem}.")
    return name


def subnet_group(context: Context, name: str | None) -> SubnetGroup | None:
    """Return the subnet group of a cache; the default one when none is given and there is a default VPC."""
    return subnet_groups.find(context, name) if name else subnet_groups.default_group(context)


def security_groups(context: Context, ids: list[str] | None, subnets: SubnetGroup | None) -> list[str]:
    """Return the security groups of a cache; the VPC's default one when none is given."""
    vpc_id = subnets.vpc_id if subnets else None
    if not ids:
        default = carrier.default_security_group(context.account_id, context.region, vpc_id) if vpc_id else None
        return [default] if default else []
    for id in ids:
        found = carrier.security_group_vpc(context.account_id, context.region, id)
        if found is None:
            raise invalid_value(f"Some security groups are invalid: {id}")
        if vpc_id is not None and found != vpc_id:
            raise fault("InvalidVPCNetworkStateFault", f"Security group {id} is not in the VPC {vpc_id}.")
    return sorted(set(ids))


def parameter_group(
    context: Context, name: str | None, version: EngineVersion, *, cluster_enabled: bool = False
) -> ParameterGroup:
    """Return the parameter group of a cache; AWS's own when none is given."""
    if not name:
        return parameter_groups.default_group(version.family, cluster_enabled=cluster_enabled)
    group = parameter_groups.find(context, name)
    if group.family != version.family:
        message = (
            f"Expected a parameter group of family {version.family} but found one of family {group.family}"
            f" for {version.engine} {version.version}"
        )
        raise invalid_combination(message)
    return group


def check_windows(snapshot: str | None, maintenance: str | None) -> None:
    """Refuse windows that are malformed, too short, or overlap."""
    for problem in (
        windows.snapshot_problem(snapshot) if snapshot else None,
        windows.maintenance_problem(maintenance.lower()) if maintenance else None,
    ):
        if problem:
            raise invalid_value(f"The window {problem}")
    if snapshot and maintenance and windows.overlap_problem(snapshot, maintenance.lower()):
        raise invalid_value("The snapshot window and maintenance window must not overlap.")


def check_retention(days: int | None) -> None:
    """Refuse a retention outside of AWS's limits."""
    most = limit("snapshot_retention_days_maximum")
    if days is not None and not 0 <= days <= most:
        raise invalid_value(f"Invalid snapshot retention limit: {days}. Must be between 0 and {most}.")


def check_port(port: int | None) -> None:
    """Refuse a port that nothing can listen on."""
    if port is not None and not 1 <= port <= 65535:
        raise invalid_value(f"Invalid port: {port}. Must be between 1 and 65535.")


def check_token(token: str | None, *, encrypted: bool) -> None:
    """Refuse an AUTH token that AWS would not take."""
    if token is None:
        return
    if not encrypted:
        raise invalid_combination("The AUTH token is only supported when encryption-in-transit is enabled")
    if auth_token.problem(token):
        raise invalid_value("Invalid AuthToken provided. It must be 16 to 128 printable characters.")


def check_topic(context: Context, arn: str | None) -> None:
    """Refuse a topic that does not exist."""
    if arn and not carrier.topic_exists(context.account_id, context.region, arn):
        raise invalid_value(f"Topic {arn} does not exist.")


def kms_key(context: Context, key: str | None) -> str | None:
    """Return the ARN of an enabled key."""
    if not key:
        return None
    state = carrier.kms_key_state(context.account_id, context.region, key)
    if state != "Enabled":
        raise fault("InvalidKMSKeyFault", f"KMS key {key} is {state or 'not found'}.")
    return carrier.kms_key_arn(context.account_id, context.region, key)


def log_deliveries(
    context: Context, given: list[dict[str, Any]] | None, existing: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return a cache's log deliveries by type, after a request that sets or disables some."""
    result = dict(existing)
    seen: set[str] = set()
    for request in given or []:
        log_type = request.get("LogType", "")
        if log_type not in {"slow-log", "engine-log"}:
            raise invalid_value(f"Invalid log type: {log_type}. Must be slow-log or engine-log.")
        if log_type in seen:
            raise invalid_combination(f"The log type {log_type} is given more than once.")
        seen.add(log_type)
        if request.get("Enabled") is False:
            result.pop(log_type, None)
            continue
        details = request.get("DestinationDetails") or {}
        _check_destination(context, request.get("DestinationType", ""), details)
        log_format = request.get("LogFormat", "json")
        if log_format not in _LOG_FORMATS:
            raise invalid_value(f"Invalid log format: {log_format}. Must be text or json.")
        result[log_type] = {
            "LogType": log_type,
            "DestinationType": request["DestinationType"],
            "DestinationDetails": details,
            "LogFormat": log_format,
            "Status": "active",
        }
    return result


def _check_destination(context: Context, kind: str, details: dict[str, Any]) -> None:
    if details.get("CloudWatchLogsDetails") and details.get("KinesisFirehoseDetails"):
        raise invalid_combination("The log delivery destination must be either a log group or a delivery stream.")
    if kind == "cloudwatch-logs":
        name = (details.get("CloudWatchLogsDetails") or {}).get("LogGroup", "")
        if not name:
            raise invalid_value("The log delivery destination must name a log group.")
        # A log group that does not exist yet is created by ElastiCache.
    elif kind == "kinesis-firehose":
        name = (details.get("KinesisFirehoseDetails") or {}).get("DeliveryStream", "")
        if not carrier.firehose_exists(context.account_id, context.region, name):
            raise invalid_value(f"The delivery stream {name} does not exist.")
    else:
        raise invalid_value(f"Invalid destination type: {kind}. Must be cloudwatch-logs or kinesis-firehose.")


def zones(context: Context, subnets: SubnetGroup | None) -> tuple[str, ...]:
    """Return the zones that a cache's nodes may be in, sorted."""
    if subnets is None:
        return carrier.availability_zones(context.region)
    return tuple(sorted({one.zone for one in subnets.subnets}))


def check_zones(wanted: list[str], available: tuple[str, ...]) -> None:
    """Refuse zones in which there is no subnet."""
    for zone in wanted:
        if zone not in available:
            raise invalid_value(
                f"{zone} is not a valid availability zone: the cache has subnets in {', '.join(available)}."
            )


def notification(arn: str | None, status: str) -> Result | None:
    """Show the topic of a cache, and whether it gets notifications."""
    return {"TopicArn": arn, "TopicStatus": status} if arn else None


def shown_security_groups(ids: list[str]) -> list[Result]:
    """Show the security groups of a cache."""
    return [{"SecurityGroupId": one, "Status": "active"} for one in ids]


def maintenance_window(params: Params) -> str:
    """Return the maintenance window of a request in lower case, or AWS's choice."""
    return str(params.get("PreferredMaintenanceWindow") or DEFAULT_MAINTENANCE_WINDOW).lower()
