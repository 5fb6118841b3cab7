"""Writes docs/local-aws.md, with a table of ElastiCache's operations; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.local_aws_docs` in the root of the repository: it reads the tests' source.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cachewright_ops.generated_document import templates, write_or_check
from cachewright_ops.tested_operations import Tested, tested_operations

TARGET: Final = Path("docs") / "local-aws.md"
TESTS: Final = Path("tests") / "offline" / "cloud"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        operation: Its name.
        support: What becomes of it.
        answers: Whether a test holds an answer of it.
        refusals: Whether a test holds a refusal.
        note: Where it stops short of AWS.
    """

    operation: str
    support: str
    answers: bool
    refusals: bool
    note: str


def rows() -> list[Row]:
    """Return the table."""
    from cachewright_offline.cloud.elasticache.coverage import coverage

    tested = tested_operations(coverage(), TESTS)
    return [
        Row(
            one.operation,
            one.support,
            bool(tested.get(one.operation, Tested()).answers),
            bool(tested.get(one.operation, Tested()).refusals),
            one.note,
        )
        for one in coverage().values()
    ]


def render() -> str:
    """Return the whole document."""
    from cachewright_offline.cloud.elasticache.coverage import BEHAVES, MISSING, REFUSES

    template = templates().get_template("local-aws.md.j2")
    table = rows()
    counts = {kind: sum(one.support == kind for one in table) for kind in (BEHAVES, REFUSES, MISSING)}
    return template.render(operations=table, behaves=counts[BEHAVES], refuses=counts[REFUSES], missing=counts[MISSING])


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, render, "the table and the tests"))
