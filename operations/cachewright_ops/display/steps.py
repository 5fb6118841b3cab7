"""The words and signs for what is done to a resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_offline.engine.plan import Step
    from cachewright_offline.values import PropertyValue


class Look(NamedTuple):
    """How one kind of step is shown."""

    sign: str
    style: str
    doing: str
    done: str
    would: str


LOOKS = {
    "same": Look(" ", "dim", "unchanged", "unchanged", "unchanged"),
    "create": Look("+", "green", "creating", "created", "create"),
    "update": Look("~", "yellow", "updating", "updated", "update"),
    "replace": Look("+-", "magenta", "replacing", "replaced", "replace"),
    "create-replacement": Look("++", "green", "creating replacement", "created replacement", "create replacement"),
    "delete-replaced": Look("--", "red", "deleting replaced", "deleted replaced", "delete replaced"),
    "delete": Look("-", "red", "deleting", "deleted", "delete"),
    "read": Look(">", "cyan", "reading", "read", "read"),
    "read-replacement": Look(">>", "cyan", "reading replacement", "read replacement", "read replacement"),
    "refresh": Look("~", "cyan", "refreshing", "refreshed", "refresh"),
    "import": Look("=", "cyan", "importing", "imported", "import"),
    "import-replacement": Look("=>", "cyan", "importing replacement", "imported replacement", "import replacement"),
    "discard": Look("<", "cyan", "discarding", "discarded", "discard"),
    "discard-replaced": Look("<<", "cyan", "discarding replaced", "discarded replaced", "discard replaced"),
    "remove-pending-replace": Look("~", "dim", "cleaning up", "cleaned up", "clean up"),
}


def counted(counts: Mapping[str, int], *, preview: bool) -> str:
    """Return how many resources had each kind of step, in words.

    >>> counted({"create": 2, "same": 1}, preview=False)
    '2 created, 1 unchanged'
    """
    order = [op for op in LOOKS if op != "same"] + ["same"]
    parts = [
        f"{counts[op]} {'to ' + LOOKS[op].would if preview and op != 'same' else LOOKS[op].done}"
        for op in order
        if counts.get(op)
    ]
    return ", ".join(parts) or "nothing to do"


def type_name(token: str) -> str:
    """Return a type as a person reads it.

    >>> type_name("aws:elasticache/replicationGroup:ReplicationGroup")
    'aws.elasticache.ReplicationGroup'
    """
    package, module, name = token.split(":")
    module = module.split("/")[0]
    return f"{package}.{name}" if module == "index" else f"{package}.{module}.{name}"


def difference_lines(step: Step) -> Iterator[str]:
    """Yield what differs in a resource, in Pulumi's manner, secrets masked."""
    from cachewright_ops.display.values import short

    for path, difference in step.detailed_diff.items():
        kind = difference.kind.value
        sign = {"add": "+", "delete": "-", "update": "~"}[kind.split("-")[0]]
        old = _at(step.old.inputs if step.old else {}, path)
        new = _at(step.new.inputs if step.new else {}, path)
        change = f"{short(old)} => {short(new)}" if sign == "~" else short(new if sign == "+" else old)
        yield f"{sign} {path}: {change}{'  (forces replacement)' if difference.kind.replaces else ''}"
    if not step.detailed_diff and step.op == "create" and step.new:
        for key, value in sorted(step.new.inputs.items()):
            if not key.startswith("__"):
                yield f"+ {key}: {short(value)}"


def _at(properties: PropertyValue, path: str) -> PropertyValue:
    found = properties
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found
