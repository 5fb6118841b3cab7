"""A Memcached cluster on an AWS Outpost."""

from typing import Any

import pytest

import cachewright

CLUSTER: dict[str, Any] = {"node_type": "cache.m5.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1"]}
OUTPOST = "arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0"


@pytest.mark.parametrize("mode", ["single-outpost", cachewright.OutpostMode.CROSS_OUTPOST])
def test_a_cluster_is_created_on_its_outpost(record: Any, mode: str) -> None:
    """Both go to the cluster as they are given."""
    arguments: Any = {**CLUSTER, "outpost_mode": mode, "preferred_outpost_arn": OUTPOST}

    recorder, _ = record(lambda: cachewright.MemcachedCluster("pages", arguments).endpoint)

    cluster = recorder.resources["Cluster", "pages-test"]
    assert (cluster["outpostMode"], cluster["preferredOutpostArn"]) == (str(mode), OUTPOST)


def test_a_cluster_is_on_no_outpost_by_default(record: Any) -> None:
    """Neither is sent."""
    arguments: Any = CLUSTER

    recorder, _ = record(lambda: cachewright.MemcachedCluster("pages", arguments).endpoint)

    assert not {"outpostMode", "preferredOutpostArn"} & set(recorder.resources["Cluster", "pages-test"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            {"outpost_mode": "single-outpost"},
            "'preferred_outpost_arn' must be given with outpost_mode, got nothing; give both or neither",
        ),
        (
            {"preferred_outpost_arn": OUTPOST},
            "'outpost_mode' must be given with preferred_outpost_arn, got nothing; give both or neither",
        ),
        (
            {"outpost_mode": "two-outposts", "preferred_outpost_arn": OUTPOST},
            "'outpost_mode' must be one of single-outpost, cross-outpost, got 'two-outposts'; choose one of them",
        ),
        (
            {"outpost_mode": "single-outpost", "preferred_outpost_arn": "op-1"},
            f"'preferred_outpost_arn' must be the ARN of an Outpost, got 'op-1'; write it like '{OUTPOST}'",
        ),
    ],
)
def test_half_an_outpost_is_refused(arguments: dict[str, Any], line: str) -> None:
    """The provider wants the two together, and AWS a mode and an ARN of its own."""
    given: Any = {**CLUSTER, **arguments}

    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.MemcachedCluster("pages", given)

    assert str(caught.value) == f"MemcachedCluster 'pages': {line}"
