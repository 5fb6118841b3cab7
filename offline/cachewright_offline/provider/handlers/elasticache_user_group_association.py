"""aws.elasticache.UserGroupAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_user_groups
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class UserGroupAssociationHandler(ResourceHandler):
    """One user's membership in one group; its id is `<group>,<user>`."""

    timeouts: ClassVar = (600.0, 600.0, 600.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps ids in lower case."""
        del name
        return str(old).lower() == str(new).lower()

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Add the user to the group."""
        group, user = str(inputs["userGroupId"]), str(inputs["userId"])
        elasticache_user_groups.modify(call, group, UserIdsToAdd=[user])
        return self.made(call, f"{group},{user}", inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Look for the user in the group."""
        del inputs
        group_id, user = _parts(id)
        group = elasticache_user_groups.find(call, group_id)
        if group is None or user.lower() not in group.get("UserIds", []):
            return None
        return {"userGroupId": group_id, "userId": user}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change nothing: every property replaces the association."""
        del old_outputs, old_inputs
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Take the user out of the group."""
        del inputs, outputs
        group, user = _parts(id)
        found = elasticache_user_groups.find(call, group)
        if found is None or user.lower() not in found.get("UserIds", []):
            return
        try:
            elasticache_user_groups.modify(call, group, UserIdsToRemove=[user])
        except AwsError as error:
            if not error.is_not_found:
                raise


def _parts(id: str) -> tuple[str, str]:
    group, comma, user = id.partition(",")
    if not comma or not group or not user:
        msg = f"id: expected <user group id>,<user id>, found {id!r}"
        raise ProviderError(msg)
    return group, user
