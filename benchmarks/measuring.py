"""What one run of a command takes, as a whole process, start-up included."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# Runs in a process of its own: the resources of ended children are those of this one child and what it started.
_MEASURE = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
sys.exit(code not in map(int, sys.argv[1].split(",")))
"""


class Cost(NamedTuple):
    """What one run took; the memory is that of its largest process."""

    seconds: float
    cpu: float
    mebibytes: float


def measure(command: tuple[str, ...], cwd: Path, codes: tuple[int, ...] = (0,), **environment: str) -> Cost:
    """Return what one run of a command takes; `codes` are the exit codes of a run that did its work."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, ",".join(map(str, codes)), *command],
        cwd=cwd,
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "bench", **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return Cost(*json.loads(done.stdout))
