"""Parameters: every row is sound, and every refusal says what AWS takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import engine_versions, parameters

OLDEST = ("redis2.6", "redis2.8")
RETIRED = (*OLDEST, "redis3.2")
REDIS = ("redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7", "valkey8", "valkey9")
MEMCACHED = ("memcached1.4", "memcached1.5", "memcached1.6")
ROWS = [(family, one) for family in parameters.families() for one in parameters.parameters(family).values()]


def test_the_families_are_awss() -> None:
    """One for each major version of an engine, those included that no cache can have any more."""
    assert set(parameters.families()) == {*RETIRED, *REDIS, *MEMCACHED}
    assert {one.family for one in engine_versions.engine_versions()} == {*REDIS, *MEMCACHED}
    assert tuple(parameters.retired_families()) == RETIRED


@pytest.mark.parametrize(("family", "one"), ROWS, ids=lambda one: getattr(one, "name", one))
def test_a_row_is_sound(family: str, one: parameters.Parameter) -> None:
    """Known types and change types; booleans are 0 and 1; what cannot be changed is refused with any value."""
    assert one.data_type in {"string", "integer", "float", "boolean"}
    assert one.change_type in {"immediate", "requires-reboot"}
    assert one.data_type != "boolean" or one.allowed_values == "0,1"
    assert one.source.startswith("https://docs.aws.amazon.com/AmazonElastiCache/")
    if not one.modifiable:
        assert parameters.problem(family, one.name, one.default) == (
            f"must be left to AWS, which does not let {one.name} be changed, got {one.default!r}; remove it"
        )
    elif not one.default.startswith("{"):
        assert parameters.problem(family, one.name, one.default) is None


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("maxmemory-policy", (*RETIRED, *REDIS)),
        ("cluster-enabled", ("redis3.2", *REDIS)),
        ("reserved-memory-percent", ("redis3.2", *REDIS)),
        ("activerehashing", (*RETIRED, "redis4.0", "redis5.0", "redis6.x")),
        ("close-on-slave-write", ("redis2.8", "redis3.2", "redis4.0")),
        ("list-max-ziplist-entries", OLDEST),
        ("lazyfree-lazy-eviction", ("redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7")),
        ("latency-tracking", ("redis7", "valkey7", "valkey8", "valkey9")),
        ("hash-max-listpack-entries", ("redis7", "valkey7", "valkey8", "valkey9")),
        ("hash-max-ziplist-entries", (*RETIRED, "redis4.0", "redis5.0", "redis6.x")),
        ("extended-redis-compatibility", ("valkey8", "valkey9")),
        ("cluster-databases", ("valkey9",)),
        ("max_item_size", MEMCACHED),
        ("modern", ("memcached1.4",)),
        ("expirezero_does_not_evict", ("memcached1.4",)),
        ("no_modern", ("memcached1.5", "memcached1.6")),
        ("inline_ascii_resp", ("memcached1.5",)),
        ("save", ()),
        ("requirepass", ()),
    ],
)
def test_which_families_have_a_parameter(name: str, families: tuple[str, ...]) -> None:
    """Parameters come and go with major versions."""
    assert tuple(one for one in parameters.families() if name in parameters.parameters(one)) == families


@pytest.mark.parametrize(
    ("family", "name", "default"),
    [
        ("redis7", "maxmemory-policy", "volatile-lru"),
        ("redis5.0", "active-defrag-cycle-min", "5"),
        ("redis6.x", "active-defrag-cycle-min", "25"),
        ("valkey7", "repl-backlog-size", "1048576"),
        ("valkey8", "repl-backlog-size", "10485760"),
        ("redis7", "maxmemory", "{node-type}"),
        ("memcached1.6", "max_item_size", "1048576"),
        ("memcached1.6", "hash_algorithm", "jenkins"),
    ],
)
def test_a_default(family: str, name: str, default: str) -> None:
    """Some differ between families."""
    assert parameters.parameters(family)[name].default == default


@pytest.mark.parametrize(
    ("family", "name", "accepted", "refused"),
    [
        ("redis7", "timeout", ["0", "20", "86400"], ["1", "19", "-1", "1.5", " 0", ""]),
        ("redis7", "reserved-memory-percent", ["0", "100"], ["-1", "101", "25%"]),
        ("redis7", "databases", ["1", "10000"], ["0", "10001"]),
        ("redis5.0", "databases", ["1", "1200000"], ["0", "1200001"]),
        ("valkey8", "maxmemory-samples", ["1", "64"], ["0", "65"]),
        ("redis7", "maxmemory-samples", ["65"], ["0"]),
        ("redis7", "notify-keyspace-events", ["", "KEA", "Ex", "Kg$lshz"], ["Q", "KEA ", "yes", "K,E"]),
        ("redis7", "slowlog-log-slower-than", ["-5", "-1", "0", "10000"], ["", "-", "fast"]),
        ("redis7", "cluster-enabled", ["yes", "no"], ["true", "Yes", ""]),
        ("redis7", "acl-pubsub-default", ["resetchannels"], ["all"]),
        (
            "redis7",
            "rename-commands",
            ["", "flushall blocked", "keys k2 sort s2"],
            ["flushall", "flushall a-b", " x y"],
        ),
        ("memcached1.6", "chunk_size_growth_factor", ["1.25", "2"], ["1", "x", "1.2.3"]),
        ("memcached1.6", "slab_automove", ["0", "1", "2"], ["3"]),
        ("memcached1.6", "idle_timeout", ["0", "86400"], ["86401"]),
        ("memcached1.6", "disable_flush_all", ["0", "1"], ["yes"]),
    ],
)
def test_a_range(family: str, name: str, accepted: list[str], refused: list[str]) -> None:
    """The ends are in it, what is beyond is not."""
    for value in accepted:
        assert parameters.problem(family, name, value) is None, value
    for value in refused:
        assert parameters.problem(family, name, value) is not None, value


@pytest.mark.parametrize(
    ("family", "name", "value", "problem"),
    [
        (
            "redis7",
            "maxmemory-polcy",
            "x",
            "must be a parameter of redis7, got 'maxmemory-polcy'; did you mean maxmemory-policy or maxmemory-samples"
            " or maxmemory?",
        ),
        (
            "redis7",
            "requirepass",
            "x",
            "must be a parameter of redis7, got 'requirepass'; ElastiCache has no such parameter; remove it",
        ),
        (
            "memcached1.6",
            "appendonly",
            "yes",
            "must be a parameter of memcached1.6, got 'appendonly'; it exists in redis4.0, redis5.0, redis6.x, redis7,"
            " valkey7, valkey8, valkey9 only; remove it",
        ),
        ("redis7", "timeout", "soon", "must be an integer, got 'soon'; AWS's default is '0'"),
        ("redis7", "timeout", "19", "must be one of 0,20-, got '19'; AWS's default is '0'"),
        (
            "redis8",
            "timeout",
            "0",
            "must be for a parameter group family of ElastiCache, got 'redis8'; did you mean redis7?",
        ),
    ],
)
def test_what_is_refused_is_told_with_a_way_out(family: str, name: str, value: str, problem: str) -> None:
    """What was expected, what was found, and what to do."""
    assert parameters.problem(family, name, value) == problem


@pytest.mark.parametrize(
    ("family", "cluster", "name"),
    [
        ("redis7", False, "default.redis7"),
        ("valkey8", True, "default.valkey8.cluster.on"),
        ("redis6.x", False, "default.redis6.x"),
    ],
)
def test_awss_own_groups(family: str, cluster: bool, name: str) -> None:
    """With `.cluster.on` for cluster mode."""
    assert parameters.default_group_name(family, cluster_enabled=cluster) == name


@given(st.sampled_from([(family, one) for family, one in ROWS if one.modifiable]), st.integers(-(10**12), 10**12))
def test_a_number_is_accepted_exactly_within_its_ranges(row: tuple[str, parameters.Parameter], number: int) -> None:
    """The rows' ranges read by hand give the same answer."""
    family, one = row
    if one.data_type not in {"integer", "float"}:
        return
    within = False
    for part in one.allowed_values.split(","):
        low, separator, high = part.partition("-")
        within |= part == "-" or (
            number == float(low) if not separator else float(low) <= number <= float(high or "inf")
        )

    assert (parameters.problem(family, one.name, str(number)) is None) == within
