"""The catalog's facts, held against botocore's model of ElastiCache and against themselves."""

import re
import subprocess
import sys
from datetime import date

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import (
    alarms,
    auth_token,
    engine_versions,
    features,
    global_datastore,
    limits,
    members,
    metrics,
    names,
    node_types,
    parameters,
    regions,
)

MODEL = botocore.session.get_session().get_service_model("elasticache")


def documentation(shape: str, member: str) -> str:
    """Return what AWS's model says of a member, as plain text."""
    text = MODEL.shape_for(shape).members[member].documentation
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_catalog_imports_neither_pulumi_nor_boto3_and_reads_no_table() -> None:
    """Policies and the command line use it without their cost."""
    script = (
        "import builtins, sys\n"
        "import cachewright.catalog.parameters, cachewright.catalog.node_types, cachewright.catalog.resource_types\n"
        "from cachewright.catalog import tables\n"
        "print(sorted({'pulumi', 'pulumi_aws', 'boto3', 'botocore', 'pydantic', 'moto'} & set(sys.modules)),"
        " cachewright.catalog.parameters._by_family.cache_info().currsize)"
    )

    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert printed == "[] 0\n"


def test_every_node_type_of_awss_model_is_known_for_the_current_families() -> None:
    """AWS's documentation of CacheNodeType names types; those of the families we carry are in the table."""
    text = documentation("CreateReplicationGroupMessage", "CacheNodeType")
    named = set(re.findall(r"cache\.[a-z0-9]+\.[a-z0-9]+", text))
    families = {one.family for one in node_types.node_types()}

    missing = {name for name in named if name.split(".")[1] in families} - {one.name for one in node_types.node_types()}

    assert missing == set()


@pytest.mark.parametrize("one", node_types.node_types(), ids=lambda one: one.name)
def test_a_node_type_is_plausible(one: node_types.NodeType) -> None:
    """What the engine may use is the node's memory; only r6gd tiers; burstable nodes have few connections."""
    assert one.maxmemory_bytes == pytest.approx(one.memory_gib * 1024**3, rel=0.02)
    assert one.data_tiering == (one.family == "r6gd") == (one.ssd_gib > 0)
    assert one.burstable == one.family.startswith("t")
    assert not (one.burstable and (one.global_datastore or one.autoscaling or one.durability))
    if one.redis_usd_per_hour is not None and one.valkey_usd_per_hour is not None:
        assert one.valkey_usd_per_hour == pytest.approx(one.redis_usd_per_hour * 0.8, abs=0.0001)


@pytest.mark.parametrize(
    ("name", "engine", "version", "reason"),
    [
        ("cache.r7g.large", "redis", "7.1", None),
        ("cache.r8g.large", "valkey", "8.1", None),
        ("cache.r8g.large", "redis", "7.1", "cache.r8g.large does not run redis; choose cache.r7g.large, or valkey"),
        (
            "cache.r7g.large",
            "redis",
            "6.0",
            "cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type",
        ),
        ("cache.r6gd.xlarge", "memcached", "1.6.22", "cache.r6gd.xlarge does not run memcached"),
        ("cache.x.large", "redis", "7.1", "cache.x.large is no node type of ElastiCache"),
    ],
)
def test_what_runs_on_a_node_type(name: str, engine: str, version: str, reason: str | None) -> None:
    """Generations of Graviton, and data tiering, need versions."""
    assert node_types.compatible(name, engine, version) == reason


@pytest.mark.parametrize("one", engine_versions.engine_versions(), ids=lambda one: f"{one.engine}-{one.version}")
def test_an_engine_version_has_a_family_with_parameters(one: engine_versions.EngineVersion) -> None:
    """Whatever is offered can be configured, and its support ends in order."""
    assert one.family in parameters.families()
    assert one.actual_version.startswith(one.version)
    if one.standard_support_ends and one.extended_support_ends:
        assert one.standard_support_ends < one.extended_support_ends


def test_the_ends_of_support_are_awss() -> None:
    """Redis OSS 4 and 5 have left standard support; 6 leaves it on 2027-01-31."""
    ends = {
        one.version: (one.standard_support_ends, one.extended_support_ends)
        for one in engine_versions.engine_versions("redis")
        if one.standard_support_ends
    }

    assert ends == {
        "4.0.10": (date(2026, 1, 31), date(2029, 1, 31)),
        "5.0.6": (date(2026, 1, 31), date(2029, 1, 31)),
        "6.0": (date(2027, 1, 31), date(2030, 1, 31)),
        "6.2": (date(2027, 1, 31), date(2030, 1, 31)),
    }


@given(st.lists(st.integers(0, 99), min_size=1, max_size=3), st.lists(st.integers(0, 99), min_size=1, max_size=3))
def test_versions_compare_by_number(first: list[int], second: list[int]) -> None:
    """7.10 is newer than 7.9, and a shorter version means all of its patches."""
    left, right = (".".join(map(str, one)) for one in (first, second))
    length = min(len(first), len(second))

    assert engine_versions.at_least(left, right) == (first[:length] >= second[:length])


