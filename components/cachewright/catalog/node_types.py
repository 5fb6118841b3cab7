"""Node types: what they have and what runs on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cachewright.catalog import features, tables

_GRAVITON = re.compile(r"[a-z]+(?P<generation>\d)g")
_GRAVITON_FEATURE = {"4": "graviton2", "6": "graviton2", "7": "graviton3", "8": "graviton4"}


@dataclass(frozen=True, slots=True)
class NodeType:
    """One node type.

    Attributes:
        name: With its prefix, `cache.r7g.large`.
        vcpu: Virtual CPUs.
        memory_gib: Memory in GiB.
        maxmemory_bytes: What the engine may use of it, before reserved memory.
        network_gbps_base: Network bandwidth it always has, in Gbit/s.
        network_gbps_burst: Network bandwidth it has for a while, or None where it does not burst.
        burstable: Whether its CPU runs on credits.
        graviton: Whether it is an AWS Graviton.
        data_tiering: Whether it keeps part of the data on SSD.
        ssd_gib: The SSD's size in GiB, 0 without one.
        max_connections: The most client connections.
        global_datastore: Whether a global datastore may have it.
        autoscaling: Whether Application Auto Scaling may add and remove it.
        durability: Whether Valkey 9's durability may have it.
        redis_usd_per_hour: The price on demand in us-east-1 on 2026-10-02, or None where Redis OSS does not run on it.
        valkey_usd_per_hour: The same for Valkey.
        source: Where AWS states it.
    """

    name: str
    vcpu: int
    memory_gib: float
    maxmemory_bytes: int
    network_gbps_base: float
    network_gbps_burst: float | None
    burstable: bool
    graviton: bool
    data_tiering: bool
    ssd_gib: float
    max_connections: int
    global_datastore: bool
    autoscaling: bool
    durability: bool
    redis_usd_per_hour: float | None
    valkey_usd_per_hour: float | None
    source: str

    @property
    def family(self) -> str:
        """The family, such as `r7g`."""
        return self.name.split(".")[1]

    @property
    def size(self) -> str:
        """The size, such as `large`."""
        return self.name.split(".")[2]


@cache
def _by_name() -> dict[str, NodeType]:
    return {
        row["name"]: NodeType(
            row["name"],
            int(row["vcpu"]),
            float(row["memory_gib"]),
            int(row["maxmemory_bytes"]),
            float(row["network_gbps_base"]),
            _number(row["network_gbps_burst"]),
            tables.flag(row["burstable"]),
            tables.flag(row["graviton"]),
            tables.flag(row["data_tiering"]),
            _number(row["ssd_gib"]) or 0.0,
            int(row["max_connections"]),
            tables.flag(row["global_datastore"]),
            tables.flag(row["autoscaling"]),
            tables.flag(row["durability"]),
            _number(row["redis_usd_per_hour"]),
            _number(row["valkey_usd_per_hour"]),
            row["source"],
        )
        for row in tables.rows("node_types.csv")
    }


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def node_types() -> tuple[NodeType, ...]:
    """Return every node type."""
    return tuple(_by_name().values())


def find(name: str) -> NodeType | None:
    """Return the node type of a name, or None when AWS has none such."""
    return _by_name().get(name)


def compatible(name: str, engine: str, version: str) -> str | None:
    """Return why an engine version does not run on a node type, or None when it does.

    >>> compatible("cache.r8g.large", "redis", "7.1")
    'cache.r8g.large does not run redis; choose cache.r7g.large, or valkey'
    """
    node_type = find(name)
    if node_type is None:
        return f"{name} is no node type of ElastiCache"
    if node_type.data_tiering and not features.supports(engine, version, "data_tiering"):
        minimum = features.minimum_version(engine, "data_tiering")
        return f"{name} needs {engine} {minimum} or newer" if minimum else f"{name} does not run {engine}"
    match = _GRAVITON.match(node_type.family)
    if match is None:
        return None
    generation = match["generation"]
    minimum = features.minimum_version(engine, _GRAVITON_FEATURE[generation])
    if minimum is None:
        older = name.replace(f"{generation}g", "7g", 1)
        return f"{name} does not run {engine}; choose {older}, or valkey"
    if not features.supports(engine, version, _GRAVITON_FEATURE[generation]):
        return f"{name} needs {engine} {minimum} or newer; upgrade engine_version or choose an older node type"
    return None
