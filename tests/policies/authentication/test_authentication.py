"""Who may use a cache, and for what."""

from __future__ import annotations

import pytest

from cachewright_policies.authentication import (
    auth_token_strength,
    auth_token_write_only,
    cache_authentication,
    default_user,
    iam_user_name,
    literal_secret,
    user_password,
    user_privileges,
)
from cachewright_policies.tokens import (
    REPLICATION_GROUP,
    SECRET_VERSION,
    SERVERLESS_CACHE,
    USER,
    USER_GROUP,
    USER_GROUP_ASSOCIATION,
)
from cachewright_policies.values import UNKNOWN, Secret

STRONG = "kT7-wq2Zr9!mP4xL8vB1"


def group(references=None, **values):
    """A replication group called `g`."""
    return (REPLICATION_GROUP, "g", {"engine": "valkey", **values}, references or {})


def user(name="u", references=None, **values):
    """A user."""
    given = {"userId": name, "userName": name, "engine": "valkey", "accessString": "on ~app:* +@read", **values}
    return (USER, name, given, references or {})


AUTHENTICATION = {
    "nothing": ([group()], ["g.userGroupIds"]),
    "an empty token": ([group(authToken="")], ["g.userGroupIds"]),
    "an empty list": ([group(userGroupIds=[])], ["g.userGroupIds"]),
    "a token": ([group(authToken=Secret(STRONG))], []),
    "a token that is made with the cache": ([group(authToken=Secret(UNKNOWN))], []),
    "a write-only token": ([group(authTokenWo=Secret(STRONG))], []),
    "a user group by name": ([group(userGroupIds=["users"])], []),
    "a user group of the stack": ([group({"userGroupIds": ["ug"]}), (USER_GROUP, "ug", {})], []),
    "one of the stack in a list": ([group(userGroupIds=[UNKNOWN])], []),
    "what may be no user group": ([group(userGroupIds=UNKNOWN)], ["g.userGroupIds?"]),
    "a secondary": ([group(globalReplicationGroupId="a")], []),
    "serverless": ([(SERVERLESS_CACHE, "s", {"engine": "valkey"})], ["s.userGroupId"]),
    "serverless with users": ([(SERVERLESS_CACHE, "s", {"engine": "valkey", "userGroupId": "users"})], []),
    "serverless with what may be none": (
        [(SERVERLESS_CACHE, "s", {"engine": "valkey", "userGroupId": UNKNOWN})],
        ["s.userGroupId?"],
    ),
    "serverless memcached": ([(SERVERLESS_CACHE, "s", {"engine": "memcached"})], []),
}
STRENGTH = {
    "strong": ([group(authToken=STRONG)], []),
    "short": ([group(authToken="kT7-wq2Zr9!")], ["g.authToken"]),
    "of characters that AWS refuses": ([group(authToken="kT7@wq2Zr9/mP4xL8vB1")], ["g.authToken"]),
    "of few characters": ([group(authToken="abababababababababab")], ["g.authToken"]),
    "secret and short": ([group(authToken=Secret("kT7"))], ["g.authToken"]),
    "write-only and short": ([group(authTokenWo="kT7")], ["g.authTokenWo"]),
    "none": ([group()], []),
    "not known": ([group(authToken=Secret(UNKNOWN))], ["g.authToken?"]),
    "random": ([group({"authToken": ["r"]}), ("random:index/randomPassword:RandomPassword", "r", {})], []),
}
WRITE_ONLY = {
    "in the state": ([group(authToken=STRONG)], ["g.authToken"]),
    "write-only": ([group(authTokenWo=STRONG)], []),
    "a user's password": ([user(passwords=[Secret("p" * 16)])], ["u.passwords"]),
    "a user's write-only password": ([user(passwordsWo=Secret("p" * 16))], []),
}
PASSWORD = {
    "none needed": ([user(noPasswordRequired=True)], ["u.noPasswordRequired"]),
    "none needed, as text": ([user(noPasswordRequired="true")], ["u.noPasswordRequired"]),
    "none needed by its mode": (
        [user(authenticationMode={"type": "no-password-required"})],
        ["u.authenticationMode"],
    ),
    "iam": ([user(authenticationMode={"type": "iam"})], []),
    "none needed, and off": ([user(noPasswordRequired=True, accessString="off -@all")], []),
    "none needed, maybe off": ([user(noPasswordRequired=True, accessString=UNKNOWN)], ["u.noPasswordRequired"]),
    "not known": ([user(noPasswordRequired=UNKNOWN)], ["u.noPasswordRequired?"]),
    "a mode that is not known": ([user(authenticationMode={"type": UNKNOWN})], ["u.authenticationMode.type?"]),
}
NAME = {
    "one": ([user(authenticationMode={"type": "iam"})], []),
    "two": ([user(userName="other", authenticationMode={"type": "iam"})], ["u.userName"]),
    "two in another case": ([user(userName="U", authenticationMode={"type": "iam"})], []),
    "two, with a password": ([user(userName="other", authenticationMode={"type": "password"})], []),
    "not known": ([user(userName=UNKNOWN, authenticationMode={"type": "iam"})], ["u.userName?"]),
    "a list of modes": ([user(userName="other", authenticationMode=[{"type": "iam"}])], ["u.userName"]),
}
FOUND, SAFE = ["u.accessString"], []
PRIVILEGES = {
    "on ~* +@all": FOUND,
    "on allkeys allcommands": FOUND,
    "on ~app:* +@all": FOUND,
    "on ~* +@all -@dangerous": SAFE,
    "on ~* +@all -@admin -@dangerous": SAFE,
    "on ~* +@all -@admin": FOUND,
    "on ~* -@dangerous +@all": FOUND,
    "on ~app:* +@read +@write": SAFE,
    "on ~app:* +@admin": FOUND,
    "on ~app:* +@dangerous": FOUND,
    "on ~app:* +@read +flushall": FOUND,
    "on ~app:* +@read +FLUSHALL": FOUND,
    "on ~app:* +flushall -flushall": SAFE,
    "on ~app:* +@all nocommands +@read": SAFE,
    "on ~* resetkeys ~app:* +@read": SAFE,
    "on ~app:* +@read (~other:* +@all)": FOUND,
    "on ~app:* +@read (~other:* +get)": SAFE,
    "off ~* +@all": SAFE,
}
DEFAULT = {
    "AWS's own": ([(USER_GROUP, "ug", {"userIds": ["default", "app"]})], ["ug.userIds"]),
    "one that is off": (
        [(USER_GROUP, "ug", {}, {"userIds": ["d"]}), user("d", userName="default", accessString="off -@all")],
        [],
    ),
    "one that may do everything": (
        [(USER_GROUP, "ug", {}, {"userIds": ["d"]}), user("d", userName="default", accessString="on ~* +@all")],
        ["d.accessString"],
    ),
    "one without a password": (
        [
            (USER_GROUP, "ug", {}, {"userIds": ["d"]}),
            user("d", userName="default", accessString="on ~a +get", noPasswordRequired=True),
        ],
        ["d.accessString"],
    ),
    "by its id": (
        [(USER_GROUP, "ug", {"userIds": ["d"]}), user("d", userName="default", accessString="on ~* +@all")],
        ["d.accessString"],
    ),
    "joined by an association": (
        [
            (USER_GROUP, "ug", {"userIds": ["app"]}),
            user("d", userName="default", accessString="on ~* +@all"),
            (USER_GROUP_ASSOCIATION, "a", {}, {"userGroupId": ["ug"], "userId": ["d"]}),
        ],
        ["d.accessString"],
    ),
    "of a name that is not known": (
        [(USER_GROUP, "ug", {}, {"userIds": ["d"]}), user("d", userName=UNKNOWN)],
        ["ug.userIds?"],
    ),
    "whose rights are not known": (
        [(USER_GROUP, "ug", {}, {"userIds": ["d"]}), user("d", userName="default", accessString=UNKNOWN)],
        ["ug.userIds?"],
    ),
    "users from elsewhere": ([(USER_GROUP, "ug", {"userIds": UNKNOWN})], ["ug.userIds?"]),
    "others only": ([(USER_GROUP, "ug", {"userIds": ["app"]})], []),
}


