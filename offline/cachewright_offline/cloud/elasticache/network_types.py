"""IPv4 and IPv6: what a cache's nodes speak, and which of it clients are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import features
from cachewright.catalog import node_types as catalog
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.subnet_groups import SubnetGroup
    from cachewright_offline.cloud.elasticache.registry import Params

_NETWORK_TYPES: Final = ("ipv4", "ipv6", "dual_stack")
_DISCOVERY: Final = ("ipv4", "ipv6")
# IPv6 needs instances of the Nitro system; source: AWS's list of instance types and their hypervisors.
_BEFORE_NITRO: Final = frozenset({"c1", "m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2"})


def chosen(params: Params, version: EngineVersion, node_type: str, subnets: SubnetGroup | None) -> tuple[str, str]:
    """Return the network type and the discovery of a new cache.

    Raises:
        Fault: They do not exist, do not fit each other, or are not possible with these nodes or subnets.
    """
    network_type = params.get("NetworkType") or "ipv4"
    if network_type not in _NETWORK_TYPES:
        raise invalid_value(f"Invalid NetworkType: {network_type}. Must be one of: {', '.join(_NETWORK_TYPES)}.")
    told = discovery(params, network_type) or ("ipv6" if network_type == "ipv6" else "ipv4")
    if network_type == "ipv4":
        return network_type, told
    if not features.supports(version.engine, version.version, "ipv6"):
        message = f"Network type {network_type} is not supported by {version.engine} {version.version}."
        raise invalid_combination(message)
    kind = catalog.find(node_type)
    if kind is not None and kind.family in _BEFORE_NITRO:
        raise invalid_combination(f"Network type {network_type} is not supported by the node type {node_type}.")
    if subnets is None or network_type not in subnets.network_types:
        name = subnets.name if subnets else "default"
        message = f"The cache subnet group {name} does not support the network type {network_type}."
        raise fault("InvalidVPCNetworkStateFault", message)
    return network_type, told


def discovery(params: Params, network_type: str) -> str | None:
    """Return which addresses a request wants clients to be told, or None when it does not say.

    Raises:
        Fault: There are none such, or the cache has none such.
    """
    told: str | None = params.get("IpDiscovery") or None
    if told is None:
        return None
    if told not in _DISCOVERY:
        raise invalid_value(f"Invalid IpDiscovery: {told}. Must be one of: {', '.join(_DISCOVERY)}.")
    if network_type not in {told, "dual_stack"}:
        raise invalid_combination(f"IpDiscovery {told} is not possible with the network type {network_type}.")
    return told
