"""What is replaced in Pulumi's SDK while a program runs: it is there, it answers alike, and it comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import resource, rpc

from cachewright_offline.engine import sdk_values
from cachewright_offline.engine.sdk_shortcuts import replacements, sdk_shortcuts

PROGRAM = """
    box = Box("box")
    first = Thing("first", value="{value}", number=1, ratio=0.5, flag=True, opts=ResourceOptions(parent=box))
    secret = Thing("secret", value=Output.secret("hush"), nested=dict(plain=1, hidden=Output.secret([1, None, "x"])))
    Thing(
        "second",
        value=Output.concat(first.value, "-", first.arn),
        listed=[first.name, secret.value, 2, None],
        mapped=dict(arn=first.arn, region=first.region, box=box),
        opts=ResourceOptions(depends_on=[secret]),
    )
    Thing("third", value=first.token.apply(lambda token: len(token)), other=secret.value.apply(str.upper))
    pulumi.export("arn", first.arn)
    pulumi.export("hidden", secret.value)
"""


def told(plan: Any) -> list[tuple[Any, ...]]:
    """Return all that a plan tells of each resource."""
    return sorted(
        (
            step.urn,
            step.op,
            repr(step.new.inputs),
            repr(step.new.outputs),
            sorted(step.new.dependencies),
            sorted((key, sorted(urns)) for key, urns in step.new.property_dependencies.items()),
            step.new.parent,
            sorted(step.detailed_diff),
        )
        for step in plan.steps
    )


def test_a_program_registers_the_same_with_the_sdk_as_it_is(bench, monkeypatch):
    """Inputs, outputs, secrets, unknowns and dependencies do not depend on the shortcuts, before and after an up."""

    def previews() -> list[Any]:
        plans = [bench.preview(PROGRAM.format(value=value), seed=b"seed") for value in ("old", "new")]
        return [(told(plan), repr(plan.outputs), plan.errors) for plan in plans]

    def as_it_is() -> list[Any]:
        with monkeypatch.context() as patch:
            patch.setattr("cachewright_offline.engine.program.sdk_shortcuts", lambda **_: contextlib.nullcontext())
            return previews()

    empty = previews()
    assert [step[1] for step in empty[0][0]] == ["create"] * 6
    assert empty == as_it_is()
    bench.up(PROGRAM.format(value="old"), seed=b"seed")
    existing = previews()
    assert [step[1] for step in existing[0][0]] == ["same"] * 6
    assert {step[1] for step in existing[1][0]} == {"same", "update"}
    assert existing == as_it_is()


def test_everything_that_is_replaced_exists_in_the_sdk():
    """A new version of the SDK that moves one of them is noticed here, where it would only be slow."""
    names = [name for owner, name, _ in replacements(debug=False) if callable(getattr(owner, name))]
    assert len(names) == 13


def test_everything_that_is_replaced_comes_back():
    """A program that fails leaves the SDK as it was."""
    before = [getattr(owner, name) for owner, name, _ in replacements(debug=False)]
    with contextlib.suppress(RuntimeError), sdk_shortcuts(debug=False):
        changed = [getattr(owner, name) for owner, name, _ in replacements(debug=False)]
        assert not any(one is other for one, other in zip(before, changed, strict=True))
        raise RuntimeError
    assert [getattr(owner, name) for owner, name, _ in replacements(debug=False)] == before


def test_an_sdk_that_is_another_inside_runs_as_it_is(monkeypatch):
    """Where one of them is gone, none is replaced."""
    monkeypatch.delattr(resource, "create_urn")
    with sdk_shortcuts(debug=False):
        assert rpc.transfer_properties.__module__ == "pulumi.runtime.rpc"
    monkeypatch.undo()
    with sdk_shortcuts(debug=False):
        assert rpc.transfer_properties.__module__ == "cachewright_offline.engine.sdk_outputs"


def test_debug_messages_are_built_where_they_are_wanted():
    """With --debug the SDK's own messages come through."""
    from pulumi import log

    assert log not in [owner for owner, _, _ in replacements(debug=True)]
    assert log in [owner for owner, _, _ in replacements(debug=False)]


def awaited(make: Any) -> Any:
    """Return what an Output, made inside a loop, resolves to."""

    async def resolve() -> Any:
        return await make().future()

    return asyncio.run(resolve())


words = st.text(alphabet="abc:$-", max_size=12)


@given(words, words, words | st.none())
def test_a_urn_is_composed_as_the_sdk_composes_it(name: str, type_: str, parent: str | None) -> None:
    """Any name, type and parent give the same URN, also where the parent is no URN."""
    assert awaited(lambda: sdk_values.create_urn(name, type_, parent)) == awaited(
        lambda: resource.create_urn(name, type_, parent)
    )


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
unknowns = st.just(pulumi.output.UNKNOWN)
nested = st.recursive(
    plain | unknowns,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(nested)
def test_a_value_is_serialised_as_the_sdk_does(value: Any) -> None:
    """Plain values, unknowns, lists and mappings of them go to the engine alike, and hold unknowns alike."""
    ours = asyncio.run(sdk_values.serialize_property(value, [], "property"))
    assert ours == asyncio.run(rpc.serialize_property(value, [], "property"))
    assert sdk_values.contains_unknowns(value) == rpc.contains_unknowns(value)


@pytest.mark.parametrize(
    "hint",
    [
        str,
        Optional[str],  # noqa: UP045 - as the provider's SDK writes it
        pulumi.Input[str],
        pulumi.Input[Optional[Sequence[pulumi.Input[str]]]],  # noqa: UP045
        pulumi.Output[Mapping[str, int]],
        Union[str, int],  # noqa: UP007
        str | None,
    ],
    ids=str,
)
def test_a_type_is_taken_apart_as_the_sdk_does(hint: Any) -> None:
    """The kept answers are the SDK's own, at the first question and at the second."""
    for owner, name, replaced in replacements(debug=False):
        if name in {"unwrap_type", "unwrap_optional_type", "is_discriminated_union"}:
            assert [replaced(hint), replaced(hint)] == [getattr(owner, name)(hint)] * 2


def test_an_answer_belongs_to_its_type_and_is_asked_for_once() -> None:
    """Types are told apart even where one took the place of another in memory."""
    asked = []
    answer = sdk_values.remembered(lambda of: asked.append(of) or [of])
    for _ in range(2):
        assert [answer(list[number]) for number in (1, 2, 3)] == [[list[1]], [list[2]], [list[3]]]
    one = list[1]
    assert answer(one) is answer(one)
    assert sum(1 for of in asked if of is one) == 1
