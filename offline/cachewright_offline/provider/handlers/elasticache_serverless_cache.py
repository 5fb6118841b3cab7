"""aws.elasticache.ServerlessCache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_shapes, elasticache_tags
from cachewright_offline.provider.protocol import CheckFailure, ProviderError
from cachewright_offline.provider.resource import Change, ResourceHandler
from cachewright_offline.provider.validation import between, matches, one_of
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_CREATE: Final = {
    "DailySnapshotTime": "dailySnapshotTime",
    "Description": "description",
    "Engine": "engine",
    "KmsKeyId": "kmsKeyId",
    "MajorEngineVersion": "majorEngineVersion",
    "NetworkType": "networkType",
    "SecurityGroupIds": "securityGroupIds",
    "ServerlessCacheName": "name",
    "SnapshotArnsToRestore": "snapshotArnsToRestores",
    "SnapshotRetentionLimit": "snapshotRetentionLimit",
    "SubnetIds": "subnetIds",
    "UserGroupId": "userGroupId",
}
_MODIFY: Final = {
    "DailySnapshotTime": "dailySnapshotTime",
    "Description": "description",
    "SecurityGroupIds": "securityGroupIds",
    "SnapshotRetentionLimit": "snapshotRetentionLimit",
    "UserGroupId": "userGroupId",
}
_BUSY: Final = frozenset({"InvalidServerlessCacheState"})
_FLEXIBLE_ENGINES: Final = frozenset({"redis", "valkey"})


class ServerlessCacheHandler(ResourceHandler):
    """A serverless cache; its id is its name, in lower case."""

    timeouts: ClassVar = (2400.0, 4800.0, 2400.0)

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from one_of(inputs, "engine", "memcached", "redis", "valkey")
        yield from matches(
            inputs, "majorEngineVersion", r"\d+(\.\d+)?", "a major version such as 8 (1.6 for Memcached)"
        )
        yield from matches(inputs, "dailySnapshotTime", r"([01]\d|2[0-3]):[0-5]\d", "hh:mm such as 03:00")
        yield from one_of(inputs, "networkType", "ipv4", "ipv6", "dual_stack")
        yield from between(inputs, "snapshotRetentionLimit", 0, 35)
        limits = inputs.get("cacheUsageLimits")
        if isinstance(limits, dict):
            yield from _check_limits(limits)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps names in lower case."""
        return name == "name" and str(old).lower() == str(new).lower()

    def replaces(self, path: str, change: Change) -> bool:
        """Say when a new engine or major version means a new cache."""
        old_engine, new_engine = change.old("engine"), change.new("engine")
        if path == "engine":
            if new_engine is UNKNOWN:
                return False
            return not {old_engine, new_engine} <= _FLEXIBLE_ENGINES
        if path == "majorEngineVersion":
            old, new = change.old("majorEngineVersion"), change.new("majorEngineVersion")
            if new is UNKNOWN or old is None:
                return False
            return not (float(new) > float(old) and new_engine == "valkey")
        return True

    def unsettled(self, change: Change) -> Iterable[str]:
        """The full version follows the engine and the major one."""
        if any(change.new(name) not in {None, change.old(name)} for name in ("engine", "majorEngineVersion")):
            yield "fullEngineVersion"

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the cache and wait until it is available."""
        arguments = {
            name: value
            for name, value in elasticache_shapes.arguments(inputs, _CREATE).items()
            if value not in ([], "")
        }
        limits = _limit_requests(inputs.get("cacheUsageLimits"))
        answer = call.request(
            "elasticache",
            "create_serverless_cache",
            **arguments,
            CacheUsageLimits=limits or None,
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["ServerlessCache"]["ServerlessCacheName"]
        with self.existing(call, id, inputs):
            _available(call, id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the cache and its tags."""
        cache = _find(call, id)
        if cache is None or cache["Status"] == "deleting":
            return None
        created = cache.get("CreateTime")
        return {
            "arn": cache["ARN"],
            "cacheUsageLimits": _limits_read(cache.get("CacheUsageLimits") or {}),
            "createTime": created.strftime("%Y-%m-%dT%H:%M:%SZ") if created is not None else "",
            "dailySnapshotTime": cache.get("DailySnapshotTime", ""),
            "description": cache.get("Description", ""),
            "endpoints": _endpoints(cache.get("Endpoint")),
            "engine": cache["Engine"],
            "fullEngineVersion": cache.get("FullEngineVersion", ""),
            "kmsKeyId": cache.get("KmsKeyId", ""),
            "majorEngineVersion": cache.get("MajorEngineVersion", ""),
            "name": cache["ServerlessCacheName"],
            "networkType": cache.get("NetworkType", "ipv4"),
            "readerEndpoints": _endpoints(cache.get("ReaderEndpoint")),
            "securityGroupIds": sorted(cache.get("SecurityGroupIds", [])),
            "snapshotRetentionLimit": cache.get("SnapshotRetentionLimit", 0),
            "status": cache["Status"],
            "subnetIds": sorted(cache.get("SubnetIds", [])),
            "userGroupId": cache.get("UserGroupId", ""),
            **self.tags_read(elasticache_tags.read(call, cache["ARN"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change one thing per call, as AWS wants it."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        for arguments in _modifications(change):
            _modify(call, id, arguments)
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the cache and wait until it is gone."""
        del inputs, outputs
        try:
            call.retry(_BUSY, lambda: call.request("elasticache", "delete_serverless_cache", ServerlessCacheName=id))
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"serverless cache {id}", lambda: _find(call, id))


def _check_limits(limits: Properties) -> Iterator[CheckFailure]:
    storage = limits.get("dataStorage")
    if isinstance(storage, dict):
        for failure in [
            *between(storage, "minimum", 1, 5000),
            *between(storage, "maximum", 1, 5000),
            *one_of(storage, "unit", "GB"),
        ]:
            yield CheckFailure(f"cacheUsageLimits.dataStorage.{failure.property}", failure.reason)
    ecpu = limits.get("ecpuPerSeconds")
    for index, item in enumerate(ecpu if isinstance(ecpu, list) else []):
        if isinstance(item, dict):
            for failure in [*between(item, "minimum", 1000, 15_000_000), *between(item, "maximum", 1000, 15_000_000)]:
                yield CheckFailure(f"cacheUsageLimits.ecpuPerSeconds[{index}].{failure.property}", failure.reason)


def _modifications(change: Change) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for api, name in _MODIFY.items():
        old, new = change.old(name), change.new(name)
        if (
            isinstance(old, list)
            and isinstance(new, list)
            and elasticache_shapes.set_of(old) == elasticache_shapes.set_of(new)
        ):
            continue
        if new is not None and new != old:
            steps.append({api: new})
        elif new is None and name == "userGroupId" and change.old_inputs.get(name):
            steps.append({"RemoveUserGroup": True})
    if change.new("cacheUsageLimits") != change.old_inputs.get("cacheUsageLimits"):
        # Limits that are left out are lifted by zeros.
        limits = _limit_requests(change.new("cacheUsageLimits"))
        lifted = {
            "DataStorage": {"Maximum": 0, "Minimum": 0, "Unit": "GB"},
            "ECPUPerSecond": {"Maximum": 0, "Minimum": 0},
        }
        old_limits = _limit_requests(change.old_inputs.get("cacheUsageLimits"))
        wanted = {name: limits.get(name, lifted[name]) for name in lifted if name in limits or name in old_limits}
        if wanted:
            steps.append({"CacheUsageLimits": wanted})
    engine = {
        api: change.new(name)
        for api, name in (("Engine", "engine"), ("MajorEngineVersion", "majorEngineVersion"))
        if change.new(name) is not None and change.new(name) != change.old(name)
    }
    if engine:
        steps.append(engine)
    return steps


def _modify(call: Call, id: str, arguments: dict[str, Any]) -> None:
    call.retry(
        _BUSY, lambda: call.request("elasticache", "modify_serverless_cache", ServerlessCacheName=id, **arguments)
    )
    _available(call, id)


def _limit_requests(limits: PropertyValue) -> dict[str, Any]:
    requests: dict[str, Any] = {}
    names = {"Maximum": "maximum", "Minimum": "minimum", "Unit": "unit"}
    if isinstance(limits, dict):
        storage, ecpu = limits.get("dataStorage"), limits.get("ecpuPerSeconds")
        if isinstance(storage, dict):
            requests["DataStorage"] = elasticache_shapes.arguments(storage, names)
        if isinstance(ecpu, list) and ecpu and isinstance(ecpu[0], dict):
            requests["ECPUPerSecond"] = elasticache_shapes.arguments(ecpu[0], names)
    return requests


def _limits_read(limits: dict[str, Any]) -> PropertyValue:
    read: dict[str, PropertyValue] = {}
    storage, ecpu = limits.get("DataStorage"), limits.get("ECPUPerSecond")
    names = {"maximum": "Maximum", "minimum": "Minimum", "unit": "Unit"}
    if storage and (storage.get("Maximum") or storage.get("Minimum")):
        read["dataStorage"] = {name: storage[api] for name, api in names.items() if storage.get(api)}
    if ecpu and (ecpu.get("Maximum") or ecpu.get("Minimum")):
        read["ecpuPerSeconds"] = [{name: ecpu[api] for name, api in names.items() if ecpu.get(api)}]
    return read


def _endpoints(endpoint: dict[str, Any] | None) -> PropertyValue:
    return [{"address": endpoint["Address"], "port": endpoint["Port"]}] if endpoint else []


def _find(call: Call, id: str) -> dict[str, Any] | None:
    answer = call.find("elasticache", "describe_serverless_caches", ServerlessCacheName=id)
    caches: list[dict[str, Any]] = [] if answer is None else answer["ServerlessCaches"]
    return caches[0] if caches else None


def _available(call: Call, id: str) -> None:
    def ready() -> bool | None:
        cache = _find(call, id)
        if cache is None or cache["Status"] == "create-failed":
            msg = f"serverless cache {id} could not be created"
            raise ProviderError(msg)
        return True if cache["Status"] == "available" else None

    call.wait(f"serverless cache {id} to become available", ready)
