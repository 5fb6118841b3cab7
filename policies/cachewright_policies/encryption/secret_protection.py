"""Secrets of caches that nobody else can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.policy_document import open_statements
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import SECRET, SECRET_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find secrets whose policy lets everybody read them, or that vanish at once."""
    for holder in (subject, *scope.graph.users(subject, SECRET_POLICY, property="secretArn")):
        for statement in open_statements(holder.text("policy")):
            yield Problem(f"the secret's policy lets everybody use it ({statement})", "policy", holder)
    if subject.number("recoveryWindowInDays") == 0 and scope.environment.value == "prod":
        yield Problem("a deleted secret is gone at once, and with it the way into the cache", "recoveryWindowInDays")


_PROGRAM = """
    aws.secretsmanager.Secret(
        "sessions-token",
        policy=json.dumps({{
            "Version": "2012-10-17",
            "Statement": [
                {{
                    "Effect": "Allow",
                    "Principal": {principal},
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": "*",
                }}
            ],
        }}),
    )
"""

RULE = Rule(
    name="cache-secret-protection",
    title="Secrets are for those who are named",
    description="A token or a user's password in Secrets Manager is as safe as the secret's resource policy.",
    severity=Severity.HIGH,
    types=(SECRET,),
    check=check,
    remediation="Name the principals in the policy, or leave it out: IAM policies decide then. It is changed online.",
    arguments=("policy", "recoveryWindowInDays"),
    violating=_PROGRAM.format(principal='"*"'),
    compliant=_PROGRAM.format(principal='{"AWS": "arn:aws:iam::123456789012:role/sessions"}'),
    url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    tags=("encryption", "secrets"),
    needs_graph=True,
)
