"""What the types of the `random` package have in common: a value is made once, and every change makes a new one."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.protocol import CheckFailure, ResourceState
from cachewright_offline.provider.resource import ResourceHandler
from cachewright_offline.provider.validation import between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties

_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
# (property that allows the characters, property that demands some, the characters)
_CLASSES: Final = (
    ("upper", "minUpper", string.ascii_uppercase),
    ("lower", "minLower", string.ascii_lowercase),
    ("numeric", "minNumeric", string.digits),
    ("special", "minSpecial", _SPECIAL),
)


class RandomHandler(ResourceHandler):
    """A resource that exists in the state only."""

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Tell nothing: nobody but the state knows the value."""
        del call, id, inputs
        return {}

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Return what the state says."""
        del call
        return ResourceState(id, inputs, outputs)

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Keep the value."""
        del call, old_inputs
        return ResourceState(id, inputs, {**old_outputs, **self._kept(inputs)})

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Do nothing: the state forgets it."""

    def with_outputs(self, id: str, inputs: Properties, values: Properties) -> ResourceState:
        """Return the state of a value that was just made."""
        return ResourceState(id, inputs, {**self._kept(inputs), **values})


class RandomTextHandler(RandomHandler):
    """A random text of chosen kinds of characters."""

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Refuse lengths and kinds of characters that do not go together."""
        yield from between(inputs, "length", 1)
        demanded = 0
        for _, minimum, _ in _CLASSES:
            yield from between(inputs, minimum, 0)
            value = inputs.get(minimum)
            demanded += value if isinstance(value, int) else 0
        length = inputs.get("length")
        if isinstance(length, int) and length < demanded:
            yield CheckFailure(
                "length", f"expected at least the {demanded} characters that min* ask for, found {length}"
            )
        if all(inputs.get(allowed) is False for allowed, _, _ in _CLASSES):
            yield CheckFailure("special", "expected one of upper, lower, numeric and special to be true")


def text(inputs: Properties) -> str:
    """Return a random text as `inputs` describe it."""
    chooser = secrets.SystemRandom()
    everything, chosen = "", []
    for allowed, minimum, characters in _CLASSES:
        override = inputs.get("overrideSpecial") if allowed == "special" else None
        available = override if isinstance(override, str) and override else characters
        demanded = inputs.get(minimum)
        if isinstance(demanded, int):
            chosen += [chooser.choice(available) for _ in range(demanded)]
        if inputs.get(allowed) is not False:
            everything += available
    length = inputs["length"]
    missing = (length if isinstance(length, int) else 0) - len(chosen)
    chosen += [chooser.choice(everything) for _ in range(missing)]
    chooser.shuffle(chosen)
    return "".join(chosen)
