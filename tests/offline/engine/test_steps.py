"""Which steps a run takes: exact sequences for each way a resource may change."""

from __future__ import annotations

import pytest

STACK = ("create", "shop-dev")


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


CHAIN = """
    box = Box("box")
    a = Thing("a", {a}opts=ResourceOptions(parent=box))
    b = Thing("b", value=a.arn, opts=ResourceOptions(parent=box))
    box.register_outputs({{"arn": b.arn}})
    pulumi.export("arn", b.arn)
"""


def chain(a=""):
    return CHAIN.format(a=a)


def test_up_creates_in_dependency_order(bench):
    """A first up creates parents before children and dependencies before dependents."""
    result = bench.up(chain())
    assert result.result == "succeeded"
    assert steps(result.plan) == [STACK, ("create", "box"), ("create", "a"), ("create", "b")]
    assert result.counts == {"create": 4}
    assert bench.memory.calls == [("create", "a"), ("create", "b")]


def test_preview_foretells_what_up_does(bench):
    """A preview has the same steps as the up that follows, and unknown outputs."""
    plan = bench.preview(chain())
    assert steps(plan) == steps(bench.up().plan)
    assert repr(plan.outputs["arn"]) == "UNKNOWN"
    assert not plan.errors


def test_second_up_changes_nothing(bench):
    """A second up of the same program has same steps only, calls no provider and leaves the state file alone."""
    bench.up(chain())
    before = bench.stack().state.path.read_bytes()
    result = bench.up()
    assert steps(result.plan, same=True) == [("same", "shop-dev"), ("same", "box"), ("same", "a"), ("same", "b")]
    assert bench.memory.calls == []
    assert bench.stack().state.path.read_bytes() == before


def test_changed_property_updates_one_resource(bench):
    """A change of one property is exactly one update, with its detailed diff."""
    bench.up(chain('value="1", '))
    result = bench.up(chain('value="2", '))
    assert steps(result.plan) == [("update", "a")]
    (step,) = result.plan.changes
    assert {path: diff.kind.value for path, diff in step.detailed_diff.items()} == {"value": "update"}
    assert step.diff_keys == ("value",)
    assert (step.source.file, step.source.line > 0) == ("program/__main__.py", True)
    assert result.counts == {"same": 3, "update": 1}


def test_replacement_creates_before_it_deletes(bench):
    """With an automatic name the new resource comes first, dependents follow, the old one goes at the end."""
    bench.up(chain('key="1", '))
    result = bench.up(chain('key="2", '))
    assert steps(result.plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("update", "b"),
        ("delete-replaced", "a"),
    ]
    assert result.plan.changes[0].replace_keys == ("key",)
    assert result.counts == {"same": 2, "replace": 1, "update": 1}
    assert bench.memory.calls == [("create", "a"), ("update", "b"), ("delete", "a")]
    assert len(bench.memory.resources) == 2


def test_fixed_name_deletes_before_it_creates(bench):
    """With a name of the program's own the old resource must go first."""
    bench.up(chain('key="1", name="fixed", '))
    result = bench.up(chain('key="2", name="fixed", '))
    assert steps(result.plan) == [
        ("delete-replaced", "a"),
        ("replace", "a"),
        ("create-replacement", "a"),
        ("update", "b"),
    ]
    assert bench.memory.calls == [("delete", "a"), ("create", "a"), ("update", "b")]


@pytest.mark.parametrize("preview", [True, False])
def test_dependents_that_would_be_replaced_are_deleted_first(bench, preview):
    """Deleting before creating takes along, deepest first, what a change of the deleted one would replace."""
    program = """
        a = Thing("a", key="{key}", name="fixed")
        b = Thing("b", key=a.arn)
        c = Thing("c", key=b.arn)
        d = Thing("d", value=a.arn)
    """
    bench.up(program.format(key=1))
    bench.program(program.format(key=2))
    plan = bench.preview() if preview else bench.up().plan
    assert steps(plan)[:6] == [
        ("delete-replaced", "c"),
        ("delete-replaced", "b"),
        ("delete-replaced", "a"),
        ("replace", "a"),
        ("create-replacement", "a"),
        ("replace", "b"),
    ]
    assert sorted(steps(plan)[5:]) == sorted(
        [
            ("replace", "b"),
            ("create-replacement", "b"),
            ("update", "d"),
            ("replace", "c"),
            ("create-replacement", "c"),
        ]
    )


