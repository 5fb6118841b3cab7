"""Durability: a log in several zones that a cache's data can be read from again.

Source: AWS's user guide, "Configuring durability".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import features, node_types
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup, Shard

DEFAULT: Final = "default"
_VALUES: Final = (DEFAULT, "async", "sync", "disabled")
_LOGGED: Final = frozenset({"async", "sync"})


def effective(setting: str | None) -> str:
    """Return what a setting amounts to: AWS's own choice is no durability so far."""
    return setting if setting in _LOGGED else "disabled"


def is_logged(setting: str | None) -> bool:
    """Tell whether a setting writes to the log, which is always encrypted."""
    return setting in _LOGGED


def check_value(setting: str | None) -> None:
    """Refuse a setting that does not exist."""
    if setting is not None and setting not in _VALUES:
        raise invalid_value(f"Invalid Durability: {setting}. Must be one of: {', '.join(_VALUES)}.")


def check_possible(
    setting: str | None,
    version: EngineVersion,
    node_type: str,
    shards: list[Shard],
    *,
    cluster_enabled: bool,
    multi_az: bool,
    tls: bool,
) -> None:
    """Refuse durability for a cache that AWS does not offer it for."""
    check_value(setting)
    if not is_logged(setting):
        return
    if not features.supports(version.engine, version.version, "durability"):
        minimum = features.minimum_version("valkey", "durability")
        raise invalid_combination(f"Durability {setting} requires Valkey {minimum} or later.")
    kind = node_types.find(node_type)
    if kind is None or not kind.durability:
        raise invalid_combination(f"Durability {setting} is not supported on {node_type}.")
    if not cluster_enabled:
        raise invalid_combination(f"Durability {setting} requires cluster mode to be enabled.")
    if not multi_az or any(not shard.replicas for shard in shards):
        raise invalid_combination(f"Durability {setting} requires Multi-AZ and a replica in every node group.")
    if not tls:
        raise invalid_combination(f"Durability {setting} requires encryption in transit to be enabled.")


def check_change(group: ReplicationGroup, setting: str | None) -> None:
    """Refuse to turn durability on or off: only how a log is written can be changed later."""
    check_value(setting)
    if setting is None or effective(setting) == effective(group.durability):
        return
    if not (is_logged(setting) and is_logged(group.durability)):
        message = (
            f"Durability cannot be changed from {effective(group.durability)} to {setting}: it is turned on or off at "
            "creation only."
        )
        raise invalid_combination(message)
