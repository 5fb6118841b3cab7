"""Runs that are limited to targets."""

from __future__ import annotations

import pytest

from cachewright_offline.engine.targets import Targets

A = "urn:pulumi:dev::shop::test:index:Thing::a"
B = "urn:pulumi:dev::shop::test:index:Thing::b"
C = "urn:pulumi:dev::shop::test:index:Thing::c"


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


PROGRAM = """
    a = Thing("a", value="{0}")
    b = Thing("b", value="{0}", other=a.arn)
    c = Thing("c", value="{0}")
"""


def test_only_targets_change(bench):
    """An up with targets leaves the others as they are, in the cloud and in the state."""
    bench.up(PROGRAM.format(1))
    result = bench.up(PROGRAM.format(2), targets=(A,))
    assert steps(result.plan) == [("update", "a")]
    assert bench.resources()["c"].inputs["value"] == "1"
    assert sorted(steps(bench.up().plan)) == [("update", "b"), ("update", "c")]


def test_target_dependents_change_too(bench):
    """With target_dependents what depends on a target is one."""
    bench.up(PROGRAM.format(1))
    assert steps(bench.up(PROGRAM.format(2), targets=(A,), target_dependents=True).plan) == [
        ("update", "a"),
        ("update", "b"),
    ]


def test_untargeted_creates_are_left_out(bench):
    """A new resource that is no target is not created, and not recorded."""
    result = bench.up(PROGRAM.format(1), targets=(C,))
    assert steps(result.plan) == [("create", "shop-dev"), ("create", "c")]
    assert set(bench.resources()) == {"shop-dev", "default", "c"}
    assert steps(bench.up().plan) == [("create", "a"), ("create", "b")]


def test_target_that_needs_an_untargeted_create_is_refused(bench):
    """A target cannot be made without what it depends on."""
    result = bench.up(PROGRAM.format(1), targets=(B,))
    assert result.errors == (f"Resource '{B}' depends on '{A}' which was was not specified in --target list.",)


def test_unknown_target_is_refused(bench):
    """A target that is nowhere is a mistake."""
    bench.up(PROGRAM.format(1))
    target = "urn:pulumi:dev::shop::test:index:Thing::nope"
    result = bench.up(targets=(target,))
    assert result.errors == (
        f"Target '{target}' could not be found in the stack. Did you forget to escape $ in your shell?",
    )


def test_removed_resource_that_is_no_target_stays(bench):
    """What left the program is deleted by a run that is about it only."""
    bench.up(PROGRAM.format(1))
    removed = 'Thing("a", value="2")'
    assert steps(bench.up(removed, targets=(A,)).plan) == [("update", "a")]
    assert set(bench.resources()) == {"shop-dev", "default", "a", "b", "c"}
    assert steps(bench.up(removed, targets=(C,)).plan) == [("delete", "c")]
    assert steps(bench.up(removed).plan) == [("delete", "b")]


def test_untargeted_resource_keeps_what_left_the_program_before_it(bench):
    """An untargeted resource and the resource it depended on stay in the state, in order."""
    bench.up(PROGRAM.format(1))
    result = bench.up('b = Thing("b", value="9")\nc = Thing("c", value="9")', targets=(C,))
    assert steps(result.plan) == [("update", "c")]
    names = [one.name for one in bench.stack().state.load().resources]
    assert names.index("a") < names.index("b")


def test_destroy_of_a_target_with_dependents(bench):
    """A target that others need is destroyed with them, or not at all."""
    bench.up(PROGRAM.format(1))
    result = bench.destroy(targets=(A,))
    assert result.errors == (
        f"Resource '{B}' will be destroyed but was not specified in --target list.\n"
        "Either include resource in --target list or pass --target-dependents to proceed.",
    )
    assert steps(bench.destroy(targets=(A,), target_dependents=True).plan) == [("delete", "b"), ("delete", "a")]
    assert set(bench.resources()) == {"shop-dev", "default", "c"}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("**::a", {A}), ("urn:pulumi:dev::shop::test:index:Thing::*", {A, B}), ("urn:*:a", set()), (A, {A})],
)
def test_patterns(pattern, found):
    """`*` stands for anything but a colon, `**` for anything."""
    targets = Targets([pattern])
    assert {urn for urn in (A, B) if urn in targets} == found
