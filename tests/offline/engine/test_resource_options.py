"""What each resource option does, on the state and on the steps."""

from __future__ import annotations

import pytest

from cachewright_offline.engine.resource import CustomTimeouts
from cachewright_offline.values import Secret


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


def test_protect_refuses_replacement(bench):
    """A protected resource is not replaced; the preview shows what would have been, and fails."""
    program = 'Thing("a", key="{}", opts=ResourceOptions(protect={}))'
    bench.up(program.format(1, True))
    plan = bench.preview(program.format(2, True))
    assert steps(plan) == [("create-replacement", "a"), ("replace", "a"), ("delete-replaced", "a")]
    assert plan.errors == (
        'unable to replace resource "urn:pulumi:dev::shop::test:index:Thing::a"\nas it is currently marked for'
        " protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program"
        " and run `pulumi up`",
    )
    result = bench.up()
    assert (result.result, steps(result.plan)) == ("failed", [])
    assert steps(bench.up(program.format(2, False)).plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]


def test_protect_refuses_deletion_and_tells_of_all(bench):
    """A destroy names every protected resource and deletes none of them."""
    bench.up('Thing("a", opts=ResourceOptions(protect=True))\nThing("b", opts=ResourceOptions(protect=True))')
    result = bench.destroy()
    assert result.result == "failed"
    assert sorted(error.splitlines()[0] for error in result.errors) == [
        "test:index:Thing 'a': resource \"urn:pulumi:dev::shop::test:index:Thing::a\" cannot be deleted",
        "test:index:Thing 'b': resource \"urn:pulumi:dev::shop::test:index:Thing::b\" cannot be deleted",
    ]
    assert len(bench.memory.resources) == 2


def test_what_a_protected_resource_needs_is_kept(bench):
    """Its parent, what it depends on, its provider and the stack stay in the state with it; the rest is deleted."""
    bench.up("""
        here = TestProvider("here", region="here")
        first = Thing("first", value="1")
        box = Box("box")
        Thing("a", value=first.arn, opts=ResourceOptions(parent=box, provider=here, protect=True))
        Thing("b")
    """)
    result = bench.destroy()
    assert result.result == "failed"
    assert bench.memory.calls == [("delete", "b")]
    kept = [one.name for one in bench.stack().state.load().resources]
    assert sorted(kept) == ["a", "box", "default", "first", "here", "shop-dev"]


def test_protect_is_inherited_and_changes_without_a_step(bench):
    """Children of a protected component are protected; taking the flag away is no step but is stored."""
    program = """
        box = Box("box", opts=ResourceOptions(protect={}))
        Thing("a", opts=ResourceOptions(parent=box))
    """
    bench.up(program.format(True))
    assert bench.resources()["a"].protect
    assert steps(bench.up(program.format(False)).plan) == []
    assert not bench.resources()["a"].protect


def test_retain_on_delete_forgets_without_deleting(bench):
    """The resource leaves the state and stays in the cloud."""
    bench.up('Thing("a", opts=ResourceOptions(retain_on_delete=True))')
    assert steps(bench.up("pass").plan) == [("delete", "a")]
    assert bench.memory.calls == []
    assert len(bench.memory.resources) == 1


def test_deleted_with_saves_the_call(bench):
    """A resource that goes with another is not deleted by itself when that one is deleted."""
    bench.up('a = Thing("a")\nThing("b", opts=ResourceOptions(deleted_with=a, depends_on=[a]))')
    assert steps(bench.destroy().plan) == [("delete", "b"), ("delete", "a"), ("delete", "shop-dev")]
    assert bench.memory.calls == [("delete", "a")]


def test_ignore_changes_keeps_the_old_value(bench):
    """An ignored property is as it was, whatever the program says; others still change."""
    program = 'Thing("a", value="{0}", tags={{"x": "{0}", "y": "{0}"}}, opts=ResourceOptions(ignore_changes={1}))'
    bench.up(program.format(1, ["value", "tags.x"]))
    plan = bench.up(program.format(2, ["value", "tags.x"])).plan
    assert steps(plan) == [("update", "a")]
    assert list(plan.changes[0].detailed_diff) == ["tags.y"]
    assert bench.resources()["a"].inputs["value"] == "1"
    assert bench.resources()["a"].inputs["tags"] == {"x": "1", "y": "2"}
    assert steps(bench.up(program.format(3, ["*"])).plan) == []


def test_ignore_changes_of_an_added_list_element_is_told(bench):
    """A path that would change a list's length cannot be ignored."""
    program = 'Thing("a", items={}, opts=ResourceOptions(ignore_changes=["items[1]"]))'
    bench.up(program.format(["x"]))
    bench.up(program.format(["x", "y"]))
    assert bench.messages("info") == ['cannot ignore changes in added or removed elements of the path: "items[1]"']


