"""An interrupt ends a check at once: it has nothing to save, and the program may never come back."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

EXIT_INTERRUPTED: Final = 130
_STANDARD_OUTPUT: Final = 1


class _InterruptedError(BaseException):
    """A person has interrupted; unlike `KeyboardInterrupt` it asks nobody to come to an end in good order."""


@contextlib.contextmanager
def ends_at_once() -> Iterator[None]:
    """End the process with exit code 130 when a person interrupts; what was opened inside is closed before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    except _InterruptedError:
        # The program's thread may run on for ever, and hold the lock of a stream that a normal end would wait for.
        os._exit(EXIT_INTERRUPTED)
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    # The program may go on printing while everything is closed, and standard output is for reports.
    os.dup2(os.open(os.devnull, os.O_WRONLY), _STANDARD_OUTPUT)
    raise _InterruptedError
