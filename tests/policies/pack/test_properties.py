"""Properties that are mended in place, whatever they hold."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy.deserialize import deserialize_properties, serialize_properties

from cachewright_policies.pack.properties import MendableProperties
from cachewright_policies.values import UNKNOWN, UnknownValueError

SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
KEYS = st.text("abc", min_size=1, max_size=2)

LEAVES = st.one_of(st.booleans(), st.integers(-9, 9).map(float), st.text("xyz", max_size=3), st.just(SENTINEL))


def secret(value):
    """Return a value as the wire marks a secret."""
    return {SIGNATURE: SECRET, "value": value}


PLAIN = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=6
)
WIRE = st.recursive(
    st.one_of(LEAVES, PLAIN.map(secret)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, WIRE, max_size=4))
def test_what_is_written_back_as_it_was_read_is_as_it_was(wire):
    """Secrets stay marked and unknown values unknown, at any depth."""
    proxied = deserialize_properties(copy.deepcopy(wire), True)
    properties = MendableProperties(proxied)
    for name in list(properties):
        try:
            properties[name] = copy.copy(properties[name])
        except UnknownValueError:
            continue
    properties["added"] = "here"
    properties.commit()
    assert serialize_properties(proxied) == {**wire, "added": "here"}


def test_an_unknown_value_is_neither_read_nor_written():
    """Nor may one be moved to where it did not stand; nothing of what was set is written then."""
    wire = {"window": SENTINEL, "tags": {"a": SENTINEL, "b": "x"}, "days": 1.0}
    proxied = deserialize_properties(copy.deepcopy(wire), True)
    properties = MendableProperties(proxied)
    with pytest.raises(UnknownValueError, match="window"):
        properties.get("window")
    with pytest.raises(UnknownValueError, match="window"):
        properties["window"] = "03:00-04:00"
    properties["days"] = 7
    properties["tags"] = {"b": UNKNOWN}
    with pytest.raises(UnknownValueError, match=r"tags\.b"):
        properties.commit()
    assert serialize_properties(proxied) == wire


def test_a_property_is_not_taken_away():
    """A remediation sets properties."""
    properties = MendableProperties({"days": 1})
    with pytest.raises(TypeError, match="takes no property away, found days"):
        del properties["days"]
