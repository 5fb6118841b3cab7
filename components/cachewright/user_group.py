"""Users and what they may do: role-based access control."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
import pulumi_random
from pulumi_aws import elasticache, secretsmanager

from cachewright.catalog import names
from cachewright.errors import ArgsError, Problem
from cachewright.naming import physical
from cachewright.rules.user_group import DEFAULT_USER, SCHEMA, rights

GENERATED_PASSWORD_LENGTH = 64
# ElastiCache takes any printable character in a password but , " / and @.
_PASSWORD_SPECIAL_CHARACTERS = "!#$%&*()-_=+[]{}<>:?"
_DEFAULT_USER_RIGHTS = "off -@all"
_HASH_DIGITS = 7
_SOUND: Mapping[str, Any] = {"passwords": ["known-only-later"], "passwords_wo": "known-only-later"}


class UserArgs(TypedDict):
    """One user of a `UserGroup`."""

    user_name: pulumi.Input[str]
    """The name that clients authenticate with: letters, digits and hyphens, unique in the group. Changing it replaces
    the user and ends its connections. With IAM clients use the user's id instead, as AWS demands:
    see `user_ids`."""
    access: NotRequired[pulumi.Input[str]]
    """`reader`, `writer`, `admin`, or `custom` with `access_string`. Only `admin` may use dangerous commands.
    Open connections keep the rights they had. Default: `reader`."""
    key_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """What the keys begin with that the user may touch, such as `app:`. Default: - every key."""
    access_string: NotRequired[pulumi.Input[str]]
    """The rights in Redis's ACL grammar, instead of `access` and `key_prefixes`. Default: - as they say."""
    authentication: NotRequired[pulumi.Input[str]]
    """`iam` (no secret is kept anywhere) or `password`. Default: `iam`."""
    passwords: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """One or two passwords of 16-128 characters; a secret. Two let clients move from the old to the new one.
    Default: - a generated one, kept in Secrets Manager."""
    passwords_wo: NotRequired[pulumi.Input[str]]
    """One password of 16-128 characters, instead of `passwords`, but write-only: it is in no state. Default: - none."""
    passwords_wo_version: NotRequired[pulumi.Input[int]]
    """What tells Pulumi that `passwords_wo` has changed: count it up. Default: - none."""


PLAIN_OF_USERS = frozenset(UserArgs.__annotations__) - frozenset(_SOUND)


class UserGroupArgs(TypedDict):
    """The arguments of a `UserGroup`."""

    users: Sequence[UserArgs]
    """The users, at least one; all but their passwords is plain only."""
    engine: NotRequired[pulumi.Input[str]]
    """`valkey` or `redis`, plain only. A valkey group serves Valkey only, a redis group both. Default: `valkey`."""
    user_group_id: NotRequired[pulumi.Input[str]]
    """A fixed physical id, plain only. Changing it replaces the group. Default: - `<name>-<stack>-<hash>`."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The key that encrypts the secrets of generated passwords. Default: - Secrets Manager's own."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces users and group. Default: - the provider's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the users, the group and the secrets. Default: - none."""


