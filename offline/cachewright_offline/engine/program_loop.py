"""The event loop that a program runs on.

The SDK sends each request through the loop's default executor, one thread hop each. Here the monitor is called on
the loop itself, for it answers at once or gives a future; thousands of registrations then cost no thread switches.
Whatever else a program hands to the default executor runs in a thread as always.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

_SDK_CALL = "wrap_with_context.<locals>.wrapper"


class ProgramLoop(asyncio.SelectorEventLoop):
    """Runs the SDK's requests where they are made."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run `func`: here and now if it is a request of the SDK, else in a thread."""
        if executor is not None or getattr(func, "__qualname__", "") != _SDK_CALL:
            return super().run_in_executor(executor, func, *args)
        finished = self.create_future()
        try:
            result = func(*args)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever awaits the future
            finished.set_exception(error)
            return finished
        if isinstance(result, Future):
            return asyncio.wrap_future(result, loop=self)
        if isinstance(result, tuple) and result and isinstance(result[0], Future):
            return asyncio.wrap_future(_paired(result[0]), loop=self)
        finished.set_result(result)
        return finished


def _paired(future: Future[Any]) -> Future[Any]:
    """Return a future of (result, None) or (None, error), which is how the SDK takes the answer of an invoke."""
    from pulumi.errors import RunError

    pair: Future[Any] = Future()

    def done(finished: Future[Any]) -> None:
        if not pair.set_running_or_notify_cancel():
            # The program has ended meanwhile and nobody waits for the answer.
            return
        error = finished.exception()
        if error is None:
            pair.set_result((finished.result(), None))
        elif isinstance(error, RunError) or not isinstance(error, Exception):
            pair.set_exception(error)
        else:
            pair.set_result((None, error))

    future.add_done_callback(done)
    return pair
