"""Global datastores that have somewhere to fail over to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import global_datastore
from cachewright.catalog.limits import limit
from cachewright_policies.engines import version_of
from cachewright_policies.rule import Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP
from cachewright_policies.topology.nodes import identifier, is_scaled
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
_INHERITED: Final = (
    "engine",
    "engineVersion",
    "nodeType",
    "numNodeGroups",
    "parameterGroupName",
    "transitEncryptionEnabled",
    "transitEncryptionMode",
    "atRestEncryptionEnabled",
    "snapshotArns",
    "snapshotName",
)


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find global datastores without a secondary, with one in the primary's region, or of nodes that cannot."""
    graph = scope.graph
    primaries = graph.references(subject, "primaryReplicationGroupId", REPLICATION_GROUP).resources
    secondaries = list(graph.users(subject, REPLICATION_GROUP, property="globalReplicationGroupId"))
    if not secondaries:
        yield Problem("the datastore has no secondary: the loss of the primary's region is the loss of the data")
    most = limit("global_datastore_secondaries")
    if len(secondaries) > most:
        yield Problem(f"{len(secondaries)} secondaries are more than the {most} that AWS makes: the update fails")
    taken = {one: primaries[0].name for one in [_region(primaries[0], scope)] if one} if primaries else {}
    for secondary in secondaries:
        region = _region(secondary, scope)
        if region is None:
            yield Unverified(f"the region of {secondary.name} is not known: it must be another than the primary's")
        elif region in taken:
            yield Problem(
                f"{secondary.name} is in {region}, as {taken[region]} is: every member needs a region of its own",
                "region",
                secondary,
            )
        else:
            taken[region] = secondary.name
    yield from _names(primaries, secondaries)
    for secondary in secondaries:
        own = [name for name in _INHERITED if secondary.is_set(name)]
        if own:
            yield Problem(
                f"{secondary.name} sets {', '.join(own)}, which a secondary has from its primary: the update fails",
                own[0],
                secondary,
            )
    for member in (*primaries, *secondaries):
        if is_scaled(graph, member):
            yield Problem(f"{member.name} is scaled automatically, which a datastore's members cannot be", "", member)
    for member in (subject, *primaries):
        yield from _nodes(member)


def _names(primaries: Iterable[Resource], secondaries: Iterable[Resource]) -> Iterator[Problem]:
    """Find members with one id: the provider tells them apart by nothing else."""
    taken: dict[str, str] = {}
    for member in (*primaries, *secondaries):
        name = identifier(member)
        if name is not None and name in taken:
            yield Problem(
                f"{member.name} has the id of {taken[name]}: the provider cannot tell them apart, and hangs when it"
                " removes one",
                "replicationGroupId",
                member,
            )
        elif name is not None:
            taken[name] = member.name


def _region(member: Resource, scope: Scope) -> str | None:
    if member.is_unknown("region"):
        return None
    return member.region or scope.region


def _nodes(member: Resource) -> Iterator[Problem]:
    property = "cacheNodeType" if member.type == GLOBAL_REPLICATION_GROUP else "nodeType"
    try:
        name = member.text(property)
        engine, version = version_of(member)
    except UnknownValueError:
        return
    problem = global_datastore.node_type_problem(name) if name else None
    if problem:
        yield Problem(f"{property} {problem}", property, member)
    problem = global_datastore.engine_problem(engine, version) if engine and version else None
    if problem:
        yield Problem(f"engineVersion {problem}", "engineVersion", member)


_PROGRAM = """
    primary = aws.elasticache.ReplicationGroup(
        "near",
        description="Sessions",
        engine="valkey",
        engine_version="8.0",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
    )
    datastore = aws.elasticache.GlobalReplicationGroup(
        "sessions", global_replication_group_id_suffix="sessions", primary_replication_group_id=primary.id
    )
    aws.elasticache.ReplicationGroup(
        "far",
        description="Sessions, far away",
        global_replication_group_id=datastore.global_replication_group_id,
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        region="{region}",
    )
"""

RULE = Rule(
    name="global-datastore-pair",
    title="Global datastores have a secondary in another region",
    description=(
        "A global datastore is there for the loss of a region: it needs at least one secondary, each member in a region"
        " of its own, and nodes and an engine version that AWS replicates between regions."
    ),
    severity=Severity.MEDIUM,
    types=(GLOBAL_REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Make a replication group with globalReplicationGroupId and region in another region. The primary goes on"
        " serving while the secondary is filled."
    ),
    arguments=("primaryReplicationGroupId",),
    violating=_PROGRAM.format(region="eu-west-1"),
    compliant=_PROGRAM.format(region="eu-central-1"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html",
    tags=("availability", "global-datastore"),
    needs_graph=True,
)
