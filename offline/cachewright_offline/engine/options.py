"""How a run is to be done."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.engine.events import Event


def _ignore(_: Event) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is to be done.

    Attributes:
        targets: URNs, or patterns of them, the run is limited to; empty for all.
        target_dependents: Whether what depends on a target is one too.
        parallel: How many operations may go on at once.
        refresh: Whether to read every resource first.
        on_event: Takes what the run reports, from any thread, one event at a time.
        cancel: Set it to end the run early: what runs comes to its end, the state is saved.
        debug: Whether to report debug messages.
        seed: A plan's seed, so that this run chooses the same automatic names; empty for a new one.
    """

    targets: tuple[str, ...] = ()
    target_dependents: bool = False
    parallel: int = 10
    refresh: bool = False
    on_event: Callable[[Event], None] = _ignore
    cancel: threading.Event = field(default_factory=threading.Event)
    debug: bool = False
    seed: bytes = b""
