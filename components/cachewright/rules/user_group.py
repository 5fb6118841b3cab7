"""What a `UserGroup` accepts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Schema, Types, Values, choice, rule
from cachewright.catalog import access_string, names
from cachewright.catalog.limits import limit
from cachewright.enums import Access, Authentication
from cachewright.errors import Problem
from cachewright.rules import engine, naming

DEFAULT_USER = "default"
# What a person may do by the kind of access, before key patterns. Dangerous commands are for administrators only.
_COMMANDS = {
    "reader": "-@all +@read +@connection -@dangerous",
    "writer": "-@all +@read +@write +@connection +@transaction +@pubsub -@dangerous",
    "admin": "+@all",
}
_PREFIX = re.compile(r"[^\s*?\[\]\\]+")
_PASSWORD = re.compile(r"[^,\"/@\s]*")


class UserTypes(Types):
    """One entry of `users`."""

    user_name: str
    access: str | None = None
    key_prefixes: list[str] | None = None
    access_string: str | None = None
    authentication: str | None = None
    passwords: list[str] | None = None
    passwords_wo: str | None = None
    passwords_wo_version: int | None = None


class UserGroupTypes(Types):
    """The types of `UserGroupArgs`."""

    engine: str | None = None
    users: list[UserTypes] | None = None
    user_group_id: str | None = None
    kms_key_id: str | None = None
    region: str | None = None
    tags: dict[str, str] | None = None


@rule("users")
def users(values: Values) -> Iterable[Problem]:
    """Each user has a name of its own, rights, and one way to authenticate."""
    given: list[Mapping[str, Any]] = values["users"] or []
    # One place is the default user's, which the component adds.
    most = limit("users_per_user_group") - 1
    if not 1 <= len(given) <= most:
        yield Problem("users", f"must be 1 to {most} users, got {len(given)}; make another group for more")
    seen: dict[str, int] = {}
    for index, user in enumerate(given):
        where = f"users[{index}]"
        name = user["user_name"]
        if name in seen:
            text = f"must be unique in the group, got {name!r} in users[{seen[name]}] too; choose another name"
            yield Problem(f"{where}.user_name", text)
        seen.setdefault(name, index)
        yield from _name(where, name)
        yield from _access(where, user)
        yield from _authentication(where, user)


def _name(where: str, name: str) -> Iterable[Problem]:
    if name == DEFAULT_USER:
        text = "must not be 'default', which the component adds, switched off; choose another name"
        yield Problem(f"{where}.user_name", text)
        return
    found = names.problem("user_id", name)
    if found:
        yield Problem(f"{where}.user_name", found)


def _access(where: str, user: Mapping[str, Any]) -> Iterable[Problem]:
    access, custom, prefixes = user.get("access"), user.get("access_string"), user.get("key_prefixes")
    yield from choice(f"{where}.access", access, tuple(Access))
    if custom is not None:
        if access not in {None, "custom"} or prefixes:
            text = "must be left out with access or key_prefixes, got it too; write all rights in access_string"
            yield Problem(f"{where}.access_string", text)
        found = access_string.problem(custom)
        if found:
            yield Problem(f"{where}.access_string", found)
    elif access == "custom":
        yield Problem(
            f"{where}.access_string", "must be given with access 'custom', got nothing; write the rights there"
        )
    for number, prefix in enumerate(prefixes or []):
        if not _PREFIX.fullmatch(prefix):
            text = (
                f"must be the beginning of keys without spaces, *, ?, [, ] and \\, got {prefix!r}; write it like 'app:'"
            )
            yield Problem(f"{where}.key_prefixes[{number}]", text)


def _authentication(where: str, user: Mapping[str, Any]) -> Iterable[Problem]:
    kind, passwords = user.get("authentication"), user.get("passwords")
    yield from choice(f"{where}.authentication", kind, tuple(Authentication))
    for argument in ("passwords", "passwords_wo"):
        if user.get(argument) is not None and kind != "password":
            text = "must be left out with IAM authentication, got passwords; set authentication to password"
            yield Problem(f"{where}.{argument}", text)
    yield from _write_only(where, user)
    if passwords is None:
        return
    most = limit("passwords_per_user")
    if not 1 <= len(passwords) <= most:
        yield Problem(f"{where}.passwords", f"must be 1 to {most} passwords, got {len(passwords)}; remove the oldest")
    for number, password in enumerate(passwords):
        yield from _password(f"{where}.passwords[{number}]", password)


def _write_only(where: str, user: Mapping[str, Any]) -> Iterable[Problem]:
    password, version = user.get("passwords_wo"), user.get("passwords_wo_version")
    if password is not None and user.get("passwords") is not None:
        yield Problem(f"{where}.passwords_wo", "must not be given with passwords, got both; keep one of them")
    if password is not None and version is None:
        text = "must be given with passwords_wo, got nothing; count it up whenever the password changes"
        yield Problem(f"{where}.passwords_wo_version", text)
    if password is None and version is not None:
        text = "must be left out without passwords_wo, got a version; remove it, or give passwords_wo"
        yield Problem(f"{where}.passwords_wo_version", text)
    if password is not None:
        yield from _password(f"{where}.passwords_wo", password)


def _password(where: str, password: str) -> Iterable[Problem]:
    low, high = limit("password_length_minimum"), limit("password_length_maximum")
    if not low <= len(password) <= high:
        text = f"must be {low}-{high} characters, got {len(password)}; leave passwords out to have one generated"
        yield Problem(where, text)
    elif not _PASSWORD.fullmatch(password):
        text = 'must hold none of , " / @ and spaces, got one; leave passwords out to have one generated'
        yield Problem(where, text)


def rights(user: Mapping[str, Any]) -> str:
    """Return the access string of a user.

    >>> rights({"user_name": "a", "access": "reader", "key_prefixes": ["a:", "b:"]})
    'on ~a:* ~b:* -@all +@read +@connection -@dangerous'
    """
    if user.get("access_string") is not None:
        return str(user["access_string"])
    keys = " ".join(f"~{prefix}*" for prefix in user.get("key_prefixes") or [""])
    return f"on {keys} {_COMMANDS[user.get('access') or 'reader']}"


SCHEMA = Schema(
    component="UserGroup",
    types=UserGroupTypes,
    rules=(
        users,
        engine.engine_rule(("valkey", "redis")),
        naming.name_rule("user_group_id", "user_group_id"),
        naming.tags,
    ),
    required=("users",),
    plain=frozenset({"engine", "user_group_id", "region"}),
    secrets=frozenset({"passwords", "passwords_wo"}),
    defaults=lambda _: {"engine": "valkey"},
)
