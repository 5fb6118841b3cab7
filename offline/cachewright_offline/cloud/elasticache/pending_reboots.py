"""Which nodes still run with parameters from before a change, until they are rebooted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(slots=True)
class PendingReboots:
    """The nodes of a region that a parameter waits for.

    Attributes:
        nodes: Node numbers by cluster id and the time when the cluster was made: one of the same id that is made later
            starts with today's parameters.
    """

    nodes: dict[tuple[str, datetime], set[int]] = field(default_factory=dict)

    def add(self, cluster_id: str, created: datetime, numbers: Iterable[int]) -> None:
        """Note that nodes must be rebooted before a parameter holds for them."""
        self.nodes.setdefault((cluster_id, created), set()).update(numbers)

    def done(self, cluster_id: str, created: datetime, numbers: Iterable[int]) -> None:
        """Note that nodes were rebooted."""
        left = self.of(cluster_id, created) - set(numbers)
        if left:
            self.nodes[cluster_id, created] = left
        else:
            self.nodes.pop((cluster_id, created), None)

    def of(self, cluster_id: str, created: datetime) -> set[int]:
        """Return the nodes of a cluster that wait for a reboot."""
        return self.nodes.get((cluster_id, created), set())
