"""The caches of one environment, as its `Pulumi.<stack>.yaml` describes them."""

from typing import Any

import pulumi

import cachewright
from alarm_topic import alarm_topic
from network import Network
from settings import PLAIN_KEYS, STRUCTURED_KEYS, CacheSettings, DurableSettings, Settings, parse

PROVIDER_DEFAULT_REGION = "us-east-1"


class Environment:
    """Creates what the settings ask for; each method makes one section of them."""

    def __init__(self, settings: Settings, stack: str) -> None:
        self.settings = settings
        self.tags = {"environment": stack, "owner": settings.owner, "cost-center": settings.cost_center}
        self.networks = {region: self._network(region, stack) for region in settings.networks}
        self.user_groups: dict[str, cachewright.UserGroup] = {}
        self.caches: dict[str, Any] = {}
        self.topics: dict[str, pulumi.Output[str]] = {}

    def create(self) -> None:
        """Create everything, and export how it is reached."""
        for name, group in self.settings.user_groups.items():
            users = [user.model_dump(exclude_defaults=False, exclude_none=True) for user in group.users]
            self.user_groups[name] = cachewright.UserGroup(
                name, {"engine": group.engine, "users": [_listed(user) for user in users], "tags": self.tags}
            )
        for name, group in self.settings.replication_groups.items():
            self.caches[name] = cachewright.ReplicationGroup(name, self._durable(group))
        for name, sharded in self.settings.sharded_replication_groups.items():
            self.caches[name] = cachewright.ShardedReplicationGroup(name, self._durable(sharded))
        for name, cluster in self.settings.memcached_clusters.items():
            self.caches[name] = cachewright.MemcachedCluster(name, self._arguments(cluster))
        for name, serverless in self.settings.serverless_caches.items():
            arguments = self._arguments(serverless, exclude={"user_group", "engine_version"})
            if serverless.engine_version is not None:
                arguments["major_engine_version"] = serverless.engine_version
            if serverless.user_group is not None:
                arguments["user_group_id"] = self.user_groups[serverless.user_group].user_group_id
            self.caches[name] = cachewright.ServerlessCache(name, arguments)
        for name, datastore in self.settings.global_datastores.items():
            primary = cachewright.ReplicationGroup(f"{name}-primary", self._durable(datastore.primary))
            self.caches[f"{name}-primary"] = primary
            secondaries = [
                {**self._place(one.region), "region": one.region, "num_cache_clusters": one.num_cache_clusters}
                for one in datastore.secondaries
            ]
            region = datastore.primary.region or self.settings.region
            replicated = cachewright.GlobalDatastore.of(
                name, primary, secondaries, primary_region=region, tags=self.tags
            )
            pulumi.export(f"{name}-global-id", replicated.global_replication_group_id)
            pulumi.export(f"{name}-secondary-endpoints", replicated.endpoints)
        for name, group in self.user_groups.items():
            pulumi.export(f"{name}-user-ids", group.user_ids)
            pulumi.export(f"{name}-secret-arns", group.secret_arns)
        for name, cache in self.caches.items():
            pulumi.export(name, _connection(cache))

    def _alarms(self, region: str) -> dict[str, Any]:
        """Return whom a cache's alarms tell; a region's first cache makes its topic."""
        if self.settings.alarms is None:
            return {}
        if region not in self.topics:
            self.topics[region] = alarm_topic(
                f"caches-{region}", region=region, email=self.settings.alarms.email, tags=self.tags
            )
        return {"alarm_topic_arn": self.topics[region]}

    def _network(self, region: str, stack: str) -> dict[str, Any]:
        asked = self.settings.networks[region]
        if asked.cidr_block is None:
            return {"vpc_id": asked.vpc_id, "subnet_ids": list(asked.subnet_ids or ())}
        network = Network(
            f"{stack}-{region}",
            region=region,
            cidr_block=asked.cidr_block,
            availability_zones=asked.availability_zones,
            tags=self.tags,
        )
        return {"vpc_id": network.vpc_id, "subnet_ids": list(network.subnet_ids)}

    def _place(self, given: str | None) -> dict[str, Any]:
        region = given or self.settings.region
        return {**self.networks[region], **self._alarms(region)}

    def _arguments(self, cache: CacheSettings, exclude: set[str] | None = None) -> dict[str, Any]:
        given = cache.model_dump(exclude={"tags", *(exclude or ())}, exclude_none=True)
        return {**given, **self._place(cache.region), "tags": {**self.tags, **cache.tags}}

    def _durable(self, cache: DurableSettings) -> Any:
        arguments = self._arguments(cache, exclude={"user_group"})
        if cache.user_group is not None:
            arguments["user_group_ids"] = [self.user_groups[cache.user_group].user_group_id]
        return arguments


def _listed(user: dict[str, Any]) -> dict[str, Any]:
    prefixes = list(user.pop("key_prefixes", ()))
    return {**user, **({"key_prefixes": prefixes} if prefixes else {})}


def _connection(cache: Any) -> dict[str, Any]:
    found = {
        "endpoint": cache.endpoint,
        "reader_endpoint": cache.reader_endpoint,
        "port": cache.port,
        "url_template": cache.url_template,
        "secret_arn": cache.secret_arn,
        "security_group_id": cache.security_group_id,
        "client_security_group_id": cache.client_security_group_id,
    }
    if isinstance(cache, cachewright.MemcachedCluster):
        found["configuration_endpoint"] = cache.configuration_endpoint
    return found


def read_settings() -> Settings:
    """Return the settings of the stack that is being run."""
    config = pulumi.Config()
    plain = {key: config.get(key) for key in PLAIN_KEYS}
    structured = {key: config.get_object(key) for key in STRUCTURED_KEYS}
    region = pulumi.Config("aws").get("region") or PROVIDER_DEFAULT_REGION
    values = {key: value for key, value in {**plain, **structured}.items() if value is not None}
    return parse({"region": region, **values}, pulumi.get_stack())


Environment(read_settings(), pulumi.get_stack()).create()
