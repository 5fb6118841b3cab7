"""Parameters that leave memory and connections to chance, or that AWS refuses."""

from __future__ import annotations

import pytest

from cachewright_policies.capacity import (
    eviction_policy,
    idle_timeout,
    keyspace_events,
    memory_reserve,
    output_buffers,
    parameter_values,
)
from cachewright_policies.configuration import Configuration
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level
from cachewright_policies.rule import Environment

HARD = "client-output-buffer-limit-pubsub-hard-limit"
SOFT = "client-output-buffer-limit-pubsub-soft-limit"

CASES = {
    "eviction not chosen": (
        eviction_policy,
        "redis7",
        {},
        [
            "maxmemory-policy is not set, and AWS's volatile-lru evicts only keys that expire: without them writes fail"
            " once the memory is full"
        ],
    ),
    "eviction chosen": (eviction_policy, "redis7", {"maxmemory-policy": "volatile-lru"}, []),
    "memcached evicts": (eviction_policy, "memcached1.6", {}, []),
    "memcached refuses": (
        eviction_policy,
        "memcached1.6",
        {"error_on_memory_exhausted": "1"},
        ["error_on_memory_exhausted is 1: a full cache refuses every write"],
    ),
    "no reserve": (
        memory_reserve,
        "valkey8",
        {"reserved-memory-percent": "0"},
        ["reserved-memory-percent is 0, less than 25: snapshots and failovers run out of memory"],
    ),
    "AWS's reserve": (memory_reserve, "valkey8", {}, []),
    "half in reserve": (memory_reserve, "valkey8", {"reserved-memory-percent": "50"}, []),
    "idle for ever": (
        idle_timeout,
        "valkey8",
        {"timeout": "0"},
        ["timeout is 0: connections of clients that are gone stay for ever"],
    ),
    "dead for ever": (
        idle_timeout,
        "valkey8",
        {"tcp-keepalive": "0"},
        ["tcp-keepalive is 0: connections of clients that are gone stay for ever"],
    ),
    "idle for a while": (idle_timeout, "valkey8", {"timeout": "300", "tcp-keepalive": "60"}, []),
    "AWS's timeouts": (idle_timeout, "valkey8", {}, []),
    "no hard limit": (
        output_buffers,
        "valkey8",
        {HARD: "0"},
        [f"{HARD} is 0: a subscriber that stops reading can take all memory"],
    ),
    "no limit at all": (
        output_buffers,
        "valkey8",
        {HARD: "0", SOFT: "0"},
        [f"{HARD} and {SOFT} are 0: one slow subscriber can take all memory"],
    ),
    "limits": (output_buffers, "valkey8", {HARD: "33554432", SOFT: "0"}, []),
    "every event": (
        keyspace_events,
        "valkey8",
        {"notify-keyspace-events": "KEA"},
        ["notify-keyspace-events has A: every change of every key is published"],
    ),
    "expiry": (keyspace_events, "valkey8", {"notify-keyspace-events": "Ex"}, []),
    "a parameter of another engine": (
        parameter_values,
        "memcached1.6",
        {"maxmemory-policy": "allkeys-lru"},
        [
            "maxmemory-policy must be a parameter of memcached1.6, got 'maxmemory-policy'; it exists in redis4.0,"
            " redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9 only; remove it"
        ],
    ),
    "a value out of range": (
        parameter_values,
        "redis7",
        {"timeout": "10"},
        ["timeout must be one of 0,20-, got '10'; AWS's default is '0'"],
    ),
    "a parameter of AWS": (
        parameter_values,
        "redis7",
        {"maxclients": "100"},
        ["maxclients must be left to AWS, which does not let maxclients be changed, got '100'; remove it"],
    ),
    "what AWS takes": (parameter_values, "memcached1.6", {"max_item_size": "2097152"}, []),
}


def group(family: str, values: dict[str, str]) -> str:
    """Return the text of a parameter group."""
    parameters = [{"name": name, "value": value} for name, value in values.items()]
    return f'aws.elasticache.ParameterGroup("p", family="{family}", parameters={parameters})'


@pytest.mark.parametrize(("module", "family", "values", "messages"), CASES.values(), ids=CASES)
def test_parameters(checked, found, module, family, values, messages):
    """What is set is judged; what is left to AWS only where its default is bad."""
    findings = found(checked(group(family, values)).graph, module.RULE)
    assert [one.message for one in findings] == messages


def test_a_secret_value_is_judged_and_an_unknown_one_is_not_decided(checked, found):
    """A value of another resource is known after the update only."""
    text = """
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
aws.elasticache.ParameterGroup("p", family="redis7", parameters=[{"name": "timeout", "value": VALUE}])
"""
    secret = found(checked(text.replace("VALUE", 'pulumi.Output.secret("0")')).graph, idle_timeout.RULE)
    assert [one.status for one in secret] == [Status.VIOLATION]
    unknown = found(checked(text.replace("VALUE", "vpc.id")).graph, idle_timeout.RULE)
    assert [one.status for one in unknown] == [Status.UNKNOWN]


SETTINGS = {
    "a larger reserve": (memory_reserve, {"minimumPercent": 30}, {"reserved-memory-percent": "25"}),
    "a timeout that is set": (idle_timeout, {"explicit": True}, {}),
}


@pytest.mark.parametrize(("module", "chosen", "values"), SETTINGS.values(), ids=SETTINGS)
def test_settings(checked, found, module, chosen, values):
    """A user may ask for more."""
    rule = module.RULE
    configuration = Configuration(Environment.PROD, {rule.name: Level.MANDATORY}, None, {rule.name: chosen})
    graph = checked(group("redis7", values)).graph
    assert len(found(graph, rule, configuration=configuration)) == 1
    assert found(graph, rule) == []
