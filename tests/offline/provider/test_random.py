"""The random package: values of the wanted kind, made once."""

import base64
import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.provider.registry import load_provider
from cachewright_offline.values import UNKNOWN

PASSWORD = "random:index/randomPassword:RandomPassword"
ID = "random:index/randomId:RandomId"
URN = "urn:pulumi:dev::test::{}::x"


def make(token: str, inputs: dict[str, Any]) -> Any:
    provider = load_provider("random", None)
    checked = provider.check(URN.format(token), None, inputs, b"seed")
    assert checked.failures == ()
    return provider.create(URN.format(token), checked.inputs, preview=False, operation="o", timeout=0)


@given(
    st.integers(1, 128),
    st.booleans(),
    st.sampled_from(["", "!&#$^<>-"]),
    st.integers(0, 3),
)
def test_passwords_have_the_wanted_characters(length: int, special: bool, override: str, minimum: int) -> None:
    """Length, allowed characters and minimum counts hold for every password."""
    inputs = {"length": length + 4 * minimum, "special": special, "overrideSpecial": override}
    inputs |= {"minUpper": minimum, "minLower": minimum, "minNumeric": minimum}
    result = make(PASSWORD, inputs).outputs["result"]
    assert len(result) == length + 4 * minimum
    punctuation = (override or "!@#$%&*()-_=+[]{}<>:?") if special else ""
    assert set(result) <= set(string.ascii_letters + string.digits + punctuation)
    for characters in (string.ascii_uppercase, string.ascii_lowercase, string.digits):
        assert sum(character in characters for character in result) >= minimum


def test_passwords_differ_and_are_secret() -> None:
    """Two passwords are not one; result and hash are secret; the id does not tell."""
    first, second = make(PASSWORD, {"length": 32}), make(PASSWORD, {"length": 32})
    assert first.outputs["result"] != second.outputs["result"]
    assert first.id == "none"
    assert set(load_provider("random", None).secret_outputs(PASSWORD)) == {"result", "bcryptHash"}


def test_password_is_unknown_in_a_preview() -> None:
    """Nothing is made before the update."""
    provider = load_provider("random", None)
    inputs = provider.check(URN.format(PASSWORD), None, {"length": 8}, b"").inputs
    state = provider.create(URN.format(PASSWORD), inputs, preview=True, operation="", timeout=0)
    assert state.outputs["result"] is UNKNOWN


def test_every_change_makes_a_new_value(resource: Callable[[str], Any]) -> None:
    """A change of any argument replaces; the same arguments keep the value."""
    provider = load_provider("random", None)
    urn = URN.format(PASSWORD)
    old = provider.check(urn, None, {"length": 8, "keepers": {"a": "1"}}, b"").inputs
    new = provider.check(urn, old, {"length": 9, "keepers": {"a": "2"}}, b"").inputs
    diff = provider.diff(urn, "none", old, {}, new)
    assert {path: item.kind.value for path, item in diff.detailed.items()} == {
        "length": "update-replace",
        "keepers.a": "update-replace",
    }
    assert not provider.diff(
        urn, "none", old, {}, provider.check(urn, old, {"length": 8, "keepers": {"a": "1"}}, b"").inputs
    ).changed


def test_ids_have_all_spellings() -> None:
    """All outputs spell the same bytes; the prefix stands before each but the id."""
    state = make(ID, {"byteLength": 8, "prefix": "p-"})
    content = base64.urlsafe_b64decode(state.id + "=")
    assert len(content) == 8
    assert state.outputs["hex"] == f"p-{content.hex()}"
    assert state.outputs["dec"] == f"p-{int.from_bytes(content, 'big')}"
    assert state.outputs["b64Url"] == f"p-{state.id}"
    assert state.outputs["b64Std"] == "p-" + base64.b64encode(content).decode()


def test_integers_are_in_range_and_seeds_repeat() -> None:
    """The range includes both ends; a seed gives the same number."""
    token = "random:index/randomInteger:RandomInteger"
    assert make(token, {"min": 3, "max": 3}).outputs["result"] == 3
    inputs = {"min": 0, "max": 10**9, "seed": "s"}
    assert make(token, inputs).id == make(token, inputs).id


@pytest.mark.parametrize(
    ("token", "inputs", "reasons"),
    [
        (PASSWORD, {"length": 0}, {"length": "expected at least 1, found 0"}),
        (
            PASSWORD,
            {"length": 2, "minUpper": 3},
            {"length": "expected at least the 3 characters that min* ask for, found 2"},
        ),
        (
            PASSWORD,
            {"length": 2, "upper": False, "lower": False, "numeric": False, "special": False},
            {"special": "expected one of upper, lower, numeric and special to be true"},
        ),
        (ID, {"byteLength": 0}, {"byteLength": "expected at least 1, found 0"}),
        (
            "random:index/randomInteger:RandomInteger",
            {"min": 2, "max": 1},
            {"max": "expected at least min, which is 2, found 1"},
        ),
    ],
)
def test_impossible_values_are_refused(token: str, inputs: dict[str, Any], reasons: dict[str, str]) -> None:
    """What cannot be made is refused with what was expected."""
    checked = load_provider("random", None).check(URN.format(token), None, inputs, b"")
    assert {failure.property: failure.reason for failure in checked.failures} == reasons


def test_passwords_and_ids_can_be_imported() -> None:
    """An import takes the value from the id, and its inputs are what a program would write."""
    provider = load_provider("random", None)
    password = provider.read(URN.format(PASSWORD), "hunter2hunter2", {}, {})
    assert password is not None
    assert (password.id, password.inputs, password.outputs["result"]) == ("none", {"length": 14}, "hunter2hunter2")
    id = provider.read(URN.format(ID), "p-,AQID", {}, {})
    assert id is not None
    assert (id.id, id.inputs, id.outputs["hex"]) == ("AQID", {"byteLength": 3, "prefix": "p-"}, "p-010203")
