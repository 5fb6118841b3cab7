"""aws.elasticache.UserGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_shapes, elasticache_tags, elasticache_user_groups
from cachewright_offline.provider.resource import ResourceHandler
from cachewright_offline.provider.validation import matches, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class UserGroupHandler(ResourceHandler):
    """A group of users; its id is its user group id, in lower case."""

    timeouts: ClassVar = (600.0, 600.0, 600.0)

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Apply the AWS provider's own validation."""
        yield from matches(
            inputs, "userGroupId", r"[a-zA-Z][a-zA-Z0-9-]*", "letters, digits and hyphens, first a letter"
        )
        yield from one_of(inputs, "engine", "redis", "valkey", fold_case=True)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps ids and engines in lower case."""
        return name in {"userGroupId", "engine"} and str(old).lower() == str(new).lower()

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group and wait until it is active."""
        answer = call.retry(
            elasticache_user_groups.BUSY,
            lambda: call.request(
                "elasticache",
                "create_user_group",
                UserGroupId=inputs["userGroupId"],
                Engine=inputs["engine"],
                UserIds=inputs.get("userIds") or None,
                Tags=tag_list(self.tags_for(inputs)) or None,
            ),
        )
        id = answer["UserGroupId"]
        with self.existing(call, id, inputs):
            elasticache_user_groups.wait_until_active(call, id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group and its tags."""
        group = elasticache_user_groups.find(call, id)
        if group is None or group["Status"] == "deleting":
            return None
        return {
            "arn": group["ARN"],
            "engine": group["Engine"],
            "userGroupId": group["UserGroupId"],
            "userIds": sorted(group.get("UserIds", [])),
            **self.tags_read(elasticache_tags.read(call, group["ARN"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Add and take away users, and change the engine."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        # Users that the program never named, such as those of associations, stay.
        old = elasticache_shapes.set_of(change.old_outputs.get("userIds"))
        given, new = (elasticache_shapes.set_of(value.get("userIds")) for value in (old_inputs, inputs))
        add, remove = sorted(new - old), sorted((given & old) - new)
        engine = None if self.is_same("engine", change.old("engine"), inputs["engine"]) else inputs["engine"]
        if add or remove or engine is not None:
            elasticache_user_groups.modify(
                call, id, UserIdsToAdd=add or None, UserIdsToRemove=remove or None, Engine=engine
            )
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the group and wait until it is gone; its users stay."""
        del inputs, outputs
        try:
            call.retry(
                elasticache_user_groups.BUSY,
                lambda: call.request("elasticache", "delete_user_group", UserGroupId=id),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
        call.wait_until_gone(f"user group {id}", lambda: elasticache_user_groups.find(call, id))
