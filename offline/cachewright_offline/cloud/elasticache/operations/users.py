"""Users of role-based access control."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cachewright.catalog import access_string, names
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.cloud.elasticache.faults import Fault
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

DEFAULT_USER_NAME: Final = "default"
ENGINES: Final = ("redis", "valkey")
# What requests call `no-password-required` is shown as `no-password`.
_SHOWN_TYPES: Final = {"password": "password", "no-password-required": "no-password", "iam": "iam"}
_FORBIDDEN_IN_PASSWORDS: Final = frozenset(',"/@')
# What ElastiCache says of an access string, for each of its reasons to refuse one.
_ACCESS_STRING_SENTENCES: Final[dict[access_string.Kind, str]] = {
    "password": "Password rules are not supported in Elasticache access string",
    "reset": "reset rule is not supported in Elasticache user api",
    "category": "Access string contains invalid category(s)",
    "command": "Access string contains forbidden command(s)",
    "rule": "The access-string is invalid.",
}


@dataclass(slots=True)
class User:
    """One user.

    Attributes:
        id: Its id, in lower case.
        name: What a client logs in as.
        engine: `redis` or `valkey`.
        access_string: What it may do, as ElastiCache stores it.
        authentication: `password`, `no-password` or `iam`.
        passwords: How many passwords it has; the passwords themselves are not kept.
        status: `active`, `modifying` or `deleting`.
    """

    id: str
    name: str
    engine: str
    access_string: str
    authentication: str
    passwords: int
    status: str = "active"

    @property
    def minimum_engine_version(self) -> str:
        """Return the oldest engine that knows what this user needs."""
        if self.engine == "valkey":
            return "7.2"
        return "7.0" if self.authentication == "iam" or "(" in self.access_string else "6.0"


def _default_user() -> User:
    return User(DEFAULT_USER_NAME, DEFAULT_USER_NAME, "redis", "on ~* +@all", "no-password", 0)


@dataclass(slots=True)
class Users:
    """The users of a region; AWS's own default user is there from the start.

    Attributes:
        by_id: The users.
    """

    by_id: dict[str, User] = field(default_factory=lambda: {DEFAULT_USER_NAME: _default_user()})

    def counts(self) -> dict[str, int]:
        """Return how many users were made."""
        return {"elasticache_users": len(self.by_id) - 1}

    def find(self, user_id: str) -> User:
        """Return a user, or raise UserNotFound."""
        user = self.by_id.get(user_id.lower())
        if user is None:
            raise fault("UserNotFoundFault", f"User {user_id} not found.")
        return user


@dataclass(slots=True)
class Memberships:
    """What users ask of user groups, which register themselves here: they know users, users do not know them."""

    group_ids: Callable[[Context, str], list[str]]
    check_change: Callable[[Context, User], None]
    show_change: Callable[[Context, str], None]
    check_removal: Callable[[Context, User], None]
    forget: Callable[[Context, str], None]


def _nothing(context: Context, user: User | str) -> None:
    del context, user


memberships = Memberships(lambda _context, _user_id: [], _nothing, _nothing, _nothing, _nothing)


def engine_of(params: Params) -> str:
    """Return the engine that a request for a user or user group names."""
    engine: str = params["Engine"].lower()
    if engine not in ENGINES:
        raise invalid_value(f'Unknown parameter for Engine: "{params["Engine"]}", must be one of: {", ".join(ENGINES)}')
    return engine


@operation("CreateUser")
def create_user(context: Context, params: Params) -> Result:
    """Make a user."""
    users = context.state.part(Users)
    if params["UserId"].lower() in users.by_id:
        raise fault("UserAlreadyExistsFault", f"User {params['UserId'].lower()} already exists.")
    user_id = identifier(params, "UserId", "user_id")
    engine = engine_of(params)
    name = params["UserName"]
    problem = names.problem("user_name", name)
    if problem is not None:
        raise invalid_value(f"The parameter UserName {problem}.")
    text = _access_string(params["AccessString"])
    found = _authentication(params)
    if found is None:
        raise _unknown_authentication("null")
    user = User(user_id, name, engine, text, *found)
    _check_together(user)
    tags = new_tags(params)
    if len(users.by_id) - 1 >= limit("users_per_region"):
        raise fault("UserQuotaExceededFault", f"Quota of {limit('users_per_region')} users exceeded.")
    users.by_id[user_id] = user
    context.state.tags[arn(context, user_id)] = tags
    context.state.record_event("user", user_id, f"User {user_id} has been created.")
    return shown(context, user)


@operation("ModifyUser")
def modify_user(context: Context, params: Params) -> Result:
    """Change what a user may do, its passwords or its engine."""
    user = context.state.part(Users).find(params["UserId"])
    if user.id == DEFAULT_USER_NAME:
        raise invalid_value("The default user cannot be modified.")
    _check_active(user, "modified")
    text = user.access_string
    if "AccessString" in params and "AppendAccessString" in params:
        raise invalid_combination("AccessString and AppendAccessString cannot be given together.")
    if "AccessString" in params:
        text = _access_string(params["AccessString"])
    elif "AppendAccessString" in params:
        text = _access_string(f"{text} {params['AppendAccessString']}")
    engine = engine_of(params) if "Engine" in params else user.engine
    authentication, passwords = _authentication(params, user) or (user.authentication, user.passwords)
    changed = User(user.id, user.name, engine, text, authentication, passwords)
    _check_together(changed)
    memberships.check_change(context, changed)
    user.engine, user.access_string = changed.engine, changed.access_string
    user.authentication, user.passwords = changed.authentication, changed.passwords
    user.status = "modifying"
    context.state.after("user-modify", lambda: _finish(user))
    memberships.show_change(context, user.id)
    context.state.record_event("user", user.id, f"User {user.id} has been modified.")
    return shown(context, user)


@operation("DeleteUser")
def delete_user(context: Context, params: Params) -> Result:
    """Delete a user; its groups lose it."""
    users = context.state.part(Users)
    user = users.find(params["UserId"])
    if user.id == DEFAULT_USER_NAME:
        raise invalid_value("The default user cannot be deleted.")
    _check_active(user, "deleted")
    memberships.check_removal(context, user)
    user.status = "deleting"

    def remove() -> None:
        memberships.forget(context, user.id)
        del users.by_id[user.id]
        context.state.tags.pop(arn(context, user.id), None)
        context.state.record_event("user", user.id, f"User {user.id} has been deleted.")

    context.state.after("user-delete", remove)
    return shown(context, user)


@operation("DescribeUsers")
def describe_users(context: Context, params: Params) -> Result:
    """Show users."""
    users = context.state.part(Users)
    if "UserId" in params:
        return {"Users": [shown(context, users.find(params["UserId"]))]}
    found = [user for user in users.by_id.values() if _is_meant(context, user, params)]
    chosen, marker = page(found, params, lambda user: user.id)
    return {"Users": [shown(context, user) for user in chosen], "Marker": marker}


def _is_meant(context: Context, user: User, params: Params) -> bool:
    if "Engine" in params and user.engine != params["Engine"].lower():
        return False
    for one in params.get("Filters") or ():
        name = one["Name"].lower().replace("-", "")
        values = {
            "userid": [user.id],
            "username": [user.name],
            "engine": [user.engine],
            "status": [user.status],
            "usergroupid": memberships.group_ids(context, user.id),
        }
        if name not in values:
            raise invalid_value(f"Invalid filter name: {one['Name']}")
        if not set(values[name]) & set(one["Values"]):
            return False
    return True


def arn(context: Context, user_id: str) -> str:
    """Return a user's ARN."""
    return context.state.arn("user", user_id)


