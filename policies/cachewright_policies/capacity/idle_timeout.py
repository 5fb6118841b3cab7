"""Connections that nobody uses are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given, is_memcached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


# Memcached calls idle_timeout what Redis OSS and Valkey call timeout, and has no keepalive to set.
_NODES: Final = ("timeout", "tcp-keepalive")
_MEMCACHED: Final = ("idle_timeout",)
_LEFT_OUT: Final = {"timeout", "idle_timeout"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameter groups that keep connections for ever."""
    parameters = given(subject)
    explicit = scope.settings["explicit"]
    for name in _MEMCACHED if is_memcached(subject) else _NODES:
        if parameters.get(name) == "0" or (explicit and name in _LEFT_OUT and name not in parameters):
            yield Problem(f"{name} is 0: connections of clients that are gone stay for ever", "parameters")


RULE = Rule(
    name="parameter-connection-timeout",
    title="Idle and dead connections are closed",
    description=(
        "Clients that crash or leak leave connections behind. With timeout 0 the cache keeps idle ones for"
        " ever, and with tcp-keepalive 0 it never learns that the other side is gone, until no new client gets"
        " in."
    ),
    severity=Severity.LOW,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set timeout to a number of seconds above the clients' longest pause, such as 300, and leave tcp-"
        " keepalive at AWS's 300. The change holds at once: idle clients have to connect anew."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters", "connections"),
    settings=(
        Setting(
            "explicit",
            {"type": "boolean", "description": "Whether a timeout that is not set, which is 0, is found, too."},
            default=False,
        ),
    ),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lru"},
        {"name": "timeout", "value": "0"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lru"},
        {"name": "timeout", "value": "300"},
    ],
)
""",
)
