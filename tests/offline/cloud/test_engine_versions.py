"""The versions of the engines, through HTTP."""

import pytest

from cachewright.catalog import engine_versions


def test_every_engine_version_is_shown(elasticache):
    """The versions are the catalog's, each with its family, in pages of any size."""
    pages = elasticache.get_paginator("describe_cache_engine_versions").paginate(PaginationConfig={"PageSize": 20})
    shown = [version for page in pages for version in page["CacheEngineVersions"]]
    assert {(one["Engine"], one["EngineVersion"], one["CacheParameterGroupFamily"]) for one in shown} == {
        (one.engine, one.version, one.family) for one in engine_versions.engine_versions()
    }
    assert len(shown) == len(engine_versions.engine_versions())


@pytest.mark.parametrize(
    ("filters", "versions"),
    [
        ({"Engine": "redis", "EngineVersion": "7.1"}, ["7.1"]),
        ({"Engine": "Redis", "EngineVersion": "7.1.0"}, ["7.1"]),
        ({"CacheParameterGroupFamily": "valkey7"}, ["7.2"]),
        ({"Engine": "valkey", "CacheParameterGroupFamily": "valkey8"}, ["8.0", "8.1", "8.2"]),
        ({"CacheParameterGroupFamily": "valkey8", "DefaultOnly": True}, ["8.2"]),
        ({"Engine": "memcached", "DefaultOnly": True}, ["1.6.22"]),
        ({"Engine": "redis", "EngineVersion": "6.0", "DefaultOnly": True}, ["6.0"]),
        ({"DefaultOnly": True}, ["1.6.22", "7.1", "9.1"]),
        ({"Engine": "dragonfly"}, []),
        ({"CacheParameterGroupFamily": "redis8"}, []),
    ],
)
def test_engine_version_filters(elasticache, filters, versions):
    """Versions are found by engine, number, family, and as the default of what was asked for."""
    answer = elasticache.describe_cache_engine_versions(**filters)
    assert [one["EngineVersion"] for one in answer["CacheEngineVersions"]] == versions


def test_a_version_in_full(elasticache):
    """A version is described in AWS's words."""
    (version,) = elasticache.describe_cache_engine_versions(Engine="redis", EngineVersion="7.1")["CacheEngineVersions"]
    assert version == {
        "Engine": "redis",
        "EngineVersion": "7.1",
        "CacheParameterGroupFamily": "redis7",
        "CacheEngineDescription": "Redis",
        "CacheEngineVersionDescription": "redis version 7.1.0",
    }


def test_page_sizes(elasticache, refused):
    """A page has 20 to 100 versions."""
    assert refused(elasticache.describe_cache_engine_versions, MaxRecords=101)[0] == "InvalidParameterValue"
