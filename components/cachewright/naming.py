"""What a component's children are called.

The logical name of a child that has a physical name carries the stack, so that the provider's automatic name is
`<name>-<stack>-<7 hex digits>`. A physical name is set only where the program fixes one: a fixed name makes Pulumi
delete before it creates, and for a cache that is data loss.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

import pulumi

from cachewright.catalog import names

# "-" and seven hexadecimal digits.
SUFFIX_LENGTH = 8
# The provider makes automatic ids of this kind lower-case; those that are given it takes as they are.
_LOWER_CASED = frozenset({"cache_cluster_id"})
# Names of this kind are cut to fit.
_CUT = frozenset({"snapshot_name"})


@dataclass(frozen=True, slots=True)
class Automatic:
    """A physical name that a component, or a child of it, makes of the component's own name.

    Attributes:
        kind: The name's kind, as the catalog has it.
        unless: The argument that gives the name, or what exists already, so that none is made.
        when: The argument without which none is made.
    """

    kind: str
    unless: str | None = None
    when: str | None = None

    def is_made(self, given: Container[str]) -> bool:
        """Return whether the name is made, with the arguments that are given."""
        return self.unless not in given and (self.when is None or self.when in given)


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
    if kind in _CUT:
        automatic = automatic[:longest].rstrip("-")
    if len(automatic) > longest:
        room = longest - len(pulumi.get_stack()) - 1
        return (
            f"must be {room} characters or fewer with the stack {pulumi.get_stack()!r}, got {len(name)};"
            " choose a shorter name"
        )
    return names.problem(kind, automatic)


def first_problem(name: str, made: Iterable[Automatic], given: Container[str]) -> str | None:
    """Return why one of the automatic names cannot be made of a component's name, or None.

    A child would refuse its name too, but only when its parent is registered already.

    Args:
        name: The component's name.
        made: The automatic names, the component's own first.
        given: The arguments that are given.
    """
    found = (problem(name, one.kind) for one in made if one.is_made(given))
    return next((text for text in found if text is not None), None)


# What a cache makes for itself, unless it is given existing ones.
SUBNET_GROUP = Automatic("subnet_group_name", when="subnet_ids")
SECURITY_GROUP = Automatic("security_group_name", when="vpc_id")
PARAMETER_GROUP = Automatic("parameter_group_name", unless="existing_parameter_group_name")
FINAL_SNAPSHOT = Automatic("snapshot_name", unless="final_snapshot_identifier")
