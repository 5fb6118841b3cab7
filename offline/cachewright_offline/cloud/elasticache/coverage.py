"""What the local ElastiCache does with each operation of the API, as a table (coverage.csv).

A test holds it against botocore's model, so that an operation that AWS adds is noticed and decided on.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Final

BEHAVES: Final = "behaves"
REFUSES: Final = "refuses"
MISSING: Final = "not-implemented"
_TABLE: Final = "coverage.csv"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What becomes of one operation.

    Attributes:
        operation: Its name.
        support: `behaves`; `refuses` what AWS refuses, too; or `not-implemented`, which an error of that name says.
        note: Where it stops short of AWS.
    """

    operation: str
    support: str
    note: str


@functools.cache
def coverage() -> dict[str, Coverage]:
    """Return what becomes of each operation, by its name."""
    text = resources.files(__package__ or "").joinpath(_TABLE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["operation"]: Coverage(row["operation"], row["support"], row["note"]) for row in rows}
