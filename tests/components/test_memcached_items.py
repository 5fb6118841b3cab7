"""How large a Memcached item may be, by the version's way of storing it."""

from typing import Any

import pytest

import cachewright

CLUSTER: dict[str, Any] = {"node_type": "cache.m5.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
UNEVEN = {"max_item_size": "1048577"}


@pytest.mark.parametrize("version", ["1.4.5", "1.4.24"])
def test_before_slab_chunks_an_item_has_any_size(record: Any, version: str) -> None:
    """Up to 1.4.32 an item is one piece: there is nothing that it must be a multiple of."""
    arguments: Any = {**CLUSTER, "engine_version": version, "parameters": UNEVEN}

    recorder, _ = record(lambda: cachewright.MemcachedCluster("pages", arguments).endpoint)

    assert recorder.resources["ParameterGroup", "pages-test-memcached14"]["parameters"] == [
        {"name": "max_item_size", "value": "1048577"}
    ]


@pytest.mark.parametrize("version", ["1.4.33", "1.4.34", "1.5.16", "1.6.22"])
def test_with_slab_chunks_an_item_is_whole_chunks(version: str) -> None:
    """From 1.4.33 on AWS creates no cluster whose items are not a multiple of `slab_chunk_max`."""
    arguments: Any = {**CLUSTER, "engine_version": version, "parameters": UNEVEN}

    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.MemcachedCluster("pages", arguments)

    assert str(caught.value) == (
        "MemcachedCluster 'pages': 'parameters.max_item_size' must be a multiple of slab_chunk_max (524288),"
        " got 1048577; use 1048576"
    )
