"""AWS's query protocol, driven by botocore's model of ElastiCache: form fields in, XML out."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.error_shape import NOT_IN_XML

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from botocore.model import ListShape, OperationModel, ServiceModel, StructureShape

_COMMON_FIELDS = frozenset({"Action", "Version"})
_SIGNING_PREFIXES = ("X-Amz-", "AWSAccessKeyId", "Signature", "Timestamp", "Expires", "SecurityToken")
# A request names each element of a list by its index: an index far beyond what any operation takes is an attack.
_MAX_LIST_LENGTH = 10_000

_MARKUP = re.compile("[<>&]")
_INDEX = re.compile("[0-9]{1,9}")
_INTEGER = re.compile("[+-]?[0-9]{1,19}")
_NUMBER = re.compile("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?")

_Tree = dict[str, Any]


@functools.cache
def service_model() -> ServiceModel:
    """Return botocore's model of ElastiCache."""
    import botocore.session

    return botocore.session.get_session().get_service_model("elasticache")


def operation_model(action: str) -> OperationModel | None:
    """Return the model of an operation, or None for one that does not exist."""
    model = service_model()
    return model.operation_model(action) if action in model.operation_names else None


def parse(model: OperationModel, fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the parameters of a request by their names in botocore's model, typed.

    Raises:
        Fault: A required parameter is missing, one does not exist, or one has the wrong type.
    """
    tree: _Tree = {}
    for key, value in fields:
        if key in _COMMON_FIELDS or key.startswith(_SIGNING_PREFIXES):
            continue
        if NOT_IN_XML.search(value):
            raise fault("InvalidParameterValue", f"The parameter {key} has characters that cannot stand in XML.")
        _plant(tree, key, value)
    shape: Any = model.input_shape
    if shape is None:
        return {}
    parsed: dict[str, Any] = _structure(shape, tree, "")
    return parsed


def _plant(tree: _Tree, key: str, value: str) -> None:
    node = tree
    *parents, leaf = key.split(".")
    for part in parents:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            raise fault("MalformedQueryString", f"The parameter {key} is given both as a value and as a structure.")
        node = child
    if isinstance(node.get(leaf), dict):
        raise fault("MalformedQueryString", f"The parameter {key} is given both as a value and as a structure.")
    node[leaf] = value


def _structure(shape: StructureShape, tree: Any, path: str) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise fault("MalformedInput", f"The parameter {path} is a structure, not a value.")
    result: dict[str, Any] = {}
    left = dict(tree)
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        if wire_name not in left:
            continue
        result[name] = _value(member, left.pop(wire_name), f"{path}.{name}" if path else name)
    if left:
        unknown = next(iter(left))
        raise fault("InvalidQueryParameter", f"Unknown parameter: {path + '.' if path else ''}{unknown}")
    for name in shape.required_members:
        if name not in result:
            full = f"{path}.{name}" if path else name
            raise fault("MissingParameter", f"The request must contain the parameter {full}")
    return result


def _value(shape: Any, tree: Any, path: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, tree, path)
    if kind == "list":
        return _list(shape, tree, path)
    if not isinstance(tree, str):
        raise fault("MalformedInput", f"The parameter {path} is a value, not a structure.")
    return _scalar(kind, tree, path)


def _list(shape: ListShape, tree: Any, path: str) -> list[Any]:
    if tree == "":
        return []
    if not isinstance(tree, dict):
        raise fault("MalformedInput", f"The parameter {path} is a list, not a value.")
    for wrapper in (shape.member.serialization.get("name", "member"), "member"):
        if set(tree) == {wrapper}:
            tree = tree[wrapper]
            break
    if tree == "":
        return []
    if not isinstance(tree, dict) or not all(_INDEX.fullmatch(index) for index in tree):
        raise fault("MalformedQueryString", f"The elements of the list {path} have no numbers.")
    if len(tree) > _MAX_LIST_LENGTH:
        raise fault("InvalidParameterValue", f"The list {path} has more than {_MAX_LIST_LENGTH} elements.")
    indexes = sorted(tree, key=int)
    return [_value(shape.member, tree[index], f"{path}.{index}") for index in indexes]


def _scalar(kind: str, text: str, path: str) -> Any:
    if kind == "boolean":
        if text.lower() in {"true", "false"}:
            return text.lower() == "true"
    elif kind in {"integer", "long"}:
        number = int(text) if _INTEGER.fullmatch(text) else None
        if number is not None and abs(number) < 2 ** (31 if kind == "integer" else 63):
            return number
    elif kind in {"double", "float"}:
        if _NUMBER.fullmatch(text):
            return float(text)
    elif kind == "timestamp":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    else:
        return text
    shown = text if len(text) <= 100 else f"{text[:100]}..."
    raise fault("MalformedInput", f"The parameter {path} is of type {kind}: {shown!r} is not.")


def serialise(model: OperationModel, result: Mapping[str, Any], request_id: str) -> bytes:
    """Return the XML of an answer. Values of None are left out; so is what the model does not know."""
    namespace = service_model().metadata["xmlNamespace"]
    name = model.name
    written = [f'<{name}Response xmlns="{namespace}">']
    shape: Any = model.output_shape
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{name}Result")
        written.append(f"<{wrapper}>")
        _write_members(shape, result, written)
        written.append(f"</{wrapper}>")
    written.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>")
    return "".join(written).encode()


@functools.cache
def _members(shape: StructureShape) -> tuple[tuple[str, str, str, Any, str], ...]:
    """Return name, tags on the wire, shape and type of a structure's members, looked up once."""
    return tuple(
        (name, *_tags(member.serialization.get("name", name)), member, member.type_name)
        for name, member in shape.members.items()
    )


@functools.cache
def _item(shape: ListShape) -> tuple[str, str, Any, str]:
    """Return tags on the wire, shape and type of a list's items, looked up once."""
    member: Any = shape.member
    return (*_tags(member.serialization.get("name", "member")), member, member.type_name)


def _tags(name: str) -> tuple[str, str]:
    return f"<{name}>", f"</{name}>"


def _write_members(shape: Any, value: Mapping[str, Any], written: list[str]) -> None:
    for name, begin, end, member, kind in _members(shape):
        item = value.get(name)
        if item is None:
            continue
        # Most of a description are texts.
        if kind == "string":
            written.append(f"{begin}{_escaped(item)}{end}")
        else:
            _write(begin, end, member, kind, item, written)


def _write(begin: str, end: str, shape: Any, kind: str, value: Any, written: list[str]) -> None:
    if kind == "structure":
        written.append(begin)
        _write_members(shape, value, written)
        written.append(end)
    elif kind == "list":
        written.append(begin)
        item_begin, item_end, member, member_kind = _item(shape)
        for item in value:
            _write(item_begin, item_end, member, member_kind, item, written)
        written.append(end)
    elif kind == "boolean":
        written.append(f"{begin}{'true' if value else 'false'}{end}")
    elif kind == "timestamp":
        written.append(f"{begin}{timestamp(value)}{end}")
    elif kind == "string":
        written.append(f"{begin}{_escaped(value)}{end}")
    else:
        written.append(f"{begin}{value}{end}")


def _escaped(text: str) -> str:
    return escape(text) if _MARKUP.search(text) else text


def timestamp(moment: datetime) -> str:
    """Return a moment as the query protocol writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
