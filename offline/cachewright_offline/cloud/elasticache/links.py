"""What replication groups and clusters ask of users and snapshots, which are kept elsewhere.

The modules that keep them register here; the caller need not know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cachewright_offline.cloud.elasticache.faults import fault

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """What a snapshot says about the cache that it was taken from.

    Attributes:
        engine: `redis` or `valkey`.
        engine_version: The exact version.
        node_type: The type of its nodes.
        shards: How many node groups it has.
        cluster_enabled: Whether the keys are spread over slots.
        data_tiering: Whether it was on nodes with data tiering.
    """

    engine: str
    engine_version: str
    node_type: str
    shards: int
    cluster_enabled: bool
    data_tiering: bool


class UserGroups(Protocol):
    """What is asked of the user groups."""

    def check_attachable(self, context: Context, user_group_ids: list[str], engine: str) -> None:
        """Raise the fault that AWS gives when these groups cannot be attached to a cache of this engine."""


class Snapshots(Protocol):
    """What is asked of the snapshots."""

    def take_final(self, context: Context, name: str, source_kind: str, source_id: str) -> None:
        """Take the last snapshot of a `replication-group` or `cache-cluster`; it still exists when this is called."""

    def check_name_free(self, context: Context, name: str) -> None:
        """Raise the fault for a snapshot name that is taken or malformed."""

    def source(self, context: Context, name: str) -> SnapshotSource:
        """Return what a snapshot holds, or raise SnapshotNotFoundFault."""

    def begin_restoring(self, context: Context, name: str, transition: str) -> None:
        """Show a snapshot as being restored until a transition is over; it is not deleted meanwhile."""

    def take_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Have automatic snapshots taken of a new cache, or by another window or retention than before."""

    def forget_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Remove the automatic snapshots of a cache that is gone."""


class _NoUserGroups:
    def check_attachable(self, context: Context, user_group_ids: list[str], engine: str) -> None:
        del context, engine
        for group_id in user_group_ids:
            raise fault("UserGroupNotFoundFault", f"UserGroup {group_id} not found.")


class _NoSnapshots:
    def take_final(self, context: Context, name: str, source_kind: str, source_id: str) -> None:
        del context, name, source_kind, source_id
        raise fault("SnapshotFeatureNotSupportedFault", "Snapshots are not available here.")

    def check_name_free(self, context: Context, name: str) -> None:
        """Take every name: there is nothing that it could collide with."""

    def source(self, context: Context, name: str) -> SnapshotSource:
        del context
        raise fault("SnapshotNotFoundFault", f"Snapshot {name} not found.")

    def begin_restoring(self, context: Context, name: str, transition: str) -> None:
        """Restore none: there is none to be found."""

    def take_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Take none."""

    def forget_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Remove none."""


@dataclass(slots=True)
class _Links:
    user_groups: UserGroups
    snapshots: Snapshots


links = _Links(_NoUserGroups(), _NoSnapshots())
