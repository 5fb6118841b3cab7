"""Users that may do what they need, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import access_string
from cachewright_policies.privileges import is_enabled, privileges, root_of, selectors_of
from cachewright_policies.rule import Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find users that may run administrative or dangerous commands."""
    name = subject.text("userName")
    if name == "default" or name in scope.settings["allowedUsers"]:
        return
    text = subject.text("accessString")
    if access_string.kind_of_problem(text) == "password":
        yield Problem(
            "the access string speaks of passwords, which have a place of their own: AWS refuses it", "accessString"
        )
    if not is_enabled(text):
        return
    for tokens, how in ((root_of(text), ""), *((one, " by a selector") for one in selectors_of(text))):
        yield from _problems(tokens, how)


def _problems(tokens: list[str], how: str) -> Iterator[Problem]:
    allowed = privileges(tokens)
    if allowed.every_key and len(allowed.categories) > 1:
        yield Problem(f"the user may run every command on every key{how}", "accessString")
    elif allowed.categories:
        named = " and ".join(f"@{one}" for one in allowed.categories)
        yield Problem(f"the user may run {named} commands{how}, FLUSHALL and CONFIG among them", "accessString")
    elif allowed.commands:
        named = ", ".join(one.upper() for one in allowed.commands)
        yield Problem(f"the user may run {named}{how}, which no application needs", "accessString")


_PROGRAM = """
    aws.elasticache.User(
        "app",
        user_id="app",
        user_name="app",
        engine="valkey",
        access_string="{string}",
        authentication_mode={{"type": "iam"}},
    )
"""

RULE = Rule(
    name="cache-user-privileges",
    title="Users may run what they need, and no more",
    description=(
        "The access string is read as the engine reads it, left to right, with categories, single commands and"
        " selectors. A user that may run @admin or @dangerous commands can empty the cache, stall it with KEYS, or"
        " change its users."
    ),
    severity=Severity.HIGH,
    types=(USER,),
    check=check,
    remediation=(
        "Give accessString the key patterns and categories that the user needs, such as on ~app:* +@read +@write"
        " -@dangerous. It is changed online, and holds for open connections at once."
    ),
    arguments=("accessString",),
    violating=_PROGRAM.format(string="on ~* +@all"),
    compliant=_PROGRAM.format(string="on ~app:* +@read +@write +@connection -@dangerous"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
    tags=("authentication", "rbac", "least-privilege"),
    frameworks=(Framework("NIST 800-53 r5", ("AC-6",)),),
    settings=(
        Setting(
            "allowedUsers",
            {"type": "array", "items": {"type": "string"}, "description": "Names of users that may administer."},
            [],
        ),
    ),
)
