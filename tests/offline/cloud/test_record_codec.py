"""Records survive being written to JSON and read again, whatever their fields."""

import ast
import dataclasses
import json
import types
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cachewright_offline.cloud import described
from cachewright_offline.cloud import elasticache as elasticache_package
from cachewright_offline.cloud.described import elasticache
from cachewright_offline.cloud.record_codec import Codec, UnknownTypeError
from cachewright_offline.cloud.record_types import field_types

SOURCES = sorted(Path(elasticache_package.__path__[0]).rglob("*.py"))
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SCALARS = {
    str: st.text(),
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(allow_nan=False),
    datetime: MOMENTS,
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | MOMENTS | st.tuples(st.text(), MOMENTS),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(st.integers(), inner)
        | st.sets(st.text() | st.integers())
    ),
    max_leaves=8,
)


def parts():
    """Return the parts that records are, and what operations keep their records in."""
    return {name: record for name, record in elasticache.records().items() if elasticache.is_part(record)}


def values(hint):
    """Return a strategy for the values of a type."""
    if hint in SCALARS:
        return SCALARS[hint]
    if hint is Any:
        return ANYTHING
    if dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: values(kind) for name, kind in field_types(hint).items()})
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(*(st.none() if one is types.NoneType else values(one) for one in arguments))
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return st.tuples(*(values(one) for one in arguments))
    collections = {list: st.lists, set: st.sets, frozenset: st.frozensets}
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin in collections:
        return collections[origin](values(arguments[0]), max_size=2)
    assert origin is dict, hint
    return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=2)


def asked_parts():
    """Return the names of the classes that any operation asks a region's state for."""
    calls = (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {
        ast.unparse(call.args[0]).rpartition(".")[2]
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "part" and call.args
    }


def test_every_part_is_found():
    """What an operation keeps its records in is a record itself, and is in an export."""
    assert asked_parts() - parts().keys() == set()


@pytest.mark.parametrize("name", sorted(asked_parts()))
@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_part_survives(name, data):
    """Every field of every record that a part holds is written and read as it was."""
    record = parts()[name]
    part = data.draw(values(record))
    written = json.loads(json.dumps(elasticache.codec().encode(part, record)))
    problems = []
    assert elasticache.codec().decode(written, record, "part", problems) == part
    assert problems == []


@pytest.mark.parametrize("service", described.SERVICES)
@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_service_survives(service, data):
    """The same holds for what is described of moto's services."""
    record = described.service(service).Described
    held, problems = data.draw(values(record)), []
    written = json.loads(json.dumps(Codec({}).encode(held, record)))
    assert Codec({}).decode(written, record, "held", problems) == held
    assert problems == []


@dataclasses.dataclass(frozen=True)
class Sample:
    """One field of each kind."""

    text: str
    count: int
    moment: datetime
    flag: bool = False
    anything: Any = None
    pairs: dict[int, str] = dataclasses.field(default_factory=dict)
    maybe: str | None = None


@given(ANYTHING)
def test_anything_survives(value):
    """A field of any type keeps moments, tuples, sets and keys that are no texts."""
    written = json.loads(json.dumps(Codec({}).encode(value, Any)))
    problems = []
    assert Codec({}).decode(written, Any, "value", problems) == value
    assert problems == []


def test_a_record_in_a_field_of_any_type():
    """It is named, and read as the record of that name."""
    codec = Codec({"Sample": Sample})
    inner = Sample("a", 1, datetime(2026, 1, 1, tzinfo=UTC))
    written = codec.encode({1: inner}, Any)
    assert written["$map"][0][1]["$record"] == "Sample"
    assert codec.decode(written, Any, "value", []) == {1: inner}


def test_all_problems_at_once():
    """Each is told by its place, with what was expected and found."""
    problems = []
    document = {
        "text": 5,
        "count": True,
        "moment": "2026-01-01T00:00:00",
        "flag": "yes",
        "anything": {"$moment": "then", "x": 1},
        "pairs": {"1": "a"},
        "maybe": [],
        "more": 1,
    }
    Codec({}).decode(document, Sample, "sample", problems)
    assert problems == [
        "sample.more: Sample has no such field",
        "sample.text: expected a text, found 5",
        "sample.count: expected a whole number, found true",
        'sample.moment: expected a time with its zone such as 2026-01-31T12:00:00+00:00, found "2026-01-01T00:00:00"',
        'sample.flag: expected true or false, found "yes"',
        'sample.anything.$moment: expected a time with its zone such as 2026-01-31T12:00:00+00:00, found "then"',
        "sample.pairs: expected an array of pairs, found a structure",
        "sample.maybe: expected a text, found a structure",
    ]


def test_missing_fields():
    """A field with a default may be left out; one without may not."""
    problems = []
    found = Codec({}).decode({"text": "a", "moment": "2026-01-01T00:00:00+00:00"}, Sample, "sample", problems)
    assert (found, problems) == (None, ["sample.count: is missing"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["text", "count", "moment", "pairs", "$map", "$tuple", "$set", "$record", "x"]), inner
            )
        ),
    )
)
def test_no_document_is_a_crash(document):
    """Whatever is read, there are either no problems or a value."""
    problems = []
    found = Codec({"Sample": Sample}).decode(document, Sample, "sample", problems)
    assert problems or isinstance(found, Sample)
    Codec({"Sample": Sample}).decode(document, Any, "value", [])


def test_a_type_that_cannot_be_written():
    """A record with a field that is no fact is a defect, which the tests above find."""
    with pytest.raises(UnknownTypeError, match="a value of type <class 'object'> cannot be written to JSON"):
        Codec({}).encode([object()], Any)
    with pytest.raises(UnknownTypeError, match="cannot be written to JSON"):
        Codec({}).encode(b"", bytes)
    with pytest.raises(UnknownTypeError, match="cannot be read from JSON"):
        Codec({}).decode("", bytes, "value", [])
