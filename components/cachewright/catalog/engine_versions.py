"""Engines, their versions, parameter families and the ends of their support."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from cachewright.catalog import tables

ENGINES = ("valkey", "redis", "memcached")


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """One version of an engine.

    Attributes:
        engine: `valkey`, `redis` or `memcached`.
        version: The version as a program gives it.
        family: The parameter group family that fits it.
        actual_version: The version with its patch, as AWS reports it of a new cache.
        standard_support_ends: The last day of standard support, or None where AWS has announced none.
        extended_support_ends: The last day of paid extended support, or None.
        source: Where AWS states it.
    """

    engine: str
    version: str
    family: str
    actual_version: str
    standard_support_ends: date | None
    extended_support_ends: date | None
    source: str


@cache
def _all() -> tuple[EngineVersion, ...]:
    return tuple(
        EngineVersion(
            row["engine"],
            row["version"],
            row["family"],
            row["actual_version"],
            _day(row["standard_support_ends"]),
            _day(row["extended_support_ends"]),
            row["source"],
        )
        for row in tables.rows("engine_versions.csv")
    )


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def engine_versions(engine: str | None = None) -> tuple[EngineVersion, ...]:
    """Return the versions of one engine, or of all, oldest first."""
    return tuple(one for one in _all() if engine is None or one.engine == normalise_engine(engine))


def find(engine: str, version: str) -> EngineVersion | None:
    """Return the version that a program means, or None when AWS has none such.

    `6.x` is the latest version of Redis OSS 6.

    >>> find("redis", "6.x").version
    '6.2'
    """
    known = engine_versions(engine)
    if version == "6.x" and normalise_engine(engine) == "redis":
        return next(one for one in reversed(known) if one.version.startswith("6."))
    return next((one for one in known if one.version == version), None)


def latest_of_major(engine: str, major: str) -> EngineVersion | None:
    """Return the newest version of a major version, as a serverless cache is given one; None when there is none.

    >>> latest_of_major("valkey", "8").version
    '8.2'
    """
    return next((one for one in reversed(engine_versions(engine)) if one.version.startswith(f"{major}.")), None)


def default_version(engine: str) -> str:
    """Return the newest version of an engine: what a component takes when none is given."""
    return engine_versions(engine)[-1].version


def actual_version(engine: str, version: str) -> str:
    """Return the version with its patch, as AWS reports it."""
    known = find(engine, version)
    return version if known is None else known.actual_version


def normalise_engine(engine: str) -> str:
    """Return an engine's name in lower case, as AWS stores it."""
    return engine.lower()


def version_key(version: str) -> tuple[int, ...]:
    """Return a version's numbers, for comparison; what is no number is left out.

    >>> version_key("7.1") < version_key("7.10")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", version))


def at_least(version: str, minimum: str) -> bool:
    """Return whether a version is `minimum` or newer, as far as both are given.

    >>> at_least("7.0", "7.0.5")
    True
    """
    ours, theirs = version_key(version), version_key(minimum)
    length = min(len(ours), len(theirs))
    return ours[:length] >= theirs[:length]
