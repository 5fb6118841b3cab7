"""What the components' source says of itself: attributes with the text below them, and examples."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import NamedTuple


class Attribute(NamedTuple):
    """An annotated attribute of a class.

    Attributes:
        name: Its name.
        annotation: Its annotation, as it is written.
        doc: The text below it; empty where there is none.
    """

    name: str
    annotation: str
    doc: str


def attributes(cls: type) -> Iterator[Attribute]:
    """Go through the annotated attributes of a class and its bases, in the order they stand in the source."""
    for one in reversed(bases(cls)):
        body = _definition(one).body
        for statement, following in zip(body, [*body[1:], None], strict=True):
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            doc = ""
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                doc = str(following.value.value)
            yield Attribute(statement.target.id, ast.unparse(statement.annotation), doc)


def bases(cls: type) -> list[type]:
    """Return a class and those of ours that it is written to derive from; a TypedDict does not know them itself."""
    found = [cls]
    for base in _definition(cls).bases:
        parent = getattr(sys.modules[cls.__module__], ast.unparse(base), None)
        if isinstance(parent, type) and parent.__module__.startswith("cachewright"):
            found += bases(parent)
    return found


def text_and_example(cls: type) -> tuple[str, str]:
    """Return a class's docstring without what every component raises alike, and the code of its example."""
    text, _, example = inspect.cleandoc(cls.__doc__ or "").partition("\n\nExample:\n")
    return text, textwrap.dedent(example.partition("\n\n")[0])


def _definition(cls: type) -> ast.ClassDef:
    definition = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - it is the source of a class
    return definition
