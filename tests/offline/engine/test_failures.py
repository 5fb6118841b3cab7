"""What happens when something goes wrong: in the provider, in the program, from outside."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from cachewright_offline.engine.errors import ProgramError
from cachewright_offline.engine.events import ResourceFailed, Summary


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


def test_failed_create_stops_what_depends_on_it(bench):
    """Dependents are not begun; what was made before is in the state, and the next run goes on from there."""
    bench.memory.fail["create", "b"] = bench.provider_error("CreateThing: InvalidParameterValue: no")
    program = """
        a = Thing("a")
        b = Thing("b", value=a.arn)
        Thing("c", value=b.arn)
        pulumi.export("arn", b.arn)
    """
    result = bench.up(program)
    assert result.result == "failed"
    assert result.errors == ("test:index:Thing 'b': CreateThing: InvalidParameterValue: no",)
    assert [event.step.name for event in bench.events if isinstance(event, ResourceFailed)] == ["b"]
    assert isinstance(bench.events[-1], Summary)
    assert bench.events[-1].result == "failed"
    assert set(bench.resources()) == {"shop-dev", "default", "a"}
    assert result.pending == ()
    bench.memory.fail.clear()
    result = bench.up()
    assert steps(result.plan) == [("create", "b"), ("create", "c")]


def test_running_operations_end_after_a_failure(bench):
    """What has begun comes to its end and is recorded; nothing new begins."""
    both_run = threading.Barrier(2, timeout=30)

    def before(kind, name):
        if name in {"bad", "good"}:
            both_run.wait()
        if name == "good":
            # It ends after the failure is known: ended before it, what depends on it would rightly begin.
            deadline = time.monotonic() + 30
            while not any(isinstance(event, ResourceFailed) for event in bench.events):
                assert time.monotonic() < deadline
                time.sleep(0.005)

    bench.memory.before = before
    bench.memory.fail["create", "bad"] = bench.provider_error("no")
    result = bench.up('Thing("bad")\nthing = Thing("good")\nThing("late", value=thing.arn)')
    assert result.result == "failed"
    assert "good" in bench.resources()
    assert "late" not in bench.resources()


def test_a_defect_of_a_provider_fails_the_run(bench):
    """An exception that nobody foresaw is an error of its resource, told without its text: that may be a secret."""

    def before(kind, name):
        if name == "b":
            raise KeyError("hunter2")

    bench.memory.before = before
    result = bench.up('Thing("a")\nThing("b")')
    assert result.result == "failed"
    (error,) = result.errors
    assert error.startswith("test:index:Thing 'b': internal error: KeyError at test_failures.py:")
    assert error.endswith("; what was done before is saved. Please report it.")
    assert "hunter2" not in error
    bench.memory.before = None
    assert ("create", "b") in steps(bench.up().plan)


def test_failed_update_keeps_the_old_state(bench):
    """An update that fails is planned again."""
    bench.up('Thing("a", value="1")')
    bench.memory.fail["update", "a"] = bench.provider_error("busy")
    assert bench.up('Thing("a", value="2")').result == "failed"
    assert bench.resources()["a"].inputs["value"] == "1"
    bench.memory.fail.clear()
    assert steps(bench.up().plan) == [("update", "a")]


def test_partial_create_is_kept_and_repaired(bench):
    """What was made before the failure is in the state with its reason, and the next run updates it."""
    bench.memory.fail["create", "a"] = bench.partial("tagging failed", "half", value="1", name="n")
    program = 'Thing("a", value="1", name="n")'
    result = bench.up(program)
    assert result.errors == ("test:index:Thing 'a': tagging failed",)
    state = bench.resources()["a"]
    assert (state.id, state.init_errors) == ("half", ["tagging failed"])
    bench.memory.fail.clear()
    assert steps(bench.up().plan) == [("update", "a")]
    assert bench.resources()["a"].init_errors == []
    assert steps(bench.up().plan) == []


def test_partial_update_keeps_the_old_inputs(bench):
    """The outputs are what was found after the failure; the old inputs let the next run see what is still to do."""
    bench.up('Thing("a", value="1", name="n")')
    id = bench.resources()["a"].id
    bench.memory.fail["update", "a"] = bench.partial("tagging failed", id, value="2", name="n")
    assert bench.up('Thing("a", value="2", name="n")').result == "failed"
    state = bench.resources()["a"]
    assert (state.inputs["value"], state.outputs["value"], state.init_errors) == ("1", "2", ["tagging failed"])
    bench.memory.fail.clear()
    assert steps(bench.up().plan) == [("update", "a")]
    assert bench.resources()["a"].inputs["value"] == "2"


def test_check_failure_names_resource_and_property(bench):
    """A refused input ends the run before anything of that resource reaches the cloud."""
    plan = bench.preview('Thing("a", value="bad")')
    assert plan.errors == ("test:index:Thing resource 'a': property value has a problem: must not be bad",)
    (diagnostic,) = [event for event in bench.events if getattr(event, "severity", "") == "error"]
    assert diagnostic.urn == "urn:pulumi:dev::shop::test:index:Thing::a"
    assert diagnostic.source.file == "program/__main__.py"
    result = bench.up()
    assert (result.result, bench.memory.calls) == ("failed", [])


def test_unknown_type_is_named(bench):
    """A type that the provider does not know fails by its name."""
    result = bench.up('CustomResource("test:index:Other", "a", {})')
    assert result.errors == ("no handler for test:index:Other",)


def test_exception_names_file_and_line_of_the_program(bench):
    """A program's exception is told with the place in the user's file, without a traceback."""
    with pytest.raises(ProgramError) as caught:
        bench.up('Thing("a")\nvalue = {}["missing"]')
    error = caught.value
    assert (error.message, error.file) == ("KeyError: 'missing'", "program/__main__.py")
    assert str(error) == f"program/__main__.py:{error.line}: KeyError: 'missing'"
    source = (bench.root / error.file).read_text().splitlines()
    assert source[error.line - 1] == 'value = {}["missing"]'
    assert "Traceback" in error.traceback


def test_exception_in_apply_names_the_line(bench):
    """An exception inside apply is found too."""
    with pytest.raises(ProgramError, match="ZeroDivisionError: division by zero") as caught:
        bench.up('a = Thing("a")\na.arn.apply(lambda arn: 1 / 0)')
    assert caught.value.file == "program/__main__.py"
    assert "a" in bench.resources()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('raise pulumi.RunError("choose a region")', "choose a region"),
        ('pulumi.Config().require("size")', "Missing required configuration variable 'shop:size'"),
        ("import sys\nsys.exit(3)", "the program called sys.exit(3)"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def broken(:", "SyntaxError: invalid syntax"),
        (
            "class ArgsError(ValueError):\n    pass\nraise ArgsError('engine: must be redis')",
            "engine: must be redis",
        ),
    ],
)
def test_program_errors_are_readable(bench, text, message):
    """Errors written for people come without a class name, others with it."""
    with pytest.raises(ProgramError) as caught:
        bench.up(text)
    assert caught.value.message.splitlines()[0] == message
    assert caught.value.file == "program/__main__.py"


def test_missing_program_is_told_with_its_place(bench):
    """A project without a program says where it should be."""
    with pytest.raises(ProgramError, match=r"there is no program at .*/program/__main__\.py; create it, or set 'main'"):
        bench.up()


def test_exit_zero_is_no_error(bench):
    """sys.exit(0) ends a program well."""
    result = bench.up('import sys\nThing("a")\nsys.exit(0)')
    assert result.result == "succeeded"
    assert "a" in bench.resources()


def test_failed_program_deletes_nothing(bench):
    """A program that breaks half way does not delete what it had no time to register."""
    bench.up('Thing("a")\nThing("b")')
    with pytest.raises(ProgramError):
        bench.up('Thing("a")\nraise RuntimeError("no")')
    assert set(bench.resources()) == {"shop-dev", "default", "a", "b"}


def test_failure_keeps_old_outputs(bench):
    """Outputs that a failed run could not set again are kept."""
    bench.up('a = Thing("a", value="1")\npulumi.export("one", "1")\npulumi.export("arn", a.arn)')
    bench.memory.fail["update", "a"] = bench.provider_error("busy")
    bench.up('pulumi.export("one", "2")\na = Thing("a", value="2")\npulumi.export("two", a.arn)')
    assert set(bench.stack().outputs()) == {"one", "arn"}


def test_cancel_saves_what_was_done(bench):
    """Ctrl-C: what runs comes to its end, nothing new begins, the state is saved."""
    cancel = threading.Event()
    bench.memory.before = lambda kind, name: cancel.set() if name == "a" else None
    result = bench.up('a = Thing("a")\nThing("b", value=a.arn)', cancel=cancel)
    assert result.result == "canceled"
    assert set(bench.resources()) == {"shop-dev", "default", "a"}
    bench.memory.before = None
    assert steps(bench.up().plan) == [("create", "b")]


def test_cancelled_before_it_begins_does_nothing(bench):
    """A run that is already cancelled takes no step."""
    cancel = threading.Event()
    cancel.set()
    result = bench.up('Thing("a")', cancel=cancel)
    assert (result.result, result.counts) == ("canceled", {})


def test_unsupported_requests_fail_by_name(bench):
    """What the embedded engine does not do is refused with its name and the way out."""
    for text, message in (
        (
            'Thing("a", content=pulumi.StringAsset("x"))',
            "the program passes an asset, which the embedded engine does not support; run this program with --engine"
            " pulumi, or pass the content as text",
        ),
        (
            'class Remote(ComponentResource):\n    pass\nRemote("test:index:Remote", "r", None, None, remote=True)',
            "the remote component test:index:Remote 'r' is not supported by the embedded engine; run this program with"
            " --engine pulumi",
        ),
    ):
        with pytest.raises(ProgramError) as caught:
            bench.up(text)
        assert message in str(caught.value)


def test_hook_fails_by_name(bench):
    """Resource hooks are refused with their name."""
    with pytest.raises(ProgramError, match="the resource hook 'greet' is not supported by the embedded engine"):
        bench.up("""
            hook = pulumi.ResourceHook("greet", lambda args: None)
            Thing("a", opts=ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))
        """)


def test_two_programs_in_one_process_do_not_share_modules(bench):
    """A second run sees the program's modules as they are then."""
    (bench.root / "program" / "wanted_value.py").write_text("VALUE = '1'\n")
    program = 'import wanted_value\nThing("a", value=wanted_value.VALUE)'
    bench.up(program)
    (bench.root / "program" / "wanted_value.py").write_text("VALUE = '22'\n")
    assert steps(bench.up(program).plan) == [("update", "a")]


