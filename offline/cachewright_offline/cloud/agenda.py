"""What is to happen at which time, in every account and region: one list, so that it happens in the order of time.

Nothing runs on its own: time moves when a request comes in or a test moves it, and `settle` carries out what is due.
While something is carried out the clock stands at the moment it was due, as it would have happened then.
"""

from __future__ import annotations

import heapq
import itertools
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright_offline.cloud.clock import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True, slots=True)
class Entry:
    """One thing that is to happen.

    Attributes:
        moment: When it is due.
        order: What was entered first happens first at the same moment.
        owner: Whose it is; what an owner had entered is struck out when the owner is gone.
        action: What to do.
        transition: The change that ends then; None for what was planned for a moment, such as a maintenance window.
    """

    moment: datetime
    order: int
    owner: object = field(compare=False)
    action: Callable[[], None] = field(compare=False)
    transition: str | None = field(compare=False, default=None)


class Agenda:
    """The list of one process."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._numbers = itertools.count()

    def enter(self, owner: object, moment: datetime, action: Callable[[], None], transition: str | None = None) -> None:
        """Have something happen at the first request after a moment."""
        heapq.heappush(self._entries, Entry(moment, next(self._numbers), owner, action, transition))

    def settle(self) -> None:
        """Carry out everything that is due, in the order of time, and what that brings about until now."""
        now = CLOCK.now()
        while self._entries and self._entries[0].moment <= now:
            entry = heapq.heappop(self._entries)
            with CLOCK.standing_at(entry.moment):
                try:
                    entry.action()
                except Exception:  # noqa: BLE001  # one resource's defect must not keep the others from changing
                    _log.exception("%s failed when it was due", entry.transition or "something planned")

    def under_way(self) -> Iterator[str]:
        """Return the changes that have begun and not ended, in the order in which they end."""
        return (entry.transition for entry in sorted(self._entries) if entry.transition is not None)

    def strike_out(self, owner: object) -> None:
        """Forget what an owner entered."""
        self._entries[:] = [entry for entry in self._entries if entry.owner is not owner]
        heapq.heapify(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


AGENDA = Agenda()
