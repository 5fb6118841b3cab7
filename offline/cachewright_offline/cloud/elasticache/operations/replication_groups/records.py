"""What is kept of a replication group: its settings, its shards and their nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.elasticache.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.registry import Context

REDIS_PORT = 6379


@dataclass(slots=True)
class Node:
    """One node of a shard.

    Attributes:
        number: Its place in the shard, from 1; part of its id and never given again while it lives.
        zone: Its availability zone.
        cluster_id: Its cache cluster id where that does not follow from its place: it was a cluster of its own, or was
            created with an id, or the group had another cluster mode then.
        created: When it was made, where that was not together with its group.
    """

    number: int
    zone: str
    cluster_id: str | None = None
    created: datetime | None = None


@dataclass(slots=True)
class Shard:
    """One node group.

    Attributes:
        number: Its place in the group, from 1.
        slots: The hash slots it holds, as `0-8191,9000`.
        nodes: Its nodes, by number.
        primary: The number of the node that is the primary.
    """

    number: int
    slots: str
    nodes: list[Node]
    primary: int = 1

    @property
    def id(self) -> str:
        """The node group's id."""
        return f"{self.number:04}"

    @property
    def replicas(self) -> list[Node]:
        """The nodes that are not the primary."""
        return [node for node in self.nodes if node.number != self.primary]

    @property
    def primary_node(self) -> Node:
        """The node that is the primary."""
        return next(node for node in self.nodes if node.number == self.primary)


@dataclass(slots=True)
class ReplicationGroup:
    """One replication group; member clusters, endpoints and counts follow from it.

    Attributes:
        auth_token: Whether clients must, or may, give an AUTH token.
        token_rotated: Whether what was valid before the last token still is: another token, or none at all.
        token_changed: When the AUTH token was last changed.
        pending: What is to change, by the attribute that it changes: when the running modification is over, or when the
            maintenance window opens.
        window_opens: When the waiting changes are applied, or None when nothing waits for the window.
        migrating_from: The endpoint that data are being migrated from.
        resharding: From when until when slots move between shards, while they do.
    """

    id: str
    description: str
    engine: str
    version: str
    node_type: str
    port: int
    parameter_group: str
    subnet_group: str | None
    subnet_ids: list[str]
    vpc_zones: tuple[str, ...]
    security_groups: list[str]
    shards: list[Shard]
    cluster_mode: str
    automatic_failover: bool
    multi_az: bool
    at_rest: bool
    kms_key: str | None
    tls: bool
    tls_mode: str | None
    auth_token: bool
    user_group_ids: list[str]
    snapshot_retention: int
    snapshot_window: str
    maintenance_window: str
    topic: str | None
    auto_minor: bool
    logs: dict[str, dict[str, Any]]
    data_tiering: bool
    network_type: str
    ip_discovery: str
    durability: str | None
    created: datetime
    status: str = "creating"
    snapshotting: str | None = None
    topic_status: str = "active"
    token_rotated: bool = False
    token_changed: datetime | None = None
    global_id: str | None = None
    global_role: str | None = None
    migrating_from: dict[str, Any] | None = None
    resharding: tuple[datetime, datetime] | None = None
    pending: dict[str, Any] = field(default_factory=dict)
    window_opens: datetime | None = None

    @property
    def cluster_enabled(self) -> bool:
        """Whether the keys are spread over slots."""
        return self.cluster_mode == "enabled"

    @property
    def parameter_groups(self) -> set[str]:
        """The parameter group that it uses, and the one that it is going to use."""
        return {self.parameter_group, self.pending.get("parameter_group", self.parameter_group)}

    @property
    def user_groups(self) -> set[str]:
        """The user groups that it has, and those that it is going to have."""
        return {*self.user_group_ids, *self.pending.get("user_group_ids", ())}

    def is_or_will_be(self, switch: str) -> bool:
        """Return whether `automatic_failover` or `multi_az` is on, or is going to be."""
        return bool(getattr(self, switch) or self.pending.get(switch))

    def member_id(self, shard: Shard, node: Node) -> str:
        """Return the cache cluster id of a node."""
        if node.cluster_id:
            return node.cluster_id
        if self.cluster_enabled:
            return f"{self.id}-{shard.id}-{node.number:03}"
        return f"{self.id}-{node.number:03}"

    def member_ids(self) -> list[str]:
        """Return the ids of all nodes."""
        return [self.member_id(shard, node) for shard, node in self.members()]

    def members(self) -> Iterator[tuple[Shard, Node]]:
        """Return all nodes with their shards."""
        for shard in self.shards:
            for node in shard.nodes:
                yield shard, node

    def member(self, id: str) -> tuple[Shard, Node] | None:
        """Return the node of a cache cluster id with its shard, or None when it is no member."""
        return next((one for one in self.members() if self.member_id(*one) == id.lower()), None)


