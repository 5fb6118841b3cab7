"""Measures wall time and peak memory of `preview` for 1, 10, 100 and 1000 caches, and of preview and up of prod.

Each figure is a whole process, start-up included; the best of three for the small ones. Nothing is asserted here:
the table is printed, and kept with the machine it was taken on in README.md beside this file.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from program import PROGRAM

COMMAND = str(Path(sys.executable).with_name("cachewright"))
ROOT = Path(__file__).resolve().parents[1]


def measure(arguments: list[str], cwd: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Return wall seconds and peak MiB of one run of the command."""
    script = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
        "sys.exit(code)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "bench", **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - began, float(done.stdout)


def best(runs: int, arguments: list[str], cwd: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Return the quickest of some runs."""
    return min(measure(arguments, cwd, environment) for _ in range(runs))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (project / "Pulumi.dev.yaml").write_text("config: {}\n")
        (project / "__main__.py").write_text(PROGRAM)
        empty, _ = best(3, ["preview"], project, {"CACHES": "0"})
        print("| what | resources | seconds | ms per resource beyond start-up | peak MiB |")
        print("|---|---|---|---|---|")
        print(f"| preview of nothing | 0 | {empty:.2f} | | |")
        for caches in (1, 10, 100, 1000):
            seconds, memory = best(3 if caches < 1000 else 1, ["preview"], project, {"CACHES": str(caches)})
            each = (seconds - empty) * 1000 / (caches * 8)
            print(f"| preview of {caches} caches | {caches * 8} | {seconds:.2f} | {each:.2f} | {memory:.0f} |")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        subprocess.run(["cp", "-r", str(ROOT / "Pulumi.yaml"), str(ROOT / "stacks"), folder], check=True)
        for title, arguments in (
            ("preview of prod from empty", ["preview", "--stack", "prod"]),
            ("first up of prod, starting the local AWS", ["up", "--stack", "prod", "--yes"]),
            ("second up of prod", ["up", "--stack", "prod", "--yes"]),
        ):
            seconds, memory = measure(arguments, project, {})
            print(f"| {title} | 103 | {seconds:.2f} | | {memory:.0f} |")
        subprocess.run([COMMAND, "local", "stop"], cwd=project, check=True, capture_output=True)


if __name__ == "__main__":
    main()
