"""What a component's children are called.

The logical name of a child that has a physical name carries the stack, so that the provider's automatic name is
`<name>-<stack>-<7 hex digits>`. A physical name is set only where the program fixes one: a fixed name makes Pulumi
delete before it creates, and for a cache that is data loss.
"""

import pulumi

from cachewright.catalog import names
from cachewright.errors import ArgsError, Problem

# "-" and seven hexadecimal digits.
SUFFIX_LENGTH = 8


def physical(name: str) -> str:
    """Return the logical name of a child whose physical name follows from it."""
    return f"{name}-{pulumi.get_stack()}"


def problem(name: str, kind: str) -> str | None:
    """Return why no automatic name of a kind can be made of a component's name, or None.

    Args:
        name: The component's name.
        kind: The kind of the physical name, as the catalog has it.
    """
    automatic = physical(name)
    longest = names.rules()[kind].maximum - SUFFIX_LENGTH
    if len(automatic) > longest:
        room = longest - len(pulumi.get_stack()) - 1
        return (
            f"must be {room} characters or fewer with the stack {pulumi.get_stack()!r}, got {len(name)};"
            " choose a shorter name"
        )
    return names.problem(kind, automatic)


def check_length(component: str, name: str, kind: str) -> None:
    """Refuse a name that leaves no room for the stack and the automatic suffix.

    Args:
        component: The component's class.
        name: The component's name.
        kind: The kind of the physical name, as the catalog has it.

    Raises:
        ArgsError: The automatic name would be longer than AWS allows, or not match its pattern.
    """
    found = problem(name, kind)
    if found:
        raise ArgsError(component, name, [Problem("name", found)])
