"""IAM users whose id and name are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find IAM users that nobody can log in as."""
    del scope
    if any(mode.text("type").lower() == "iam" for mode in subject.objects("authenticationMode")):
        id, name = subject.text("userId"), subject.text("userName")
        if id and name and id.lower() != name.lower():
            yield Problem(f"an IAM user's id and name must be the same, found {id} and {name}", "userName")


_PROGRAM = """
    aws.elasticache.User(
        "app",
        user_id="app",
        user_name="{name}",
        engine="valkey",
        access_string="on ~app:* +@read",
        authentication_mode={{"type": "{mode}"{more}}},
    )
"""

RULE = Rule(
    name="cache-iam-user-name",
    title="IAM users have one name",
    description="ElastiCache signs an IAM user in by its id, and the token names the user: they must be the same.",
    severity=Severity.MEDIUM,
    types=(USER,),
    check=check,
    remediation="Set userName to the value of userId. A user's name is fixed at creation: it is made anew.",
    arguments=("userName",),
    violating=_PROGRAM.format(name="application", mode="iam", more=""),
    compliant=_PROGRAM.format(name="app", mode="iam", more=""),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html",
    tags=("authentication", "iam"),
)
