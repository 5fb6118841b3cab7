"""Generated tokens and passwords that AWS takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import auth_token
from cachewright.catalog.limits import limit
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import RANDOM_PASSWORD, RANDOM_STRING, REPLICATION_GROUP, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_TAKERS: Final = (
    (REPLICATION_GROUP, "authToken"),
    (REPLICATION_GROUP, "authTokenWo"),
    (USER, "passwords"),
    (USER, "passwordsWo"),
    (USER, "authenticationMode"),
)
# What RandomPassword draws special characters from when nothing else is said.
# Source: https://www.pulumi.com/registry/packages/random/api-docs/randompassword/
_DRAWN: Final = "!@#$%&*()-_=+[]{}<>:?"


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find random passwords of caches with a length or characters that AWS refuses."""
    graph = scope.graph
    takers = [(user, property) for type, property in _TAKERS for user in graph.users(subject, type, property=property)]
    if not takers:
        return
    user, _ = takers[0]
    least, most = limit("password_length_minimum"), limit("password_length_maximum")
    length = subject.number("length")
    if length is not None and not least <= length <= most:
        yield Problem(f"{length:g} characters are drawn for {user.name}, and AWS takes {least} to {most}", "length")
    token = next((one for one, property in takers if property.startswith("authToken")), None)
    if token is None or not subject.flag("special", default=True):
        return
    property = "overrideSpecial" if subject.is_set("overrideSpecial") else "special"
    drawn = subject.text("overrideSpecial") or _DRAWN
    if set(drawn) - set(auth_token.SPECIAL_CHARACTERS):
        yield Problem(
            f"a token with the special characters that are drawn for {token.name} is refused whenever it holds another"
            f" than {auth_token.SPECIAL_CHARACTERS}: the update fails by chance",
            property,
        )


_PROGRAM = """
    import pulumi_random as random

    token = random.RandomPassword("sessions", length=32{more})
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        transit_encryption_enabled=True,
        auth_token=token.result,
    )
"""

RULE = Rule(
    name="generated-password",
    title="Generated tokens and passwords are ones that AWS takes",
    description=(
        "AWS takes tokens and users' passwords of 16 to 128 characters, and in tokens few special ones. A generator"
        " that draws others makes an update fail half-way, and only now and then: when the next token is drawn."
    ),
    severity=Severity.MEDIUM,
    types=(RANDOM_PASSWORD, RANDOM_STRING),
    check=check,
    remediation=(
        "Set length to 32 or more, and special to False or overrideSpecial to characters that AWS takes. The password"
        " is drawn anew: rotate a token with authTokenUpdateStrategy ROTATE, and the cache goes on serving."
    ),
    arguments=(),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=", special=False"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
    tags=("authentication", "secrets"),
    needs_graph=True,
)
