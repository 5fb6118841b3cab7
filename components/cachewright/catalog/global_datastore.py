"""What a global datastore may be made of."""

from __future__ import annotations

from cachewright.catalog import features, node_types, regions
from cachewright.catalog.quoting import shown


def id_prefix(region: str) -> str | None:
    """Return what AWS puts before the suffix of a global datastore whose primary is in `region`.

    >>> id_prefix("us-east-1")
    'ldgnf'
    """
    known = regions.find(region)
    return known.global_datastore_prefix or None if known else None


def region_problem(region: str) -> str | None:
    """Return why a region cannot hold a member of a global datastore, or None.

    >>> region_problem("ap-southeast-6")
    "must be a region with global datastores, got 'ap-southeast-6'; choose another region such as 'ap-south-1'"
    """
    known = regions.find(region)
    if known is not None and known.global_datastore:
        return None
    near = [one.name for one in regions.regions().values() if one.global_datastore and one.name[:3] == region[:3]]
    other = near[0] if near else "eu-west-1"
    return f"must be a region with global datastores, got {shown(region)}; choose another region such as {other!r}"


def node_type_problem(name: str) -> str | None:
    """Return why a node type cannot be part of a global datastore, or None."""
    known = node_types.find(name)
    if known is not None and known.global_datastore:
        return None
    families = sorted({one.family for one in node_types.node_types() if one.global_datastore})
    return f"must be a node type of size large or more of {', '.join(families)}, got {shown(name)}; choose a larger one"


def engine_problem(engine: str, version: str) -> str | None:
    """Return why an engine version cannot be part of a global datastore, or None."""
    if features.supports(engine, version, "global_datastore"):
        return None
    minimum = features.minimum_version(engine, "global_datastore")
    if minimum is None:
        return f"must be valkey or redis, got {shown(engine)}"
    return f"must be {minimum} or newer for a global datastore, got {shown(version)}"