@pytest.mark.parametrize("pattern", ["value", "*", "tags.x", "tags"])
def test_replace_on_changes_replaces(bench, pattern):
    """A change that the provider would make in place becomes a replacement where a pattern names it."""
    program = 'Thing("a", value="{0}", tags={{"x": "{0}"}}, opts=ResourceOptions(replace_on_changes=["{1}"]))'
    bench.up(program.format(1, pattern))
    assert steps(bench.up(program.format(2, pattern)).plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]


def test_replace_with_follows_another(bench):
    """A resource is replaced because another one is."""
    program = """
        a = Thing("a", key="{}")
        Thing("b", opts=ResourceOptions(replace_with=[a], depends_on=[a]))
    """
    bench.up(program.format(1))
    assert steps(bench.up(program.format(2)).plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("create-replacement", "b"),
        ("replace", "b"),
        ("delete-replaced", "b"),
        ("delete-replaced", "a"),
    ]


def test_replacement_trigger_replaces_when_it_changes(bench):
    """A changed trigger replaces; one that appears or goes away does not."""
    program = 'Thing("a", opts=ResourceOptions(replacement_trigger={}))'
    bench.up(program.format(None))
    assert steps(bench.up(program.format([1])).plan) == []
    assert steps(bench.up(program.format([2])).plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]
    assert steps(bench.up(program.format(None)).plan) == []


def test_alias_keeps_a_renamed_resource(bench):
    """A rename with an alias is no replacement; dependents follow in the state."""
    bench.up('a = Thing("a", value="1")\nThing("b", value=a.arn)')
    result = bench.up(
        'a = Thing("z", value="1", opts=ResourceOptions(aliases=[pulumi.Alias(name="a")]))\nThing("b", value=a.arn)'
    )
    assert steps(result.plan) == []
    resources = bench.resources()
    assert set(resources) == {"shop-dev", "default", "z", "b"}
    assert resources["b"].dependencies == [resources["z"].urn]
    assert resources["z"].aliases == []
    assert bench.memory.calls == []


def test_alias_moves_a_resource_into_a_component(bench):
    """A new parent is followed through an alias without one."""
    bench.up('Thing("a", value="1")')
    result = bench.up("""
        box = Box("box")
        former = pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)
        Thing("a", value="1", opts=ResourceOptions(parent=box, aliases=[former]))
    """)
    assert steps(result.plan) == [("create", "box")]
    assert bench.resources()["a"].urn == "urn:pulumi:dev::shop::test:index:Box$test:index:Thing::a"


def test_alias_of_a_component_carries_its_children(bench):
    """Renaming a component with an alias keeps the children, whose names begin with its own."""
    program = """
        box = Box("{0}", opts=ResourceOptions(aliases={1}))
        Thing("{0}-a", value="1", opts=ResourceOptions(parent=box))
    """
    bench.up(program.format("old", []))
    result = bench.up(program.format("new", '[pulumi.Alias(name="old")]'))
    assert steps(result.plan) == []
    assert set(bench.resources()) == {"shop-dev", "default", "new", "new-a"}


def test_alias_survives_a_failure_right_after_it(bench):
    """The state holds together when a run ends between a rename and the children's registrations."""
    bench.up("""
        box = Box("old")
        Thing("old-a", value="1", opts=ResourceOptions(parent=box))
    """)
    bench.memory.fail["create", "extra"] = bench.provider_error("refused")
    result = bench.up("""
        box = Box("new", opts=ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        extra = Thing("extra", opts=ResourceOptions(parent=box))
        Thing("new-a", value=extra.arn, opts=ResourceOptions(parent=box))
    """)
    assert result.result == "failed"
    bench.memory.fail.clear()
    result = bench.up("""
        box = Box("new", opts=ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        Thing("new-a", value="1", opts=ResourceOptions(parent=box, aliases=[pulumi.Alias(name="old-a")]))
    """)
    assert steps(result.plan) == []


def test_two_resources_cannot_have_one_alias(bench):
    """A former resource becomes one resource only."""
    bench.up('Thing("a")')
    result = bench.up("""
        Thing("b", opts=ResourceOptions(aliases=[pulumi.Alias(name="a")]))
        Thing("c", opts=ResourceOptions(aliases=[pulumi.Alias(name="a")]))
    """)
    assert result.errors == (
        "Duplicate resource alias 'urn:pulumi:dev::shop::test:index:Thing::a' applied to resource with URN"
        " 'urn:pulumi:dev::shop::test:index:Thing::c' conflicting with resource with URN"
        " 'urn:pulumi:dev::shop::test:index:Thing::b'",
    )


