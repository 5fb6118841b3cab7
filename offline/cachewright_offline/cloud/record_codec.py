"""Records to JSON and back, by the types of their fields.

Where a type says what a value is, the JSON is plain: a moment is its ISO text, a record an object of its fields, a
mapping with other keys than texts a list of pairs. Where a field may hold anything, what JSON does not have is an
object with one key that starts with `$`.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.record_types import field_types

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_GIVEN: Final = object()
_SCALARS: Final = (str, bool, int, float)
_SEQUENCES: Final[dict[type, Callable[[list[Any]], Any]]] = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
}
_MAPPINGS: Final = (dict, Mapping)


class UnknownTypeError(TypeError):
    """A record has a field of a type that this module does not write."""


class Codec:
    """Writes and reads values.

    Args:
        records: The records that a field of any type may hold, by their names.
    """

    def __init__(self, records: Mapping[str, type]) -> None:
        self._records = records

    def encode(self, value: Any, hint: Any) -> Any:
        """Return the JSON of a value of a type."""
        hint = _without_none(hint)
        if value is None or hint in _SCALARS:
            return value
        if hint is datetime:
            return value.isoformat()
        if hint is Any:
            return self._encode_anything(value)
        if dataclasses.is_dataclass(hint):
            return self._encode_record(value)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in _SEQUENCES:
            kinds = _item_types(origin, arguments, len(value))
            items = [self.encode(one, kind) for one, kind in zip(value, kinds, strict=True)]
            return sorted(items, key=_order) if origin in {set, frozenset} else items
        if origin in _MAPPINGS:
            pairs = [[self.encode(key, arguments[0]), self.encode(one, arguments[1])] for key, one in value.items()]
            return dict(pairs) if arguments[0] is str else sorted(pairs, key=_order)
        if origin is typing.Literal:
            return value
        message = f"a field of type {hint} cannot be written to JSON"
        raise UnknownTypeError(message)

    def _encode_record(self, value: Any) -> dict[str, Any]:
        kinds = _field_types(value)
        return {one.name: self.encode(getattr(value, one.name), kinds[one.name]) for one in dataclasses.fields(value)}

    def _encode_anything(self, value: Any) -> Any:
        if value is None or isinstance(value, _SCALARS):
            return value
        if isinstance(value, list):
            return [self._encode_anything(one) for one in value]
        if isinstance(value, dict):
            if all(isinstance(key, str) and not key.startswith("$") for key in value):
                return {key: self._encode_anything(one) for key, one in value.items()}
            return {"$map": [[self._encode_anything(key), self._encode_anything(one)] for key, one in value.items()]}
        if isinstance(value, datetime):
            return {"$moment": value.isoformat()}
        if isinstance(value, tuple):
            return {"$tuple": [self._encode_anything(one) for one in value]}
        if isinstance(value, set | frozenset):
            return {"$set": sorted((self._encode_anything(one) for one in value), key=_order)}
        name = type(value).__name__
        if self._records.get(name) is type(value):
            return {"$record": name, "fields": self._encode_record(value)}
        message = f"a value of type {type(value)} cannot be written to JSON"
        raise UnknownTypeError(message)

    def decode(self, document: Any, hint: Any, path: str, problems: list[str]) -> Any:
        """Return the value that JSON stands for.

        Args:
            document: The JSON.
            hint: The type.
            path: Where it stands in the whole document.
            problems: What is wrong is added here; the value that is returned then means nothing.
        """
        plain = _without_none(hint)
        if document is None and plain is not hint:
            return None
        if plain is Any:
            return self._decode_anything(document, path, problems)
        if plain in _SCALARS:
            return _scalar(document, plain, path, problems)
        if plain is datetime:
            return _moment(document, path, problems)
        if dataclasses.is_dataclass(plain):
            return self.decode_record(document, typing.cast("type", plain), path, problems)
        origin, arguments = typing.get_origin(plain), typing.get_args(plain)
        if origin is typing.Literal:
            return _expect(document in arguments, document, f"one of {', '.join(map(repr, arguments))}", path, problems)
        if origin in _SEQUENCES:
            return self._sequence(document, origin, arguments, path, problems)
        if origin in _MAPPINGS:
            return self._mapping(document, arguments, path, problems)
        message = f"a field of type {plain} cannot be read from JSON"
        raise UnknownTypeError(message)

    def decode_record(self, document: Any, record: type, path: str, problems: list[str]) -> Any:
        """Return a record of its fields; one that is left out has its default, if there is one."""
        if not isinstance(document, dict):
            return _expect(False, document, f"an object with the fields of {record.__name__}", path, problems)
        fields = {one.name: one for one in dataclasses.fields(record)}
        problems += [f"{path}.{name}: {record.__name__} has no such field" for name in document if name not in fields]
        kinds, before = field_types(record), len(problems)
        values: dict[str, Any] = {}
        for name, one in fields.items():
            given = document.get(name, _NOT_GIVEN)
            if given is not _NOT_GIVEN:
                values[name] = self.decode(given, kinds[name], f"{path}.{name}", problems)
            elif one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
                problems.append(f"{path}.{name}: is missing")
        return record(**values) if len(problems) == before else None

    def _sequence(self, document: Any, origin: type, arguments: tuple[Any, ...], path: str, problems: list[str]) -> Any:
        if not isinstance(document, list):
            return _expect(False, document, "an array", path, problems)
        kinds = _item_types(origin, arguments, len(document))
        if len(kinds) != len(document):
            return _expect(False, document, f"an array of {len(kinds)}", path, problems)
        before = len(problems)
        found = [
            self.decode(one, kind, f"{path}[{index}]", problems)
            for index, (one, kind) in enumerate(zip(document, kinds, strict=True))
        ]
        return _built(_SEQUENCES[origin], found, path, problems) if len(problems) == before else None

    def _mapping(self, document: Any, arguments: tuple[Any, ...], path: str, problems: list[str]) -> Any:
        key_type, value_type = arguments
        if key_type is str:
            if not isinstance(document, dict):
                return _expect(False, document, "an object", path, problems)
            return {key: self.decode(one, value_type, f"{path}.{key}", problems) for key, one in document.items()}
        if not isinstance(document, list) or any(not isinstance(one, list) or len(one) != 2 for one in document):
            return _expect(False, document, "an array of pairs", path, problems)
        before = len(problems)
        pairs = [
            (
                self.decode(key, key_type, f"{path}[{index}][0]", problems),
                self.decode(one, value_type, f"{path}[{index}][1]", problems),
            )
            for index, (key, one) in enumerate(document)
        ]
        return _built(dict, pairs, path, problems) if len(problems) == before else None

    def _decode_anything(self, document: Any, path: str, problems: list[str]) -> Any:
        if isinstance(document, list):
            return [self._decode_anything(one, f"{path}[{index}]", problems) for index, one in enumerate(document)]
        if not isinstance(document, dict):
            return document
        special = next((key for key in document if key.startswith("$")), None)
        if special is None:
            return {key: self._decode_anything(one, f"{path}.{key}", problems) for key, one in document.items()}
        held, inner = document[special], f"{path}.{special}"
        if special == "$moment":
            return _moment(held, inner, problems)
        if special == "$record":
            record = self._records.get(held) if isinstance(held, str) else None
            if record is None:
                return _expect(False, held, "the name of a record", inner, problems)
            return self.decode_record(document.get("fields"), record, f"{path}.fields", problems)
        if special == "$map":
            return self._mapping(held, (Any, Any), inner, problems)
        if special == "$tuple":
            return self._sequence(held, tuple, (Any, ...), inner, problems)
        if special == "$set":
            return self._sequence(held, set, (Any,), inner, problems)
        return _expect(False, special, "$map, $moment, $record, $set or $tuple", path, problems)


def _field_types(value: object) -> dict[str, Any]:
    return field_types(type(value))  # type: ignore[arg-type]  # mypy takes a class for one of its instances


def _without_none(hint: Any) -> Any:
    """Return a type without `None`; a union of several types may be anything."""
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return hint
    left = [one for one in typing.get_args(hint) if one is not types.NoneType]
    return left[0] if len(left) == 1 else Any


def _item_types(origin: type, arguments: tuple[Any, ...], length: int) -> tuple[Any, ...]:
    if origin is tuple and arguments[-1] is not Ellipsis:
        return arguments
    return (arguments[0],) * length


def _built(make: Callable[[list[Any]], Any], items: list[Any], path: str, problems: list[str]) -> Any:
    try:
        return make(items)
    except TypeError:
        problems.append(f"{path}: expected keys and members that are no lists and mappings themselves")
        return None


def _order(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _scalar(document: Any, kind: type, path: str, problems: list[str]) -> Any:
    right = isinstance(document, kind) or (kind is float and isinstance(document, int))
    if isinstance(document, bool) and kind is not bool:
        right = False
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
    return _expect(right, document, names[kind], path, problems)


def _moment(document: Any, path: str, problems: list[str]) -> Any:
    try:
        moment = datetime.fromisoformat(document) if isinstance(document, str) else None
    except ValueError:
        moment = None
    right = moment is not None and moment.tzinfo is not None
    _expect(right, document, "a time with its zone such as 2026-01-31T12:00:00+00:00", path, problems)
    return moment


def _expect(right: bool, found: Any, expected: str, path: str, problems: list[str]) -> Any:
    if not right:
        shown = json.dumps(found) if not isinstance(found, Collection) or isinstance(found, str) else "a structure"
        problems.append(f"{path}: expected {expected}, found {shown[:80]}")
    return found
