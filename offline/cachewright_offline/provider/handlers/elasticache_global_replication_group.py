"""aws.elasticache.GlobalReplicationGroup: replication groups of several regions that hold the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_versions
from cachewright_offline.provider.protocol import CheckFailure, PropertyDiff, ProviderError
from cachewright_offline.provider.resource import Change, ResourceHandler
from cachewright_offline.provider.validation import between, matches, one_of
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_BUSY: Final = frozenset({"InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"})
_MODIFY: Final = {
    "AutomaticFailoverEnabled": "automaticFailoverEnabled",
    "CacheNodeType": "cacheNodeType",
    "GlobalReplicationGroupDescription": "globalReplicationGroupDescription",
}


class GlobalReplicationGroupHandler(ResourceHandler):
    """A global replication group; AWS makes its id of the region's prefix and the given suffix."""

    timeouts: ClassVar = (3600.0, 3600.0, 1200.0)

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from matches(
            inputs,
            "globalReplicationGroupIdSuffix",
            r"[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*",
            "letters, digits and single hyphens, first a letter, last no hyphen",
        )
        yield from one_of(inputs, "engine", "redis", "valkey")
        yield from elasticache_versions.check(inputs.get("engine"), inputs.get("engineVersion"))
        yield from between(inputs, "numNodeGroups", 1)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """`6.x` is every 6; AWS keeps ids in lower case."""
        if name == "primaryReplicationGroupId":
            return str(old).lower() == str(new).lower()
        return name == "engineVersion" and elasticache_versions.is_same(str(old), str(new))

    def replaces(self, path: str, change: Change) -> bool:
        """Redis OSS to Valkey is an upgrade; there is no way back. Versions never replace."""
        if path == "engine":
            return change.new("engine") not in {"valkey", UNKNOWN}
        return path != "engineVersion"

    def diff_more(self, change: Change, detailed: dict[str, PropertyDiff]) -> None:
        """Refuse what the AWS provider refuses in a plan."""
        if any(difference.kind.replaces for difference in detailed.values()):
            return
        old, new = change.old("engineVersion"), change.new("engineVersion")
        if "engineVersion" in detailed and elasticache_versions.is_downgrade(old, new):
            raise ProviderError(
                f"engineVersion: a global datastore cannot go back from {old} to {new}: keep {old}, or build a new one"
            )
        if "parameterGroupName" in detailed:
            if change.new("parameterGroupName") is None or change.old_inputs.get("parameterGroupName") is not None:
                # After the upgrade that it was for, the provider no longer looks at it.
                if not _is_major(change):
                    del detailed["parameterGroupName"]
            elif not _is_major(change) and new is not UNKNOWN:
                raise ProviderError(
                    "parameterGroupName: is taken only together with a new engine or a new major engineVersion: "
                    "leave it out"
                )

    def unsettled(self, change: Change) -> Iterable[str]:
        """Shards and the full version follow what is asked for."""
        if change.new("numNodeGroups") not in {None, change.old("numNodeGroups")}:
            yield "globalNodeGroups"
        if change.new("engineVersion") not in {None, change.old("engineVersion")}:
            yield "engineVersionActual"

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group around its primary, then bring it to what differs from the primary."""
        answer = call.retry(
            _BUSY,
            lambda: call.request(
                "elasticache",
                "create_global_replication_group",
                GlobalReplicationGroupIdSuffix=inputs["globalReplicationGroupIdSuffix"],
                GlobalReplicationGroupDescription=inputs.get("globalReplicationGroupDescription") or None,
                PrimaryReplicationGroupId=inputs["primaryReplicationGroupId"],
            ),
        )
        id = answer["GlobalReplicationGroup"]["GlobalReplicationGroupId"]
        with self.existing(call, id, inputs):
            _available(call, id)
            told = self.describe(call, id, inputs) or {}
            told["globalReplicationGroupDescription"] = inputs.get("globalReplicationGroupDescription")
            _bring_to(call, id, Change({}, told, inputs))
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group; what its members have in common is read from the primary."""
        group = _find(call, id)
        if group is None or group["Status"] in {"deleting", "deleted"}:
            return None
        engine, actual = group.get("Engine", "redis"), group.get("EngineVersion", "")
        shards: list[dict[str, Any]] = group.get("GlobalNodeGroups", [])
        described: Properties = {
            "arn": group["ARN"],
            "atRestEncryptionEnabled": group.get("AtRestEncryptionEnabled", False),
            "authTokenEnabled": group.get("AuthTokenEnabled", False),
            "cacheNodeType": group.get("CacheNodeType", ""),
            "clusterEnabled": group.get("ClusterEnabled", False),
            "engine": engine,
            "engineVersion": elasticache_versions.as_written(engine, actual, inputs.get("engineVersion")),
            "engineVersionActual": actual,
            "globalNodeGroups": [
                {"globalNodeGroupId": shard["GlobalNodeGroupId"], "slots": shard.get("Slots", "")} for shard in shards
            ],
            "globalReplicationGroupDescription": group.get("GlobalReplicationGroupDescription", ""),
            "globalReplicationGroupId": group["GlobalReplicationGroupId"],
            "globalReplicationGroupIdSuffix": group["GlobalReplicationGroupId"].partition("-")[2],
            "numNodeGroups": len(shards),
            "transitEncryptionEnabled": group.get("TransitEncryptionEnabled", False),
        }
        primary = next((member for member in group.get("Members", []) if member.get("Role") == "PRIMARY"), None)
        if primary is not None:
            described["primaryReplicationGroupId"] = primary["ReplicationGroupId"]
            described["automaticFailoverEnabled"] = primary.get("AutomaticFailover") in {"enabled", "enabling"}
        return described

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change everything at once in all regions; AWS takes one kind of change per call."""
        _bring_to(call, id, self.live(call, id, old_outputs, old_inputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Dissolve the group; the primary stays. Secondaries leave by their own deletion before."""
        del inputs, outputs
        try:
            call.retry(
                _BUSY,
                lambda: call.request(
                    "elasticache",
                    "delete_global_replication_group",
                    GlobalReplicationGroupId=id,
                    RetainPrimaryReplicationGroup=True,
                ),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"global replication group {id}", lambda: _find(call, id))