def shown(context: Context, user: User) -> Result:
    """Return a user as answers show it."""
    return {
        "UserId": user.id,
        "UserName": user.name,
        "Status": user.status,
        "Engine": user.engine,
        "MinimumEngineVersion": user.minimum_engine_version,
        "AccessString": user.access_string,
        "UserGroupIds": memberships.group_ids(context, user.id),
        "Authentication": {
            "Type": user.authentication,
            "PasswordCount": user.passwords if user.authentication == "password" else None,
        },
        "ARN": arn(context, user.id),
    }


def _finish(user: User) -> None:
    if user.status == "modifying":
        user.status = "active"


def _check_active(user: User, change: str) -> None:
    if user.status != "active":
        message = f"User {user.id} has status {user.status}. Only active users can be {change}."
        raise fault("InvalidUserStateFault", message)


def _access_string(text: str) -> str:
    kind = access_string.kind_of_problem(text)
    if kind is not None:
        raise invalid_value(_ACCESS_STRING_SENTENCES[kind])
    return access_string.normalise(text)


def _authentication(params: Params, existing: User | None = None) -> tuple[str, int] | None:
    """Return how a user logs in and how many passwords it has, or None when the request says nothing about it."""
    mode = params.get("AuthenticationMode") or {}
    passwords: list[str] = params.get("Passwords") or []
    if passwords and mode.get("Passwords"):
        raise invalid_combination("Passwords provided via multiple arguments. Use only one argument")
    kind = mode.get("Type")
    if mode and kind not in _SHOWN_TYPES:
        raise _unknown_authentication(kind or "null")
    passwords = passwords or mode.get("Passwords") or []
    no_password = params.get("NoPasswordRequired")
    if no_password and kind not in {None, "no-password-required"}:
        raise invalid_combination(f"No password required flag is true but provided authentication type is {kind}")
    if kind is None and no_password is False and not passwords and _keeps_its_authentication(existing):
        return None
    if kind is None and no_password is not None:
        kind = "no-password-required" if no_password else "password"
    kind = kind or ("password" if passwords else None)
    if kind is None:
        return None
    if kind == "password" and not passwords:
        raise invalid_combination("A user with Authentication Mode: password, must have at least one password")
    if kind != "password" and passwords:
        raise invalid_combination(f"Password field is not allowed with authentication type: {kind}")
    _check_passwords(passwords)
    return _SHOWN_TYPES[kind], len(passwords)


