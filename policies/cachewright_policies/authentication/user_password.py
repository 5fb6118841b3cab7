"""Users with a password, or IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.privileges import is_enabled
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find users that need no password."""
    del scope
    text = "" if subject.is_unknown("accessString") else subject.text("accessString")
    if text and not is_enabled(text):
        return
    if subject.flag("noPasswordRequired"):
        yield Problem("the user needs no password", "noPasswordRequired")
    elif not any(subject.is_set(one) for one in ("passwords", "passwordsWo", "authenticationMode")):
        yield Problem("the user has neither a password nor IAM: nothing tells who it is", "authenticationMode")
    for mode in subject.objects("authenticationMode"):
        if mode.text("type").lower() == "no-password-required":
            yield Problem("the user needs no password", "authenticationMode")


_PROGRAM = """
    aws.elasticache.User(
        "app", user_id="app", user_name="app", engine="redis", access_string="on ~app:* +@read +@write", {more}
    )
"""

RULE = Rule(
    name="cache-user-password",
    title="Users prove who they are",
    description="A user without a password is everybody. Users that are off may have none: nobody can be them.",
    severity=Severity.HIGH,
    types=(USER,),
    check=check,
    remediation=(
        "Set authenticationMode to a password or to iam. Open connections stay; new ones have to authenticate, so"
        " change the clients first."
    ),
    arguments=("authenticationMode", "noPasswordRequired"),
    violating=_PROGRAM.format(more="no_password_required=True"),
    compliant=_PROGRAM.format(more='authentication_mode={"type": "iam"}'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
    tags=("authentication", "rbac"),
    frameworks=(Framework("CIS AWS Database Services", ("5.8",)),),
)
