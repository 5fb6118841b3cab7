"""Measures `cachewright check` of 1, 10, 100 and 1000 caches of 8 resources beside what others check them with.

Each figure is a whole process, start-up included. The peers run the equivalent in turn with ours, A B C A B C, so that
a machine that does other things does them to all: what is quoted is the median, and the ratio to the same round's run.

- CDK + cdk-nag: the same caches as a CDK application in Python, synthesised and checked in one process.
- Checkov and cfn-lint: on the CloudFormation template of it, which is made beforehand and not counted.

The peers are installed into `.venv-peers` beside this project's environment. Nothing is asserted here.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from measuring import Cost, measure
from program import PROGRAM

HERE: Final = Path(__file__).resolve().parent
PEERS: Final = HERE.parent / ".venv-peers"
# Caches, rounds, and whether cfn-lint takes part: at 1000 caches it takes minutes.
SIZES: Final = ((1, 5, True), (10, 5, True), (100, 3, True), (1000, 3, False))
# The CDK says on standard error that it will soon need a newer Node.js, wherever it is not the newest.
QUIET: Final = {
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
}
FINDINGS: Final = (0, 1)


def install() -> None:
    """Install the peers, once for each version of their list."""
    wanted = HERE / "peers" / "requirements.txt"
    done = PEERS / ".installed"
    if done.exists() and done.read_text() == wanted.read_text():
        return
    print("Installing the peers ...", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(wanted)], check=True)
    done.write_text(wanted.read_text())


def compete(folder: Path, caches: int, rounds: int, *, linted: bool) -> None:
    """Print the rows of one size."""
    environment = {**QUIET, "CACHES": str(caches), "OUT": str(folder / f"cdk-{caches}")}
    cdk = (str(PEERS / "bin" / "python"), str(HERE / "peers" / "cdk_app.py"))
    measure(cdk, folder, CHECKED="0", **environment)
    template = str(folder / f"cdk-{caches}" / "bench.template.json")
    ours = (str(Path(sys.executable).with_name("cachewright")), "check", "--stack", "dev")
    checkov = (str(PEERS / "bin" / "checkov"), "--framework", "cloudformation", "--quiet", "--compact", "-f", template)
    commands: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
        "cachewright check": (ours, FINDINGS),
        "CDK + cdk-nag": (cdk, FINDINGS),
        "Checkov": (checkov, FINDINGS),
    }
    if linted:
        commands["cfn-lint"] = ((str(PEERS / "bin" / "cfn-lint"), template), tuple(range(16)))
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(rounds):
        for name, (command, codes) in commands.items():
            print(f"{caches} caches, round {turn + 1}/{rounds}: {name}", file=sys.stderr)
            costs[name].append(measure(command, folder, codes, **environment))
    own = costs["cachewright check"]
    for name, runs in costs.items():
        seconds, cpu, memory = (median(figures) for figures in zip(*runs, strict=True))
        ratio = median(one.seconds / other.seconds for one, other in zip(own, runs, strict=True))
        shown = "" if runs is own else f"{ratio:.2f}"
        print(f"| {caches} | {name} | {seconds:.1f} | {shown} | {cpu:.1f} | {memory:.0f} |", flush=True)


def main() -> None:
    """Print the table."""
    install()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
        (folder / "__main__.py").write_text(PROGRAM)
        print("| caches | command | seconds | ours to it | CPU seconds | peak MiB |")
        print("|---|---|---|---|---|---|")
        for caches, rounds, linted in SIZES:
            compete(folder, caches, rounds, linted=linted)


if __name__ == "__main__":
    main()
