"""Which logs a cache delivers when nothing is said of them, and when something is."""

from typing import Any

import pulumi
import pytest

import cachewright

CACHE: dict[str, Any] = {"node_type": "cache.r6g.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
WEST: dict[str, Any] = {"region": "us-west-2", "vpc_id": "vpc-9", "subnet_ids": ["subnet-9"]}
EXISTING: dict[str, Any] = {
    "destination": "existing",
    "destination_type": "cloudwatch-logs",
    "log_format": "text",
    "log_type": "engine-log",
}
BOTH = ["slow-log", "engine-log"]


def delivered(recorder: Any, name: str) -> list[tuple[str, str]]:
    """Return type and destination of each log that a replication group delivers."""
    configured = recorder.resources["ReplicationGroup", name].get("logDeliveryConfigurations") or []
    return [(one["logType"], one["destination"]) for one in configured]


def log_groups(recorder: Any) -> dict[str, int]:
    """Return how long each log group keeps what it is given."""
    return {name: made["retentionInDays"] for (kind, name), made in recorder.resources.items() if kind == "LogGroup"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, BOTH),
        ({"engine": "redis"}, BOTH),
        ({"engine": "redis", "engine_version": "6.x"}, BOTH),
        ({"engine": "redis", "engine_version": "6.0"}, ["slow-log"]),
        ({"engine": "redis", "engine_version": "5.0.6"}, []),
        ({"log_types": []}, []),
        ({"log_types": ["engine-log"]}, ["engine-log"]),
        ({"apply_immediately": True}, BOTH),
        ({"apply_immediately": False}, []),
        ({"apply_immediately": pulumi.Output.from_input(True)}, []),
    ],
)
def test_a_cache_delivers_the_logs_that_its_version_has(
    record: Any, arguments: dict[str, Any], expected: list[str]
) -> None:
    """To log groups of its own, for thirty days; not where the program says otherwise, or AWS would refuse."""
    recorder, _ = record(lambda: cachewright.ReplicationGroup("main", {**CACHE, **arguments}).endpoint)  # type: ignore[typeddict-item]

    assert delivered(recorder, "main-test") == [(one, f"main-{one}-test") for one in expected]
    assert log_groups(recorder) == {f"main-{one}-test": 30 for one in expected}


def test_a_sharded_cache_delivers_both(record: Any) -> None:
    """Its nodes log to the same two groups."""
    recorder, _ = record(
        lambda: cachewright.ShardedReplicationGroup("main", {**CACHE, "num_node_groups": 2}).endpoint  # type: ignore[typeddict-item]
    )

    assert [log_type for log_type, _ in delivered(recorder, "main-test")] == BOTH


@pytest.mark.parametrize("known", [True, False])
def test_whoever_names_destinations_names_all_of_them(record: Any, known: bool) -> None:
    """Nothing is added to what the program configures, or will have configured when it is known."""

    def program() -> Any:
        configured: Any = [EXISTING] if known else pulumi.Output.from_input([EXISTING])
        return cachewright.ReplicationGroup("main", {**CACHE, "log_delivery_configurations": configured}).endpoint  # type: ignore[typeddict-item]

    recorder, _ = record(program)

    assert delivered(recorder, "main-test") == [("engine-log", "existing")]
    assert log_groups(recorder) == {}


@pytest.mark.parametrize(
    ("secondary", "settings", "expected"),
    [
        ({}, {}, BOTH),
        ({}, {"engine": "redis", "engine_version": "6.0"}, ["slow-log"]),
        ({}, {"engine_version": "6.0"}, BOTH),
        ({"log_types": []}, {}, []),
        ({"log_delivery_configurations": [EXISTING]}, {}, ["engine-log"]),
        ({"apply_immediately": False}, {}, []),
    ],
)
def test_a_secondary_delivers_what_the_primarys_version_is_not_known_to_lack(
    record: Any, secondary: dict[str, Any], settings: dict[str, Any], expected: list[str]
) -> None:
    """In its own region."""
    arguments: Any = {"primary_replication_group_id": "orders", "secondaries": [{**WEST, **secondary}], **settings}

    recorder, _ = record(lambda: cachewright.GlobalDatastore("orders", arguments).endpoints)

    assert [log_type for log_type, _ in delivered(recorder, "orders-us-west-2-test")] == expected
    assert {made["region"] for (kind, _), made in recorder.resources.items() if kind == "LogGroup"} <= {"us-west-2"}


def test_a_secondary_of_a_cache_of_this_program_delivers_as_that_does(record: Any) -> None:
    """The primary's version is known, though it is no wish of the global datastore."""

    def program() -> Any:
        primary = cachewright.ReplicationGroup("orders", {**CACHE, "engine": "redis", "engine_version": "6.0"})  # type: ignore[typeddict-item]
        return cachewright.GlobalDatastore.of("orders", primary, [WEST]).endpoints  # type: ignore[list-item]

    recorder, _ = record(program)

    for name in ("orders-test", "orders-us-west-2-test"):
        assert [log_type for log_type, _ in delivered(recorder, name)] == ["slow-log"], name
