"""Quotas that a local AWS starts with."""

import pytest

from cachewright.catalog.limits import limit, limits
from cachewright_offline.cloud import control, quotas
from cachewright_offline.errors import CachewrightError

from .conftest import Cloud


def test_a_raised_quota(tmp_path):
    """What is beyond AWS's first quota is refused without, and made with, a raised one."""
    cluster = {"Engine": "memcached", "CacheNodeType": "cache.t4g.micro", "NumCacheNodes": 40}
    client = Cloud(control.start(tmp_path, quotas=["nodes_per_region=400"]).endpoint.url).client("elasticache")
    for number in range(10):
        client.create_cache_cluster(CacheClusterId=f"c{number}", **cluster)
    with pytest.raises(client.exceptions.NodeQuotaForCustomerExceededFault, match="exceed the 400 cache nodes"):
        client.create_cache_cluster(CacheClusterId="more", **cluster)
    control.stop(tmp_path)


@pytest.mark.parametrize("text", ["", "nodes_per_region", "nodes_per_region=", "nodes_per_region=-1", "a=0", "a=1e3"])
def test_malformed_quotas(text):
    """What is no name and number is refused."""
    with pytest.raises(CachewrightError) as caught:
        quotas.parse(text)
    assert str(caught.value) == (
        f"quota: expected name=value such as `nodes_per_region=5000`, found {text!r}; give a whole number"
    )


def test_quotas_that_are_fixed():
    """What AWS raises for nobody is not raised here, and nothing is raised when one is refused."""
    with pytest.raises(
        CachewrightError, match="quota: expected one that AWS raises on request, found 'tags'; give one of"
    ):
        quotas.apply(["nodes_per_region=5", "tags=9"])
    assert limit("nodes_per_region") == 300
    fixed = next(one.name for one in limits().values() if not one.adjustable)
    with pytest.raises(CachewrightError, match=f"found '{fixed}'"):
        quotas.parse(f"{fixed}=9")