def test_delete_before_replace_is_the_programs_to_say(bench):
    """The option beats the provider's choice, both ways."""
    program = 'Thing("a", key="{}", {}opts=ResourceOptions(delete_before_replace={}))'
    bench.up(program.format(1, "", True))
    assert steps(bench.up(program.format(2, "", True)).plan) == [
        ("delete-replaced", "a"),
        ("replace", "a"),
        ("create-replacement", "a"),
    ]
    bench.up(program.format(2, 'name="n", ', True))
    assert steps(bench.up(program.format(3, 'name="n", ', False)).plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]


def test_resource_that_left_the_program_is_deleted_last(bench):
    """What the program no longer registers is deleted after everything else, dependents first."""
    bench.up('a = Thing("a")\nb = Thing("b", value=a.arn)\nThing("c", value="1")')
    result = bench.up('Thing("c", value="2")')
    assert steps(result.plan) == [("update", "c"), ("delete", "b"), ("delete", "a")]
    assert set(bench.resources()) == {"shop-dev", "default", "c"}


def test_replaced_resource_whose_delete_failed_is_deleted_by_the_next_run(bench):
    """A pending delete stays in the state and is made up for."""
    bench.up('Thing("a", key="1")')
    bench.memory.fail["delete", "a"] = bench.provider_error("AWS is busy")
    result = bench.up('Thing("a", key="2")')
    assert (result.result, result.errors) == ("failed", ("test:index:Thing 'a': AWS is busy",))
    assert [one.delete for one in bench.stack().state.load().resources if one.name == "a"] == [False, True]
    bench.memory.fail.clear()
    result = bench.up()
    assert steps(result.plan) == [("delete-replaced", "a")]
    assert len(bench.memory.resources) == 1


def test_outputs_of_a_component_are_stored(bench):
    """register_outputs of a component, and exports of the stack, end up in the state."""
    bench.up(chain())
    resources = bench.resources()
    assert resources["box"].outputs == {"arn": resources["b"].outputs["arn"]}
    assert resources["shop-dev"].outputs == {"arn": resources["b"].outputs["arn"]}
    assert bench.stack().outputs() == {"arn": resources["b"].outputs["arn"]}


def test_dependencies_are_stored_by_property(bench):
    """The state knows what each property depends on; unset ones depend on nothing."""
    bench.up(chain('value="1", '))
    resources = bench.resources()
    assert resources["b"].dependencies == [resources["a"].urn]
    assert resources["b"].property_dependencies == {"value": [resources["a"].urn]}
    assert resources["a"].property_dependencies == {"value": []}
    assert resources["a"].urn == "urn:pulumi:dev::shop::test:index:Box$test:index:Thing::a"
    assert resources["a"].parent == "urn:pulumi:dev::shop::test:index:Box::box"
    assert resources["a"].source_position.startswith("project:///program/__main__.py#")


def test_depends_on_orders_without_a_value(bench):
    """depends_on makes an edge of its own."""
    bench.up('a = Thing("a")\nThing("b", opts=ResourceOptions(depends_on=[a]))')
    resources = bench.resources()
    assert resources["b"].dependencies == [resources["a"].urn]
    assert steps(bench.destroy().plan) == [("delete", "b"), ("delete", "a"), ("delete", "shop-dev")]


def test_resource_inside_a_component_has_the_users_line(bench):
    """The source of a step is in the user's program, also for what a library's component creates."""
    plan = bench.preview(chain())
    lines = {step.name: (step.source.file if step.source else None) for step in plan.steps}
    assert lines == {
        "shop-dev": None,
        "box": "program/__main__.py",
        "a": "program/__main__.py",
        "b": "program/__main__.py",
    }


def test_automatic_names_of_a_plan_are_those_of_its_up(bench):
    """An up with a preview's seed chooses the names that the preview showed."""
    plan = bench.preview('Thing("a")')
    (foretold,) = [step.new.inputs["name"] for step in plan.steps if step.name == "a"]
    bench.up(seed=plan.seed)
    assert bench.resources()["a"].inputs["name"] == foretold


def test_duplicate_urn_is_refused(bench):
    """Two resources of one type, parent and name cannot be told apart."""
    result = bench.up('Thing("a")\nThing("a")')
    assert result.result == "failed"
    assert result.errors == (
        "Duplicate resource URN 'urn:pulumi:dev::shop::test:index:Thing::a'; try giving it a unique name",
    )


def test_many_resources_run_in_parallel(bench):
    """Independent creates overlap, up to the limit."""
    import threading

    together = threading.Barrier(4, timeout=30)
    bench.memory.before = lambda kind, name: together.wait()
    result = bench.up('for i in range(8):\n        Thing(f"t{i}")', parallel=4)
    assert result.counts == {"create": 9}