def test_import_takes_over_what_exists(bench):
    """A resource with import_ is read, not created, and differs no more."""
    bench.memory.resources["i-1"] = {"value": "1", "name": "n"}
    program = 'Thing("a", value="1", name="n", opts=ResourceOptions(import_="i-1"))'
    result = bench.up(program)
    assert steps(result.plan) == [("create", "shop-dev"), ("import", "a")]
    assert bench.memory.calls == [("read", "a")]
    state = bench.resources()["a"]
    assert (state.id, state.import_id, state.inputs) == ("i-1", "i-1", {"value": "1", "name": "n"})
    assert steps(bench.up().plan) == []


def test_import_is_forgotten_when_the_program_names_it_no_more(bench):
    """The state says how a resource is imported for as long as the program does."""
    bench.memory.resources["found"] = {"value": "1", "name": "n"}
    bench.up('Thing("a", value="1", name="n", opts=ResourceOptions(import_="found"))')
    assert bench.resources()["a"].import_id == "found"
    assert steps(bench.up('Thing("a", value="1", name="n")').plan) == []
    assert bench.resources()["a"].import_id == ""


def test_import_that_differs_is_updated_to_the_program(bench):
    """After an import the program's values are applied like any change."""
    bench.memory.resources["i-1"] = {"value": "old", "name": "n"}
    result = bench.up('Thing("a", value="new", name="n", opts=ResourceOptions(import_="i-1"))')
    assert steps(result.plan) == [("create", "shop-dev"), ("import", "a"), ("update", "a")]
    assert bench.memory.resources["i-1"] == {"value": "new", "name": "n"}


def test_import_of_what_does_not_exist_fails(bench):
    """The message names the id."""
    result = bench.up('Thing("a", opts=ResourceOptions(import_="i-1"))')
    assert result.errors == ("test:index:Thing 'a': resource 'i-1' does not exist",)


def test_custom_timeouts_are_stored_in_seconds(bench):
    """Go durations become seconds."""
    bench.up('Thing("a", opts=ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="1h30m", delete="90s")))')
    assert bench.resources()["a"].custom_timeouts == CustomTimeouts(create=5400.0, delete=90.0)


def test_secrets_stay_secret(bench):
    """A secret input makes its output secret; so do the option and the provider; none of it is on disk in clear."""
    bench.up("""
        a = Thing("a", value=Output.secret("hush"), opts=ResourceOptions(additional_secret_outputs=["arn"]))
        Thing("b", value=a.arn)
        pulumi.export("value", a.value)
    """)
    resources = bench.resources()
    assert resources["a"].inputs["value"] == Secret("hush")
    assert {key for key, value in resources["a"].outputs.items() if isinstance(value, Secret)} == {
        "value",
        "arn",
        "token",
    }
    assert isinstance(resources["b"].inputs["value"], Secret)
    text = bench.stack().state.path.read_text()
    assert "hush" not in text
    assert f"arn:{resources['a'].id}" not in text
    assert "token-" not in text
    assert bench.stack().outputs() == {"value": Secret("hush")}
    assert bench.stack().outputs(show_secrets=True) == {"value": "hush"}
    assert next(iter(bench.memory.resources.values()))["value"] == "hush"


def test_unknown_values_are_unknown_in_a_preview(bench):
    """What only an update can tell is UNKNOWN in the plan, also inside apply."""
    plan = bench.preview("""
        a = Thing("a", value="1")
        Thing("b", value=a.arn.apply(lambda arn: arn.upper()), plain=a.value)
        pulumi.export("plain", a.value)
    """)
    (step,) = [step for step in plan.steps if step.name == "b"]
    assert repr(step.new.inputs["value"]) == "UNKNOWN"
    assert step.new.inputs["plain"] == "1"
    assert plan.outputs == {"plain": "1"}


def test_read_resource_is_external(bench):
    """`get` reads a resource and never changes or deletes it."""
    bench.memory.resources["i-1"] = {"value": "1"}
    program = 'a = Thing("a", opts=ResourceOptions(id="i-1"))\npulumi.export("arn", a.arn)'
    result = bench.up(program)
    assert steps(result.plan) == [("create", "shop-dev"), ("read", "a")]
    assert result.outputs == {"arn": "arn:i-1"}
    assert bench.resources()["a"].external
    assert steps(bench.up().plan) == [("read", "a")]
    assert steps(bench.up("pass").plan) == [("discard", "a")]
    assert "i-1" in bench.memory.resources


def test_owned_resource_becomes_external_and_back(bench):
    """Reading what the stack owned replaces it; registering what it read replaces that."""
    bench.memory.resources["i-1"] = {"value": "1"}
    bench.up('Thing("a", value="1")')
    result = bench.up('Thing("a", opts=ResourceOptions(id="i-1"))')
    assert steps(result.plan) == [("read-replacement", "a"), ("replace", "a"), ("delete-replaced", "a")]
    result = bench.up('Thing("a", value="1")')
    assert steps(result.plan) == [("create-replacement", "a"), ("replace", "a"), ("discard-replaced", "a")]
    assert "i-1" in bench.memory.resources
