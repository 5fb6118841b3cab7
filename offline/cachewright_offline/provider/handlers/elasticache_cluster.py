"""aws.elasticache.Cluster: Memcached, and single nodes of Redis OSS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright.catalog import names
from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_shapes, elasticache_tags, elasticache_versions
from cachewright_offline.provider.protocol import CheckFailure, PropertyDiff, ProviderError
from cachewright_offline.provider.resource import Change, ResourceHandler
from cachewright_offline.provider.validation import between, one_of, problem
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.provider.schema import Node
    from cachewright_offline.values import Properties, PropertyValue

_CREATE: Final = {
    "AZMode": "azMode",
    "CacheClusterId": "clusterId",
    "CacheNodeType": "nodeType",
    "CacheParameterGroupName": "parameterGroupName",
    "CacheSubnetGroupName": "subnetGroupName",
    "Engine": "engine",
    "EngineVersion": "engineVersion",
    "IpDiscovery": "ipDiscovery",
    "NetworkType": "networkType",
    "NotificationTopicArn": "notificationTopicArn",
    "NumCacheNodes": "numCacheNodes",
    "OutpostMode": "outpostMode",
    "Port": "port",
    "PreferredAvailabilityZone": "availabilityZone",
    "PreferredAvailabilityZones": "preferredAvailabilityZones",
    "PreferredMaintenanceWindow": "maintenanceWindow",
    "PreferredOutpostArn": "preferredOutpostArn",
    "ReplicationGroupId": "replicationGroupId",
    "SecurityGroupIds": "securityGroupIds",
    "SnapshotName": "snapshotName",
    "SnapshotRetentionLimit": "snapshotRetentionLimit",
    "SnapshotWindow": "snapshotWindow",
    "TransitEncryptionEnabled": "transitEncryptionEnabled",
}
_MODIFY: Final = {
    "AZMode": "azMode",
    "CacheNodeType": "nodeType",
    "CacheParameterGroupName": "parameterGroupName",
    "EngineVersion": "engineVersion",
    "IpDiscovery": "ipDiscovery",
    "PreferredMaintenanceWindow": "maintenanceWindow",
    "SnapshotRetentionLimit": "snapshotRetentionLimit",
    "SnapshotWindow": "snapshotWindow",
}
_BUSY: Final = frozenset({"InvalidCacheClusterState", "InvalidReplicationGroupState"})
_REDIS_ONLY: Final = ("snapshotName", "snapshotArns", "snapshotWindow", "snapshotRetentionLimit")


class ClusterHandler(ResourceHandler):
    """One cluster; its id is its name."""

    timeouts: ClassVar = (2400.0, 4800.0, 2400.0)

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from problem(inputs, "clusterId", partial(names.problem, "cache_cluster_id"))
        yield from one_of(inputs, "engine", "memcached", "redis")
        engine = inputs.get("engine")
        if engine is None and inputs.get("replicationGroupId") is None:
            yield CheckFailure("engine", "expected memcached or redis, found nothing: give it, or replicationGroupId")
        if engine is not None and inputs.get("replicationGroupId") is not None:
            yield CheckFailure("engine", "cannot be given together with `replicationGroupId`: leave one of them out")
        yield from elasticache_versions.check(engine, inputs.get("engineVersion"))
        yield from one_of(inputs, "azMode", "single-az", "cross-az")
        yield from one_of(inputs, "networkType", "ipv4", "ipv6", "dual_stack")
        yield from one_of(inputs, "ipDiscovery", "ipv4", "ipv6")
        yield from one_of(inputs, "outpostMode", "single-outpost", "cross-outpost")
        yield from one_of(inputs, "autoMinorVersionUpgrade", "true", "false")
        yield from between(inputs, "snapshotRetentionLimit", 0, 35)
        yield from elasticache_shapes.check_windows(inputs)
        yield from elasticache_shapes.check_log_deliveries(inputs)
        nodes = inputs.get("numCacheNodes")
        if engine == "redis" and isinstance(nodes, int) and nodes != 1:
            yield CheckFailure(
                "numCacheNodes", f"expected 1 with redis, found {nodes}: use a replication group for more"
            )
        if inputs.get("azMode") == "cross-az" and nodes == 1:
            yield CheckFailure("azMode", "cross-az needs at least 2 nodes: raise numCacheNodes or take single-az")
        if engine == "memcached" and inputs.get("finalSnapshotIdentifier"):
            yield CheckFailure("finalSnapshotIdentifier", "Memcached has no snapshots: leave it out")
        if engine == "memcached":
            for name in _REDIS_ONLY:
                if inputs.get(name) not in {None, 0, "", UNKNOWN}:
                    yield CheckFailure(name, "Memcached has no snapshots: leave it out")
        if inputs.get("outpostMode") is not None and inputs.get("preferredOutpostArn") is None:
            yield CheckFailure("outpostMode", "needs preferredOutpostArn: give it")

    def automatic_name(self, node: Node, resource_name: str, random_seed: bytes) -> str:
        """AWS keeps these ids in lower case."""
        return super().automatic_name(node, resource_name, random_seed).lower()

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Compare windows in lower case; `6.x` is every 6."""
        if name == "maintenanceWindow":
            return str(old).lower() == str(new).lower()
        return name == "engineVersion" and elasticache_versions.is_same(str(old), str(new))

    def says_nothing(self, name: str, value: PropertyValue) -> bool:
        """`Multiple` is what AWS tells of nodes in several zones; it cannot be asked for."""
        return name == "availabilityZone" and value == "Multiple"

    def replaces(self, path: str, change: Change) -> bool:
        """Say when a new version or node type means a new cluster."""
        if path == "engineVersion":
            return elasticache_versions.is_downgrade(change.old("engineVersion"), change.new("engineVersion"))
        if path == "nodeType":
            # AWS can scale Memcached in place by now; the AWS provider still replaces.
            return bool(change.old("engine") == "memcached")
        return True

    def diff_more(self, change: Change, detailed: dict[str, PropertyDiff]) -> None:
        """Refuse new nodes without zones for them, before anything is done."""
        if any(difference.kind.replaces for difference in detailed.values()):
            return
        zones, old, new = (
            change.new("preferredAvailabilityZones"),
            change.old("numCacheNodes"),
            change.new("numCacheNodes"),
        )
        if (
            isinstance(zones, list)
            and isinstance(old, int)
            and isinstance(new, int)
            and new > old
            and len(zones) != new
        ):
            raise ProviderError(
                f"preferredAvailabilityZones: expected one zone per node ({new}), found {len(zones)}: "
                "name the zones of the added nodes too, or leave it out"
            )

    def unsettled(self, change: Change) -> Iterable[str]:
        """Nodes come and go with their number; a new version is named in full by AWS."""
        if _differs(change, "numCacheNodes") or _differs(change, "nodeType"):
            yield "cacheNodes"
        if _differs(change, "engineVersion"):
            yield "engineVersionActual"

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the cluster and wait until it is available."""
        arguments = elasticache_shapes.arguments(inputs, _CREATE)
        for name in ("SecurityGroupIds", "PreferredAvailabilityZones"):
            if not arguments.get(name, True):
                del arguments[name]
        if inputs.get("snapshotArns"):
            arguments["SnapshotArns"] = [inputs["snapshotArns"]]
        if inputs.get("autoMinorVersionUpgrade") is not None:
            arguments["AutoMinorVersionUpgrade"] = inputs["autoMinorVersionUpgrade"] == "true"
        answer = call.request(
            "elasticache",
            "create_cache_cluster",
            **arguments,
            LogDeliveryConfigurations=elasticache_shapes.log_delivery_requests(inputs.get("logDeliveryConfigurations"))
            or None,
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["CacheCluster"]["CacheClusterId"]
        with self.existing(call, id, inputs):
            _available(call, id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the cluster, its nodes and its tags; changes that wait for their window are shown as made."""
        cluster = _find(call, id)
        if cluster is None or cluster["CacheClusterStatus"] == "deleting":
            return None
        waiting = cluster.get("PendingModifiedValues", {})
        engine = cluster["Engine"]
        actual = waiting.get("EngineVersion") or cluster["EngineVersion"]
        zone = cluster.get("PreferredAvailabilityZone", "")
        endpoint = cluster.get("ConfigurationEndpoint")
        nodes: list[dict[str, Any]] = sorted(cluster.get("CacheNodes", []), key=lambda node: str(node["CacheNodeId"]))
        port = (endpoint or (nodes[0].get("Endpoint") if nodes else None) or {}).get("Port", 0)
        return {
            "arn": cluster["ARN"],
            "autoMinorVersionUpgrade": "true" if cluster.get("AutoMinorVersionUpgrade", True) else "false",
            "availabilityZone": zone,
            "azMode": "cross-az" if zone == "Multiple" else "single-az",
            "cacheNodes": [_node_read(node) for node in nodes],
            "clusterAddress": endpoint["Address"] if endpoint else "",
            "clusterId": cluster["CacheClusterId"],
            "configurationEndpoint": f"{endpoint['Address']}:{endpoint['Port']}" if endpoint else "",
            "engine": engine,
            "engineVersion": elasticache_versions.as_written(engine, actual, inputs.get("engineVersion")),
            "engineVersionActual": cluster["EngineVersion"],
            "ipDiscovery": cluster.get("IpDiscovery", "ipv4"),
            "logDeliveryConfigurations": elasticache_shapes.log_deliveries_read(
                waiting.get("LogDeliveryConfigurations") or cluster.get("LogDeliveryConfigurations", [])
            ),
            "maintenanceWindow": cluster.get("PreferredMaintenanceWindow", ""),
            "networkType": cluster.get("NetworkType", "ipv4"),
            "nodeType": waiting.get("CacheNodeType") or cluster["CacheNodeType"],
            "notificationTopicArn": _topic(cluster),
            "numCacheNodes": waiting.get("NumCacheNodes") or cluster["NumCacheNodes"],
            "parameterGroupName": cluster.get("CacheParameterGroup", {}).get("CacheParameterGroupName", ""),
            "port": port,
            "preferredOutpostArn": cluster.get("PreferredOutpostArn", ""),
            "replicationGroupId": cluster.get("ReplicationGroupId", ""),
            "securityGroupIds": sorted(item["SecurityGroupId"] for item in cluster.get("SecurityGroups", [])),
            "snapshotRetentionLimit": cluster.get("SnapshotRetentionLimit", 0),
            "snapshotWindow": cluster.get("SnapshotWindow", ""),
            "subnetGroupName": cluster.get("CacheSubnetGroupName", ""),
            "transitEncryptionEnabled": cluster.get("TransitEncryptionEnabled", False),
            **self.tags_read(elasticache_tags.read(call, cluster["ARN"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change everything in one call, as the AWS provider does."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        arguments = _modifications(change)
        if arguments:
            immediately = bool(inputs.get("applyImmediately"))
            call.retry(
                _BUSY,
                lambda: call.request(
                    "elasticache", "modify_cache_cluster", CacheClusterId=id, **arguments, ApplyImmediately=immediately
                ),
            )
            _available(call, id)
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the cluster and wait until it is gone."""
        del outputs
        final = inputs.get("finalSnapshotIdentifier") or None
        try:
            call.retry(
                _BUSY,
                lambda: call.request(
                    "elasticache", "delete_cache_cluster", CacheClusterId=id, FinalSnapshotIdentifier=final
                ),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"cluster {id}", lambda: _find(call, id))


def _modifications(change: Change) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        api: change.new(name)
        for api, name in _MODIFY.items()
        if change.new(name) is not None and change.new(name) != change.old(name)
    }
    if _differs(change, "snapshotRetentionLimit"):
        arguments["SnapshotRetentionLimit"] = change.new("snapshotRetentionLimit") or 0
    if _differs(change, "autoMinorVersionUpgrade"):
        arguments["AutoMinorVersionUpgrade"] = change.new("autoMinorVersionUpgrade") == "true"
    if _differs(change, "notificationTopicArn"):
        if change.new("notificationTopicArn"):
            arguments["NotificationTopicArn"] = change.new("notificationTopicArn")
            arguments["NotificationTopicStatus"] = "active"
        else:
            arguments["NotificationTopicStatus"] = "inactive"
    old_groups, new_groups = (
        elasticache_shapes.set_of(value) for value in (change.old("securityGroupIds"), change.new("securityGroupIds"))
    )
    if new_groups and new_groups != old_groups:
        arguments["SecurityGroupIds"] = sorted(new_groups)
    logs = elasticache_shapes.log_delivery_changes(
        change.old("logDeliveryConfigurations"), change.new("logDeliveryConfigurations")
    )
    if logs and _differs(change, "logDeliveryConfigurations"):
        arguments["LogDeliveryConfigurations"] = logs
    old, new = change.old("numCacheNodes"), change.new("numCacheNodes")
    if new is not None and old is not None and new != old:
        arguments["NumCacheNodes"] = new
        zones = change.new("preferredAvailabilityZones")
        if new < old:
            arguments["CacheNodeIdsToRemove"] = [f"{number:04d}" for number in range(new + 1, old + 1)]
        elif isinstance(zones, list) and zones:
            arguments["NewAvailabilityZones"] = zones[old:]
    return arguments


def _differs(change: Change, name: str) -> bool:
    old, new = change.old_inputs.get(name), change.inputs.get(name)
    return bool(old or new) and old != new


def _node_read(node: dict[str, Any]) -> PropertyValue:
    endpoint = node.get("Endpoint") or {}
    return {
        "address": endpoint.get("Address", ""),
        "availabilityZone": node.get("CustomerAvailabilityZone", ""),
        "id": node["CacheNodeId"],
        "outpostArn": node.get("CustomerOutpostArn", ""),
        "port": endpoint.get("Port", 0),
    }


def _topic(cluster: dict[str, Any]) -> str:
    configuration = cluster.get("NotificationConfiguration") or {}
    return "" if configuration.get("TopicStatus") == "inactive" else str(configuration.get("TopicArn") or "")


def _find(call: Call, id: str) -> dict[str, Any] | None:
    answer = call.find("elasticache", "describe_cache_clusters", CacheClusterId=id, ShowCacheNodeInfo=True)
    clusters: list[dict[str, Any]] = [] if answer is None else answer["CacheClusters"]
    return clusters[0] if clusters else None


def _available(call: Call, id: str) -> None:
    def ready() -> bool | None:
        cluster = _find(call, id)
        if cluster is None or cluster["CacheClusterStatus"] in {"create-failed", "incompatible-network"}:
            msg = f"cluster {id} could not be created"
            raise ProviderError(msg)
        return True if cluster["CacheClusterStatus"] == "available" else None

    call.wait(f"cluster {id} to become available", ready)
