"""What is kept of a global datastore, how it is found, and how it changes together with its members."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations import replication_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context


@dataclass(slots=True)
class GlobalReplicationGroup:
    """One global datastore. What its members share is theirs; here stands who they are.

    Attributes:
        members: The replication group ids by region, the primary's first when it was created.
        primary_region: Where the primary is.
        status: `creating`, `primary-only`, `available`, `modifying` or `deleting`.
        joining: The regions of members that are being associated.
        leaving: The regions of members that are being disassociated.
    """

    id: str
    description: str
    members: dict[str, str]
    primary_region: str
    status: str = "creating"
    joining: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)

    def role(self, region: str) -> str:
        """Return the role of the member in a region."""
        return "PRIMARY" if region == self.primary_region else "SECONDARY"


@dataclass(slots=True)
class GlobalReplicationGroups:
    """The global datastores that were created in a region, by id; every member's region sees them."""

    groups: dict[str, GlobalReplicationGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"global_replication_groups": len(self.groups)}


def find(context: Context, id: str) -> GlobalReplicationGroup:
    """Return a global datastore that has a member here or was created here, or raise the fault."""
    for group in visible(context):
        if group.id == id.lower():
            return group
    raise _not_found(id)


def find_anywhere(context: Context, id: str) -> GlobalReplicationGroup:
    """Return a global datastore of any region, or raise the fault: a new member's region does not see it yet."""
    for one in context.everywhere():
        group = one.state.part(GlobalReplicationGroups).groups.get(id.lower())
        if group is not None:
            return group
    raise _not_found(id)


def visible(context: Context) -> Iterator[GlobalReplicationGroup]:
    """Return the global datastores that have to do with this region."""
    for one in context.everywhere():
        for group in one.state.part(GlobalReplicationGroups).groups.values():
            if one.region == context.region or context.region in group.members:
                yield group


def _not_found(id: str) -> Exception:
    return fault("GlobalReplicationGroupNotFoundFault", f"Global replication group {id} not found.")


def available(context: Context, id: str) -> GlobalReplicationGroup:
    """Return a global datastore that may be changed, with all its members."""
    group = find(context, id)
    check_available(context, group)
    return group


def check_available(context: Context, group: GlobalReplicationGroup) -> None:
    """Refuse to change a global datastore while it, or a member of it, is being changed."""
    if group.status not in {"available", "primary-only"}:
        message = f"Global replication group {group.id} is {group.status}: it must be available."
        raise fault("InvalidGlobalReplicationGroupStateFault", message)
    for there, member in each_member(context, group):
        if member.status != "available":
            message = (
                f"Replication group {member.id} in {there.region} is {member.status}: every member of {group.id} must "
                "be available."
            )
            raise fault("InvalidGlobalReplicationGroupStateFault", message)


def primary_of(context: Context, group: GlobalReplicationGroup) -> tuple[Context, ReplicationGroup]:
    """Return the primary, and where it is."""
    there = context.in_region(group.primary_region)
    return there, replication_groups.find(there, group.members[group.primary_region])


def each_member(context: Context, group: GlobalReplicationGroup) -> Iterator[tuple[Context, ReplicationGroup]]:
    """Return the members, each with where it is."""
    for region, id in group.members.items():
        there = context.in_region(region)
        yield there, replication_groups.find(there, id)


def begin(
    context: Context, group: GlobalReplicationGroup, transition: str, finish: Callable[[], None] = lambda: None
) -> None:
    """Show a global datastore and its members as being changed until a transition is over, then finish the change.

    Args:
        context: Where it was asked for.
        group: The global datastore, whose status says what is being done with it.
        transition: What follows `global-replication-group-` in `durations.csv`.
        finish: What happens at the end.
    """
    held = [member for _, member in each_member(context, group) if member.status == "available"]
    for member in held:
        member.status = "modifying"

    def settle() -> None:
        finish()
        group.joining.clear()
        group.leaving.clear()
        group.status = "available" if len(group.members) > 1 else "primary-only"
        for member in held:
            if member.status == "modifying":
                member.status = "available"

    context.state.after(f"global-replication-group-{transition}", settle)


def tell(context: Context, member_id: str, message: str) -> None:
    """Record an event of a member; AWS has no source type for global datastores themselves."""
    context.state.record_event("replication-group", member_id, message)


def arn(context: Context, group: GlobalReplicationGroup) -> str:
    """Return a global datastore's ARN, which names no region."""
    return f"arn:{context.partition}:elasticache::{context.account_id}:globalreplicationgroup:{group.id}"
