"""random.RandomInteger."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING

from cachewright_offline.provider.handlers.random_values import RandomHandler
from cachewright_offline.provider.protocol import CheckFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties


class RandomIntegerHandler(RandomHandler):
    """A whole number of a range; its id is the number."""

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Refuse an empty range."""
        low, high = inputs.get("min"), inputs.get("max")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            yield CheckFailure("max", f"expected at least min, which is {low}, found {high}")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Choose a number."""
        del call
        low, high, seed = int(str(inputs["min"])), int(str(inputs["max"])), inputs.get("seed")
        # With a seed the number is to be the same every time: no secret, then.
        chooser = random.Random(str(seed)) if seed else secrets.SystemRandom()  # noqa: S311
        result = chooser.randint(low, high)
        return self.with_outputs(str(result), inputs, {"result": result})
