"""Writes docs/components.md from the components' own docstrings; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.argument_docs`.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from cachewright_ops.generated_document import write_or_check

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path("docs") / "components.md"
# In the order a reader meets them.
COMPONENTS = (
    "ReplicationGroup",
    "ShardedReplicationGroup",
    "MemcachedCluster",
    "ServerlessCache",
    "GlobalDatastore",
    "UserGroup",
    "SubnetGroup",
    "ParameterGroup",
    "SecurityGroup",
)
_NESTED = {
    "GlobalDatastore": ("SecondaryArgs",),
    "ShardedReplicationGroup": ("NodeGroupArgs", "AutoscalingArgs"),
    "UserGroup": ("UserArgs",),
    "ReplicationGroup": ("LogDeliveryArgs",),
}


class Field:
    """One argument or output, as its class documents it."""

    def __init__(self, name: str, annotation: str, doc: str) -> None:
        self.name = name
        self.required = not annotation.startswith("NotRequired")
        self.type = _plain_type(annotation)
        self.doc = " ".join(doc.split())


def _plain_type(annotation: str) -> str:
    text = annotation
    for wrapper in ("NotRequired[", "pulumi.Input[", "pulumi.Output["):
        while wrapper in text:
            start = text.index(wrapper)
            depth, index = 1, start + len(wrapper)
            while depth:
                depth += {"[": 1, "]": -1}.get(text[index], 0)
                index += 1
            text = text[:start] + text[start + len(wrapper) : index - 1] + text[index:]
    return text.replace("Sequence", "list").replace("Mapping", "dict")


def documented_fields(cls: type) -> Iterator[Field]:
    """Yield the annotated attributes of a class and its bases, in the order they stand in the source."""
    for one in reversed(_bases(cls)):
        body = _definition(one).body
        for statement, following in zip(body, [*body[1:], None], strict=True):
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            doc = ""
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                doc = str(following.value.value)
            yield Field(statement.target.id, ast.unparse(statement.annotation), doc)


def _bases(cls: type) -> list[type]:
    """Return a class and those of ours that it is written to derive from; a TypedDict does not know them itself."""
    found = [cls]
    for base in _definition(cls).bases:
        parent = getattr(sys.modules[cls.__module__], ast.unparse(base), None)
        if isinstance(parent, type) and parent.__module__.startswith("cachewright"):
            found += _bases(parent)
    return found


def _definition(cls: type) -> ast.ClassDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    definition = tree.body[0]
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - it is the source of a class
    return definition


def _markdown(doc: str) -> str:
    """Return a docstring with its example as code and without what every component raises alike."""
    text, _, example = doc.partition("\n\nExample:\n")
    code = textwrap.dedent(example.partition("\n\n")[0])
    return f"{text}\n\n```python\n{code}\n```" if code else text


def render() -> str:
    """Return the whole document."""
    package = import_module("cachewright")
    template = jinja2.Environment(
        loader=jinja2.PackageLoader("cachewright_ops"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, and no input from outside
    ).get_template("components.md.j2")
    components = []
    for name in COMPONENTS:
        cls, args = getattr(package, name), getattr(package, f"{name}Args")
        outputs = [field for field in documented_fields(cls) if field.doc and "Output" in _annotation(cls, field.name)]
        components.append(
            {
                "name": name,
                "doc": _markdown(inspect.cleandoc(cls.__doc__ or "")),
                "arguments": list(documented_fields(args)),
                "outputs": outputs,
                "methods": list(_methods(cls)),
                "nested": [
                    {"name": one, "arguments": list(documented_fields(getattr(package, one)))}
                    for one in _NESTED.get(name, ())
                ],
            }
        )
    return template.render(components=components)


def _annotation(cls: type, name: str) -> str:
    for one in _bases(cls):
        found = inspect.get_annotations(one).get(name)
        if found is not None:
            return str(found)
    return ""


def _methods(cls: type) -> Iterator[dict[str, str]]:
    for name, method in inspect.getmembers(cls, callable):
        own = str(getattr(method, "__module__", "")).startswith("cachewright") and not name.startswith("_")
        if own and method.__doc__ and name != "global_facts":
            parameters = [one for one in inspect.signature(method).parameters if one != "self"]
            yield {"name": f"{name}({', '.join(parameters)})", "doc": inspect.cleandoc(method.__doc__).split("\n\n")[0]}


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, render, "the docstrings"))
