"""The backend that moto builds per account and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.base_backend import BaseBackend
from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.elasticache.registry import Context, operations
from cachewright_offline.cloud.elasticache.state import RegionState

if TYPE_CHECKING:
    from collections.abc import Iterator


class ElastiCacheBackend(BaseBackend, TaggableResourcesMixin):  # type: ignore[misc]
    """Carries our state; moto resets it by calling the constructor again."""

    SERVICE_NAMESPACE: ClassVar[str] = "elasticache"

    def __init__(self, region_name: str, account_id: str, **_: Any) -> None:
        super().__init__(region_name, account_id)
        self.state = RegionState(account_id, region_name)

    def reset(self) -> None:
        """Forget everything, and what was to happen to it."""
        AGENDA.strike_out(self.state)
        super().reset()

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Yield what the Resource Groups Tagging API finds here; members carry the tags of their groups."""
        from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

        tags = dict(self.state.tags)
        for group in self.state.part(ReplicationGroups).groups.values():
            for member_id in group.member_ids():
                tags[self.state.arn("cluster", member_id)] = tags[self.state.arn("replicationgroup", group.id)]
        for arn, found in tags.items():
            yield TaggedResource(arn=arn, tags=dict(found), resource_type=f"elasticache:{arn.split(':')[5]}")

    def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
        """Add tags for the Resource Groups Tagging API."""
        given = [{"Key": key, "Value": value} for key, value in tags.items()]
        self._call("AddTagsToResource", ResourceName=arn, Tags=given)

    def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
        """Remove tags for the Resource Groups Tagging API, which does not mind keys that there are not."""
        there = {tag["Key"] for tag in self._call("ListTagsForResource", ResourceName=arn)["TagList"]}
        self._call("RemoveTagsFromResource", ResourceName=arn, TagKeys=[key for key in tag_keys if key in there])

    def _call(self, action: str, **params: Any) -> dict[str, Any]:
        return operations()[action](Context(self.account_id, self.region_name, self.state), params)
