"""The name of the snapshot that is taken when a cache is deleted.

AWS refuses a name that is taken, and then the cache cannot be deleted: each cache, and each replacement of one, has a
name of its own.
"""

from collections.abc import Mapping

import pulumi
import pulumi_random

from cachewright.catalog import names
from cachewright.naming import physical

_RANDOM_BYTES = 3
_SUFFIX_LENGTH = len("-final-") + 2 * _RANDOM_BYTES


def final_snapshot_name(
    parent: pulumi.Resource, name: str, identity: Mapping[str, pulumi.Input[str] | None]
) -> pulumi.Output[str]:
    """Return the name of a cache's final snapshot.

    Args:
        parent: The component that the name belongs to.
        name: The cache's name.
        identity: What replaces the cache when it changes; the name changes with it.
    """
    suffix = pulumi_random.RandomId(
        f"{name}-final",
        byte_length=_RANDOM_BYTES,
        keepers={key: value for key, value in identity.items() if value is not None},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    longest = names.rules()["snapshot_name"].maximum - _SUFFIX_LENGTH
    stem = physical(name)[:longest].rstrip("-")
    return suffix.hex.apply(lambda digits: f"{stem}-final-{digits}")
