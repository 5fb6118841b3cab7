"""random.RandomPassword."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.handlers import random_values
from cachewright_offline.provider.protocol import ResourceState

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


class RandomPasswordHandler(random_values.RandomTextHandler):
    """A password; its id is `none`, since an id is no place for a secret.

    The bcrypt hash that the real provider adds is left out: it costs a tenth of a second for each password, and the
    standard library has no bcrypt.
    """

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Make a password."""
        del call
        numeric = inputs.get("numeric", True)
        return self.with_outputs("none", inputs, {"number": numeric, "result": random_values.text(inputs)})

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Return what the state says; an import takes the given id for the password."""
        if inputs or outputs:
            return super().read(call, id, inputs, outputs)
        given: Properties = {"length": len(id)}
        return ResourceState("none", given, {**given, "result": id})
