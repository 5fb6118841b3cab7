"""The state folder: nothing is lost, whatever happens to the process, the disk or the file."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from cachewright_offline.engine.backend import Backend, StackState
from cachewright_offline.engine.journal import Journal, recover
from cachewright_offline.engine.resource import Resource, Snapshot
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import CachewrightError, PassphraseError, StackLockedError, StateError
from cachewright_offline.values import Secret


def stack(root: Path, name: str = "dev") -> StackState:
    return Backend(root).open("shop", name, lambda: "test")


def resource(name: str, **members: object) -> Resource:
    return Resource(f"urn:pulumi:dev::shop::t:m:T::{name}", "t:m:T", custom=True, id=f"id-{name}", **members)


def names(snapshot: Snapshot) -> list[str]:
    return [one.name for one in snapshot.resources]


def test_a_stack_is_saved_and_loaded_in_pulumis_layout(tmp_path: Path) -> None:
    """The files stand where Pulumi's CLI looks for them."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a", inputs={"password": Secret("hunter2")})]))

    assert (tmp_path / ".pulumi" / "meta.yaml").read_text() == "version: 1\n"
    assert (tmp_path / ".pulumi" / "stacks" / "shop" / "dev.json").exists()
    assert "hunter2" not in state.path.read_text()
    assert stack(tmp_path).load() == Snapshot([resource("a", inputs={"password": Secret("hunter2")})])
    assert Backend(f"file://{tmp_path}").stack_names("shop") == ("dev",)


def test_a_state_is_loaded_with_the_key_that_was_prepared_for_it(tmp_path: Path) -> None:
    """The key is derived once, from one asking for the passphrase, whether loading waits for it or not."""
    held = Snapshot([resource("a", inputs={"password": Secret("hunter2")})])
    stack(tmp_path).save(held)
    asked = []
    state = Backend(tmp_path).open("shop", "dev", lambda: asked.append("") or "test")

    state.prepare()

    assert state.load() == held
    assert state.load() == held
    assert asked == [""]


def test_a_wrong_passphrase_is_told_by_loading_not_by_preparing(tmp_path: Path) -> None:
    """The thread that derives the key keeps its error to itself."""
    stack(tmp_path).save(Snapshot([resource("a", inputs={"password": Secret("hunter2")})]))
    state = Backend(tmp_path).open("shop", "dev", lambda: "another")

    state.prepare()

    with pytest.raises(PassphraseError, match="^incorrect passphrase: "):
        state.load()


def test_nothing_is_prepared_where_nothing_is_secret(tmp_path: Path) -> None:
    """A state without secrets, or none at all, asks for no passphrase."""
    asked = []
    for held in (Snapshot(), Snapshot([resource("a")])):
        state = Backend(tmp_path).open("shop", "dev", lambda: asked.append("") or "test")
        state.prepare()
        assert state.load() == held
        assert asked == []
        stack(tmp_path).save(Snapshot([resource("a")]))


def test_the_state_before_is_kept_as_the_backup(tmp_path: Path) -> None:
    """One save back is always there."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    before = state.path.read_bytes()

    state.save(Snapshot([resource("b")]))

    assert state.backup.read_bytes() == before


def test_a_corrupt_state_is_refused_with_the_place_of_its_backup(tmp_path: Path) -> None:
    """The message names the file, the fault and the backup; the file is left alone."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    state.save(Snapshot([resource("b")]))
    state.path.write_text('{"version": 3, "checkpoint": {')

    with pytest.raises(StateError) as caught:
        stack(tmp_path).load()

    assert str(caught.value).startswith(f"the state file {state.path} is corrupt (")
    assert str(caught.value).endswith(
        f"the state before the last update is in {state.backup}: copy it over the state file and run 'refresh'"
    )
    assert state.path.read_text() == '{"version": 3, "checkpoint": {'


def test_a_state_whose_resources_do_not_stand_in_order_is_refused(tmp_path: Path) -> None:
    """A dependency that is missing would make every later step wrong."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a", dependencies=["urn:pulumi:dev::shop::t:m:T::gone"])]))

    with pytest.raises(
        StateError, match="T::a refers to urn:pulumi:dev::shop::t:m:T::gone, which does not stand before"
    ):
        stack(tmp_path).load()


def test_a_missing_state_beside_its_backup_is_not_taken_for_a_new_stack(tmp_path: Path) -> None:
    """Creating everything a second time is the worst answer to a lost file."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    state.save(Snapshot([resource("b")]))
    state.path.unlink()

    with pytest.raises(StateError, match=r"dev\.json is missing but its backup is there"):
        stack(tmp_path).load()


