"""What a parameter group sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_policies.graph import Resource


def given(group: Resource) -> Mapping[str, str]:
    """Return the values of a parameter group by their names, as texts.

    Raises:
        UnknownValueError: A name or a value is not known yet.
    """
    return {one.text("name"): one.text("value") for one in group.objects("parameters")}


def is_memcached(group: Resource) -> bool:
    """Tell whether a parameter group is for Memcached.

    Raises:
        UnknownValueError: The family is not known yet.
    """
    return group.text("family").lower().startswith("memcached")
