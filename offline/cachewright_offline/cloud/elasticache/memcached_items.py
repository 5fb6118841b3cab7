"""How large Memcached's items may be on a node.

Source: AWS's user guide, "Memcached specific parameters", changes of 1.4.33.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions, node_types, parameters
from cachewright_offline.cloud.elasticache.faults import invalid_combination

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.parameter_groups import ParameterGroup

_SINCE: Final = "1.4.33"
_MEBIBYTE: Final = 1024 * 1024


def check(group: ParameterGroup, version: EngineVersion, node_type: str) -> None:
    """Refuse a parameter group with which Memcached would not start on a node."""
    kind = node_types.find(node_type)
    if (
        version.engine != "memcached"
        or not engine_versions.at_least(version.version, _SINCE)
        or "slab_chunk_max" not in parameters.parameters(group.family)
        or kind is None
    ):
        return
    item, chunk, overhead = (
        int(group.value(name)) for name in ("max_item_size", "slab_chunk_max", "memcached_connections_overhead")
    )
    most = (kind.maxmemory_bytes - overhead * _MEBIBYTE) // 4
    if chunk > item:
        problem = f"slab_chunk_max ({chunk}) must not be larger than max_item_size ({item})"
    elif chunk and item % chunk:
        problem = f"max_item_size ({item}) must be a multiple of slab_chunk_max ({chunk})"
    elif item > most:
        problem = f"max_item_size ({item}) must not be larger than {most} on {node_type}"
    else:
        return
    raise invalid_combination(f"The parameter group {group.name} cannot be used: {problem}.")
