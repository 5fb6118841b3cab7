"""User groups of the ElastiCache API, as UserGroup and UserGroupAssociation see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call

BUSY: Final = frozenset({"InvalidUserGroupState", "InvalidUserState"})


def find(call: Call, id: str) -> dict[str, Any] | None:
    """Return a user group, or None."""
    answer = call.find("elasticache", "describe_user_groups", UserGroupId=id)
    groups: list[dict[str, Any]] = [] if answer is None else answer["UserGroups"]
    return groups[0] if groups else None


def modify(call: Call, id: str, **arguments: Any) -> None:
    """Change a user group and wait until the change has reached its caches."""
    call.retry(BUSY, lambda: call.request("elasticache", "modify_user_group", UserGroupId=id, **arguments))
    wait_until_active(call, id)


def wait_until_active(call: Call, id: str) -> None:
    """Wait until a user group has no change pending."""

    def ready() -> bool | None:
        group = find(call, id)
        if group is None:
            msg = f"user group {id} is gone"
            raise ProviderError(msg)
        return True if group["Status"] == "active" else None

    call.wait(f"user group {id} to become active", ready)
