"""Which engine version has which feature."""

from __future__ import annotations

from functools import cache

from cachewright.catalog import tables
from cachewright.catalog.engine_versions import ENGINES, at_least, normalise_engine


@cache
def _minimums() -> dict[tuple[str, str], str]:
    return {
        (row["feature"], engine): row[engine]
        for row in tables.rows("features.csv")
        for engine in ENGINES
        if row[engine]
    }


@cache
def features() -> tuple[str, ...]:
    """Return the names of all features."""
    return tuple(row["feature"] for row in tables.rows("features.csv"))


def minimum_version(engine: str, feature: str) -> str | None:
    """Return the first version of an engine that has a feature, or None when no version has it.

    Raises:
        KeyError: There is no such feature.
    """
    if feature not in features():
        raise KeyError(feature)
    return _minimums().get((feature, normalise_engine(engine)))


def supports(engine: str, version: str, feature: str) -> bool:
    """Return whether a version of an engine has a feature.

    >>> supports("redis", "6.2", "iam")
    False
    """
    minimum = minimum_version(engine, feature)
    return minimum is not None and at_least(version, minimum)