def test_program_runs_in_its_folder_and_leaves_no_trace(bench):
    """Working directory, module path and arguments are the program's while it runs, and as before afterwards."""
    import sys
    from pathlib import Path

    (bench.root / "program" / "data.txt").write_text("from a file")
    before = (Path.cwd(), list(sys.path), list(sys.argv))
    result = bench.up('pulumi.export("text", open("data.txt").read())')
    assert result.outputs == {"text": "from a file"}
    assert (Path.cwd(), sys.path, sys.argv) == before


def test_full_disk_in_the_middle_ends_the_run_and_loses_nothing(bench, monkeypatch):
    """When the journal cannot be written any more nothing new begins; the next up finishes what was begun."""
    import errno
    import os

    write = os.write

    def full(descriptor, data):
        if b'"end"' in data:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr("cachewright_offline.engine.journal.os.write", full)
    result = bench.up('a = Thing("a")\nThing("b", value=a.arn)')
    assert result.result == "failed"
    assert "No space left on device" in result.errors[0]
    assert len(result.pending) == 1
    monkeypatch.undo()
    monkeypatch.setattr("cachewright_offline.engine.secrets._ROUNDS", 1000)
    result = bench.up()
    assert steps(result.plan) == [("create", "b")]
    assert len(bench.memory.resources) == 2


def test_interrupt_ends_the_run_like_a_cancel(bench):
    """A KeyboardInterrupt of the calling thread saves what was done."""
    cancel = threading.Event()

    def before(kind, name):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        assert cancel.wait(30)

    bench.memory.before = before
    # A shell's background job ignores the signal, and so would a test run in one.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = bench.up('a = Thing("a")\nThing("b", value=a.arn)', cancel=cancel)
    finally:
        signal.signal(signal.SIGINT, inherited)
    assert result.result == "canceled"
    assert set(bench.resources()) == {"shop-dev", "default", "a"}
