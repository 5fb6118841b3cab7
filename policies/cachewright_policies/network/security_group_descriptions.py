"""Security groups and rules that say what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import (
    CACHES,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.values import View

_NAME: Final = "description"
_RULES: Final = (SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_EGRESS_RULE, SECURITY_GROUP_RULE)
# What the provider writes where the program says nothing.
_NOTHING: Final = {"", "managed by pulumi", "managed by terraform"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups of caches, and rules of theirs, without a description, where others have one."""
    graph = scope.graph
    if not (scope.settings["required"] or _some_are_described(graph)):
        return
    if next(graph.users(subject, *CACHES, property="securityGroupIds"), None) is None:
        return
    if not _is_described(subject):
        yield Problem("the group has no description: nobody can tell who put it there, or whether it may go", _NAME)
    for direction in ("ingress", "egress"):
        for rule in subject.objects(direction):
            if not _is_described(rule):
                yield Problem(f"{rule.path.rstrip('.')} has no description: nobody can tell whom it lets in", direction)
    for rule in graph.users(subject, *_RULES, property="securityGroupId"):
        if not _is_described(rule):
            yield Problem(f"{rule.name} has no description: nobody can tell whom it lets in", _NAME, rule)


def _is_described(one: View) -> bool:
    return one.is_unknown(_NAME) or one.text(_NAME).strip().lower() not in _NOTHING


def _some_are_described(graph: Graph) -> bool:
    """Tell whether a rule of the stack is described: then whoever wrote the others has forgotten to."""

    def found() -> bool:
        if any(_is_described(rule) for rule in graph.of_type(*_RULES)):
            return True
        return any(
            isinstance(rule, dict) and str(rule.get(_NAME) or "").strip().lower() not in _NOTHING
            for group in graph.of_type(SECURITY_GROUP)
            for direction in ("ingress", "egress")
            for rule in _listed(group, direction)
        )

    return graph.remember(("described rules",), found)


def _listed(group: Resource, direction: str) -> tuple[object, ...]:
    return () if group.is_unknown(direction) else group.items(direction)


_PROGRAM = """
    group = aws.ec2.SecurityGroup("sessions", vpc_id="vpc-0123456789abcdef0", description="Cache of the sessions")
    for name, network, description in (("app", "10.0.0.0/16", "The shop"), ("jobs", "10.1.0.0/16", {description})):
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=6379,
            to_port=6379,
            cidr_ipv4=network,
            description=description,
        )
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
    )
"""

RULE = Rule(
    name="security-group-description",
    title="Security groups of caches say what they are for",
    description=(
        "A rule without a description outlives the service that it was made for, as nobody dares to remove it. A stack"
        " that describes any of its rules describes all of them."
    ),
    severity=Severity.LOW,
    types=(SECURITY_GROUP,),
    check=check,
    remediation=(
        "Set description of the rule to who needs it: a rule's is changed online. A group's is fixed at creation, and"
        " changing it makes the group anew: attach the new one to the cache first."
    ),
    arguments=("description",),
    violating=_PROGRAM.format(description="None"),
    compliant=_PROGRAM.format(description='"Jobs of the night"'),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    tags=("network", "security-groups"),
    settings=(
        Setting(
            "required",
            {"type": "boolean", "description": "Whether every rule needs one, in stacks without any, too."},
            default=False,
        ),
    ),
    needs_graph=True,
)
