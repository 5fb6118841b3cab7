"""Tokens that cannot be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import auth_token
from cachewright_policies.rule import Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_FEWEST_DIFFERENT: Final = 8
# What is tried first.
_GUESSED: Final = ("password", "passwd", "changeme", "letmein", "secret", "qwerty", "12345678", "abcdefgh")


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find tokens that AWS refuses or anyone guesses; no message holds one."""
    del scope
    for property in ("authToken", "authTokenWo"):
        if not subject.is_set(property):
            continue
        if subject.is_unknown(property):
            # What another resource makes, such as a random password, is long and random.
            if not subject.property_dependencies.get(property):
                yield Unverified("the token is not known here: whether it is long and random cannot be told", property)
            continue
        token = subject.text(property)
        if auth_token.problem(token):
            yield Problem("the token has a length or characters that AWS refuses", property)
        elif len(set(token)) < _FEWEST_DIFFERENT:
            yield Problem(
                f"the token has {len(set(token))} different characters: it is guessed sooner than it is used", property
            )
        elif any(word in token.lower() for word in _GUESSED):
            yield Problem("the token holds a word that is tried first: it is guessed sooner than it is used", property)


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        transit_encryption_enabled=True,
        auth_token="{token}",
    )
"""

RULE = Rule(
    name="auth-token-strength",
    title="Tokens are long and random",
    description=(
        "A token is one password for the whole cache, and a cache answers a hundred thousand guesses a second. AWS"
        " takes 16 to 128 printable characters."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Generate the token (random.RandomPassword) and rotate to it with authTokenUpdateStrategy ROTATE, then SET:"
        " both tokens are good in between, and no client is cut off."
    ),
    arguments=("authToken",),
    violating=_PROGRAM.format(token="abababababababababab"),
    compliant=_PROGRAM.format(token="kT7-wq2Zr9!mP4xL8vB1"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
    tags=("authentication", "secrets"),
    needs_graph=True,
)
