"""Secrets that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import SECRET, SECRET_ROTATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find secrets that nothing rotates, or that are rotated too seldom."""
    rotations = list(scope.graph.users(subject, SECRET_ROTATION, property="secretId"))
    expected = scope.settings["required"] or next(scope.graph.of_type(SECRET_ROTATION), None) is not None
    if not rotations and expected:
        yield Problem("nothing rotates the secret: who has read it once has it for ever")
    most = scope.settings["maximumDays"]
    for rotation in rotations:
        for rules in rotation.objects("rotationRules"):
            days = rules.number("automaticallyAfterDays")
            if days is not None and days > most:
                yield Problem(
                    f"the secret is rotated every {days:g} days, and {most} at most are asked for",
                    "rotationRules.automaticallyAfterDays",
                    rotation,
                )


_PROGRAM = """
    secret = aws.secretsmanager.Secret("sessions-token")
    aws.secretsmanager.SecretRotation(
        "sessions-token",
        secret_id=secret.id,
        rotation_lambda_arn="arn:aws:lambda:eu-west-1:123456789012:function:rotate-tokens",
        rotation_rules={{"automatically_after_days": {days}}},
    )
"""

RULE = Rule(
    name="cache-secret-rotation",
    title="Secrets of caches are rotated",
    description=(
        "A token or a password that never changes belongs to everybody who has ever read it. Secrets Manager rotates"
        " with a function of yours: both tokens are good in between. As it needs such a function, a stack that rotates"
        " no secret is left alone unless it is required; one that rotates any does so with all, and often enough."
    ),
    severity=Severity.LOW,
    types=(SECRET,),
    check=check,
    remediation=(
        "Add a SecretRotation with a function that calls ModifyReplicationGroup or ModifyUser, and rotationRules. A"
        " rotation cuts no client off as long as it reads the secret anew."
    ),
    arguments=(),
    violating=_PROGRAM.format(days=365),
    compliant=_PROGRAM.format(days=30),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html",
    tags=("authentication", "secrets"),
    frameworks=(Framework("AWS FSBP", ("SecretsManager.1", "SecretsManager.4")),),
    settings=(
        Setting(
            "required",
            {"type": "boolean", "description": "Whether every secret is rotated, in stacks that rotate none, too."},
            False,
        ),
        Setting(
            "maximumDays",
            {"type": "integer", "minimum": 1, "maximum": 1000, "description": "After how many days at most."},
            90,
        ),
    ),
    needs_graph=True,
    environments=PROD_ONLY,
)
