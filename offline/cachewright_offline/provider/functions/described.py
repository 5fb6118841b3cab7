"""Answers that say what a resource handler reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider import handlers, schema
from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def of(call: Call, token: str, argument: str, arguments: Properties) -> Properties:
    """Return what the handler of `token` reads under the id that `argument` gives.

    Raises:
        ProviderError: There is no such resource, or no id.
    """
    id = arguments.get(argument)
    if not isinstance(id, str) or not id:
        msg = f"{argument}: expected an id, found {schema.describe(id)}"
        raise ProviderError(msg)
    handler, properties = handlers.find(token), schema.load(token)
    if handler is None or properties is None:
        msg = f"the local provider has no handler for {token}"
        raise ProviderError(msg)
    described = handler(properties, call.settings).describe(call, id.lower(), {})
    if described is None:
        msg = f"{argument}: there is no {properties.label} {id} in {call.region} on the local AWS"
        raise ProviderError(msg)
    # Functions have no default tags: `tags` are all there are.
    tags = described.pop("tagsAll", None)
    told = described if tags is None else {**described, "tags": tags}
    return {**told, **arguments, "id": id, "region": call.region}