@pytest.mark.parametrize(
    ("rule", "specs", "expected"),
    [
        pytest.param(module.RULE, *case, id=f"{module.RULE.name}: {name}")
        for module, cases in (
            (cache_authentication, AUTHENTICATION),
            (auth_token_strength, STRENGTH),
            (auth_token_write_only, WRITE_ONLY),
            (user_password, PASSWORD),
            (iam_user_name, NAME),
            (default_user, DEFAULT),
        )
        for name, case in cases.items()
    ],
)
def test_authentication(rule, specs, expected, verdicts):
    """Tokens, users, passwords, names."""
    assert verdicts(rule, *specs) == expected


@pytest.mark.parametrize(("text", "expected"), PRIVILEGES.items())
def test_an_access_string_is_read_as_the_engine_reads_it(text, expected, verdicts):
    """From left to right, a later rule over an earlier one, selectors by themselves."""
    assert verdicts(user_privileges.RULE, user(accessString=text)) == expected


def test_users_that_may_administer_are_a_setting(verdicts):
    """By their names; the default user has a rule of its own."""
    everything = user(accessString="on ~* +@all")
    assert verdicts(user_privileges.RULE, everything, settings={"allowedUsers": ["u"]}) == []
    assert verdicts(user_privileges.RULE, user("default", accessString="on ~* +@all")) == []
    assert verdicts(user_privileges.RULE, user(accessString=UNKNOWN)) == ["u.accessString?"]


