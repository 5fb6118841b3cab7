"""The time of the local AWS, and how fast its resources change state.

It is the machine's time until a test moves it forward, for a maintenance window or a snapshot that is due tomorrow.
By default a change is done at the next request; with a speed it takes what it typically takes on AWS, divided by it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """One process's time.

    Attributes:
        speed: How many times faster than on AWS resources change state; None means at the next request.
    """

    def __init__(self) -> None:
        self.speed: float | None = None
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the time forward.

        Raises:
            ValueError: The seconds are negative: time does not run backwards.
        """
        if seconds < 0:
            message = f"seconds: expected 0 or more, found {seconds}"
            raise ValueError(message)
        self._ahead += timedelta(seconds=seconds)

    def scaled(self, seconds: float) -> float:
        """Return how long something takes here that takes so many seconds on AWS."""
        return seconds / self.speed if self.speed else 0.0

    def reset(self) -> None:
        """Return to the machine's time; the speed stays."""
        self._ahead = timedelta()


CLOCK = Clock()
