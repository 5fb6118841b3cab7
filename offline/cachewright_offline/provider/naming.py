"""Automatic names, as Pulumi's bridge makes them: the resource's name, a dash and seven hexadecimal digits."""

from __future__ import annotations

import hashlib
import os
from typing import Final

RANDOM_DIGITS: Final = 7


def automatic_name(resource_name: str, random_seed: bytes, maximum: int) -> str:
    """Return a name that the same seed gives again.

    Raises:
        ValueError: The name would be longer than AWS takes.

    >>> automatic_name("cache", b"seed", 40)
    'cache-19b2585'
    """
    length = len(resource_name) + 1 + RANDOM_DIGITS
    if length > maximum:
        msg = (
            f"the automatic name `{resource_name}-` and {RANDOM_DIGITS} random digits has {length} characters, "
            f"AWS takes {maximum}: shorten the resource's name by {length - maximum}, or give a name"
        )
        raise ValueError(msg)
    digits = hashlib.sha256(random_seed or os.urandom(16)).hexdigest()[:RANDOM_DIGITS]
    return f"{resource_name}-{digits}"
