"""Measures `preview` of 0, 1, 10, 100 and 1000 caches beside Pulumi's SDK alone, `--help`, and preview and up of prod.

Each figure is a whole process, start-up included; the best of three for the small ones. CPU seconds are what tells two
versions apart on a machine that does other things too. Nothing is asserted here: the tables are printed, and kept with
the machine they were taken on in README.md beside this file.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Cost, measure
from program import PROGRAM

COMMAND = (str(Path(sys.executable).with_name("cachewright")),)
SDK_ALONE = (sys.executable, str(Path(__file__).with_name("sdk_alone.py")))
ROOT = Path(__file__).resolve().parents[1]
CACHES = (0, 1, 10, 100, 1000)
# So many caches, and what a resource costs stands out from how start-up varies.
ENOUGH = 100


def best(runs: int, command: tuple[str, ...], cwd: Path, **environment: str) -> Cost:
    """Return the least of some runs, each figure by itself."""
    costs = [measure(command, cwd, **environment) for _ in range(runs)]
    return Cost(*(min(figures) for figures in zip(*costs, strict=True)))


def caches(project: Path) -> None:
    """Print the table of the program that grows."""
    (project / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
    (project / "Pulumi.dev.yaml").write_text("config: {}\n")
    (project / "__main__.py").write_text(PROGRAM)
    print(
        "| preview of | resources | seconds | CPU seconds | CPU ms a resource | of the SDK alone | ratio | peak MiB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    base: tuple[int, float, float] | None = None
    for number in CACHES:
        runs, count = 3 if number < 1000 else 1, number * 8
        cost = best(runs, (*COMMAND, "preview"), project, CACHES=str(number))
        alone = best(runs, SDK_ALONE, project, CACHES=str(number))
        each = ""
        if base is not None and number >= ENOUGH:
            ours, least = (
                (after - before) * 1000 / (count - base[0])
                for after, before in zip((cost.cpu, alone.cpu), base[1:], strict=True)
            )
            each = f"{ours:.2f} | {least:.2f} | {ours / least:.2f}"
        elif base is None and number:
            # From here on the provider's SDK is imported: what one cache costs is start-up.
            base = (count, cost.cpu, alone.cpu)
        print(
            f"| {number} caches | {count} | {cost.seconds:.2f} | {cost.cpu:.2f} | {each or ' | | '} |"
            f" {cost.mebibytes:.0f} |"
        )


def prod(project: Path) -> None:
    """Print the table of the stacks that come with the project."""
    subprocess.run(["cp", "-r", str(ROOT / "Pulumi.yaml"), str(ROOT / "stacks"), str(project)], check=True)
    print("| what | seconds | CPU seconds | peak MiB |")
    print("|---|---|---|---|")
    for title, runs, arguments in (
        ("cachewright --help", 3, ("--help",)),
        ("preview of prod from empty", 3, ("preview", "--stack", "prod")),
        ("first up of prod, starting the local AWS", 1, ("up", "--stack", "prod", "--yes")),
        ("second up of prod, nothing changed", 3, ("up", "--stack", "prod", "--yes")),
    ):
        cost = best(runs, (*COMMAND, *arguments), project)
        print(f"| {title} | {cost.seconds:.2f} | {cost.cpu:.2f} | {cost.mebibytes:.0f} |")
    subprocess.run([*COMMAND, "local", "stop"], cwd=project, check=True, capture_output=True)


def main() -> None:
    """Print both tables."""
    for table in (caches, prod):
        with tempfile.TemporaryDirectory() as folder:
            table(Path(folder))
            print()


if __name__ == "__main__":
    main()