def test_a_journal_merges_what_a_killed_update_did(tmp_path: Path) -> None:
    """Added first, then what is left of before; what never ended is pending."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a"), resource("b"), resource("c")]))
    old_a, old_b, _ = state.snapshot.resources
    journal = state.begin_update()
    new_a = resource("a", outputs={"n": 2})
    journal.commit(journal.begin("updating", new_a), add=[new_a], drop=[old_a])
    journal.commit(journal.begin("deleting", old_b), drop=[old_b])
    journal.begin("creating", resource("d", inputs={"token": Secret("hunter2")}))

    reopened = stack(tmp_path)
    snapshot = reopened.load()

    assert reopened.recovered
    assert names(snapshot) == ["a", "c"]
    assert snapshot.resources[0].outputs == {"n": 2}
    assert [(one.type, one.resource.name) for one in snapshot.pending_operations] == [("creating", "d")]
    assert "hunter2" not in next((tmp_path / ".cachewright" / "journal" / "shop").iterdir()).read_text()


def test_an_update_that_ends_leaves_no_journal(tmp_path: Path) -> None:
    """The state file is written once, at the end."""
    state = stack(tmp_path)
    state.load()
    journal = state.begin_update()
    journal.commit(None, add=[resource("a")])

    state.finish_update(journal)

    assert names(stack(tmp_path).load()) == ["a"]
    assert not list((tmp_path / ".cachewright" / "journal" / "shop").iterdir())


def test_an_update_without_a_change_writes_nothing(tmp_path: Path) -> None:
    """The file's bytes are the same after an update that changed nothing."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    before = state.path.stat()

    state.finish_update(state.begin_update())

    assert state.path.stat().st_ino == before.st_ino


def test_a_torn_last_line_is_as_if_it_had_not_begun(tmp_path: Path) -> None:
    """A process killed in the middle of a write loses that write and nothing else."""
    state = stack(tmp_path)
    state.load()
    journal = state.begin_update()
    journal.commit(None, add=[resource("a")])
    journal.commit(None, add=[resource("b")])
    path = tmp_path / ".cachewright" / "journal" / "shop" / "dev.jsonl"
    whole = path.read_bytes()

    for cut in range(whole.rindex(b"\n", 0, -1) + 1, len(whole)):
        path.write_bytes(whole[:cut])

        assert names(stack(tmp_path).load()) == ["a"]


def test_a_journal_of_another_state_is_not_applied(tmp_path: Path) -> None:
    """Pulumi's CLI may have gone on with the stack since."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    journal = state.begin_update()
    journal.commit(None, add=[resource("b")])
    journal_path = tmp_path / ".cachewright" / "journal" / "shop" / "dev.jsonl"
    left = journal_path.read_bytes()
    state.save(Snapshot([resource("z")]))
    journal_path.write_bytes(left)

    reopened = stack(tmp_path)

    assert names(reopened.load()) == ["z"]
    assert not reopened.recovered


def test_a_corrupt_journal_is_refused_by_line(tmp_path: Path) -> None:
    """A line that is whole but unreadable is not skipped."""
    state = stack(tmp_path)
    state.load()
    journal = state.begin_update()
    journal.commit(None, add=[resource("a")])
    path = tmp_path / ".cachewright" / "journal" / "shop" / "dev.jsonl"
    path.write_bytes(path.read_bytes() + b"{]\n")

    with pytest.raises(StateError, match=r"the update journal is corrupt at line 3: .*dev\.jsonl"):
        stack(tmp_path).load()


def test_a_full_disk_is_an_error_that_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    """The file system's own limit on a file's size stands in for a full disk: the write fails in the kernel."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    before = state.path.read_bytes()
    script = textwrap.dedent(
        f"""
        import resource, signal
        from cachewright_offline.engine.backend import Backend
        from cachewright_offline.engine.resource import Resource
        from cachewright_offline.errors import StateError
        state = Backend({str(tmp_path)!r}).open("shop", "dev", lambda: "test")
        state.load()
        journal = state.begin_update()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        big = Resource("urn:pulumi:dev::shop::t:m:T::big", "t:m:T", custom=True, id="b", inputs={{"x": "y" * 9000}})
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        for action in (lambda: journal.commit(None, add=[big]), lambda: state.save(type(state.snapshot)([big]))):
            try:
                action()
            except StateError as error:
                print(error)
        """
    )

    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert printed.splitlines() == [
        f"cannot write the update journal {tmp_path}/.cachewright/journal/shop/dev.jsonl: File too large; the state on"
        " disk is as it was. Make room or make the folder writable, then run the command again",
        f"cannot write the state file {state.path}: File too large; the state on disk is as it was. Make room or make"
        " the folder writable, then run the command again",
    ]
    assert state.path.read_bytes() == before
    assert names(stack(tmp_path).load()) == ["a"]
    assert [path.name for path in state.path.parent.iterdir()] == ["dev.json"]


def test_two_updates_at_once_are_refused_with_the_holder(tmp_path: Path) -> None:
    """The second one is told who holds the lock, and goes through once it is free."""
    with stack(tmp_path).lock("up"):
        with pytest.raises(StackLockedError) as caught, stack(tmp_path).lock("destroy"):
            pass
        assert f"the stack 'dev' is locked by 'up' (pid {os.getpid()}, since " in str(caught.value)
        assert str(caught.value).endswith("wait for it to end, then run 'destroy' again")
        with stack(tmp_path, "other").lock("up"):
            pass

    with stack(tmp_path).lock("destroy"):
        pass
    assert not list((tmp_path / ".pulumi" / "locks").rglob("*.json"))


