"""Tags of ElastiCache resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.call import tag_list, tag_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.provider.call import Call


def read(call: Call, arn: str) -> dict[str, str]:
    """Return the tags of the resource with `arn`."""
    return tag_map(call.request("elasticache", "list_tags_for_resource", ResourceName=arn)["TagList"])


def apply(call: Call, arn: str, changes: tuple[Mapping[str, str], list[str]]) -> None:
    """Take away and set tags, as `ResourceHandler.tag_changes` says."""
    to_set, to_remove = changes
    if to_remove:
        call.request("elasticache", "remove_tags_from_resource", ResourceName=arn, TagKeys=to_remove)
    if to_set:
        call.request("elasticache", "add_tags_to_resource", ResourceName=arn, Tags=tag_list(to_set))
