"""The types of a record's fields, as its source declares them.

Modules import what only annotations need under `TYPE_CHECKING`; those names are looked up in the source.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
import typing
from typing import Any


class _Names(dict[str, Any]):
    """What an annotation of a module may name beside the module's own globals."""

    def __init__(self, module_name: str) -> None:
        super().__init__()
        self._imports = _type_checking_imports(module_name)

    def __missing__(self, name: str) -> Any:
        module, original = self._imports[name]
        self[name] = getattr(importlib.import_module(module), original)
        return self[name]


@functools.cache
def field_types(record: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields by their names, resolved."""
    return typing.get_type_hints(record, vars(sys.modules[record.__module__]), _Names(record.__module__))


@functools.cache
def _type_checking_imports(module_name: str) -> dict[str, tuple[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module_name]))
    blocks = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {
        one.asname or one.name: (statement.module or "", one.name)
        for block in blocks
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for one in statement.names
    }
