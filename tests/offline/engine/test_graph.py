"""Who depends on whom, and in which order things are deleted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.engine.graph import DependencyGraph, all_dependencies
from cachewright_offline.engine.resource import Resource


def resource(name, *dependencies, parent="", custom=True, **options):
    return Resource(
        urn=urn(name),
        type="t",
        custom=custom,
        id=name,
        dependencies=[urn(one) for one in dependencies],
        parent=urn(parent) if parent else "",
        **options,
    )


def urn(name):
    return f"urn:pulumi:s::p::t::{name}"


def names(resources):
    return [one.name for one in resources]


def test_dependents_are_found_transitively_in_order():
    """Direct and indirect dependents, each after what it depends on; those left out take theirs along."""
    a, b, c, d = resource("a"), resource("b", "a"), resource("c", "b"), resource("d")
    graph = DependencyGraph([a, b, c, d])
    assert names(graph.depending_on(a)) == ["b", "c"]
    assert graph.depending_on(a, ignore=lambda one: one == urn("b")) == []


def test_children_count_only_where_asked():
    """A child depends on its parent for deletes, not for replacements."""
    box, child = resource("box", custom=False), resource("child", parent="box")
    graph = DependencyGraph([box, child])
    assert graph.depending_on(box) == []
    assert names(graph.depending_on(box, children=True)) == ["child"]


def test_dependents_of_a_component_wait_for_its_children():
    """Who depends on a component is deleted before everything inside it."""
    box = resource("box", custom=False)
    inner = resource("inner", parent="box")
    outer = resource("outer", "box")
    groups = DependencyGraph([box, inner, outer]).delete_levels([box, inner, outer])
    assert [names(group) for group in groups] == [["outer"], ["inner"], ["box"]]


def test_providers_go_last():
    """A provider is deleted after what it manages."""
    provider = Resource(urn=urn("provider"), type="pulumi:providers:t", custom=True, id="id")
    thing = resource("thing", provider=f"{urn('provider')}::id")
    groups = DependencyGraph([provider, thing]).delete_levels([provider, thing])
    assert [names(group) for group in groups] == [["thing"], ["provider"]]


@st.composite
def snapshots(draw):
    """Resources that depend on earlier ones."""
    count = draw(st.integers(1, 12))
    resources = []
    for index in range(count):
        earlier = [f"r{one}" for one in range(index)]
        needed = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        parent = draw(st.sampled_from(["", *earlier]))
        resources.append(resource(f"r{index}", *needed, parent=parent, custom=draw(st.booleans())))
    return resources


@given(snapshots())
def test_nothing_is_deleted_before_what_depends_on_it(resources):
    """In any graph every resource goes once, and after all that needs it."""
    groups = DependencyGraph(resources).delete_levels(resources)
    order = {one.urn: index for index, group in enumerate(groups) for one in group}
    assert len(order) == len(resources) == sum(map(len, groups))
    for one in resources:
        for needed in all_dependencies(one, parent=True):
            assert order[one.urn] < order[needed]
