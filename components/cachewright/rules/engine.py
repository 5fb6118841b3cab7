"""Rules over the engine, its version, and what they allow."""

from collections.abc import Iterable, Sequence

from cachewright.arguments import Rule, Values, choice, rule, shown
from cachewright.catalog import engine_versions, node_types, parameters
from cachewright.errors import Problem


def engine_rule(engines: Sequence[str]) -> Rule:
    """Return the rule that `engine` is one of those that the component takes."""

    @rule("engine")
    def check(values: Values) -> Iterable[Problem]:
        return choice("engine", values["engine"], engines)

    return check


@rule("engine", "engine_version")
def version(values: Values) -> Iterable[Problem]:
    """The version is one that AWS has of the engine."""
    engine, wanted = values["engine"], values["engine_version"]
    if wanted is None or engine not in engine_versions.ENGINES:
        return
    if engine_versions.find(engine, wanted) is None:
        known = ", ".join(one.version for one in engine_versions.engine_versions(engine))
        text = f"must be a version of {engine} ({known}), got {shown(wanted)}; choose one of them"
        yield Problem("engine_version", text)


@rule("engine", "engine_version", "node_type")
def node_type(values: Values) -> Iterable[Problem]:
    """The node type exists and runs the engine's version."""
    name, engine, wanted = values["node_type"], values["engine"], values["engine_version"]
    if name is None:
        return
    if node_types.find(name) is None:
        family = name.rpartition(".")[0]
        sizes = [one.name for one in node_types.node_types() if one.name.rpartition(".")[0] == family]
        examples = ", ".join(sizes[:8]) if sizes else "cache.t4g.small, cache.m7g.large, cache.r7g.large"
        yield Problem("node_type", f"must be a node type of ElastiCache, got {name!r}; choose one such as {examples}")
        return
    if engine in engine_versions.ENGINES and wanted and engine_versions.find(engine, wanted):
        found = node_types.compatible(name, engine, wanted)
        if found:
            yield Problem("node_type", f"must run {engine} {wanted}, got one that does not: {found}")


def family_of(values: Values) -> str | None:
    """Return the parameter group family of the engine and version, or None where they are not sound."""
    engine, wanted = values["engine"], values["engine_version"]
    if engine not in engine_versions.ENGINES:
        return None
    known = engine_versions.find(engine, wanted) if wanted else None
    return known.family if known else None


@rule("engine", "engine_version", "parameters")
def parameter_values(values: Values) -> Iterable[Problem]:
    """Each parameter is one of the family's, modifiable, with a value that AWS allows."""
    given = values["parameters"]
    family = family_of(values)
    if not given or family is None:
        return
    for name, value in given.items():
        found = parameters.problem(family, name, value)
        if found:
            yield Problem(f"parameters.{name}", found)
            continue
        minimum = parameters.parameters(family)[name].minimum_engine_version
        if minimum and not engine_versions.at_least(values["engine_version"], minimum):
            found_version = values["engine_version"]
            text = f"must be left out before version {minimum}, got it with {found_version}; upgrade or remove it"
            yield Problem(f"parameters.{name}", text)
    if {"reserved-memory", "reserved-memory-percent"} <= set(given):
        text = "must not be given with reserved-memory-percent, got both; keep reserved-memory-percent"
        yield Problem("parameters.reserved-memory", text)
