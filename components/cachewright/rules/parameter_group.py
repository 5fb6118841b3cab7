"""What a `ParameterGroup` accepts."""

from collections.abc import Iterable

from cachewright.arguments import Schema, Types, Values, rule
from cachewright.catalog import engine_versions
from cachewright.errors import Problem
from cachewright.naming import Automatic
from cachewright.rules import engine, naming


class ParameterGroupTypes(Types):
    """The types of `ParameterGroupArgs`."""

    engine: str | None = None
    engine_version: str | None = None
    parameters: dict[str, str] | None = None
    cluster_enabled: bool | None = None
    description: str | None = None
    parameter_group_name: str | None = None
    tags: dict[str, str] | None = None
    region: str | None = None


@rule("engine", "cluster_enabled", "parameters")
def cluster_mode(values: Values) -> Iterable[Problem]:
    """Cluster mode is an argument, not a parameter, and Memcached has none."""
    if values["cluster_enabled"] and values["engine"] == "memcached":
        yield Problem(
            "cluster_enabled", "must be left out for memcached, which has no cluster mode, got True; remove it"
        )
    if "cluster-enabled" in (values["parameters"] or {}):
        yield Problem(
            "parameters.cluster-enabled",
            "must follow from the topology, got it as a parameter; remove it, and choose ReplicationGroup or"
            " ShardedReplicationGroup (or cluster_enabled of a ParameterGroup)",
        )


SCHEMA = Schema(
    component="ParameterGroup",
    types=ParameterGroupTypes,
    rules=(
        engine.engine_rule(engine_versions.ENGINES),
        engine.version,
        engine.parameter_values,
        cluster_mode,
        naming.name_rule("parameter_group_name", "parameter_group_name"),
        naming.name_rule("description", "description"),
        naming.region,
        naming.tags,
    ),
    required=("engine", "engine_version"),
    plain=frozenset({"engine", "engine_version", "cluster_enabled", "parameter_group_name", "region"}),
    automatic_names=(Automatic("parameter_group_name", unless="parameter_group_name"),),
)
