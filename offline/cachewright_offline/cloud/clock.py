"""The time of the local AWS, and how fast its resources change state.

It is the machine's time until a test moves it forward, for a maintenance window or a snapshot that is due tomorrow.
By default a change is done at the next request; with a speed it takes what it typically takes on AWS, divided by it.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """One process's time.

    Attributes:
        speed: How many times faster than on AWS resources change state; None means at the next request.
    """

    def __init__(self) -> None:
        self.speed: float | None = None
        self._ahead = timedelta()
        self._standing: datetime | None = None

    def now(self) -> datetime:
        """Return the time."""
        return self._standing or datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the time forward.

        Raises:
            ValueError: The seconds are negative: time does not run backwards.
        """
        if seconds < 0:
            message = f"seconds: expected 0 or more, found {seconds}"
            raise ValueError(message)
        self._ahead += timedelta(seconds=seconds)

    @contextlib.contextmanager
    def standing_at(self, moment: datetime) -> Iterator[None]:
        """Have it be a moment for as long as the block runs."""
        before, self._standing = self._standing, moment
        try:
            yield
        finally:
            self._standing = before

    def scaled(self, seconds: float) -> float:
        """Return how long something takes here that takes so many seconds on AWS."""
        return seconds / self.speed if self.speed else 0.0

    def reset(self) -> None:
        """Return to the machine's time; the speed stays."""
        self._ahead = timedelta()


CLOCK = Clock()
