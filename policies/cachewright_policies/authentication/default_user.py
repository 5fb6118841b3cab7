"""User groups whose default user is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import REDIS
from cachewright_policies.privileges import is_enabled, privileges
from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import USER, USER_GROUP, USER_GROUP_ASSOCIATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find groups in which a client that names no user may do something."""
    graph = scope.graph
    members = graph.references(subject, "userIds", USER)
    users = {one.urn: one for one in members.resources}
    literals = list(members.literals)
    complete = members.complete
    for association in graph.users(subject, USER_GROUP_ASSOCIATION, property="userGroupId"):
        joined = graph.references(association, "userId", USER)
        users.update((one.urn, one) for one in joined.resources)
        literals += joined.literals
        complete = complete and joined.complete
    names = [one.peek("userName") for one in users.values()]
    if (
        subject.text("engine", REDIS).lower() == REDIS
        and not literals
        and members.complete
        and all(isinstance(name, str) and name != "default" for name in names)
    ):
        yield Problem("no user of the group is called default, which AWS asks for with Redis OSS", "userIds")
    if "default" in literals:
        yield Problem(
            "AWS's own default user is in the group: it is on, needs no password and may do everything", "userIds"
        )
    for user in users.values():
        if user.is_unknown("userName"):
            yield Unverified(f"the name of {user.name} is known only after the update: it may be default", "userIds")
        elif user.text("userName") == "default":
            if user.is_unknown("accessString"):
                yield Unverified(f"what the default user {user.name} may do is known only after the update", "userIds")
                continue
            text = user.text("accessString")
            if is_enabled(text) and _broad(user, text):
                yield Problem(
                    "the default user is on: a client that names no user gets its rights", "accessString", user
                )
    if not complete:
        yield Unverified("the group's users are known only after the update: the default one may be on", "userIds")


def _broad(user: Resource, text: str) -> bool:
    allowed = privileges(text.split())
    without_password = user.flag("noPasswordRequired") or any(
        mode.text("type") == "no-password-required" for mode in user.objects("authenticationMode")
    )
    return without_password or allowed.every_key or bool(allowed.categories)


_PROGRAM = """
    nobody = aws.elasticache.User(
        "nobody",
        user_id="nobody",
        user_name="default",
        engine="redis",
        access_string="{string}",
        passwords=["not-used-anywhere-4711"],
    )
    aws.elasticache.UserGroup("sessions", user_group_id="sessions", engine="redis", user_ids=[nobody.user_id])
"""

RULE = Rule(
    name="cache-default-user",
    title="The default user is off",
    description=(
        "A client that authenticates with no name is the user called default. AWS's own one is on, needs no password"
        " and may do everything; a group replaces it with one that is off."
    ),
    severity=Severity.MEDIUM,
    types=(USER_GROUP,),
    check=check,
    remediation=(
        "Put a user with userName default and the access string 'off -@all' into the group in the place of AWS's own."
        " Clients that name no user are refused from then on."
    ),
    arguments=("userIds",),
    violating=_PROGRAM.format(string="on ~* +@all"),
    compliant=_PROGRAM.format(string="off -@all"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
    tags=("authentication", "rbac"),
    frameworks=(Framework("CIS AWS Database Services", ("5.8",)),),
    needs_graph=True,
)