@dataclass
class ReplicationGroups:
    """The replication groups of a region, by id.

    Attributes:
        failover_tests: When a failover was tested, of which shard of which group, oldest first.
    """

    groups: dict[str, ReplicationGroup] = field(default_factory=dict)
    failover_tests: list[tuple[datetime, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # They follow from the groups, and are kept because looking through all groups takes longer the more there are:
        # which group a member is in whose id does not follow from its place, and how many nodes each group has.
        self._named: dict[str, str] = {}
        self._nodes: dict[str, int] = {}
        self._all_nodes = 0
        for group in self.groups.values():
            self.note_members(group)

    def put(self, group: ReplicationGroup) -> None:
        """Keep a new group."""
        self.groups[group.id] = group
        self.note_members(group)

    def drop(self, group: ReplicationGroup) -> None:
        """Forget a group that is gone."""
        self.groups.pop(group.id, None)
        self._all_nodes -= self._nodes.pop(group.id, 0)

    def note_members(self, group: ReplicationGroup) -> None:
        """Note the members of a group; to be called whenever there are others than before."""
        self._named.update((node.cluster_id, group.id) for _, node in group.members() if node.cluster_id)
        nodes = sum(len(shard.nodes) for shard in group.shards)
        self._all_nodes += nodes - self._nodes.get(group.id, 0)
        self._nodes[group.id] = nodes

    def forget_name(self, cluster_id: str) -> None:
        """Forget the id of a member that is gone."""
        self._named.pop(cluster_id, None)

    def member(self, cluster_id: str) -> tuple[ReplicationGroup, Shard, Node] | None:
        """Return the node that is the member cluster of an id, with its group and shard, or None when none is."""
        id = cluster_id.lower()
        prefix = id.rpartition("-")[0]
        for name in (prefix, prefix.rpartition("-")[0], self._named.get(id, "")):
            found = self.groups[name].member(id) if name in self.groups else None
            if found is not None:
                return self.groups[name], *found
        return None

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"replication_groups": len(self.groups)}

    def node_count(self) -> int:
        """Return how many nodes they have together."""
        return self._all_nodes


def find(context: Context, id: str) -> ReplicationGroup:
    """Return a replication group, or raise ReplicationGroupNotFoundFault."""
    group = context.state.part(ReplicationGroups).groups.get(id.lower())
    if group is None:
        raise fault("ReplicationGroupNotFoundFault", f"ReplicationGroup {id} not found.")
    return group


def available(context: Context, id: str) -> ReplicationGroup:
    """Return a replication group that may be changed, or raise the fault for its state."""
    group = find(context, id)
    if group.status != "available":
        raise fault("InvalidReplicationGroupStateFault", "Replication group must be in available state to modify.")
    return group


def find_member(context: Context, cluster_id: str) -> tuple[ReplicationGroup, Shard, Node] | None:
    """Return the node that is the member cluster of an id, with its group and shard, or None when none is."""
    return context.state.part(ReplicationGroups).member(cluster_id)


def begin(
    context: Context,
    group: ReplicationGroup,
    status: str,
    transition: str,
    finish: Callable[[], None] | None = None,
) -> None:
    """Show a status until a transition of `durations.csv` is over, then finish what it stands for.

    Args:
        context: Where the group is.
        group: The group.
        status: What it shows meanwhile.
        transition: What follows `replication-group-` in the table.
        finish: What happens at the end; it is not called when the group got another status in between.
    """
    group.status = status

    def settle() -> None:
        if group.status == status:
            if finish is not None:
                finish()
            group.status = "available"

    context.state.after(f"replication-group-{transition}", settle)


def arn(context: Context, group: ReplicationGroup) -> str:
    """Return a group's ARN."""
    return context.state.arn("replicationgroup", group.id)
