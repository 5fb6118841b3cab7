"""What AWS allows as a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cachewright.catalog import tables
from cachewright.catalog.quoting import shown


@dataclass(frozen=True, slots=True)
class NameRule:
    """The rule for one kind of name.

    Attributes:
        kind: The kind, such as `replication_group_id`.
        minimum: The least number of characters.
        maximum: The most characters.
        pattern: What the whole name matches.
        description: The pattern in words.
        reserved: A name, and a prefix before a dot, that AWS keeps for itself; or empty.
        way_out: What to do about one that is refused.
        source: Where AWS states it.
    """

    kind: str
    minimum: int
    maximum: int
    pattern: re.Pattern[str]
    description: str
    reserved: str
    way_out: str
    source: str


@cache
def rules() -> dict[str, NameRule]:
    """Return every rule by its kind."""
    return {
        row["kind"]: NameRule(
            row["kind"],
            int(row["minimum"]),
            int(row["maximum"]),
            re.compile(row["pattern"]),
            row["description"],
            row["reserved"],
            row["way_out"],
            row["source"],
        )
        for row in tables.rows("names.csv")
    }


def problem(kind: str, value: str) -> str | None:
    """Return what is wrong with a name, or None.

    >>> problem("replication_group_id", "main--cache")
    "must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'main--cache'; choose another name"
    """  # noqa: E501 - the message is one line
    rule = rules()[kind]
    if rule.reserved and (value.lower() == rule.reserved or value.lower().startswith(f"{rule.reserved}.")):
        return f"must not be {rule.reserved!r}, which AWS keeps for itself, got {shown(value)}; {rule.way_out}"
    if rule.minimum <= len(value) <= rule.maximum and (not value or rule.pattern.fullmatch(value)):
        return None
    return f"must be {rule.minimum}-{rule.maximum} {rule.description}, got {shown(value)}; {rule.way_out}"