class UserGroup(pulumi.ComponentResource):
    """A user group with its users, the default user switched off.

    Creates a user for each entry, a default user that may do nothing, the group, and a secret for each generated
    password. Users and the group cost nothing; a secret costs its monthly price.

    The provider makes up no ids for users and groups, and they are unique in an account and region: they are
    `<name>-<stack>-<hash>`, the hash being that of project, stack and name; what is longer than AWS allows is cut
    before the hash.

    Example:
        UserGroup("apps", {"users": [{"user_name": "orders", "access": "writer", "key_prefixes": ["orders:"]}]})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    user_group_id: pulumi.Output[str]
    """The group's id."""
    arn: pulumi.Output[str]
    """The group's ARN."""
    user_ids: pulumi.Output[Mapping[str, str]]
    """The users' ids by their `user_name` in the arguments."""
    iam_user_arns: pulumi.Output[Sequence[str]]
    """The ARNs of the users that authenticate with IAM, for `grant_connect`."""
    secret_arns: pulumi.Output[Mapping[str, str]]
    """The ARNs of the secrets that hold generated passwords, by `user_name`."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        user_group: elasticache.UserGroup
        """The user group itself."""

    def __init__(self, name: str, args: UserGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the users and the group.

        Args:
            name: The component's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        plain_users, pending = _split(args.get("users"))
        prefix = _prefix(name)
        checked = SCHEMA.check(name, {**args, "users": plain_users}, name_problems(name))
        entries: Sequence[Mapping[str, Any]] = checked["users"]
        pending = _guarded(name, entries, pending)
        super().__init__("cachewright:index:UserGroup", name, {}, opts)
        self._name, self._args = name, checked
        default = self._user(
            DEFAULT_USER,
            f"{prefix}-d",
            DEFAULT_USER,
            _DEFAULT_USER_RIGHTS,
            authentication_mode=self._unusable_password(),
        )
        users: dict[str, elasticache.User] = {}
        secrets: dict[str, pulumi.Output[str]] = {}
        iam_arns: list[pulumi.Output[str]] = []
        for index, entry in enumerate(entries):
            label = entry["user_name"]
            user_id = _user_id(prefix, label)
            if (entry.get("authentication") or "iam") == "iam":
                mode = elasticache.UserAuthenticationModeArgs(type="iam")
                # AWS wants the name of an IAM user to be its id.
                users[label] = self._user(label, user_id, user_id, rights(entry), authentication_mode=mode)
                iam_arns.append(users[label].arn)
                continue
            if entry.get("passwords_wo") is not None:
                write_only = pending.get((index, "passwords_wo"), entry["passwords_wo"])
                users[label] = self._user(
                    label,
                    user_id,
                    label,
                    rights(entry),
                    passwords_wo=pulumi.Output.secret(write_only),
                    passwords_wo_version=entry["passwords_wo_version"],
                )
                continue
            passwords: Any = pending.get((index, "passwords"), entry.get("passwords"))
            if passwords is None:
                passwords, secrets[label] = self._generated_password(label)
            mode = elasticache.UserAuthenticationModeArgs(type="password", passwords=pulumi.Output.secret(passwords))
            users[label] = self._user(label, user_id, label, rights(entry), authentication_mode=mode)
        self.user_group = elasticache.UserGroup(
            physical(name),
            engine=checked["engine"],
            region=checked["region"],
            tags=checked["tags"],
            user_group_id=checked["user_group_id"] or prefix,
            user_ids=[default.user_id, *(user.user_id for user in users.values())],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.user_group_id, self.arn = self.user_group.user_group_id, self.user_group.arn
        self.user_ids = pulumi.Output.all(**{label: user.user_id for label, user in users.items()})
        self.iam_user_arns = pulumi.Output.all(*iam_arns)
        self.secret_arns = pulumi.Output.all(**secrets)
        self.register_outputs(
            {
                "userGroupId": self.user_group_id,
                "arn": self.arn,
                "userIds": self.user_ids,
                "iamUserArns": self.iam_user_arns,
                "secretArns": self.secret_arns,
            }
        )

    def _user(self, label: str, user_id: str, user_name: str, access: str, **authentication: Any) -> elasticache.User:
        return elasticache.User(
            f"{self._name}-{label}",
            access_string=access,
            engine=self._args["engine"],
            region=self._args["region"],
            tags=self._args["tags"],
            user_id=user_id,
            user_name=user_name,
            opts=pulumi.ResourceOptions(parent=self),
            **authentication,
        )

    def _password(self, label: str) -> pulumi_random.RandomPassword:
        return pulumi_random.RandomPassword(
            f"{self._name}-{label}",
            length=GENERATED_PASSWORD_LENGTH,
            override_special=_PASSWORD_SPECIAL_CHARACTERS,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _unusable_password(self) -> elasticache.UserAuthenticationModeArgs:
        # Valkey allows no user without a password, so the default user has one that nobody ever sees, and is off.
        password = self._password(DEFAULT_USER).result
        return elasticache.UserAuthenticationModeArgs(type="password", passwords=[pulumi.Output.secret(password)])

    def _generated_password(self, label: str) -> tuple[list[pulumi.Output[str]], pulumi.Output[str]]:
        password = self._password(label).result
        child = pulumi.ResourceOptions(parent=self)
        secret = secretsmanager.Secret(
            physical(f"{self._name}-{label}"),
            description=f"Password of the ElastiCache user {label} of {self._name}",
            kms_key_id=self._args["kms_key_id"],
            region=self._args["region"],
            tags=self._args["tags"],
            opts=child,
        )
        secretsmanager.SecretVersion(
            f"{self._name}-{label}",
            region=self._args["region"],
            secret_id=secret.id,
            secret_string=password.apply(lambda text: json.dumps({"username": label, "password": text})),
            opts=child,
        )
        return [password], secret.arn


def _split(users: Any) -> tuple[Any, dict[tuple[int, str], pulumi.Output[Any]]]:
    """Put sound passwords in the place of those that are Outputs, so that all else is checked at construction."""
    if not isinstance(users, (list, tuple)):
        return users, {}
    plain, pending = [], {}
    for index, user in enumerate(users):
        known = user
        for key, sound in _SOUND.items() if isinstance(user, Mapping) else ():
            if user.get(key) is not None and not _is_known(user[key]):
                pending[index, key] = pulumi.Output.secret(user[key])
                known = {**known, key: sound}
        plain.append(known)
    return plain, pending


def _is_known(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _guarded(
    name: str, entries: Sequence[Mapping[str, Any]], pending: Mapping[tuple[int, str], pulumi.Output[Any]]
) -> dict[tuple[int, str], pulumi.Output[Any]]:
    """Return passwords that pass on only what the rules allow."""

    def verify(resolved: Any, index: int, key: str) -> Any:
        problems = [
            Problem(one.argument.replace("users[0]", f"users[{index}]", 1), one.text)
            for one in SCHEMA.problems({"users": [{**entries[index], key: resolved}]})
        ]
        if problems:
            raise ArgsError("UserGroup", name, problems)
        return resolved

    return {
        (index, key): value.apply(lambda resolved, index=index, key=key: verify(resolved, index, key))  # type: ignore[misc]
        for (index, key), value in pending.items()
    }


def _hash(name: str) -> str:
    identity = f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}"
    return hashlib.sha256(identity.encode()).hexdigest()[:_HASH_DIGITS]


def _prefix(name: str) -> str:
    """Return what all ids begin with. A long name is cut: the hash tells it from others."""
    room = names.rules()["user_id"].maximum - 2 * (_HASH_DIGITS + 1)
    return f"{physical(name)[:room].rstrip('-')}-{_hash(name)}"


def _user_id(prefix: str, label: str) -> str:
    return f"{prefix}-{hashlib.sha256(label.encode()).hexdigest()[:_HASH_DIGITS]}"


def name_problems(name: str) -> list[Problem]:
    """Return why no ids can be made of a component's name."""
    if names.problem("user_id", _user_id(_prefix(name), DEFAULT_USER)) is None:
        return []
    expected = "letters, digits and single hyphens, starting with a letter"
    return [Problem("name", f"must be {expected}, got {name!r}; choose another name")]