def test_every_default_is_a_value_that_its_parameter_allows() -> None:
    """A table that contradicts itself is wrong somewhere."""
    for family in parameters.families():
        for one in parameters.parameters(family).values():
            assert one.default.startswith("{") or one.allows(one.default), (family, one)


@given(st.sampled_from(parameters.families()), st.text(max_size=20), st.text(max_size=20))
def test_a_parameter_is_refused_or_accepted_never_a_crash(family: str, name: str, value: str) -> None:
    """Whatever is written, the answer is a sentence or None."""
    found = parameters.problem(family, name, value)
    assert found is None or found.startswith("must ")
    for known in list(parameters.parameters(family))[:5]:
        found = parameters.problem(family, known, value)
        assert found is None or found.startswith("must ")


def test_the_limits_are_those_of_awss_model() -> None:
    """Where AWS's model states a number, the table has the same."""
    assert "up to 5 replicas" in documentation("CreateReplicationGroupMessage", "ReplicasPerNodeGroup") or (
        "0 to 5" in documentation("CreateReplicationGroupMessage", "ReplicasPerNodeGroup")
    )
    assert limits.limit("replicas_per_shard") == 5
    assert "between 1 and 40" in documentation("CreateCacheClusterMessage", "NumCacheNodes")
    assert limits.limit("memcached_nodes_default") == 40
    assert "1 to 40 alphanumeric" in documentation("CreateReplicationGroupMessage", "ReplicationGroupId")
    assert names.rules()["replication_group_id"].maximum == 40
    assert "1 to 50 alphanumeric" in documentation("CreateCacheClusterMessage", "CacheClusterId")
    assert names.rules()["cache_cluster_id"].maximum == 50
    assert "at least 16 characters and no more than 128" in documentation("CreateReplicationGroupMessage", "AuthToken")
    assert (auth_token.MINIMUM_LENGTH, auth_token.MAXIMUM_LENGTH) == (16, 128)


@given(st.text(max_size=60))
def test_a_name_that_is_accepted_matches_awss_words(name: str) -> None:
    """1-40 letters, digits and hyphens, first a letter, no two hyphens together, none at the end."""
    allowed = (
        1 <= len(name) <= 40
        and re.fullmatch(r"[A-Za-z0-9-]+", name) is not None
        and name[0].isalpha()
        and "--" not in name
        and not name.endswith("-")
    )

    assert (names.problem("replication_group_id", name) is None) == allowed


@given(st.text(max_size=140))
def test_a_token_is_never_part_of_its_message(token: str) -> None:
    """The message says what is wrong without the value."""
    found = auth_token.problem(token)
    if found is not None and len(token) > 8:
        assert token not in found


def test_features_name_versions_that_exist() -> None:
    """A minimum is comparable with every version of its engine; nothing supports an unknown feature."""
    for feature in features.features():
        for engine in engine_versions.ENGINES:
            minimum = features.minimum_version(engine, feature)
            assert minimum is None or engine_versions.version_key(minimum)
    assert features.supports("redis", "7.0", "iam")
    assert not features.supports("redis", "6.2", "iam")
    with pytest.raises(KeyError):
        features.minimum_version("redis", "teleport")


def test_alarms_are_on_metrics_that_exist_on_their_dimensions() -> None:
    """An alarm on a metric that nobody publishes never fires."""
    for kind in ("redis", "valkey", "memcached", "serverless"):
        for alarm in alarms.recommended(kind):
            metric = metrics.find(alarm.metric, serverless=kind == "serverless")
            assert metric is not None, alarm.name
            assert kind == "serverless" or kind in metric.engines, alarm.name


def test_thresholds_follow_the_cache() -> None:
    """90 % of one CPU of two is 45; connections are measured against the node's own limit."""
    found = {one.name: one.threshold_for({"vcpu": 2, "max_connections": 65000}) for one in alarms.recommended("redis")}

    assert found["cpu"] == 45
    assert found["connections"] == 52000


def test_member_ids_have_awss_two_shapes() -> None:
    """Cluster mode adds the shard, each of which may have another number of replicas."""
    assert members.member_ids("m", cluster_mode=False, replicas={"0001": 2}) == ("m-001", "m-002", "m-003")
    assert members.member_ids("m", cluster_mode=True, replicas={"0001": 1, "0003": 0}) == (
        "m-0001-001",
        "m-0001-002",
        "m-0003-001",
    )


def test_global_datastores_have_prefixes_where_they_exist() -> None:
    """Five letters, none twice."""
    prefixes = [one.global_datastore_prefix for one in regions.regions().values() if one.global_datastore_prefix]

    assert len(prefixes) == len(set(prefixes))
    assert {len(one) for one in prefixes} == {5}
    assert global_datastore.id_prefix("us-east-1") == "ldgnf"
    assert global_datastore.id_prefix("eu-north-1") is None
