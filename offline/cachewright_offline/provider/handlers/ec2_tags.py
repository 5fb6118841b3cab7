"""Tags of EC2 resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_offline.provider.call import tag_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.provider.call import Call


def specification(kind: str, tags: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return the tags of a resource that is being created; `kind` is EC2's name of it, such as `vpc`."""
    return [{"ResourceType": kind, "Tags": tag_list(tags)}] if tags else None


def apply(call: Call, id: str, changes: tuple[Mapping[str, str], list[str]]) -> None:
    """Take away and set tags, as `ResourceHandler.tag_changes` says."""
    to_set, to_remove = changes
    if to_remove:
        call.request("ec2", "delete_tags", Resources=[id], Tags=[{"Key": key} for key in to_remove])
    if to_set:
        call.request("ec2", "create_tags", Resources=[id], Tags=tag_list(to_set))
