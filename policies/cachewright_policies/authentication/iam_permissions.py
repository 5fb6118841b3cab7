"""Roles that may connect to their caches, and do nothing else to any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.policy_document import allowances
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, IAM_GROUP_POLICY, IAM_POLICY, IAM_ROLE_POLICY, IAM_USER_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_EVERYTHING: Final = frozenset({"*", "*:*", "elasticache:*"})
_CONNECT: Final = "elasticache:connect"


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find policies that let whoever has them do everything to caches, or connect to every one."""
    # What a policy says of resources that do not exist yet is known only after the update: it names them.
    if subject.is_unknown("policy") or next(scope.graph.of_type(*CACHES), None) is None:
        return
    for statement in allowances(subject.text("policy")):
        everything = sorted(one for one in statement.actions if one.lower() in _EVERYTHING)
        if everything and any(_is_of_caches(one) for one in statement.resources):
            yield Problem(
                f"{everything[0]} is allowed ({statement.name}): deleting caches and making users are part of it",
                "policy",
            )
        elif statement.narrowed or not any(_is_connect(one) for one in statement.actions):
            continue
        elif wide := sorted(one for one in statement.resources if _is_every(one)):
            yield Problem(
                f"elasticache:Connect is allowed on {wide[0]} ({statement.name}): not only on the cache, or as the"
                " user, that is meant",
                "policy",
            )


def _is_connect(action: str) -> bool:
    """Tell whether an action of a policy is Connect, by a pattern, too."""
    lowered = action.lower()
    return lowered == _CONNECT or (lowered.endswith("*") and _CONNECT.startswith(lowered[:-1]))


def _is_of_caches(resource: str) -> bool:
    """Tell whether a resource of a policy may be ElastiCache's."""
    return resource == "*" or resource.split(":")[2:3] in (["*"], ["elasticache"])


def _is_every(resource: str) -> bool:
    """Tell whether a resource of a policy stands for all caches, or for all users."""
    kind, _, name = resource.rpartition(":")
    return name == "*" and (kind in {"", "*"} or kind.startswith("arn:"))


_PROGRAM = """
    cache = aws.elasticache.ServerlessCache("carts", name="carts", engine="valkey")
    role = aws.iam.Role("shop", assume_role_policy="{{}}")
    aws.iam.RolePolicy(
        "shop",
        role=role.id,
        policy=json.dumps(
            {{
                "Version": "2012-10-17",
                "Statement": [
                    {{
                        "Effect": "Allow",
                        "Action": "elasticache:Connect",
                        "Resource": {resource},
                    }}
                ],
            }}
        ),
    )
"""

RULE = Rule(
    name="cache-iam-permissions",
    title="Roles may connect to the caches they use, and no more",
    description=(
        "With IAM authentication, who may connect is a matter of IAM policies: elasticache:Connect on everything opens"
        " every cache of the account as any of its IAM users, and elasticache:* lets an application delete its cache."
    ),
    severity=Severity.MEDIUM,
    types=(IAM_POLICY, IAM_ROLE_POLICY, IAM_USER_POLICY, IAM_GROUP_POLICY),
    check=check,
    remediation=(
        "Name elasticache:Connect alone, with the ARNs of the cache and of the user. Open connections stay; new ones"
        " are let in by the new policy."
    ),
    arguments=("policy",),
    violating=_PROGRAM.format(resource='"*"'),
    compliant=_PROGRAM.format(
        resource="""[
                            "arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:carts",
                            "arn:aws:elasticache:eu-west-1:123456789012:user:shop",
                        ]"""
    ),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html",
    tags=("authentication", "iam", "least-privilege"),
    frameworks=(Framework("NIST 800-53 r5", ("AC-6",)), Framework("AWS FSBP", ("IAM.1", "IAM.21"))),
    needs_graph=True,
)
