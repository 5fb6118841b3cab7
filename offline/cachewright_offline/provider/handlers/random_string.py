"""random.RandomString."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.handlers import random_values
from cachewright_offline.provider.protocol import ResourceState

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


class RandomStringHandler(random_values.RandomTextHandler):
    """A text that is no secret; its id is the text."""

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Make a text."""
        del call
        result = random_values.text(inputs)
        return self.with_outputs(result, inputs, {"number": inputs.get("numeric", True), "result": result})

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Return what the state says; an import takes the given id for the text."""
        if inputs or outputs:
            return super().read(call, id, inputs, outputs)
        given: Properties = {"length": len(id)}
        return ResourceState(id, given, {**given, "result": id})
