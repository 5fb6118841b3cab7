"""Which engine and version a cache runs, and until when AWS supports it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions
from cachewright_policies.cache import REDIS, VALKEY, Cache
from cachewright_policies.tokens import GLOBAL_REPLICATION_GROUP, SERVERLESS_CACHE

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_policies.graph import Resource

# Redis OSS 2 and 3 are gone; the catalog holds what can still be run.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/deprecated-engine-versions.html
_GONE: Final = {2: date(2023, 1, 13), 3: date(2023, 7, 31)}
_OLDEST_MAJOR: Final = 4


def version_of(subject: Resource) -> tuple[str, str]:
    """Return a cache's engine and the version it names; empty where it names none or inherits it.

    Raises:
        UnknownValueError: The engine or the version is not known yet.
    """
    cache = Cache(subject)
    if cache.is_secondary or cache.is_member:
        return "", ""
    property = "majorEngineVersion" if subject.type == SERVERLESS_CACHE else "engineVersion"
    version = subject.text(property)
    engine = cache.engine
    if subject.type == GLOBAL_REPLICATION_GROUP and not subject.is_set("engine") and version:
        engine = VALKEY if not engine_versions.find(REDIS, version) else REDIS
    return engine, version


def find(engine: str, version: str) -> EngineVersion | None:
    """Return what the catalog tells of a version: of the latest of a major, where only that is named."""
    if not version:
        return None
    known = engine_versions.find(engine, version)
    return known or engine_versions.latest_of_major(engine, version.split(".", maxsplit=1)[0])


def support_ends(engine: str, version: str) -> date | None:
    """Return when a version's standard support ends; None where AWS has told no day."""
    known = find(engine, version)
    if known is not None:
        return known.standard_support_ends
    major = int(version.split(".", maxsplit=1)[0]) if version[:1].isdigit() else _OLDEST_MAJOR
    return _GONE.get(major) if engine == REDIS else None
