"""What a configured provider knows: the same for all its resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.values import PropertyValue

ACCOUNT_ID: Final = "123456789012"
DEFAULT_REGION: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The configuration of one provider.

    Attributes:
        region: The region of resources that name none; `UNKNOWN` in a preview whose region is an output.
        default_tags: Tags that every taggable resource gets, unless it has its own under the same key.
        ignored_tags: Tag keys, and prefixes ending in `*`, that are read as if they were not there.
        endpoints: Loopback addresses that the program gave per service, instead of the local AWS.
        cloud: The local AWS; None while only a preview is made.
    """

    region: PropertyValue = DEFAULT_REGION
    default_tags: Mapping[str, PropertyValue] = field(default_factory=dict)
    ignored_tags: tuple[str, ...] = ()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    cloud: CloudEndpoint | None = None
    account_id: str = ACCOUNT_ID

    def region_of(self, inputs: Mapping[str, PropertyValue]) -> PropertyValue:
        """Return the region that a resource with `inputs` is in."""
        own = inputs.get("region")
        return self.region if own is None or own == "" else own

    def all_tags(self, tags: PropertyValue) -> PropertyValue:
        """Return a resource's own tags over the default ones (`tagsAll`)."""
        if tags is UNKNOWN:
            return UNKNOWN
        return {**self.default_tags, **(tags if isinstance(tags, dict) else {})}

    def own_tags(self, tags: Mapping[str, str], inputs: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
        """Return, of the tags AWS tells, those that are the resource's own (`tags`)."""
        own = inputs.get("tags")
        own = own if isinstance(own, dict) else {}
        return {key: value for key, value in tags.items() if key in own or self.default_tags.get(key, UNKNOWN) != value}

    def ignores_tag(self, key: str) -> bool:
        """Tell whether a tag key is none of the program's business."""
        return key.startswith("aws:") or any(
            key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1])) for pattern in self.ignored_tags
        )
