"""ListAllowedNodeTypeModifications, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.1",
    "CacheNodeType": "cache.r7g.large",
}


@pytest.fixture
def main(elasticache):
    elasticache.create_replication_group(**GROUP)
    return elasticache


def test_of_a_group(main):
    """Larger and smaller types are named that run the engine; the group's own, and those with a disk, are not."""
    answer = main.list_allowed_node_type_modifications(ReplicationGroupId="main")
    up, down = answer["ScaleUpModifications"], answer["ScaleDownModifications"]
    assert {"cache.r7g.xlarge", "cache.r6g.large", "cache.m5.2xlarge"} <= set(up)
    assert {"cache.t4g.micro", "cache.m7g.large"} <= set(down)
    both = up + down
    assert len(set(both)) == len(both)
    assert (up, down) == (sorted(up), sorted(down))
    assert not {one for one in both if one == "cache.r7g.large" or one.split(".")[1] in {"r6gd", "r8g"}}


def test_of_a_member(main):
    """A member can be scaled to what its group can."""
    of_group = main.list_allowed_node_type_modifications(ReplicationGroupId="main")
    of_member = main.list_allowed_node_type_modifications(CacheClusterId="main-001")
    assert of_member["ScaleUpModifications"] == of_group["ScaleUpModifications"]
    assert of_member["ScaleDownModifications"] == of_group["ScaleDownModifications"]


def test_of_a_cluster(elasticache):
    """A cluster of its own has its types, too."""
    elasticache.create_cache_cluster(
        CacheClusterId="one", Engine="redis", EngineVersion="5.0.6", CacheNodeType="cache.t3.micro", NumCacheNodes=1
    )
    answer = elasticache.list_allowed_node_type_modifications(CacheClusterId="one")
    assert "cache.t3.small" in answer["ScaleUpModifications"]
    assert not {one for one in answer["ScaleUpModifications"] if one.startswith("cache.r7g.")}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"CacheClusterId": "main-001", "ReplicationGroupId": "main"}, "InvalidParameterCombination"),
        ({"CacheClusterId": "none"}, "CacheClusterNotFound"),
        ({"ReplicationGroupId": "none"}, "ReplicationGroupNotFoundFault"),
    ],
)
def test_refusals(main, refused, arguments, code):
    """Exactly one cache must be named, and it must exist."""
    assert refused(main.list_allowed_node_type_modifications, **arguments)[0] == code
