"""How arguments are checked: at construction, and again when Outputs resolve."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.arguments import PENDING, Schema, Types, Values, between, choice, path, rule, shown
from cachewright.enums import Engine
from cachewright.errors import ArgsError, Problem


class CupTypes(Types):
    """The arguments of a component that does not exist."""

    size: int | None = None
    label: str | None = None
    token: str | None = None
    plain: str | None = None
    tags: dict[str, str] | None = None
    allowed_cidr_blocks: list[str] | None = None


@rule("size", "label")
def label_fits(values: Values) -> Iterable[Problem]:
    if values["label"] is not None and len(values["label"]) > values["size"]:
        yield Problem("label", f"must be {values['size']} characters, got {len(values['label'])}; shorten it")


@rule("token", "plain", presence=True)
def not_both(values: Values) -> Iterable[Problem]:
    if values["token"] is not None and values["plain"] is not None:
        yield Problem("token", "must not be given with plain, got both; keep one of them")


@rule("token")
def token_long(values: Values) -> Iterable[Problem]:
    if values["token"] is not None and len(values["token"]) < 4:
        yield Problem("token", f"must be 4 characters or more, got {len(values['token'])}; choose another")


@rule("allowed_cidr_blocks")
def blocks(values: Values) -> Iterable[Problem]:
    for index, one in enumerate(values["allowed_cidr_blocks"] or []):
        if one is not PENDING and one == "bad":
            yield Problem(f"allowed_cidr_blocks[{index}]", "must be good, got 'bad'; mend it")


CUP = Schema(
    component="Cup",
    types=CupTypes,
    rules=(label_fits, not_both, token_long, blocks),
    required=("size",),
    plain=frozenset({"plain"}),
    secrets=frozenset({"token"}),
    defaults=lambda _: {"label": "cup"},
    unknown={"colour": "cups are white"},
)


pytestmark = pytest.mark.usefixtures("nothing")


def resolve(value: pulumi.Output[Any]) -> Any:
    """Return what an Output holds, or raise what its resolution raises."""
    return asyncio.get_event_loop().run_until_complete(value.future())  # type: ignore[arg-type]


def refused(args: Any) -> list[str]:
    with pytest.raises(ArgsError) as caught:
        CUP.check("mine", args)
    return str(caught.value).splitlines()


def later(value: Any) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(value)


def test_all_problems_are_told_at_once() -> None:
    """Unknown, missing, mistyped and contradictory arguments are one error of several lines."""
    assert refused({"token": "abc", "plain": "x", "colour": "red", "tags": {"a": 1}}) == [
        "Cup 'mine': 'size' must be given, got nothing; add it",
        "Cup 'mine': 'tags.a' must be a string, got 1 (int); give a string",
        "Cup 'mine': 'colour' must be an argument of Cup, got an unknown one; cups are white",
        "Cup 'mine': 'token' must not be given with plain, got both; keep one of them",
        "Cup 'mine': 'token' must be 4 characters or more, got 3; choose another",
    ]


@pytest.mark.parametrize(
    ("name", "way_out"), [("lable", "did you mean 'label'?"), ("zzz", "remove it"), ("colour", "cups are white")]
)
def test_an_unknown_argument_is_told_with_the_way_out(name: str, way_out: str) -> None:
    """A misspelt one by what it resembles, one from elsewhere by what it is called here."""
    assert refused({"size": 9, name: "x"}) == [
        f"Cup 'mine': '{name}' must be an argument of Cup, got an unknown one; {way_out}"
    ]


def test_a_secret_of_the_wrong_type_is_not_shown() -> None:
    """Also not in the message about its type."""
    assert refused({"size": 9, "token": 12345678}) == [
        "Cup 'mine': 'token' must be a string, got a value (int); give a string"
    ]


def test_an_argument_that_decides_what_exists_must_be_plain() -> None:
    """An Output cannot be looked into when the resources are made."""
    assert refused({"size": 9, "plain": later("x")}) == [
        "Cup 'mine': 'plain' must be a plain value, got an Output; it decides which resources exist, so compute it in"
        " the program"
    ]


def test_a_list_that_makes_resources_must_be_plain_and_its_items_need_not() -> None:
    """The number of items is known, what they hold may come later."""
    assert refused({"size": 9, "allowed_cidr_blocks": later(["a"])}) == [
        "Cup 'mine': 'allowed_cidr_blocks' must be a list, got an Output; it decides which resources exist: only its"
        " items may be Outputs"
    ]

    checked = CUP.check("mine", {"size": 9, "allowed_cidr_blocks": ["a", later("b")]})

    plain, pending = checked["allowed_cidr_blocks"]
    assert (plain, resolve(pending)) == ("a", "b")


def test_a_plain_item_beside_an_output_is_checked_at_once() -> None:
    """One Output does not hide the rest of a list."""
    assert refused({"size": 9, "allowed_cidr_blocks": [later("a"), "bad", 7]}) == [
        "Cup 'mine': 'allowed_cidr_blocks[2]' must be a string, got 7 (int); give a string"
    ]
    assert refused({"size": 9, "allowed_cidr_blocks": [later("a"), "bad"]}) == [
        "Cup 'mine': 'allowed_cidr_blocks[1]' must be good, got 'bad'; mend it"
    ]


@pytest.mark.parametrize(
    ("args", "key"),
    [
        ({"size": 2, "label": "long"}, "label"),
        ({"size": 9, "token": "abc"}, "token"),
        ({"size": 9, "label": 5}, "label"),
        ({"size": 9, "tags": {"a": 5}}, "tags"),
        ({"size": 9, "allowed_cidr_blocks": ["bad"]}, "allowed_cidr_blocks"),
    ],
)
def test_an_output_is_refused_when_it_resolves_with_the_same_message(args: dict[str, Any], key: str) -> None:
    """What a plain value is refused for, an Output is refused for: there is no way around a rule."""
    expected = refused(args)
    value = args[key]
    pending = [later(one) for one in value] if isinstance(value, list) else later(value)

    checked = CUP.check("mine", {**args, key: pending})

    guarded = checked[key][0] if isinstance(value, list) else checked[key]
    with pytest.raises(ArgsError) as caught:
        resolve(guarded)
    assert str(caught.value).splitlines() == expected


def test_two_outputs_are_checked_together() -> None:
    """A rule over both waits for both."""
    checked = CUP.check("mine", {"size": later(2), "label": later("long")})

    for key in ("size", "label"):
        with pytest.raises(ArgsError, match="Cup 'mine': 'label' must be 2 characters, got 4; shorten it"):
            resolve(checked[key])


def test_whether_an_argument_is_given_is_known_before_its_value() -> None:
    """Two arguments that exclude each other are refused at once, even if one is an Output."""
    assert refused({"size": 9, "plain": "x", "token": later("abcd")}) == [
        "Cup 'mine': 'token' must not be given with plain, got both; keep one of them"
    ]


def test_an_output_of_nothing_becomes_the_default_or_is_missing() -> None:
    """As a plain None does."""
    checked = CUP.check("mine", {"size": 9, "label": later(None)})
    assert resolve(checked["label"]) == "cup"

    with pytest.raises(ArgsError, match="'size' must be given, got nothing; add it"):
        resolve(CUP.check("mine", {"size": later(None)})["size"])


def test_what_is_sound_passes_as_it_is() -> None:
    """Enums as their text, tuples as lists, Outputs as Outputs of the same value."""
    checked = CUP.check("mine", {"size": 9, "label": Engine.REDIS, "allowed_cidr_blocks": ("a",)})

    assert (checked["label"], type(checked["label"]), checked["allowed_cidr_blocks"]) == ("redis", str, ["a"])
    assert resolve(CUP.check("mine", {"size": 9, "label": later(Engine.REDIS)})["label"]) == "redis"


def test_a_secret_output_stays_secret() -> None:
    """The guard does not take the mark off."""
    checked = CUP.check("mine", {"size": 9, "token": pulumi.Output.secret("abcd"), "label": later("a")})

    async def marks() -> tuple[bool, bool]:
        return await checked["token"].is_secret(), await checked["label"].is_secret()

    assert asyncio.get_event_loop().run_until_complete(marks()) == (True, False)


def test_an_error_holds_its_problems_and_names_no_property_to_pulumi() -> None:
    """Pulumi's engine would print the value of each property that is named to it, also of a secret."""
    with pytest.raises(ArgsError) as caught:
        CUP.check("mine", {"size": "x"})

    assert caught.value.problems == (Problem("size", "must be an integer, got 'x' (str); give an integer"),)
    assert caught.value.errors == []


def test_helpers_leave_alone_what_is_not_known() -> None:
    """`choice` is asked of pending values by rules that look at presence."""
    assert choice("a", PENDING, ("x",)) == []
    assert choice("a", None, ("x",)) == []
    assert between("a", None, 1, 2, "") == []
    assert path(("a", 0, "b")) == "a[0].b"
    assert shown("x" * 99) == "'" + "x" * 59 + "..."


scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 20), st.text(max_size=12), st.just(PENDING))
values = st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(st.text(max_size=3), scalars, max_size=3))


@given(st.dictionaries(st.sampled_from([*CupTypes.model_fields, "other"]), values, max_size=6))
def test_no_arguments_are_ever_a_crash(args: dict[str, Any]) -> None:
    """Whatever is given, the answer is a list of problems."""
    problems = CUP.problems({key: value for key, value in args.items() if value is not None})

    assert all(one.text.startswith("must ") and "; " in one.text for one in problems if "did you mean" not in one.text)
