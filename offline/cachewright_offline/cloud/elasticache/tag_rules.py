"""What AWS takes as tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog import names
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cachewright_offline.cloud.elasticache.registry import Params


def new_tags(params: Params) -> dict[str, str]:
    """Return the tags that a request gives a new resource.

    Raises:
        Fault: One is malformed, or there are too many.
    """
    return merged({}, params.get("Tags") or ())


def merged(existing: Mapping[str, str], given: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the tags of a resource after some are added; a key that exists gets the new value."""
    added: dict[str, str] = {}
    for tag in given:
        key, value = tag.get("Key", ""), tag.get("Value", "")
        _check(key, value)
        if key in added:
            raise invalid_value(f"The tag key {key} is given more than once.")
        added[key] = value
    result = {**existing, **added}
    most = limit("tags_per_resource")
    if len(result) > most:
        message = f"The request cannot be processed because it would cause the resource to have more than {most} tags."
        raise fault("TagQuotaPerResourceExceeded", message)
    return result


def _check(key: str, value: str) -> None:
    for kind, text in (("tag_key", key), ("tag_value", value)):
        problem = names.problem(kind, text)
        if problem is not None:
            raise invalid_value(f"The {kind.replace('_', ' ')} {problem}.")


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as answers show them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
