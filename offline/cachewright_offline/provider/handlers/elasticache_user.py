"""aws.elasticache.User."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright.catalog import access_string
from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_shapes, elasticache_tags
from cachewright_offline.provider.protocol import CheckFailure, PropertyDiff, ProviderError
from cachewright_offline.provider.resource import Change, ResourceHandler
from cachewright_offline.provider.validation import matches, one_of
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_MODIFY: Final = {
    "AccessString": "accessString",
    "Engine": "engine",
    "NoPasswordRequired": "noPasswordRequired",
    "Passwords": "passwords",
}
_BUSY: Final = frozenset({"InvalidUserState", "InvalidUserGroupState"})
# What the API calls the kinds of authentication in its answers.
_KINDS: Final = {"password": "password", "no-password": "no-password-required", "iam": "iam"}


class UserHandler(ResourceHandler):
    """A user of the role-based access control; its id is its user id, in lower case."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)
    write_only: ClassVar = frozenset({"passwordsWo"})

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from matches(inputs, "userId", r"[a-zA-Z][a-zA-Z0-9-]*", "letters, digits and hyphens, first a letter")
        yield from one_of(inputs, "engine", "redis", "valkey", fold_case=True)
        yield from matches(inputs, "accessString", r"(?s).*\S.*", "an access string such as `on ~* +@read`")
        mode = inputs.get("authenticationMode")
        if isinstance(mode, dict):
            for failure in one_of(mode, "type", "password", "no-password-required", "iam"):
                yield CheckFailure("authenticationMode.type", failure.reason)
        passwords = inputs.get("passwords")
        if isinstance(passwords, list) and len(passwords) > 2:
            yield CheckFailure("passwords", f"expected at most 2, found {len(passwords)}")
        for index, password in enumerate(passwords if isinstance(passwords, list) else []):
            if isinstance(password, str) and not 16 <= len(password) <= 128:
                yield CheckFailure(f"passwords[{index}]", f"expected 16 to 128 characters, found {len(password)}")
        if ("passwordsWo" in inputs) != ("passwordsWoVersion" in inputs):
            yield CheckFailure("passwordsWo", "and passwordsWoVersion need each other: give both or neither")
        if inputs.get("noPasswordRequired") is True and str(inputs.get("engine")).lower() == "valkey":
            yield CheckFailure("noPasswordRequired", "Valkey users need a password or IAM: leave it out")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps ids and engines in lower case, and access strings in a form of its own."""
        if name in {"userId", "engine"}:
            return str(old).lower() == str(new).lower()
        if name == "authenticationMode":
            return _mode(old) == _mode(new)
        return name == "accessString" and access_string.normalise(str(old)) == access_string.normalise(str(new))

    def diff_more(self, change: Change, detailed: dict[str, PropertyDiff]) -> None:
        """A write-only password counts by its version."""
        del change
        for path in [path for path in detailed if path == "passwordsWo" or path.startswith("passwordsWo[")]:
            del detailed[path]

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the user and wait until it is active."""
        arguments = elasticache_shapes.arguments(inputs, _MODIFY)
        if not arguments.get("Passwords", True):
            del arguments["Passwords"]
        if not inputs.get("noPasswordRequired"):
            arguments.pop("NoPasswordRequired", None)
        if inputs.get("passwordsWo"):
            arguments["Passwords"] = _write_only(inputs["passwordsWo"])
        answer = call.request(
            "elasticache",
            "create_user",
            UserId=inputs["userId"],
            UserName=inputs["userName"],
            **arguments,
            AuthenticationMode=_mode_request(inputs.get("authenticationMode")),
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["UserId"]
        with self.existing(call, id, inputs):
            _active(call, id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the user and its tags; AWS never tells passwords."""
        user = _find(call, id)
        if user is None or user["Status"] == "deleting":
            return None
        described: Properties = {
            "accessString": user["AccessString"],
            "arn": user["ARN"],
            "engine": user["Engine"],
            "userId": user["UserId"],
            "userName": user["UserName"],
            **self.tags_read(elasticache_tags.read(call, user["ARN"]), inputs),
        }
        authentication: dict[str, Any] = user.get("Authentication") or {}
        kind = _KINDS.get(authentication.get("Type", ""))
        if kind is not None:
            mode: Properties = {"type": kind, "passwordCount": authentication.get("PasswordCount") or 0}
            given = inputs.get("authenticationMode")
            if isinstance(given, dict) and given.get("passwords") is not None:
                mode["passwords"] = given["passwords"]
            described["authenticationMode"] = mode
        return described

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change the user and wait until it is active again."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        arguments = {
            api: value
            for api, value in elasticache_shapes.arguments(inputs, _MODIFY).items()
            if value != change.old_inputs.get(_MODIFY[api])
        }
        if not arguments.get("Passwords", True):
            del arguments["Passwords"]
        mode = inputs.get("authenticationMode")
        if mode is not None and _mode(mode) != _mode(old_inputs.get("authenticationMode")):
            arguments["AuthenticationMode"] = _mode_request(mode)
        if inputs.get("passwordsWo") and inputs.get("passwordsWoVersion") != old_inputs.get("passwordsWoVersion"):
            arguments["Passwords"] = _write_only(inputs["passwordsWo"])
        if arguments:
            call.retry(_BUSY, lambda: call.request("elasticache", "modify_user", UserId=id, **arguments))
            _active(call, id)
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the user; AWS takes it out of its groups."""
        del inputs, outputs
        try:
            call.retry(_BUSY, lambda: call.request("elasticache", "delete_user", UserId=id))
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"user {id}", lambda: _find(call, id))


def _write_only(value: PropertyValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _mode(mode: PropertyValue) -> object:
    """Return what a program says about authentication, for comparison."""
    if not isinstance(mode, dict):
        return None
    passwords = mode.get("passwords")
    if passwords is UNKNOWN:
        return UNKNOWN
    return mode.get("type"), frozenset(elasticache_shapes.set_of(passwords))


def _mode_request(mode: PropertyValue) -> dict[str, Any] | None:
    if not isinstance(mode, dict):
        return None
    request: dict[str, Any] = {"Type": mode["type"]}
    if mode.get("passwords"):
        request["Passwords"] = mode["passwords"]
    return request


def _find(call: Call, id: str) -> dict[str, Any] | None:
    answer = call.find("elasticache", "describe_users", UserId=id)
    users: list[dict[str, Any]] = [] if answer is None else answer["Users"]
    return users[0] if users else None


def _active(call: Call, id: str) -> None:
    def ready() -> bool | None:
        user = _find(call, id)
        if user is None:
            msg = f"user {id} is gone"
            raise ProviderError(msg)
        return True if user["Status"] == "active" else None

    call.wait(f"user {id} to become active", ready)
