"""Reading the catalog's tables: CSV files beside the modules."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield a table's rows as they stand in the file.

    Args:
        name: The file's path below this folder, such as `limits.csv`.
    """
    with io.TextIOWrapper((files("cachewright.catalog") / name).open("rb"), encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def flag(cell: str) -> bool:
    """Return whether a cell says yes.

    Raises:
        ValueError: It says neither yes nor no.
    """
    if cell not in {"yes", "no"}:
        msg = f"a cell must be 'yes' or 'no', found {cell!r}"
        raise ValueError(msg)
    return cell == "yes"
