"""Property values to protobuf and back, and the small parsers: paths, URNs, durations."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.engine import durations, property_path, secrecy, urn, wire
from cachewright_offline.engine.errors import ConfigurationError, UnsupportedError
from cachewright_offline.values import UNKNOWN, ResourceReference, Secret, contains_secret, reveal_properties

texts = st.text(max_size=8).filter(lambda text: text not in wire.UNKNOWN_STRINGS)
names = st.text(min_size=1, max_size=6).filter(lambda name: name != wire.SIGNATURE)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
    | texts
    | st.just(UNKNOWN)
    | st.builds(ResourceReference, texts, st.none() | st.text(min_size=1, max_size=4) | st.just(UNKNOWN), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3) | st.builds(Secret, inner),
    max_leaves=12,
)


@given(st.dictionaries(names, values, max_size=4))
def test_values_survive_the_wire(properties):
    """Every kind of value comes back as it was sent."""
    assert wire.decode_struct(wire.encode_struct(properties)) == properties


@given(st.dictionaries(names, texts, max_size=4))
def test_output_values_carry_dependencies(properties):
    """Values sent as output values come back with what they depend on."""
    dependencies = {key: [f"urn:{index}"] for index, key in enumerate(properties)}
    found: set[str] = set()
    message = wire.encode_output_struct(properties, dependencies)
    assert wire.decode_struct(message, found) == properties
    assert found == {urn for urns in dependencies.values() for urn in urns}


@pytest.mark.parametrize(
    ("signature", "kind"),
    [("c44067f5952c0a294b673a41bacd8c17", "an asset"), ("0def7320c3a5731c473e5ecbe6d01bc7", "an archive")],
)
def test_assets_are_refused_by_name(signature, kind):
    """The message says what it is and what to do."""
    message = wire.encode_struct({"a": {wire.SIGNATURE: signature}})
    with pytest.raises(UnsupportedError, match=f"the program passes {kind}, which"):
        wire.decode_struct(message)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("root", ("root",)),
        ("root.nested", ("root", "nested")),
        ('root["nested"]', ("root", "nested")),
        ("root.array[0]", ("root", "array", 0)),
        ("root.array[0][1].nested", ("root", "array", 0, 1, "nested")),
        ('root["key with \\"escaped\\" quotes"]', ("root", 'key with "escaped" quotes')),
        ('["root key with a ."][100]', ("root key with a .", 100)),
        ("root.array[*].field", ("root", "array", "*", "field")),
        ("*", ("*",)),
    ],
)
def test_paths_are_read_as_pulumi_reads_them(text, path):
    """The examples of Pulumi's own documentation."""
    assert property_path.parse(text) == path


@pytest.mark.parametrize("text", [".a", "a.", "a[", "a[x]", 'a["b', 'a["b"'])
def test_malformed_paths_are_refused(text):
    """A path that does not end, or begin, is no path."""
    with pytest.raises(ValueError, match=r"expected|missing|invalid"):
        property_path.parse(text)


@given(st.text(alphabet='ab.[]"*\\0', max_size=10))
def test_any_text_is_a_path_or_refused(text):
    """The parser ends, with a path or with a ValueError."""
    with contextlib.suppress(ValueError):
        assert isinstance(property_path.parse(text), tuple)


@pytest.mark.parametrize(
    ("path", "old", "new", "expected", "ok"),
    [
        ("a", {"a": 1}, {"a": 2}, {"a": 1}, True),
        ("a", {}, {"a": 2}, {}, True),
        ("a", {"a": 1}, {}, {"a": 1}, True),
        ("a.b", {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a": {"b": 1, "c": 3}}, True),
        ("a.b", {"a": {"b": 1}}, {}, {}, False),
        ("a[0]", {"a": [1]}, {"a": [2, 3]}, {"a": [1, 3]}, True),
        ("a[1]", {"a": [1]}, {"a": [2, 3]}, {"a": [2, 3]}, False),
        ("a[*].b", {"a": [{"b": 1}]}, {"a": [{"b": 2}]}, {"a": [{"b": 1}]}, True),
        ("*", {"a": 1}, {"b": 2}, {"a": 1}, True),
        ("a.b", {"a": Secret({"b": 1})}, {"a": {"b": 2}}, {"a": {"b": Secret(1)}}, True),
    ],
)
def test_reset_puts_back_what_was(path, old, new, expected, ok):
    """A place is set back; a list never changes its length; secrets stay secret."""
    assert property_path.reset(property_path.parse(path), old, new) is ok
    assert new == expected


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("a", "a.b", True),
        ("a.b", "a", False),
        ("*", "x[0]", True),
        ("a[*].b", "a[3].b.c", True),
        ("a[1]", "a[2]", False),
    ],
)
def test_contains(path, other, expected):
    """A path contains what lies below it."""
    assert property_path.contains(property_path.parse(path), property_path.parse(other)) is expected


def test_urns():
    """A child carries its parents' types, the stack's aside."""
    stack = urn.make_urn("dev", "shop", "", urn.STACK_TYPE, "shop-dev")
    box = urn.make_urn("dev", "shop", stack, "a:b:Box", "box")
    thing = urn.make_urn("dev", "shop", box, "a:b:Thing", "x::y")
    assert (stack, box, thing) == (
        "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "urn:pulumi:dev::shop::a:b:Box::box",
        "urn:pulumi:dev::shop::a:b:Box$a:b:Thing::x::y",
    )
    assert (urn.resource_type(thing), urn.resource_name(thing)) == ("a:b:Thing", "x::y")
    assert urn.is_default_provider("urn:pulumi:dev::shop::pulumi:providers:aws::default_7_51_1")
    assert not urn.is_default_provider("urn:pulumi:dev::shop::pulumi:providers:aws::far")
    assert urn.default_provider_name("7.51.1-alpha.1+x") == "default_7_51_1_alpha_1_x"


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0.0), ("0", 0.0), ("30s", 30.0), ("1h30m", 5400.0), ("1.5h", 5400.0), ("250ms", 0.25)]
)
def test_durations(text, seconds):
    """Go's notation."""
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize("text", ["30", "m", "1h 30m", "-1s", "soon"])
def test_malformed_durations_are_refused(text):
    """The message shows one that is right."""
    with pytest.raises(ConfigurationError) as caught:
        durations.seconds(text)
    assert str(caught.value) == f"custom_timeouts must be durations such as '30m' or '1h30m', found {text!r}"


@given(st.dictionaries(names, values, max_size=4))
def test_marking_reveals_nothing_else(properties):
    """What comes back from a provider with the same values has secrets wherever the inputs had them."""
    plain = secrecy.revealed(properties)
    assert plain == reveal_properties(properties)
    marked = secrecy.marked(plain, properties)
    assert reveal_properties(marked) == plain
    assert {key for key, value in marked.items() if contains_secret(value)} == {
        key for key, value in properties.items() if contains_secret(value)
    }