def test_a_killed_process_does_not_hold_the_lock(tmp_path: Path) -> None:
    """Neither the kernel's lock nor the lock file in Pulumi's form outlives its process."""
    script = textwrap.dedent(
        f"""
        import sys
        from cachewright_offline.engine.backend import Backend
        with Backend({str(tmp_path)!r}).open("shop", "dev", lambda: "test").lock("up"):
            print("locked", flush=True)
            sys.stdin.read()
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.close()
    assert list((tmp_path / ".pulumi" / "locks").rglob("*.json"))

    with stack(tmp_path).lock("up"):
        assert len(list((tmp_path / ".pulumi" / "locks").rglob("*.json"))) == 1


def test_pulumis_own_lock_is_respected(tmp_path: Path) -> None:
    """Pulumi's CLI on another machine may be at work in the same folder."""
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "shop" / "dev"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(
        json.dumps({"pid": 1, "username": "ann", "hostname": "elsewhere", "timestamp": "2026-01-01T00:00:00Z"})
    )

    with (
        pytest.raises(StackLockedError, match=r"locked by ann@elsewhere \(pid 1, since 2026-01-01T00:00:00Z\)"),
        stack(tmp_path).lock("up"),
    ):
        pass


def test_an_error_of_the_work_passes_the_lock_unchanged(tmp_path: Path) -> None:
    """Only the lock's own errors are the lock's."""
    with pytest.raises(FileNotFoundError), stack(tmp_path).lock("up"):
        Path(tmp_path / "nowhere").read_text()


@pytest.mark.parametrize("name", ["", "a/b", "x" * 101, "prod eu"])
def test_a_malformed_stack_name_is_refused(tmp_path: Path, name: str) -> None:
    """The name becomes a file's name."""
    with pytest.raises(CachewrightError, match="the stack's name must be 1-100 letters, digits"):
        stack(tmp_path, name)


def test_a_backend_that_is_no_folder_is_refused() -> None:
    """PULUMI_BACKEND_URL may name a bucket: that is for Pulumi's own engine."""
    with pytest.raises(CachewrightError, match=r"the backend must be a folder \(file://...\), found s3://"):
        Backend("s3://bucket")


def test_the_instance_of_the_local_aws_is_remembered(tmp_path: Path) -> None:
    """It tells a later run that the cloud behind the state is another one."""
    state = stack(tmp_path)
    assert state.instance_id == ""
    state.instance_id = "i-1"

    assert stack(tmp_path).instance_id == "i-1"


def test_removing_a_stack_leaves_no_trace_of_it(tmp_path: Path) -> None:
    """A stack of the same name starts anew."""
    state = stack(tmp_path)
    state.save(Snapshot([resource("a")]))
    state.save(Snapshot([resource("a")]))
    state.record_history("update", "succeeded", {"create": 1}, 0.0)
    state.remove()

    assert stack(tmp_path).load() == Snapshot()
    assert not list((tmp_path / ".pulumi" / "history").rglob("*.json"))


CRYPTER = Crypter(lambda: "test")


class JournalMachine(RuleBasedStateMachine):
    """Random updates: what a killed process leaves on disk merges to what the living one saw."""

    live = Bundle("live")

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(os.environ["JOURNAL_MACHINE_DIR"]) / f"{id(self)}.jsonl"
        self.counter = 0
        self.base = [resource(f"base{index}") for index in range(4)]
        self.journal = Journal(Snapshot(list(self.base)), CRYPTER)
        self.journal.open(self.path, "digest")
        self.droppable = list(self.base)
        self.tokens: list[int] = []

    def fresh(self) -> Resource:
        self.counter += 1
        return resource(f"new{self.counter}", outputs={"n": self.counter})

    @rule(kind=st.sampled_from(["creating", "updating", "deleting"]))
    def begin(self, kind: str) -> None:
        self.tokens.append(self.journal.begin(kind, self.fresh()))

    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        token = self.tokens.pop(data.draw(st.integers(0, len(self.tokens) - 1))) if self.tokens else None
        drop = [self.droppable.pop()] if self.droppable and data.draw(st.booleans()) else []
        add = [self.fresh() for _ in range(data.draw(st.integers(0, 2)))]
        put = self.droppable[:1] if data.draw(st.booleans()) else []
        for one in put:
            one.outputs = {"changed": self.counter}
        self.journal.commit(token, add=add, put=put, drop=drop)
        self.droppable.extend(add)

    @invariant()
    def the_file_tells_the_same(self) -> None:
        recovered = recover(self.path, Snapshot([resource(f"base{i}") for i in range(4)]), "digest", CRYPTER)
        assert (recovered or Snapshot([resource(f"base{i}") for i in range(4)])) == self.journal.snapshot()

    def teardown(self) -> None:
        self.journal.close()
        self.path.unlink()


def test_a_journal_tells_what_the_living_process_saw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every event the file merges to the same snapshot."""
    monkeypatch.setenv("JOURNAL_MACHINE_DIR", str(tmp_path))
    machine = JournalMachine.TestCase()
    machine.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
    machine.runTest()
