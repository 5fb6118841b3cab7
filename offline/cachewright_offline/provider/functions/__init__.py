"""One module per function (data source), found by its token; each has `answer(call, arguments)`.

A new function: a module here, and its token in a table of `tables/`.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


@cache
def table() -> Mapping[str, str]:
    """Return the module, relative to this package, by token; read from every module of `tables/`."""
    found: dict[str, str] = {}
    for area in pkgutil.iter_modules(tables.__path__):
        found.update(import_module(f"{tables.__name__}.{area.name}").FUNCTIONS)
    return found


@cache
def find(token: str) -> Callable[[Call, Properties], Properties] | None:
    """Return what answers a function; it is imported now. None when there is nothing."""
    module = table().get(token)
    if module is None:
        return None
    answer: Callable[[Call, Properties], Properties] = import_module(f"{__name__}.{module}").answer
    return answer
