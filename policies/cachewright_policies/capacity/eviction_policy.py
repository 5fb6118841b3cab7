"""What goes when memory is full is a decision, not a default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given, is_memcached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameter groups that leave to AWS what is evicted, or let Memcached refuse writes."""
    parameters = given(subject)
    if is_memcached(subject):
        if parameters.get("error_on_memory_exhausted") == "1":
            yield Problem("error_on_memory_exhausted is 1: a full cache refuses every write", "parameters")
    elif not parameters.get("maxmemory-policy"):
        yield Problem(
            "maxmemory-policy is not set, and AWS's volatile-lru evicts only keys that expire: without them writes fail"
            " once the memory is full",
            "parameters",
        )
    elif parameters["maxmemory-policy"].lower() == "noeviction" and not scope.settings["allowNoEviction"]:
        yield Problem(
            "maxmemory-policy is noeviction: once the memory is full every write fails, and a cache evicts instead",
            "parameters",
        )


RULE = Rule(
    name="parameter-eviction-policy",
    title="The eviction policy is chosen",
    description=(
        "With volatile-lru, AWS's default, only keys that expire make room: once the others fill the memory"
        " every write fails, and so it is with noeviction of a cache that could be filled again from"
        " elsewhere. Which keys may go is for the program that writes them to say. Memcached with"
        " error_on_memory_exhausted refuses writes instead of evicting."
    ),
    severity=Severity.LOW,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set maxmemory-policy in parameters: allkeys-lru or allkeys-lfu for a cache, volatile-ttl or volatile-lru where"
        " every key that may go expires. Where nothing may be lost, as in a queue, noeviction is right: set"
        " allowNoEviction in the configuration, and an alarm on memory. The change holds at once, without a restart;"
        " error_on_memory_exhausted needs one."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters", "memory"),
    settings=(
        Setting(
            "allowNoEviction",
            {"type": "boolean", "description": "Whether noeviction is right: the caches are no caches but stores."},
            default=False,
        ),
    ),
    environments=PROD_ONLY,
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "timeout", "value": "300"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lru"},
    ],
)
""",
)
