"""aws.elasticache.ReplicationGroup: Valkey and Redis OSS on nodes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright.catalog import names
from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_shapes, elasticache_tags, elasticache_versions
from cachewright_offline.provider.protocol import CheckFailure, PropertyDiff, ProviderError
from cachewright_offline.provider.resource import Change, ResourceHandler
from cachewright_offline.provider.validation import between, matches, one_of, problem
from cachewright_offline.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.provider.schema import Node
    from cachewright_offline.values import Properties, PropertyValue

_CREATE: Final = {
    "AtRestEncryptionEnabled": "atRestEncryptionEnabled",
    "AuthToken": "authToken",
    "AutoMinorVersionUpgrade": "autoMinorVersionUpgrade",
    "CacheNodeType": "nodeType",
    "CacheParameterGroupName": "parameterGroupName",
    "CacheSubnetGroupName": "subnetGroupName",
    "ClusterMode": "clusterMode",
    "DataTieringEnabled": "dataTieringEnabled",
    "Durability": "durability",
    "EngineVersion": "engineVersion",
    "GlobalReplicationGroupId": "globalReplicationGroupId",
    "IpDiscovery": "ipDiscovery",
    "KmsKeyId": "kmsKeyId",
    "NetworkType": "networkType",
    "NotificationTopicArn": "notificationTopicArn",
    "NumCacheClusters": "numCacheClusters",
    "NumNodeGroups": "numNodeGroups",
    "Port": "port",
    "PreferredCacheClusterAZs": "preferredCacheClusterAzs",
    "PreferredMaintenanceWindow": "maintenanceWindow",
    "ReplicasPerNodeGroup": "replicasPerNodeGroup",
    "ReplicationGroupDescription": "description",
    "ReplicationGroupId": "replicationGroupId",
    "SecurityGroupIds": "securityGroupIds",
    "SnapshotArns": "snapshotArns",
    "SnapshotName": "snapshotName",
    "SnapshotRetentionLimit": "snapshotRetentionLimit",
    "SnapshotWindow": "snapshotWindow",
    "TransitEncryptionMode": "transitEncryptionMode",
    "UserGroupIds": "userGroupIds",
}
# Properties whose change goes into the one ModifyReplicationGroup call as they are.
_MODIFY: Final = {
    "AutoMinorVersionUpgrade": "autoMinorVersionUpgrade",
    "AutomaticFailoverEnabled": "automaticFailoverEnabled",
    "CacheNodeType": "nodeType",
    "CacheParameterGroupName": "parameterGroupName",
    "ClusterMode": "clusterMode",
    "Engine": "engine",
    "EngineVersion": "engineVersion",
    "IpDiscovery": "ipDiscovery",
    "MultiAZEnabled": "multiAzEnabled",
    "PreferredMaintenanceWindow": "maintenanceWindow",
    "ReplicationGroupDescription": "description",
    "SnapshotWindow": "snapshotWindow",
    "TransitEncryptionEnabled": "transitEncryptionEnabled",
    "TransitEncryptionMode": "transitEncryptionMode",
}
_DEFAULT_PORT: Final = 6379
_TLS_IN_PLACE: Final = "7.0.5"
_BUSY: Final = frozenset({"InvalidReplicationGroupState", "InvalidCacheClusterState"})


class ReplicationGroupHandler(ResourceHandler):
    """One replication group, alone or as a member of a global one; its id is its name, in lower case."""

    timeouts: ClassVar = (3600.0, 2400.0, 2700.0)
    write_only: ClassVar = frozenset({"authTokenWo"})

    # Check

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from problem(inputs, "replicationGroupId", partial(names.problem, "replication_group_id"))
        if inputs.get("description") == "":
            yield CheckFailure("description", "expected 1 to 255 characters, found an empty string")
        yield from one_of(inputs, "engine", "redis", "valkey", fold_case=True)
        engine = inputs.get("engine", "redis")
        yield from elasticache_versions.check(engine, inputs.get("engineVersion"))
        yield from one_of(inputs, "clusterMode", "enabled", "disabled", "compatible")
        yield from one_of(inputs, "networkType", "ipv4", "ipv6", "dual_stack")
        yield from one_of(inputs, "ipDiscovery", "ipv4", "ipv6")
        yield from one_of(inputs, "transitEncryptionMode", "preferred", "required")
        yield from one_of(inputs, "durability", "default", "async", "sync", "disabled")
        yield from between(inputs, "replicasPerNodeGroup", 0)
        yield from between(inputs, "snapshotRetentionLimit", 0, 35)
        yield from elasticache_shapes.check_windows(inputs)
        yield from elasticache_shapes.check_log_deliveries(inputs)
        yield from _check_failover(inputs)
        yield from _check_auth(inputs)
        yield from _check_node_groups(inputs)

    def automatic_name(self, node: Node, resource_name: str, random_seed: bytes) -> str:
        """AWS keeps these ids in lower case."""
        return super().automatic_name(node, resource_name, random_seed).lower()

    # Diff

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Compare as AWS does: ids, windows and engines in lower case; `6.x` is every 6."""
        if name in {"replicationGroupId", "maintenanceWindow", "engine"}:
            return str(old).lower() == str(new).lower()
        if name == "engineVersion":
            return elasticache_versions.is_same(str(old), str(new))
        return name == "port" and {old, new} == {0, _DEFAULT_PORT}

    def says_nothing(self, name: str, value: PropertyValue) -> bool:
        """The default port may be left out."""
        return name == "port" and value == _DEFAULT_PORT

    def replaces(self, path: str, change: Change) -> bool:
        """Say when a new engine, version, TLS setting or layout of shards means a new replication group."""
        is_member = bool(change.old_outputs.get("globalReplicationGroupId"))
        if path == "engine":
            # Redis OSS to Valkey is an upgrade; there is no way back.
            new = change.new("engine")
            return not is_member and new is not UNKNOWN and str(new).lower() != "valkey"
        if path == "engineVersion":
            return not is_member and elasticache_versions.is_downgrade(
                change.old("engineVersion"), change.new("engineVersion")
            )
        if path == "transitEncryptionEnabled":
            actual = change.old_outputs.get("engineVersionActual")
            return not isinstance(actual, str) or elasticache_versions.key(actual) < elasticache_versions.key(
                _TLS_IN_PLACE
            )
        return _node_groups_replace(path, change)

    def diff_more(self, change: Change, detailed: dict[str, PropertyDiff]) -> None:
        """Leave out what AWS or the global group decides, and refuse what cannot be done."""
        detailed.pop("authTokenWo", None)
        if change.old_outputs.get("globalReplicationGroupId"):
            # What a member has is decided by its global group.
            for name in ("automaticFailoverEnabled", "parameterGroupName"):
                detailed.pop(name, None)
        if any(difference.kind.replaces for difference in detailed.values()):
            return
        if "engine" in detailed and change.new("engine") is not UNKNOWN and "engineVersion" not in detailed:
            raise ProviderError(
                "engine: moving to valkey needs a Valkey version in the same update: give engineVersion too, "
                "for example 8.1"
            )
        if (
            change.old_inputs.get("authToken") is not None
            and change.new("authToken") is None
            and change.new("authTokenWo") is None
            and change.new("authTokenUpdateStrategy") not in {"DELETE", UNKNOWN}
        ):
            raise ProviderError(
                "authToken: AWS takes an AUTH token away only in exchange for a user group: give userGroupIds, and "
                "DELETE as authTokenUpdateStrategy"
            )

    def unsettled(self, change: Change) -> Iterable[str]:
        """Nodes come and go with the counts; a new engine has a new version; endpoints change with the cluster mode."""
        changed = {name for name in change.inputs if change.inputs[name] != change.old(name)}
        if changed & {"numCacheClusters", "numNodeGroups", "replicasPerNodeGroup"}:
            yield from ("memberClusters", "numCacheClusters", "numNodeGroups", "replicasPerNodeGroup")
            yield "nodeGroupConfigurations"
        if changed & {"engine", "engineVersion"}:
            yield "engineVersionActual"
        if changed & {"parameterGroupName", "clusterMode"}:
            yield from ("clusterEnabled", "configurationEndpointAddress", "primaryEndpointAddress")
            yield "readerEndpointAddress"
        if "transitEncryptionEnabled" in changed:
            yield "transitEncryptionMode"

    # Create, read, update, delete

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group and wait until it is available."""
        is_member = bool(inputs.get("globalReplicationGroupId"))
        if not is_member and not inputs.get("nodeType"):
            raise ProviderError(
                "nodeType: a replication group that is in no global one needs it, such as cache.r7g.large"
            )
        arguments = elasticache_shapes.arguments(inputs, _CREATE)
        for name in ("SecurityGroupIds", "UserGroupIds", "SnapshotArns", "PreferredCacheClusterAZs"):
            if not arguments.get(name, True):
                del arguments[name]
        if inputs.get("authTokenWo"):
            arguments["AuthToken"] = inputs["authTokenWo"]
        if not is_member:
            arguments["Engine"] = inputs.get("engine") or "redis"
            arguments["TransitEncryptionEnabled"] = bool(inputs.get("transitEncryptionEnabled"))
            arguments["AutomaticFailoverEnabled"] = bool(inputs.get("automaticFailoverEnabled"))
        if inputs.get("multiAzEnabled"):
            arguments["MultiAZEnabled"] = True
        if inputs.get("port") == 0:
            del arguments["Port"]
        groups = _node_group_requests(inputs.get("nodeGroupConfigurations"))
        answer = call.request(
            "elasticache",
            "create_replication_group",
            **arguments,
            LogDeliveryConfigurations=elasticache_shapes.log_delivery_requests(inputs.get("logDeliveryConfigurations"))
            or None,
            NodeGroupConfiguration=groups or None,
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["ReplicationGroup"]["ReplicationGroupId"]
        with self.existing(call, id, inputs):
            _available(call, id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group, its first node, and its tags; changes that wait for their window are shown as made."""
        group = _find(call, id)
        if group is None or group["Status"] == "deleting":
            return None
        members: list[str] = group.get("MemberClusters", [])
        node = _node(call, members[0]) if members else {}
        pending = group.get("PendingModifiedValues", {})
        waiting = node.get("PendingModifiedValues", {})
        engine = group.get("Engine") or node.get("Engine", "redis")
        actual = waiting.get("EngineVersion") or node.get("EngineVersion", "")
        node_groups: list[dict[str, Any]] = group.get("NodeGroups", [])
        failover = pending.get("AutomaticFailoverStatus") or group.get("AutomaticFailover")
        tls = pending.get("TransitEncryptionEnabled", group.get("TransitEncryptionEnabled", False))
        described: Properties = {
            "arn": group["ARN"],
            "atRestEncryptionEnabled": group.get("AtRestEncryptionEnabled", False),
            "autoMinorVersionUpgrade": group.get("AutoMinorVersionUpgrade", True),
            "automaticFailoverEnabled": failover in {"enabled", "enabling"},
            "clusterEnabled": group.get("ClusterEnabled", False),
            "clusterMode": pending.get("ClusterMode") or group.get("ClusterMode", "disabled"),
            "dataTieringEnabled": group.get("DataTiering") == "enabled",
            "description": group.get("Description", ""),
            "engine": engine,
            "globalReplicationGroupId": group.get("GlobalReplicationGroupInfo", {}).get("GlobalReplicationGroupId", ""),
            "ipDiscovery": group.get("IpDiscovery", "ipv4"),
            "kmsKeyId": group.get("KmsKeyId", ""),
            "logDeliveryConfigurations": elasticache_shapes.log_deliveries_read(
                pending.get("LogDeliveryConfigurations") or group.get("LogDeliveryConfigurations", [])
            ),
            "maintenanceWindow": node.get("PreferredMaintenanceWindow", ""),
            "memberClusters": [*sorted(members)],
            "multiAzEnabled": group.get("MultiAZ") == "enabled",
            "networkType": group.get("NetworkType", "ipv4"),
            "nodeGroupConfigurations": [_node_group_read(item) for item in node_groups],
            "nodeType": waiting.get("CacheNodeType") or group.get("CacheNodeType", ""),
            "notificationTopicArn": _topic(node),
            "numCacheClusters": len(members),
            "numNodeGroups": len(node_groups),
            "parameterGroupName": node.get("CacheParameterGroup", {}).get("CacheParameterGroupName", ""),
            "port": _port(group),
            "replicasPerNodeGroup": max(len(node_groups[0].get("NodeGroupMembers", [])) - 1, 0) if node_groups else 0,
            "replicationGroupId": group["ReplicationGroupId"],
            "securityGroupIds": sorted(item["SecurityGroupId"] for item in node.get("SecurityGroups", [])),
            "snapshotRetentionLimit": group.get("SnapshotRetentionLimit", 0),
            "snapshotWindow": group.get("SnapshotWindow", ""),
            "subnetGroupName": node.get("CacheSubnetGroupName", ""),
            "transitEncryptionEnabled": tls,
            "transitEncryptionMode": pending.get("TransitEncryptionMode") or group.get("TransitEncryptionMode", ""),
            "userGroupIds": sorted(group.get("UserGroupIds", [])),
            **_endpoints(group),
            **self.tags_read(elasticache_tags.read(call, group["ARN"]), inputs),
        }
        if actual:
            described["engineVersionActual"] = node.get("EngineVersion", actual)
            described["engineVersion"] = elasticache_versions.as_written(engine, actual, inputs.get("engineVersion"))
        if not group.get("AuthTokenEnabled") and inputs.get("authToken") is not None:
            described["authToken"] = ""
        if group.get("Durability"):
            described["durability"] = group["Durability"]
        return described

    def imported(self, inputs: Properties, described: Properties) -> Properties:
        """Describe the layout in one way: by nodes, or by shards; a member of a global group has its own from there."""
        dropped = {"nodeGroupConfigurations"}
        dropped |= {"numCacheClusters"} if described["clusterEnabled"] else {"numNodeGroups", "replicasPerNodeGroup"}
        if inputs.get("globalReplicationGroupId"):
            dropped |= set(self.schema.inputs["globalReplicationGroupId"].conflicts)
        return {name: value for name, value in inputs.items() if name not in dropped}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Apply the change in the AWS provider's order: shards, more replicas, the rest, AUTH token, fewer replicas."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        self._reshard(call, id, change)
        replicas_to_keep = self._add_replicas(call, id, change)
        self._modify(call, id, change)
        self._change_token(call, id, change)
        if replicas_to_keep is not None:
            _act(call, id, "decrease_replica_count", NewReplicaCount=replicas_to_keep, ApplyImmediately=True)
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Take the group out of its global one, if it is a secondary there, and delete it."""
        group = _find(call, id)
        if group is None:
            return
        info = group.get("GlobalReplicationGroupInfo", {})
        if info.get("GlobalReplicationGroupId") and info.get("GlobalReplicationGroupMemberRole") != "PRIMARY":
            _leave_global(call, id, info["GlobalReplicationGroupId"])
        final = inputs.get("finalSnapshotIdentifier") or None
        try:
            call.retry(
                _BUSY,
                lambda: call.request(
                    "elasticache", "delete_replication_group", ReplicationGroupId=id, FinalSnapshotIdentifier=final
                ),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"replication group {id}", lambda: _find(call, id))
        _delete_copied_parameter_group(call, outputs)

    def _reshard(self, call: Call, id: str, change: Change) -> None:
        old, new = change.old("numNodeGroups"), change.new("numNodeGroups")
        if new is None or old == new:
            return
        removed = [f"{number:04d}" for number in range(int(new) + 1, int(old or 0) + 1)]
        _act(
            call,
            id,
            "modify_replication_group_shard_configuration",
            NodeGroupCount=new,
            NodeGroupsToRemove=removed or None,
            ApplyImmediately=True,
        )

    def _add_replicas(self, call: Call, id: str, change: Change) -> int | None:
        """Add replicas; return the number of replicas to keep at the end, when there shall be fewer nodes."""
        old, new = change.old("replicasPerNodeGroup"), change.new("replicasPerNodeGroup")
        if new is not None and old is not None and old != new:
            operation = "increase_replica_count" if new > old else "decrease_replica_count"
            _act(call, id, operation, NewReplicaCount=new, ApplyImmediately=True)
        old, new = change.old("numCacheClusters"), change.new("numCacheClusters")
        if new is None or old is None or old == new:
            return None
        if new < old:
            return int(new) - 1
        _act(call, id, "increase_replica_count", NewReplicaCount=new - 1, ApplyImmediately=True)
        return None

    def _modify(self, call: Call, id: str, change: Change) -> None:
        arguments = {
            api: change.new(name)
            for api, name in _MODIFY.items()
            if change.new(name) is not None and change.new(name) != change.old(name)
        }
        if change.old_outputs.get("globalReplicationGroupId"):
            for name in ("AutomaticFailoverEnabled", "CacheParameterGroupName"):
                arguments.pop(name, None)
        if _differs(change, "notificationTopicArn"):
            arguments["NotificationTopicArn"] = change.new("notificationTopicArn") or ""
        if _differs(change, "securityGroupIds") and change.new("securityGroupIds"):
            arguments["SecurityGroupIds"] = change.new("securityGroupIds")
        if _differs(change, "snapshotRetentionLimit"):
            arguments["SnapshotRetentionLimit"] = change.new("snapshotRetentionLimit") or 0
            if not change.old("snapshotRetentionLimit") and not change.old_outputs.get("clusterEnabled"):
                arguments["SnapshottingClusterId"] = f"{id}-001"
        if _differs(change, "userGroupIds"):
            old, new = (
                elasticache_shapes.set_of(value) for value in (change.old("userGroupIds"), change.new("userGroupIds"))
            )
            if new - old:
                arguments["UserGroupIdsToAdd"] = sorted(new - old)
            if old - new:
                arguments["UserGroupIdsToRemove"] = sorted(old - new)
            if change.new("authTokenUpdateStrategy") == "DELETE" and _differs(change, "authTokenUpdateStrategy"):
                # AWS takes the token away only in the same call that gives the user group.
                arguments["AuthTokenUpdateStrategy"] = "DELETE"
        logs = elasticache_shapes.log_delivery_changes(
            change.old("logDeliveryConfigurations"), change.new("logDeliveryConfigurations")
        )
        immediately = bool(change.new("applyImmediately"))
        if _differs(change, "logDeliveryConfigurations") and logs:
            if "EngineVersion" in arguments:
                # A version that cannot log yet has to be left first.
                upgrade = {
                    name: arguments.pop(name)
                    for name in ("Engine", "EngineVersion", "CacheParameterGroupName")
                    if name in arguments
                }
                _act(call, id, "modify_replication_group", **upgrade, ApplyImmediately=True)
            arguments["LogDeliveryConfigurations"] = logs
        if arguments:
            _act(call, id, "modify_replication_group", **arguments, ApplyImmediately=immediately)

    def _change_token(self, call: Call, id: str, change: Change) -> None:
        token = change.new("authToken")
        strategy = change.new("authTokenUpdateStrategy")
        changed = _differs(change, "authToken") or _differs(change, "authTokenUpdateStrategy")
        if change.new("authTokenWo") is not None:
            token = change.new("authTokenWo")
            changed = _differs(change, "authTokenWoVersion")
        if token and changed:
            _act(
                call,
                id,
                "modify_replication_group",
                AuthToken=token,
                AuthTokenUpdateStrategy=strategy,
                ApplyImmediately=True,
            )


def _differs(change: Change, name: str) -> bool:
    old, new = change.old_inputs.get(name), change.inputs.get(name)
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(item, str) for item in [*old, *new]):
        return elasticache_shapes.set_of(old) != elasticache_shapes.set_of(new)
    return bool(old or new) and old != new


def _check_failover(inputs: Properties) -> Iterator[CheckFailure]:
    failover, nodes = inputs.get("automaticFailoverEnabled"), inputs.get("numCacheClusters")
    if failover is True and isinstance(nodes, int) and nodes < 2:
        yield CheckFailure(
            "numCacheClusters", f"expected at least 2 with automaticFailoverEnabled, found {nodes}: add a replica"
        )
    if inputs.get("multiAzEnabled") is True and failover is False:
        yield CheckFailure("multiAzEnabled", "needs automaticFailoverEnabled: set it to true")


def _check_auth(inputs: Properties) -> Iterator[CheckFailure]:
    for name in ("authToken", "authTokenWo"):
        token = inputs.get(name)
        if not isinstance(token, str):
            continue
        length = len(token.encode())
        if not 16 <= length <= 128:
            yield CheckFailure(name, f"expected 16 to 128 characters, found {length}")
        if any(character in token for character in '@"/'):
            yield CheckFailure(name, 'expected a token without @, " and /')
    strategy = inputs.get("authTokenUpdateStrategy")
    yield from one_of(inputs, "authTokenUpdateStrategy", "SET", "ROTATE", "DELETE")
    has_token = "authToken" in inputs or "authTokenWo" in inputs
    if strategy == "DELETE" and has_token:
        yield CheckFailure("authToken", "cannot be given when authTokenUpdateStrategy is DELETE: leave it out")
    if strategy in {"SET", "ROTATE"} and not has_token:
        yield CheckFailure("authTokenUpdateStrategy", f"{strategy} needs authToken: give the token")
    if ("authTokenWo" in inputs) != ("authTokenWoVersion" in inputs):
        yield CheckFailure("authTokenWo", "and authTokenWoVersion need each other: give both or neither")


def _check_node_groups(inputs: Properties) -> Iterator[CheckFailure]:
    groups = inputs.get("nodeGroupConfigurations")
    for index, group in enumerate(groups if isinstance(groups, list) else []):
        if not isinstance(group, dict):
            continue
        for name, pattern, expected in (
            ("nodeGroupId", r"\d{1,4}", "1 to 4 digits"),
            ("slots", r"[\d,-]+", "slot ranges such as 0-5460"),
        ):
            for failure in matches(group, name, pattern, expected):
                yield CheckFailure(f"nodeGroupConfigurations[{index}].{name}", failure.reason)
        for failure in between(group, "replicaCount", 0):
            yield CheckFailure(f"nodeGroupConfigurations[{index}].replicaCount", failure.reason)


def _node_groups_replace(path: str, change: Change) -> bool:
    """Shards cannot be laid out anew in place; only pinning zones that AWS has chosen already is none."""
    del path
    old, new = change.old_inputs.get("nodeGroupConfigurations"), change.new("nodeGroupConfigurations")
    if contains_unknown(new) or not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return True
    remaining = [item for item in old if isinstance(item, dict)]
    return not all(any(_fits(before, after) for before in remaining) for after in new if isinstance(after, dict))


def _fits(before: Properties, after: Properties) -> bool:
    for name in ("nodeGroupId", "replicaCount", "slots"):
        if after.get(name) is not None and after.get(name) != before.get(name):
            return False
    return all(
        not before.get(name) or before.get(name) == after.get(name)
        for name in ("primaryAvailabilityZone", "replicaAvailabilityZones")
    )


def _node_group_requests(groups: PropertyValue) -> list[dict[str, Any]]:
    names = {
        "NodeGroupId": "nodeGroupId",
        "PrimaryAvailabilityZone": "primaryAvailabilityZone",
        "PrimaryOutpostArn": "primaryOutpostArn",
        "ReplicaAvailabilityZones": "replicaAvailabilityZones",
        "ReplicaCount": "replicaCount",
        "ReplicaOutpostArns": "replicaOutpostArns",
        "Slots": "slots",
    }
    given = groups if isinstance(groups, list) else []
    return [elasticache_shapes.arguments(group, names) for group in given if isinstance(group, dict)]


def _node_group_read(group: dict[str, Any]) -> PropertyValue:
    members = group.get("NodeGroupMembers", [])
    zones = [member.get("PreferredAvailabilityZone", "") for member in members]
    return {
        "nodeGroupId": group["NodeGroupId"],
        "primaryAvailabilityZone": zones[0] if zones else "",
        "replicaAvailabilityZones": zones[1:],
        "replicaCount": max(len(members) - 1, 0),
        "slots": group.get("Slots", ""),
    }


def _endpoints(group: dict[str, Any]) -> Properties:
    if group.get("ConfigurationEndpoint"):
        return {
            "configurationEndpointAddress": group["ConfigurationEndpoint"]["Address"],
            "primaryEndpointAddress": "",
            "readerEndpointAddress": "",
        }
    first = (group.get("NodeGroups") or [{}])[0]
    return {
        "configurationEndpointAddress": "",
        "primaryEndpointAddress": first.get("PrimaryEndpoint", {}).get("Address", ""),
        "readerEndpointAddress": first.get("ReaderEndpoint", {}).get("Address", ""),
    }


def _port(group: dict[str, Any]) -> int:
    endpoint = group.get("ConfigurationEndpoint") or (group.get("NodeGroups") or [{}])[0].get("PrimaryEndpoint") or {}
    return int(endpoint.get("Port", _DEFAULT_PORT))


def _topic(node: dict[str, Any]) -> str:
    configuration = node.get("NotificationConfiguration") or {}
    return "" if configuration.get("TopicStatus") == "inactive" else str(configuration.get("TopicArn") or "")


def _find(call: Call, id: str) -> dict[str, Any] | None:
    answer = call.find("elasticache", "describe_replication_groups", ReplicationGroupId=id)
    groups: list[dict[str, Any]] = [] if answer is None else answer["ReplicationGroups"]
    return groups[0] if groups else None


def _node(call: Call, id: str) -> dict[str, Any]:
    answer = call.find("elasticache", "describe_cache_clusters", CacheClusterId=id, ShowCacheNodeInfo=True)
    nodes: list[dict[str, Any]] = [] if answer is None else answer["CacheClusters"]
    return nodes[0] if nodes else {}


def _available(call: Call, id: str) -> None:
    def ready() -> bool | None:
        group = _find(call, id)
        if group is None or group["Status"] == "create-failed":
            msg = f"replication group {id} could not be created"
            raise ProviderError(msg)
        return True if group["Status"] == "available" else None

    call.wait(f"replication group {id} to become available", ready)


def _act(call: Call, id: str, operation: str, **arguments: Any) -> None:
    try:
        call.retry(_BUSY, lambda: call.request("elasticache", operation, ReplicationGroupId=id, **arguments))
    except AwsError as error:
        # Somebody else has made the change already; the AWS provider takes that as done, too.
        if "No modifications were requested" not in error.message:
            raise
    _available(call, id)


def _leave_global(call: Call, id: str, global_id: str) -> None:
    try:
        call.retry(
            {"InvalidGlobalReplicationGroupState", *_BUSY},
            lambda: call.request(
                "elasticache",
                "disassociate_global_replication_group",
                GlobalReplicationGroupId=global_id,
                ReplicationGroupId=id,
                ReplicationGroupRegion=call.region,
            ),
        )
    except AwsError as error:
        if not error.is_not_found:
            raise

    def is_alone() -> bool | None:
        group = _find(call, id)
        info = {} if group is None else group.get("GlobalReplicationGroupInfo", {})
        return None if info.get("GlobalReplicationGroupId") == global_id else True

    call.wait(f"replication group {id} to leave {global_id}", is_alone)


def _delete_copied_parameter_group(call: Call, outputs: Properties) -> None:
    """Delete the copy of the primary's parameter group that AWS made for a member of a global group."""
    name = outputs.get("parameterGroupName")
    if not isinstance(name, str) or not name.startswith("global-datastore-"):
        return
    try:
        call.request("elasticache", "delete_cache_parameter_group", CacheParameterGroupName=name)
    except AwsError as error:
        if not error.is_not_found and error.kind != "InvalidCacheParameterGroupState":
            raise
