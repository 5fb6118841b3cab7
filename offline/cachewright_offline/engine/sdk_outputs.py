"""Outputs of a resource with one future each.

Pulumi's SDK gives each property of each resource four futures and a task that joins them, and watches the task until
it ends: with some thirty properties to a resource, that is most of what a registration costs. Its own constructor for
outputs whose state comes as one value (`Output._from_data`, `resource_output`) does with one future, and so do these.
Nothing has to watch them: they are settled by the registration, which is watched and fails before they do.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.output import Output, _OutputData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi import Resource

# The names that every resource has beside its properties; a component may have a property called `id`.
_URN = "urn"
_ID = "id"


def transfer_properties(res: Resource, props: Iterable[str], custom: bool) -> dict[str, Callable[..., None]]:
    """Give a resource an Output for each of its properties; returns what settles them, by name."""
    resolvers: dict[str, Callable[..., None]] = {}
    attributes = res.__dict__
    for name in props:
        if name == _URN or (name == _ID and custom):
            continue
        future: asyncio.Future[Any] = asyncio.Future()
        output: Output[Any] = object.__new__(Output)
        output._data = future  # noqa: SLF001 - what Output._from_data does, without watching it
        attributes[name] = output
        resolvers[name] = partial(_resolve, res, future)
    return resolvers


def _resolve(
    resource: Resource,
    future: asyncio.Future[Any],
    value: Any,
    is_known: bool,
    is_secret: bool,
    dependencies: set[Resource] | None,
    failed: Exception | None,
) -> None:
    if failed is not None:
        future.set_exception(failed)
        return
    resources = {resource, *dependencies} if dependencies else {resource}
    future.set_result(_OutputData(resources, value, is_known, is_secret))