SOURCE = {"__main__.py": f'token = "{STRONG}"\n'}


class TestLiteralSecrets:
    """Secrets whose text stands in the repository."""

    def test_a_token_and_a_password_that_stand_in_the_program(self, verdicts):
        """Marked secret or not, in a list, in a mode, in JSON."""
        rule = literal_secret.RULE
        for spec, expected in (
            (group(authToken=STRONG), "g.authToken"),
            (group(authTokenWo=Secret(STRONG)), "g.authTokenWo"),
            (user(passwords=Secret([STRONG])), "u.passwords"),
            (user(authenticationMode={"type": "password", "passwords": [STRONG]}), "u.authenticationMode"),
            ((SECRET_VERSION, "v", {"secretString": Secret(f'{{"token": "{STRONG}"}}')}), "v.secretString"),
        ):
            assert verdicts(rule, spec, sources=SOURCE) == [expected]

    def test_one_that_stands_in_plain_text_in_the_settings(self, verdicts):
        """Quoted or not, in a list; an encrypted one is another text."""
        rule, spec = literal_secret.RULE, group(authToken=STRONG)
        for line in (f"  shop:token: {STRONG}", f'  shop:token: "{STRONG}"', f"    - token: '{STRONG}'"):
            assert verdicts(rule, spec, sources={"Pulumi.prod.yaml": f"config:\n{line}\n"}) == ["g.authToken"]
        sealed = "config:\n  shop:token:\n    secure: v1:abc\n"
        assert verdicts(rule, spec, sources={"Pulumi.prod.yaml": sealed}) == []

    def test_what_stands_nowhere_passes(self, verdicts):
        """Another text, one that is not known, no program at all, a program that is no Python."""
        rule = literal_secret.RULE
        assert verdicts(rule, group(authToken="another-token-of-24-chars"), sources=SOURCE) == []
        assert verdicts(rule, group(authToken=Secret(UNKNOWN)), sources=SOURCE) == []
        assert verdicts(rule, group(authToken=STRONG), sources={}) == []
        assert verdicts(rule, group(authToken=STRONG), sources={"a.py": "this is no Python"}) == []
