"""One handler per resource type, found by its token.

A new type: its properties in `cachewright/catalog/resource_types/`, its class in a module here, and its token in a
table of `tables/`.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cachewright_offline.provider.handlers import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.provider.resource import ResourceHandler


@cache
def table() -> Mapping[str, str]:
    """Return "module:Class", relative to this package, by token; read from every module of `tables/`."""
    found: dict[str, str] = {}
    for area in pkgutil.iter_modules(tables.__path__):
        found.update(import_module(f"{tables.__name__}.{area.name}").HANDLERS)
    return found


@cache
def find(token: str) -> type[ResourceHandler] | None:
    """Return the handler class of a resource type; it is imported now. None when there is none."""
    location = table().get(token)
    if location is None:
        return None
    module, _, name = location.partition(":")
    handler: type[ResourceHandler] = getattr(import_module(f"{__name__}.{module}"), name)
    return handler
