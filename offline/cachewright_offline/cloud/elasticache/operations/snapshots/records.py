"""What is kept of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.identifiers import identifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.faults import Fault
    from cachewright_offline.cloud.elasticache.registry import Context, Params


@dataclass(frozen=True, slots=True)
class NodeSnapshot:
    """What was taken from one node: the node that a shard's data were read from.

    Attributes:
        cluster_id: The node's cluster.
        node_group_id: Its shard, or None for a cluster that is in no replication group.
        slots: The slots of the shard, or None where there are none.
        replicas: How many replicas the shard had.
        primary_zone: Where the primary was.
        replica_zones: Where the replicas were.
        node_created: When the node was made.
    """

    cluster_id: str
    node_group_id: str | None
    slots: str | None
    replicas: int
    primary_zone: str | None
    replica_zones: tuple[str, ...]
    node_created: datetime


@dataclass(slots=True)
class Snapshot:
    """One snapshot.

    Attributes:
        name: Its name, in lower case.
        created: When the data were read.
        facts: What it says about its source, in the shape of the answers.
        nodes: What was taken of each shard.
        cluster_enabled: Whether the source spread its keys over slots.
        kms_key_id: The ARN of the customer's key, if it has one.
        kind: `manual` or `automated`.
        status: `creating`, `available` or `deleting`.
        restoring: How many caches are being filled from it at this moment.
        group_id: The replication group of the member that it was taken of, where it is of one member.
    """

    name: str
    created: datetime
    facts: dict[str, Any]
    nodes: tuple[NodeSnapshot, ...]
    cluster_enabled: bool
    kms_key_id: str | None
    kind: str = "manual"
    status: str = "creating"
    restoring: int = 0
    group_id: str | None = None

    @property
    def shown_status(self) -> str:
        """What answers show: that it is being restored where it is, too."""
        return "restoring" if self.restoring and self.status == "available" else self.status

    @property
    def source(self) -> tuple[str, str]:
        """What it was taken of, by the type that events know and by its id."""
        group_id: str | None = self.facts.get("ReplicationGroupId")
        return ("replication-group", group_id) if group_id else ("cache-cluster", self.nodes[0].cluster_id)


@dataclass(slots=True)
class Snapshots:
    """The snapshots of a region."""

    by_name: dict[str, Snapshot] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many exist."""
        return {"elasticache_snapshots": len(self.by_name)}

    def find(self, name: str) -> Snapshot:
        """Return a snapshot, or raise SnapshotNotFoundFault."""
        snapshot = self.by_name.get(name.lower())
        if snapshot is None:
            raise fault("SnapshotNotFoundFault", f"Snapshot {name} not found.")
        return snapshot


def arn(context: Context, name: str) -> str:
    """Return a snapshot's ARN."""
    return context.state.arn("snapshot", name)


def free_name(context: Context, params: Params, parameter: str) -> str:
    """Return the name of a new snapshot, or raise SnapshotAlreadyExistsFault."""
    name = identifier(params, parameter, "snapshot_name")
    if name in context.state.part(Snapshots).by_name:
        raise fault("SnapshotAlreadyExistsFault", f"A snapshot named {name} already exists.")
    return name


def check_readable(snapshot: Snapshot) -> None:
    """Refuse to read a snapshot that is being taken or deleted; several may read it at once."""
    if snapshot.status != "available":
        raise _wrong_state(snapshot)


def check_removable(snapshot: Snapshot) -> None:
    """Refuse to delete a snapshot that is being taken, read or deleted."""
    if snapshot.shown_status != "available":
        raise _wrong_state(snapshot)


def _wrong_state(snapshot: Snapshot) -> Fault:
    message = f"Snapshot {snapshot.name} is not in an available state: it is {snapshot.shown_status}."
    return fault("InvalidSnapshotStateFault", message)


def keep(
    context: Context, snapshot: Snapshot, tags: dict[str, str], *, done: Callable[[], None] = lambda: None
) -> None:
    """Have a new snapshot be there, and available when it was taken."""
    context.state.part(Snapshots).by_name[snapshot.name] = snapshot
    context.state.tags[arn(context, snapshot.name)] = tags

    def finish() -> None:
        if snapshot.status == "creating":
            succeed(context, snapshot)
        done()

    context.state.after("snapshot-create", finish)


def succeed(context: Context, snapshot: Snapshot) -> None:
    """Have a snapshot be available, and its source tell it."""
    snapshot.status = "available"
    kind, id = snapshot.source
    message = f"Snapshot succeeded for snapshot with ID '{snapshot.name}' of {kind.replace('-', ' ')} with ID '{id}'"
    # Of a replication group, too, it is a member that tells it.
    context.state.record_event("cache-cluster", snapshot.nodes[0].cluster_id, message)


def remove(context: Context, snapshot: Snapshot) -> None:
    """Forget a snapshot, if it is still there."""
    by_name = context.state.part(Snapshots).by_name
    if by_name.get(snapshot.name) is snapshot:
        del by_name[snapshot.name]
        context.state.tags.pop(arn(context, snapshot.name), None)
