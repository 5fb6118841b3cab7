"""Refreshing and destroying stacks."""

from __future__ import annotations


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


PROGRAM = """
    box = Box("box")
    a = Thing("a", value="1", opts=ResourceOptions(parent=box))
    b = Thing("b", value=a.arn, opts=ResourceOptions(parent=box))
    pulumi.export("arn", b.arn)
"""


def named(bench, name):
    return bench.resources()[name].id


def test_refresh_of_an_unchanged_stack_finds_nothing(bench):
    """Every resource is read, nothing differs, nothing is written."""
    bench.up(PROGRAM)
    before = bench.stack().state.path.read_bytes()
    result = bench.refresh()
    assert result.counts == {"same": 4}
    assert sorted(bench.memory.calls) == [("read", "a"), ("read", "b")]
    assert bench.stack().state.path.read_bytes() == before


def test_refresh_takes_over_drift(bench):
    """What was changed outside is in the state afterwards, and shown as the change it was."""
    bench.up(PROGRAM)
    bench.memory.resources[named(bench, "a")]["value"] = "drifted"
    result = bench.refresh()
    assert result.counts == {"same": 3, "update": 1}
    (step,) = [step for step in result.plan.steps if step.result == "update"]
    assert {path: diff.kind.value for path, diff in step.detailed_diff.items()} == {"value": "update"}
    assert (step.old.inputs["value"], step.new.inputs["value"]) == ("1", "drifted")
    assert bench.resources()["a"].inputs["value"] == "drifted"
    assert steps(bench.up().plan) == [("update", "a")]


def test_refresh_that_finds_a_change_lists_only_real_dependencies(bench):
    """As in Pulumi: properties that depend on nothing are no longer named, once anything has changed."""
    bench.up("""
        a = Thing("a", value="1")
        Thing("b", value=a.arn, key="x")
    """)
    before = bench.resources()
    assert before["b"].property_dependencies == {"value": [before["a"].urn], "key": []}
    bench.memory.resources[before["a"].id]["value"] = "drifted"
    bench.refresh()
    after = bench.resources()
    assert (after["a"].property_dependencies, after["b"].property_dependencies) == ({}, {"value": [before["a"].urn]})


def test_refresh_forgets_what_is_gone(bench):
    """A resource that was deleted outside leaves the state; what depended on it no longer names it."""
    bench.up(PROGRAM)
    del bench.memory.resources[named(bench, "a")]
    result = bench.refresh()
    assert result.counts == {"same": 3, "delete": 1}
    assert "a" not in bench.resources()
    assert bench.resources()["b"].dependencies == []
    assert steps(bench.up().plan) == [("create", "a"), ("update", "b")]


def test_up_with_refresh_repairs_drift_at_once(bench):
    """An up with refresh reads first, then changes back what has drifted."""
    bench.up(PROGRAM)
    bench.memory.resources[named(bench, "a")]["value"] = "drifted"
    result = bench.up(refresh=True)
    assert [step for step in steps(result.plan) if step[0] != "refresh"] == [("update", "a")]
    assert bench.memory.resources[named(bench, "a")]["value"] == "1"


def test_refresh_of_targets_reads_only_them(bench):
    """A refresh with targets leaves the others alone."""
    bench.up(PROGRAM)
    bench.refresh(targets=("**::a",))
    assert bench.memory.calls == [("read", "a")]


def test_failing_read_fails_the_refresh_but_keeps_the_rest(bench):
    """One resource that cannot be read does not hide what was found about the others."""
    bench.up(PROGRAM)
    bench.memory.fail["read", "b"] = bench.provider_error("throttled")
    bench.memory.resources[named(bench, "a")]["value"] = "drifted"
    result = bench.refresh()
    assert result.errors == ("test:index:Thing 'b': throttled",)
    assert bench.resources()["a"].inputs["value"] == "drifted"


def test_destroy_deletes_all_in_reverse(bench):
    """Dependents go before what they depend on, children before parents."""
    bench.up(PROGRAM)
    result = bench.destroy()
    assert steps(result.plan) == [
        ("delete", "b"),
        ("delete", "a"),
        ("delete", "box"),
        ("delete", "shop-dev"),
    ]
    assert result.counts == {"delete": 4}
    assert bench.stack().state.load().resources == []
    assert bench.memory.resources == {}


def test_destroy_needs_neither_program_nor_config(bench):
    """A stack can be destroyed though its program and its file are broken."""
    bench.up(PROGRAM)
    (bench.root / "program" / "__main__.py").unlink()
    (bench.root / "Pulumi.dev.yaml").write_text("config: [")
    assert bench.destroy().result == "succeeded"


def test_destroy_of_an_empty_stack_does_nothing(bench):
    """There is nothing to destroy."""
    result = bench.destroy()
    assert (result.result, result.counts) == ("succeeded", {})


def test_destroy_that_fails_goes_on_where_it_stopped(bench):
    """What could not be deleted, and what it depends on, stays."""
    bench.up(PROGRAM)
    bench.memory.fail["delete", "a"] = bench.provider_error("in use")
    result = bench.destroy()
    assert result.errors == ("test:index:Thing 'a': in use",)
    assert set(bench.resources()) == {"shop-dev", "default", "box", "a"}
    bench.memory.fail.clear()
    assert steps(bench.destroy().plan) == [("delete", "a"), ("delete", "box"), ("delete", "shop-dev")]
