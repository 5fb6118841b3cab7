"""What a global datastore may be made of."""

from __future__ import annotations

from cachewright.catalog import features, node_types, regions


def id_prefix(region: str) -> str | None:
    """Return what AWS puts before the suffix of a global datastore whose primary is in `region`.

    >>> id_prefix("us-east-1")
    'ldgnf'
    """
    known = regions.find(region)
    return known.global_datastore_prefix or None if known else None


def node_type_problem(name: str) -> str | None:
    """Return why a node type cannot be part of a global datastore, or None."""
    known = node_types.find(name)
    if known is not None and known.global_datastore:
        return None
    return f"must be a node type of size large or more of the m5, m6g, m7g, r5, r6g, r6gd, r7g or c7gn family, got {name!r}"


def engine_problem(engine: str, version: str) -> str | None:
    """Return why an engine version cannot be part of a global datastore, or None."""
    if features.supports(engine, version, "global_datastore"):
        return None
    minimum = features.minimum_version(engine, "global_datastore")
    if minimum is None:
        return f"must be valkey or redis, got {engine!r}"
    return f"must be {minimum} or newer for a global datastore, got {version!r}"
