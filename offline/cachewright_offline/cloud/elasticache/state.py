"""What exists in one account and region, as plain records.

One fact has one place: what follows from these records (endpoints, member clusters, counts) is derived when it is
shown. Time moves when a request comes in: what is due then stands in the process's agenda.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.durations import durations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Part = TypeVar("Part")

_EVENTS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One line of DescribeEvents.

    Attributes:
        source_id: The resource's name.
        source_type: `cache-cluster`, `replication-group`, ... as botocore's SourceType has it.
        message: AWS's sentence.
        date: When.
    """

    source_id: str
    source_type: str
    message: str
    date: datetime


class RegionState:
    """Everything of ElastiCache in one account and region.

    Attributes:
        tags: Tags by ARN. Every taggable resource has an entry for as long as it exists, if only an empty one.
        events: What happened, oldest first.
    """

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region = region
        self.partition = carrier.partition(region)
        self.tags: dict[str, dict[str, str]] = {}
        self.events: deque[Event] = deque(maxlen=_EVENTS_KEPT)
        self._parts: dict[type, object] = {}
        digest = hashlib.sha256(f"{account_id}/{region}".encode()).digest()
        self._endpoint_hash = "".join("abcdefghijklmnopqrstuvwxyz0123456789"[byte % 36] for byte in digest[:6])

    def part(self, kind: type[Part]) -> Part:
        """Return this region's one instance of a class, built without arguments when it is first asked for.

        It is where a group of operations keeps its records. A part may have `counts()`, which `local status` shows.
        """
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = kind()
        assert isinstance(found, kind)  # noqa: S101  # holds by construction; mypy cannot see it
        return found

    def parts(self) -> tuple[object, ...]:
        """Return the instances of all classes that were asked for so far."""
        return tuple(self._parts.values())

    def keep(self, part: object) -> None:
        """Have a part be this region's instance of its class, in the place of what it had."""
        self._parts[type(part)] = part

    def now(self) -> datetime:
        """Return the time."""
        return CLOCK.now()

    def after(self, transition: str, action: Callable[[], None]) -> None:
        """Have something happen when a transition of `durations.csv` is over: at the next request, without a speed.

        A create or delete answers with its first status this way, and the next request sees the result.
        """
        AGENDA.enter(self, self.span(transition)[1], action, transition)

    def span(self, transition: str) -> tuple[datetime, datetime]:
        """Return the time now, and when a transition of `durations.csv` that begins now is over."""
        began = self.now()
        return began, began + timedelta(seconds=CLOCK.scaled(durations()[transition]))

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Have something happen at the first request after a moment, such as the start of a maintenance window."""
        AGENDA.enter(self, moment, action)

    def settle(self) -> None:
        """Carry out what is due, here and in every other region: what happens in one may follow from another."""
        AGENDA.settle()

    def record_event(self, source_type: str, source_id: str, message: str) -> None:
        """Add a line to what DescribeEvents shows."""
        self.events.append(Event(source_id, source_type, message, self.now()))

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource: `arn("replicationgroup", "main")`."""
        return f"arn:{self.partition}:elasticache:{self.region}:{self.account_id}:{kind}:{name}"

    def endpoint_hash(self) -> str:
        """Return the six characters that all endpoints of an account in a region share."""
        return self._endpoint_hash

    def counts(self) -> dict[str, int]:
        """Return how many resources of each kind exist."""
        counts: dict[str, int] = {}
        for part in self._parts.values():
            count = getattr(part, "counts", None)
            if count is not None:
                counts.update(count())
        return counts
