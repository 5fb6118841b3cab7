"""random.RandomId."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from cachewright_offline.provider.handlers.random_values import RandomHandler
from cachewright_offline.provider.protocol import ProviderError, ResourceState
from cachewright_offline.provider.validation import between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure
    from cachewright_offline.values import Properties


class RandomIdHandler(RandomHandler):
    """Random bytes in several spellings; its id is the one for URLs, without the prefix."""

    def check_more(self, inputs: Properties) -> Iterator[CheckFailure]:
        """Refuse an empty id."""
        yield from between(inputs, "byteLength", 1)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Choose the bytes."""
        del call
        content = secrets.token_bytes(int(str(inputs["byteLength"])))
        prefix = str(inputs.get("prefix") or "")
        return self.with_outputs(_url(content), inputs, _spellings(content, prefix))

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Return what the state says; an import takes `[prefix,]id`."""
        if inputs or outputs:
            return super().read(call, id, inputs, outputs)
        prefix, _, text = id.rpartition(",")
        try:
            content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError as error:
            msg = f"id: expected [prefix,]base64 text, found {id!r}"
            raise ProviderError(msg) from error
        given: Properties = {"byteLength": len(content)}
        if prefix:
            given["prefix"] = prefix
        return ResourceState(text, given, {**given, **_spellings(content, prefix)})


def _url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _spellings(content: bytes, prefix: str) -> Properties:
    return {
        "b64Std": prefix + base64.b64encode(content).decode(),
        "b64Url": prefix + _url(content),
        "dec": prefix + str(int.from_bytes(content, "big")),
        "hex": prefix + content.hex(),
    }
