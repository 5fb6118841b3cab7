"""kill -9 at every step boundary, and in the middle of writes: nothing is lost, doubled or left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cachewright_offline.engine.resource import PendingOperation


def steps(plan):
    return [(step.op, step.name) for step in plan.steps if step.op != "same"]


@pytest.mark.slow
def test_killed_anywhere_the_next_up_completes(tmp_path):
    """Wherever an up is killed, the next one ends well, and cloud and state hold the same resources, each once."""
    script = Path(__file__).with_name("interruptions.py")
    run = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True)
    rounds = [json.loads(line) for line in run.stdout.splitlines()]
    expected = {"create": ["a", "b", "c", "d"], "update": ["a", "b", "c", "e"]}
    assert {one["phase"] for one in rounds} == {"create", "update"}
    for one in rounds:
        where = (one["phase"], one["point"])
        assert one["repaired"]["result"] == "succeeded", where
        assert one["repaired"]["pending"] == [], where
        assert one["repaired"]["names"] == expected[one["phase"]], where
        assert one["repaired"]["ids"] == one["repaired"]["cloud"], where
        assert one["again"]["changes"] == [], where
    assert len(rounds) > 40
    assert any("it is finished" in text for one in rounds for text in one["repaired"]["told"])


def pend(bench, kind, name):
    """Let the state say that an earlier run was cut off at a resource."""
    stack = bench.stack()
    snapshot = stack.state.load()
    resource = next(one for one in snapshot.resources if one.name == name)
    if kind == "creating":
        snapshot.resources.remove(resource)
        resource.id, resource.outputs = "", {}
    snapshot.pending_operations.append(PendingOperation(resource, kind))
    stack.state.save(snapshot)


def test_pending_create_is_finished_first(bench):
    """It is called again, enters the state, and the run goes on as if nothing had happened."""
    bench.up('a = Thing("a")\nThing("b", value="1")')
    bench.memory.resources.clear()
    pend(bench, "creating", "b")
    result = bench.up()
    assert bench.memory.calls == [("create", "b")]
    assert steps(result.plan) == []
    (message,) = bench.messages("info")
    assert message.startswith("an earlier run was cut off while creating test:index:Thing 'b'; it is finished: id ")


def test_pending_create_that_is_refused_is_dropped_and_planned_anew(bench):
    """The reason is told; the run creates the resource as if it had never been begun."""
    bench.up('Thing("a")')
    bench.memory.resources.clear()
    pend(bench, "creating", "a")
    bench.memory.fail["create", "a"] = bench.provider_error("no")
    result = bench.up()
    assert bench.messages("warning") == [
        "an earlier run was cut off while creating test:index:Thing 'a'; it could not be finished and is dropped: no"
    ]
    assert result.errors == ("test:index:Thing 'a': no",)
    assert result.pending == ()


def test_preview_tells_what_is_pending_and_touches_nothing(bench):
    """A preview shows the pending create as a create and leaves it pending."""
    bench.up('Thing("a")')
    pend(bench, "creating", "a")
    plan = bench.preview()
    assert steps(plan) == [("create", "a")]
    assert bench.messages("warning") == [
        "an earlier run was cut off while creating test:index:Thing 'a'; the next 'up' goes on from there"
    ]
    assert len(bench.stack().state.load().pending_operations) == 1


@pytest.mark.parametrize("kind", ["updating", "deleting"])
def test_pending_updates_and_deletes_are_planned_anew(bench, kind):
    """They are forgotten with a word; what is to be done follows from program and state."""
    bench.up('Thing("a", value="1")')
    pend(bench, kind, "a")
    result = bench.up('Thing("a", value="2")')
    assert steps(result.plan) == [("update", "a")]
    assert bench.messages("warning") == [
        f"an earlier run was cut off while {kind} test:index:Thing 'a'; it is planned anew"
    ]
    assert bench.stack().state.load().pending_operations == []


def test_destroy_finishes_a_pending_create_before_it_deletes(bench):
    """Nothing is left in the cloud that the state does not know."""
    bench.up('Thing("a")')
    bench.memory.resources.clear()
    pend(bench, "creating", "a")
    bench.destroy()
    assert bench.memory.calls == [("create", "a"), ("delete", "a")]
    assert bench.memory.resources == {}


class Cloud:
    """Stands for an endpoint: the engine only reads its instance id."""

    def __init__(self, instance_id):
        self.instance_id = instance_id


def test_state_of_another_local_aws_is_refreshed_first(bench):
    """A new local AWS has none of it: it is said, and everything is created again."""
    bench.cloud = Cloud("one")
    bench.up('a = Thing("a")\nThing("b", value=a.arn)')
    pend(bench, "creating", "b")
    bench.cloud = Cloud("two")
    bench.memory.resources.clear()
    plan = bench.preview()
    assert [step for step in steps(plan) if step[0] != "refresh"] == [("create", "a"), ("create", "b")]
    result = bench.up()
    assert result.result == "succeeded"
    assert [step for step in steps(result.plan) if step[0] != "refresh"] == [("create", "a"), ("create", "b")]
    assert bench.messages("warning") == [
        "an earlier run was cut off while creating test:index:Thing 'b'; it is dropped, for the local AWS it was for"
        " is gone",
        "the stack's state was made on another instance of the local AWS, which is gone: it is refreshed first",
    ]
    assert steps(bench.up().plan) == []
