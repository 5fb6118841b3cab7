"""Kills an up at every point where it touches the disk or the cloud, and lets the next up repair it.

Run as a script: `interruptions.py FOLDER`. Each round is two forked processes over one project: the first dies by
SIGKILL at its n-th point, the second runs the program again. Prints one JSON line a round.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path

spec = importlib.util.spec_from_file_location("engine_conftest", Path(__file__).with_name("conftest.py"))
conftest = importlib.util.module_from_spec(spec)
sys.modules["engine_conftest"] = conftest
spec.loader.exec_module(conftest)

FIRST = """
    box = Box("box")
    a = Thing("a", key="1", name="fixed", opts=ResourceOptions(parent=box))
    b = Thing("b", key=a.arn)
    c = Thing("c", key="1", value="1")
    d = Thing("d", value="1")
    pulumi.export("arn", b.arn)
"""
SECOND = """
    box = Box("box")
    a = Thing("a", key="2", name="fixed", opts=ResourceOptions(parent=box))
    b = Thing("b", key=a.arn)
    c = Thing("c", key="2", value="1")
    e = Thing("e", value=c.arn)
    pulumi.export("arn", b.arn)
"""


class StoredCloud(conftest.Memory):
    """A cloud that outlives the process: a file, written at once with what it answered."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.guard = threading.RLock()
        if file.exists():
            stored = json.loads(file.read_text())
            self.resources, self.operations = stored["resources"], stored["operations"]

    def store(self):
        temporary = self.file.with_suffix(".tmp")
        temporary.write_text(json.dumps({"resources": self.resources, "operations": self.operations}))
        temporary.replace(self.file)


class StoredProvider(conftest.MemoryProvider):
    """Stores after every change; each change has a point before and one after it."""

    def create(self, urn, inputs, *, preview, operation, timeout):
        return self._changing(super().create, urn, inputs, preview=preview, operation=operation, timeout=timeout)

    def update(self, *args, **kwargs):
        return self._changing(super().update, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._changing(super().delete, *args, **kwargs)

    def _changing(self, change, *args, **kwargs):
        with self.memory.guard:
            point()
            result = change(*args, **kwargs)
            self.memory.store()
            point()
            return result


countdown = [0]


def point():
    """Die when the countdown ends."""
    countdown[0] -= 1
    if countdown[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def watch_the_journal():
    """Make every write of the journal and of the state a point before and after it."""
    from cachewright_offline.engine import backend
    from cachewright_offline.engine.journal import Journal

    for owner, name in ((Journal, "_write"), (backend, "_replace_file")):
        original = getattr(owner, name)

        def watched(*args, original=original, **kwargs):
            point()
            original(*args, **kwargs)
            point()

        setattr(owner, name, watched)


def up(root, program, dying_at):
    """Run one up in a forked process; returns its report, or None if it died."""
    report = root / "report.json"
    report.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            countdown[0] = dying_at
            bench = conftest.Workbench(root)
            bench.memory = StoredCloud(root / "cloud.json")
            bench.program(program)
            stack = bench.stack()
            stack._load_provider = lambda package, cloud: StoredProvider(package, bench.memory)
            result = stack.up(bench.options(parallel=2))
            state = bench.stack().state.load()
            report.write_text(
                json.dumps(
                    {
                        "result": result.result,
                        "errors": result.errors,
                        "pending": result.pending,
                        "changes": [f"{step.op} {step.name}" for step in result.plan.changes],
                        "told": bench.messages("info") + bench.messages("warning"),
                        "ids": sorted(one.id for one in state.resources if one.type == "test:index:Thing"),
                        "cloud": sorted(bench.memory.resources),
                        "names": sorted(one.name for one in state.resources if one.type == "test:index:Thing"),
                    }
                )
            )
            status = 0
        except BaseException:  # noqa: BLE001 - the child must not live on
            traceback.print_exc()
        finally:
            os._exit(status)
    os.waitpid(child, 0)
    return json.loads(report.read_text()) if report.exists() else None


def main():
    """Go through all points of a first up, then through all of an update."""
    import pulumi  # noqa: F401 - imported before the forks, for their sake

    from cachewright_offline.engine import secrets

    secrets._ROUNDS = 1000
    watch_the_journal()
    folder = Path(sys.argv[1])
    for before, program, name in ((None, FIRST, "create"), (FIRST, SECOND, "update")):
        at = 1
        while True:
            root = folder / f"{name}{at}"
            if before is not None:
                up(root, before, 0)
            survived = up(root, program, at)
            if survived is not None:
                break
            repaired = up(root, program, 0)
            again = up(root, program, 0)
            print(json.dumps({"phase": name, "point": at, "repaired": repaired, "again": again}), flush=True)  # noqa: T201 - the report
            at += 1


if __name__ == "__main__":
    main()
