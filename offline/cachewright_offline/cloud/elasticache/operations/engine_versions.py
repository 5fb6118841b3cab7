"""The versions of the engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_NAMES: Final = {"memcached": "memcached", "redis": "Redis", "valkey": "Valkey"}


@operation("DescribeCacheEngineVersions")
def describe_cache_engine_versions(context: Context, params: Params) -> Result:
    """Show the versions that a cache can have."""
    del context
    found = [version for version in engine_versions.engine_versions() if _is_meant(version, params)]
    if params.get("DefaultOnly"):
        # Asked for one family, the newest of it is the default; asked for an engine, the newest of all.
        newest = {(one.engine, one.family if "CacheParameterGroupFamily" in params else ""): one for one in found}
        found = list(newest.values())
    chosen, marker = page(found, params, _key)
    return {"CacheEngineVersions": [_shown(version) for version in chosen], "Marker": marker}


def _is_meant(version: EngineVersion, params: Params) -> bool:
    engine, number, family = (params.get(name) for name in ("Engine", "EngineVersion", "CacheParameterGroupFamily"))
    return (
        (not engine or version.engine == engine.lower())
        and (not number or number in {version.version, version.actual_version})
        and (not family or version.family == family)
    )


def _key(version: EngineVersion) -> str:
    """Return what sorts versions by engine, then by number."""
    return version.engine + "".join(f".{int(part):06d}" for part in version.version.split("."))


def _shown(version: EngineVersion) -> Result:
    name = _NAMES[version.engine]
    return {
        "Engine": version.engine,
        "EngineVersion": version.version,
        "CacheParameterGroupFamily": version.family,
        "CacheEngineDescription": name,
        "CacheEngineVersionDescription": f"{name.lower()} version {version.actual_version}",
    }