def _is_major(change: Change) -> bool:
    old, new = change.old("engineVersion"), change.new("engineVersion")
    if change.new("engine") is not None and change.new("engine") != change.old("engine"):
        return True
    return isinstance(old, str) and isinstance(new, str) and old.split(".")[0] != new.split(".")[0]


def _bring_to(call: Call, id: str, change: Change) -> None:
    for api, name in _MODIFY.items():
        new = change.new(name)
        if new is not None and new != change.old(name):
            _modify(call, id, **{api: new})
        elif new is None and name == "globalReplicationGroupDescription" and change.old_inputs.get(name):
            _modify(call, id, **{api: ""})
    version, engine = change.new("engineVersion"), change.new("engine")
    old_version = change.old("engineVersion")
    upgrade: dict[str, Any] = {}
    if engine is not None and engine != change.old("engine"):
        upgrade["Engine"] = engine
    if version is not None and not elasticache_versions.is_same(str(version), str(old_version)):
        upgrade["EngineVersion"] = version
    if upgrade:
        if elasticache_versions.is_downgrade(old_version, version):
            raise ProviderError(
                f"engineVersion: the primary runs {old_version}, a global datastore cannot run the older {version}"
            )
        if change.new("parameterGroupName") is not None and _is_major(change):
            upgrade["CacheParameterGroupName"] = change.new("parameterGroupName")
        _modify(call, id, **upgrade)
    _reshard(call, id, change)


def _reshard(call: Call, id: str, change: Change) -> None:
    old, new = change.old("numNodeGroups"), change.new("numNodeGroups")
    if new is None or new == old:
        return
    arguments: dict[str, Any] = {"NodeGroupCount": new, "ApplyImmediately": True}
    operation = "increase_node_groups_in_global_replication_group"
    if old is not None and new < old:
        operation = "decrease_node_groups_in_global_replication_group"
        shards = sorted(
            str(shard["GlobalNodeGroupId"]) for shard in (_find(call, id) or {}).get("GlobalNodeGroups", [])
        )
        arguments["GlobalNodeGroupsToRetain"] = shards[:new]
    call.retry(_BUSY, lambda: call.request("elasticache", operation, GlobalReplicationGroupId=id, **arguments))
    _available(call, id)


def _modify(call: Call, id: str, **arguments: Any) -> None:
    call.retry(
        _BUSY,
        lambda: call.request(
            "elasticache",
            "modify_global_replication_group",
            GlobalReplicationGroupId=id,
            ApplyImmediately=True,
            **arguments,
        ),
    )
    _available(call, id)


def _find(call: Call, id: str) -> dict[str, Any] | None:
    answer = call.find(
        "elasticache", "describe_global_replication_groups", GlobalReplicationGroupId=id, ShowMemberInfo=True
    )
    groups: list[dict[str, Any]] = [] if answer is None else answer["GlobalReplicationGroups"]
    return groups[0] if groups else None


def _available(call: Call, id: str) -> None:
    def ready() -> bool | None:
        group = _find(call, id)
        if group is None:
            msg = f"global replication group {id} is gone"
            raise ProviderError(msg)
        return True if group["Status"] in {"available", "primary-only"} else None

    call.wait(f"global replication group {id} to become available", ready)
