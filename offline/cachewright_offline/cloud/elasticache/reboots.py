"""Which nodes wait for a reboot, and which members of replication groups are being rebooted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# The id, and the time when the cluster was made: one of the same id that is made later starts anew.
ClusterKey: TypeAlias = "tuple[str, datetime]"


@dataclass(slots=True)
class Reboots:
    """The reboots of a region.

    Attributes:
        awaited: The numbers of the nodes that still run with parameters from before a change.
        running: The members of replication groups that are being rebooted.
    """

    awaited: dict[ClusterKey, set[int]] = field(default_factory=dict)
    running: set[ClusterKey] = field(default_factory=set)

    def await_nodes(self, cluster: ClusterKey, numbers: Iterable[int]) -> None:
        """Note that nodes must be rebooted before a parameter holds for them."""
        self.awaited.setdefault(cluster, set()).update(numbers)

    def done(self, cluster: ClusterKey, numbers: Iterable[int]) -> None:
        """Note that nodes were rebooted, or are gone."""
        left = self.of(cluster) - set(numbers)
        if left:
            self.awaited[cluster] = left
        else:
            self.awaited.pop(cluster, None)

    def forget(self, cluster_id: str) -> None:
        """Forget what a cluster that is gone waited for: one of the same id that is made later starts anew."""
        for key in [key for key in self.awaited if key[0] == cluster_id]:
            del self.awaited[key]

    def of(self, cluster: ClusterKey) -> set[int]:
        """Return the nodes of a cluster that wait for a reboot."""
        return self.awaited.get(cluster, set())
