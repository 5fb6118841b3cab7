"""What a component's children are called.

The logical name of a child that has a physical name carries the stack, so that the provider's automatic name is
`<name>-<stack>-<7 hex digits>`. A physical name is set only where the program fixes one: a fixed name makes Pulumi
delete before it creates, and for a cache that is data loss.
"""

import pulumi

from cachewright.catalog import names

# "-" and seven hexadecimal digits.
SUFFIX_LENGTH = 8
# The provider makes automatic ids of this kind lower-case; those that are given it takes as they are.
_LOWER_CASED = frozenset({"cache_cluster_id"})


def physical(name: str) -> str:
    """Return the logical name of a child whose physical name follows from it."""
    return f"{name}-{pulumi.get_stack()}"


def problem(name: str, kind: str) -> str | None:
    """Return why no automatic name of a kind can be made of a component's name, or None.

    Args:
        name: The component's name.
        kind: The kind of the physical name, as the catalog has it.
    """
    automatic = physical(name).lower() if kind in _LOWER_CASED else physical(name)
    longest = names.rules()[kind].maximum - SUFFIX_LENGTH
    if len(automatic) > longest:
        room = longest - len(pulumi.get_stack()) - 1
        return (
            f"must be {room} characters or fewer with the stack {pulumi.get_stack()!r}, got {len(name)};"
            " choose a shorter name"
        )
    return names.problem(kind, automatic)