def _keeps_its_authentication(user: User | None) -> bool:
    """Tell whether a user stays as it is when a request says no more than that it is not without a password."""
    return user is not None and user.authentication != "no-password"


def _unknown_authentication(kind: str) -> Fault:
    allowed = ",".join(_SHOWN_TYPES)
    return invalid_value(f"Input Authentication type: {kind} is not in the allowed list: [{allowed}]")


def _check_passwords(passwords: list[str]) -> None:
    most, shortest, longest = (
        limit(name) for name in ("passwords_per_user", "password_length_minimum", "password_length_maximum")
    )
    if len(passwords) > most:
        raise invalid_value(f"Maximum number of passwords allowed in this service is {most}.")
    if any(not shortest <= len(password) <= longest for password in passwords):
        raise invalid_value(f"Passwords length must be between {shortest}-{longest} characters.")
    if any(_FORBIDDEN_IN_PASSWORDS & set(password) or not password.isprintable() for password in passwords):
        raise invalid_value('Passwords must be printable and must not contain any of: , " / @')
    if len(set(passwords)) != len(passwords):
        raise invalid_value("The passwords of a user must differ.")


def _check_together(user: User) -> None:
    if user.authentication == "iam" and user.name.lower() != user.id:
        raise invalid_combination("User Id and User name must be same for authentication type: iam")
    if user.engine == "valkey" and user.authentication == "no-password":
        raise invalid_combination("No-password-required is not allowed for a user with engine Valkey")
