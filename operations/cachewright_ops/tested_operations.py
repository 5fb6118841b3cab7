"""Which tests call which operations of ElastiCache, read from their source.

A call counts where a test's source names the operation as boto3 does (`client.create_user(...)`, a paginator's or
waiter's `"describe_users"`) or as the API does (`"CreateUser"`). It counts as refused where it stands in
`pytest.raises` or among the arguments of `refused(...)`, and as answered elsewhere.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(slots=True)
class Tested:
    """The modules whose tests hold one operation.

    Attributes:
        answers: Those that get an answer.
        refusals: Those that are refused.
    """

    answers: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)


def tested_operations(operations: Iterable[str], folder: Path) -> dict[str, Tested]:
    """Return the tests of each operation, by its name.

    Args:
        operations: The names of the operations.
        folder: Where the tests are.
    """
    from botocore import xform_name

    known = {spelling: name for name in operations for spelling in (name, xform_name(name))}
    found: defaultdict[str, Tested] = defaultdict(Tested)
    for path in sorted(folder.rglob("test_*.py")):
        visitor = _Calls(known, path.stem.removeprefix("test_"), found)
        visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
    return dict(found)


class _Calls(ast.NodeVisitor):
    def __init__(self, known: dict[str, str], module: str, found: defaultdict[str, Tested]) -> None:
        self._known = known
        self._module = module
        self._found = found
        self._refused = False

    def visit_With(self, node: ast.With) -> None:
        self._visit_refused(node, any("raises" in ast.unparse(item.context_expr) for item in node.items))

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).rpartition(".")[2]
        self._visit_refused(node, "refused" in name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # A test whose table of cases stands in its decorators and that refuses them all.
        cases = any("parametrize" in ast.unparse(one) for one in node.decorator_list)
        refuses = cases and ("refused" in {one.arg for one in node.args.args} or "raises" in ast.unparse(node))
        before, self._refused = self._refused, refuses
        for one in node.decorator_list:
            self.visit(one)
        self._refused = before
        for statement in node.body:
            self.visit(statement)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._note(node.attr)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._note(node.value)

    def _visit_refused(self, node: ast.AST, refused: bool) -> None:
        before, self._refused = self._refused, self._refused or refused
        self.generic_visit(node)
        self._refused = before

    def _note(self, spelling: str) -> None:
        name = self._known.get(spelling)
        if name is not None:
            tested = self._found[name]
            (tested.refusals if self._refused else tested.answers).add(self._module)
