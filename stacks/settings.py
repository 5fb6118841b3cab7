"""One environment's settings: what `Pulumi.<stack>.yaml` says, typed and checked as a whole.

Environments differ by this data only. Keys are written as the components' arguments are; every problem is reported
at once and names its key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping

# The entries of Pulumi.<stack>.yaml under the project's name: plain values, and structured ones as JSON.
PLAIN_KEYS = ("owner", "cost_center")
STRUCTURED_KEYS = (
    "networks",
    "user_groups",
    "replication_groups",
    "sharded_replication_groups",
    "memcached_clusters",
    "serverless_caches",
    "global_datastores",
    "alarms",
)


class SettingsError(Exception):
    """`Pulumi.<stack>.yaml` asks for something that cannot be. `str()` lists every problem, one a line."""


class Section(BaseModel):
    """What every part of the settings has in common: unknown keys are refused, values are never echoed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NetworkSettings(Section):
    """Where one region's caches live: a network of one's own, or one that is asked for.

    Either `vpc_id` and `subnet_ids` of an existing network, or `cidr_block` (and `availability_zones`) of one that
    this stack creates: a VPC with a private subnet in each zone and no way to the internet.
    """

    vpc_id: str | None = None
    subnet_ids: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    cidr_block: str | None = None
    availability_zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=3)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        existing = self.vpc_id is not None and self.subnet_ids is not None
        created = self.cidr_block is not None
        if (
            existing == created
            or (existing and self.availability_zones)
            or (self.vpc_id is None) != (self.subnet_ids is None)
        ):
            msg = "give either vpc_id and subnet_ids (an existing network), or cidr_block (one to create)"
            raise ValueError(msg)
        return self


class CacheSettings(Section):
    """What every kind of cache may be told in a settings file."""

    region: str | None = None
    description: str | None = None
    engine_version: str | None = None
    kms_key_id: str | None = None
    tags: dict[str, str] = {}


class NodeSettings(CacheSettings):
    """A cache made of nodes."""

    node_type: str
    parameters: dict[str, str] = {}
    maintenance_window: str | None = None
    notification_topic_arn: str | None = None
    auto_minor_version_upgrade: bool | None = None
    apply_immediately: bool | None = None


class DurableSettings(NodeSettings):
    """A Valkey or Redis OSS cache made of nodes."""

    engine: str
    snapshot_window: str | None = None
    snapshot_retention_limit: int | None = None
    user_group: str | None = None
    log_types: tuple[str, ...] | None = None
    multi_az_enabled: bool | None = None
    automatic_failover_enabled: bool | None = None


class ReplicationGroupSettings(DurableSettings):
    """A cluster-mode-disabled replication group."""

    num_cache_clusters: int = 2


class ShardedReplicationGroupSettings(DurableSettings):
    """A cluster-mode-enabled replication group."""

    num_node_groups: int
    replicas_per_node_group: int = 1


class MemcachedClusterSettings(NodeSettings):
    """A Memcached cluster."""

    num_cache_nodes: int = 2
    az_mode: str | None = None


class ServerlessCacheSettings(CacheSettings):
    """A serverless cache."""

    engine: str
    data_storage_maximum_gb: int | None = None
    ecpu_per_second_maximum: int | None = None
    user_group: str | None = None


class UserSettings(Section):
    """A user of a user group."""

    user_name: str
    access: str = "reader"
    authentication: str = "iam"
    key_prefixes: tuple[str, ...] = ()


class UserGroupSettings(Section):
    """A user group."""

    engine: str
    users: Annotated[tuple[UserSettings, ...], Field(min_length=1)]


class SecondarySettings(Section):
    """One region that follows a global datastore's primary."""

    region: str
    num_cache_clusters: int = 2


class GlobalDatastoreSettings(Section):
    """A global datastore: a primary of its own and one or two secondaries."""

    primary: ReplicationGroupSettings
    secondaries: Annotated[tuple[SecondarySettings, ...], Field(min_length=1, max_length=2)]


class AlarmSettings(Section):
    """Who is told when a cache is in trouble: the alarms that AWS recommends, for every node of every cache."""

    email: str


class Settings(Section):
    """One environment."""

    region: str
    owner: str = "platform"
    cost_center: str = "shared"
    networks: Annotated[dict[str, NetworkSettings], Field(min_length=1)]
    user_groups: dict[str, UserGroupSettings] = {}
    replication_groups: dict[str, ReplicationGroupSettings] = {}
    sharded_replication_groups: dict[str, ShardedReplicationGroupSettings] = {}
    memcached_clusters: dict[str, MemcachedClusterSettings] = {}
    serverless_caches: dict[str, ServerlessCacheSettings] = {}
    global_datastores: dict[str, GlobalDatastoreSettings] = {}
    alarms: AlarmSettings | None = None

    @model_validator(mode="after")
    def _references(self) -> Self:
        problems = [*self._unknown_networks(), *self._unknown_user_groups(), *self._names_used_twice()]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _unknown_networks(self) -> list[str]:
        regions = {"region": self.region}
        for section, caches in self._caches().items():
            for name, cache in caches.items():
                if cache.region is not None:
                    regions[f"{section}.{name}.region"] = cache.region
        for name, datastore in self.global_datastores.items():
            for index, secondary in enumerate(datastore.secondaries):
                regions[f"global_datastores.{name}.secondaries.{index}.region"] = secondary.region
        return [
            f"{key} must be a region with an entry in networks ({', '.join(sorted(self.networks))}), found {region!r};"
            f" add networks.{region}"
            for key, region in regions.items()
            if region not in self.networks
        ]

    def _unknown_user_groups(self) -> list[str]:
        return [
            f"{section}.{name}.user_group must be one of user_groups ({', '.join(sorted(self.user_groups)) or 'none'}),"
            f" found {group!r}; add user_groups.{group} or remove the key"
            for section, caches in self._caches().items()
            for name, cache in caches.items()
            if (group := getattr(cache, "user_group", None)) is not None and group not in self.user_groups
        ]

    def _names_used_twice(self) -> list[str]:
        seen: dict[str, str] = {}
        problems = []
        for section, caches in {**self._caches(), "global_datastores": self.global_datastores}.items():
            for name in caches:
                if name in seen:
                    problems.append(f"{section}.{name} must have a name of its own, found it in {seen[name]} too")
                seen[name] = section
        return problems

    def _caches(self) -> dict[str, Mapping[str, CacheSettings]]:
        return {
            "replication_groups": self.replication_groups,
            "sharded_replication_groups": self.sharded_replication_groups,
            "memcached_clusters": self.memcached_clusters,
            "serverless_caches": self.serverless_caches,
        }


def parse(values: Mapping[str, Any], stack: str) -> Settings:
    """Return the settings that a stack's configuration values make.

    Args:
        values: The values by key, without the project's name; absent ones left out.
        stack: The stack's name, for messages.

    Raises:
        SettingsError: Something is missing, unknown or contradictory.
    """
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        lines = [f"Pulumi.{stack}.yaml: {line}" for problem in error.errors() for line in _lines(problem)]
        raise SettingsError("\n".join(lines)) from None


def _lines(problem: Mapping[str, Any]) -> list[str]:
    parts = [str(part) for part in problem["loc"]]
    key = ".".join(part if part.isprintable() else ascii(part) for part in parts)
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        message = "is no setting; remove it or correct its spelling"
    elif problem["type"] == "missing":
        message = "is missing; add it"
    return [f"caching:{key}: {line}" if key else f"caching:{line}" for line in message.splitlines()]
