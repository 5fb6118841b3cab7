"""How long a resource is in a transient state on AWS, as a table (durations.csv)."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import Final

_TABLE: Final = "durations.csv"


@functools.cache
def durations() -> dict[str, float]:
    """Return the seconds of each transition: `replication-group-create`, ..."""
    text = resources.files(__package__ or "").joinpath(_TABLE).read_text(encoding="utf-8")
    return {row["transition"]: float(row["seconds"]) for row in csv.DictReader(text.splitlines())}
