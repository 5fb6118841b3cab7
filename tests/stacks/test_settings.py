"""The settings of an environment: typed, whole, and with errors that name the key."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from network import subnet_blocks
from settings import PLAIN_KEYS, STRUCTURED_KEYS, SettingsError, parse

STACKS = Path(__file__).resolve().parents[2] / "stacks"

SMALLEST: dict[str, Any] = {
    "region": "us-east-1",
    "networks": {"us-east-1": {"cidr_block": "10.0.0.0/16"}},
    "replication_groups": {"main": {"engine": "valkey", "node_type": "cache.r7g.large"}},
}


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the smallest settings with one entry set; `None` removes it."""
    settings = deepcopy(SMALLEST)
    *parents, last = path.split("/")
    target = settings
    for parent in parents:
        target = target.setdefault(parent, {})
    if value is None:
        del target[last]
    else:
        target[last] = value
    return settings


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_environment_of_the_repository_parses(stack: str) -> None:
    """The three files are valid, and use no key that the program does not read."""
    config = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())["config"]
    values = {key.removeprefix("caching:"): value for key, value in config.items() if key.startswith("caching:")}

    settings = parse({"region": "us-east-1", **values}, stack)

    assert set(values) <= {*PLAIN_KEYS, *STRUCTURED_KEYS}
    assert settings.replication_groups["main-redis"].node_type.startswith("cache.")


def test_production_is_the_handbooks_configuration() -> None:
    """What the handbook says of production stands in the file."""
    config = yaml.safe_load((STACKS / "Pulumi.prod.yaml").read_text())["config"]
    settings = parse(
        {"region": "us-east-1", **{key.removeprefix("caching:"): value for key, value in config.items()}}, "prod"
    )

    main = settings.replication_groups["main-redis"]
    assert (main.engine, main.engine_version, main.node_type) == ("redis", "7.1", "cache.r6g.large")
    assert (main.num_cache_clusters, main.snapshot_retention_limit, main.snapshot_window) == (2, 7, "03:00-05:00")
    assert (main.maintenance_window, main.parameters) == ("mon:05:00-mon:07:00", {"maxmemory-policy": "allkeys-lru"})
    sharded = settings.sharded_replication_groups["cluster-redis"]
    assert (sharded.num_node_groups, sharded.replicas_per_node_group) == (3, 1)
    memcached = settings.memcached_clusters["main-memcached"]
    assert (memcached.num_cache_nodes, memcached.engine_version) == (3, "1.6.22")
    datastore = settings.global_datastores["global-redis"]
    assert (datastore.primary.num_cache_clusters, [one.region for one in datastore.secondaries]) == (2, ["us-west-2"])
    assert list(settings.serverless_caches) == ["sessions"]
    users = settings.user_groups["applications"].users
    assert [(user.access, user.authentication) for user in users] == [
        ("reader", "password"),
        ("writer", "password"),
        ("writer", "iam"),
    ]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        ("networks", None, ["caching:networks: is missing; add it"]),
        ("networks", {}, ["caching:networks: Dictionary should have at least 1 item after validation, not 0"]),
        ("ownr", "x", ["caching:ownr: is no setting; remove it or correct its spelling"]),
        (
            "replication_groups/main/node_tpe",
            "x",
            ["caching:replication_groups.main.node_tpe: is no setting; remove it or correct its spelling"],
        ),
        (
            "replication_groups/main/num_cache_clusters",
            "two",
            [
                "caching:replication_groups.main.num_cache_clusters: Input should be a valid integer, unable to parse"
                " string as an integer"
            ],
        ),
        ("replication_groups/main/node_type", None, ["caching:replication_groups.main.node_type: is missing; add it"]),
        (
            "replication_groups/main/user_group",
            "apps",
            [
                "caching:replication_groups.main.user_group must be one of user_groups (none), found 'apps'; add"
                " user_groups.apps or remove the key"
            ],
        ),
        (
            "replication_groups/main/region",
            "eu-west-1",
            [
                "caching:replication_groups.main.region must be a region with an entry in networks (us-east-1), found"
                " 'eu-west-1'; add networks.eu-west-1"
            ],
        ),
        (
            "region",
            "eu-west-1",
            [
                "caching:region must be a region with an entry in networks (us-east-1), found 'eu-west-1'; add"
                " networks.eu-west-1"
            ],
        ),
        (
            "networks/us-east-1/vpc_id",
            "vpc-1",
            [
                "caching:networks.us-east-1: give either vpc_id and subnet_ids (an existing network), or cidr_block"
                " (one to create)"
            ],
        ),
        (
            "memcached_clusters",
            {"main": {"node_type": "cache.r7g.large"}},
            ["caching:memcached_clusters.main must have a name of its own, found it in replication_groups too"],
        ),
    ],
)
def test_a_bad_setting_is_refused_by_its_key(path: str, value: object, lines: list[str]) -> None:
    """One line a problem; each names the file and the key."""
    with pytest.raises(SettingsError) as caught:
        parse(changed(path, value), "dev")

    assert str(caught.value).splitlines() == [f"Pulumi.dev.yaml: {line}" for line in lines]


def test_all_problems_are_reported_at_once() -> None:
    """Nobody mends a file one run at a time."""
    settings = changed("replication_groups/main/node_type", None)
    settings["owner"] = 3
    settings["extra"] = {}

    with pytest.raises(SettingsError) as caught:
        parse(settings, "dev")

    assert str(caught.value).splitlines() == [
        "Pulumi.dev.yaml: caching:owner: Input should be a valid string",
        "Pulumi.dev.yaml: caching:replication_groups.main.node_type: is missing; add it",
        "Pulumi.dev.yaml: caching:extra: is no setting; remove it or correct its spelling",
    ]


@given(st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_no_setting_is_ever_a_crash(value: object) -> None:
    """Whatever stands in the file, the answer is settings or a list of problems."""
    for key in STRUCTURED_KEYS:
        try:
            parse({**SMALLEST, key: value}, "dev")
        except SettingsError as error:
            assert all(line.startswith("Pulumi.dev.yaml: caching:") for line in str(error).splitlines())


def test_subnets_take_a_sixteenth_each() -> None:
    """Ranges do not overlap and stay inside the network's own."""
    assert subnet_blocks("10.30.0.0/16", 3) == ["10.30.0.0/20", "10.30.16.0/20", "10.30.32.0/20"]
