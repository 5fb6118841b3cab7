"""Writes docs/components.md from the components' own docstrings; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.argument_docs`.
"""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cachewright.hosting import docstrings
from cachewright_ops.generated_document import templates, write_or_check

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
    for one in docstrings.attributes(cls):
        yield Field(*one)


def _markdown(cls: type) -> str:
    """Return what a component says of itself, its example as code."""
    text, code = docstrings.text_and_example(cls)
    return f"{text}\n\n```python\n{code}\n```" if code else text


def render() -> str:
    """Return the whole document."""
    package = import_module("cachewright")
    template = templates().get_template("components.md.j2")
    components = []
    for name in COMPONENTS:
        cls, args = getattr(package, name), getattr(package, f"{name}Args")
        outputs = [field for field in documented_fields(cls) if field.doc and "Output" in _annotation(cls, field.name)]
        components.append(
            {
                "name": name,
                "doc": _markdown(cls),
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
    for one in docstrings.bases(cls):
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
