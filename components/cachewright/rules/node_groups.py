"""Rules over shards: how many, with how many replicas each, and where, if they are described one by one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cachewright.arguments import Types, Values, between, rule
from cachewright.catalog import slots
from cachewright.catalog.limits import limit
from cachewright.errors import Problem
from cachewright.rules.placement import outpost_problems, zone_problems

_ID = re.compile(r"\d{4}")


class NodeGroupTypes(Types):
    """One entry of `node_group_configurations`; the provider compares each of these with what runs."""

    node_group_id: str
    slots: str
    replica_count: int
    primary_availability_zone: str
    replica_availability_zones: list[str]
    primary_outpost_arn: str | None = None
    replica_outpost_arns: list[str] | None = None


def replicas(values: Values) -> Mapping[str, int]:
    """Return how many replicas each shard of a sound cache begins with, by the shard's id."""
    every = values["replicas_per_node_group"]
    described: Sequence[Mapping[str, Any]] = values["node_group_configurations"] or ()
    if described:
        return {one["node_group_id"]: one["replica_count"] for one in described}
    return {f"{number:04}": every for number in range(1, values["num_node_groups"] + 1)}


def _bare(values: Values) -> tuple[str, str] | None:
    """Return what has no replica and what gives it one, as messages say it; None where every shard has one."""
    every = values["replicas_per_node_group"]
    if every is not None:
        return ("0 replicas", "set replicas_per_node_group to 1 or more") if every == 0 else None
    ids = [one["node_group_id"] for one in values["node_group_configurations"] or () if one["replica_count"] == 0]
    return (f"0 replicas in shard {ids[0]!r}", "set its replica_count to 1 or more") if ids else None


@rule("num_node_groups", "replicas_per_node_group", "node_quota", "node_group_configurations")
def shards(values: Values) -> Iterable[Problem]:
    """Up to 500 shards of up to 5 replicas, within the quota of nodes."""
    count, every, quota = values["num_node_groups"], values["replicas_per_node_group"], values["node_quota"]
    described = values["node_group_configurations"] or ()
    maximum = limit("nodes_per_cluster_maximum")
    most = limit("replicas_per_shard")
    problems = [
        *between("num_node_groups", count, 1, limit("shards_per_cluster"), "split the data over several caches"),
        *between("replicas_per_node_group", every, 0, most, "use 1 or 2 in production"),
        *between("node_quota", quota, 1, maximum, "leave it out for AWS's default"),
    ]
    for index, one in enumerate(described):
        where = f"node_group_configurations[{index}].replica_count"
        problems += between(where, one["replica_count"], 0, most, "use 1 or 2 in production")
    yield from problems
    if problems or count is None:
        return
    if every is None:
        nodes, made_of = sum(1 + one["replica_count"] for one in described), "as they are described"
    else:
        nodes, made_of = count * (1 + every), f"{count} shards × {1 + every} nodes"
    if nodes > quota:
        if quota == maximum:
            way_out = f"{maximum} is the most AWS has: use fewer shards or replicas"
        else:
            way_out = "use fewer shards or replicas, or set node_quota to what AWS has granted"
        text = f"must be {quota} nodes or fewer in all, got {nodes} ({made_of}); {way_out}"
        yield Problem("num_node_groups", text)


@rule("replicas_per_node_group", "node_group_configurations", "automatic_failover_enabled", "multi_az_enabled")
def availability(values: Values) -> Iterable[Problem]:
    """Cluster mode always has automatic failover; Multi-AZ needs a replica in every shard."""
    if values["automatic_failover_enabled"] is False:
        text = "must be True in cluster mode, got False; AWS refuses it: leave it out"
        yield Problem("automatic_failover_enabled", text)
    bare = _bare(values)
    if values["multi_az_enabled"] and bare:
        yield Problem("multi_az_enabled", f"must be False without a replica, got True with {bare[0]}; {bare[1]}")


@rule("durability", "replicas_per_node_group", "node_group_configurations")
def durable_replicas(values: Values) -> Iterable[Problem]:
    """Durability needs a replica in every shard."""
    bare = _bare(values)
    if values["durability"] in {"async", "sync"} and bare:
        yield Problem("durability", f"must be left out without a replica, got it with {bare[0]}; {bare[1]}")


@rule("node_group_configurations", "num_node_groups", "replicas_per_node_group", "region")
def configurations(values: Values) -> Iterable[Problem]:
    """Every shard is described, and together they hold every slot once."""
    given: list[Mapping[str, Any]] | None = values["node_group_configurations"]
    if given is None:
        return
    count = values["num_node_groups"]
    if len(given) != count:
        text = f"must describe each of the {count} shards, got {len(given)}; describe all of them or leave it out"
        yield Problem("node_group_configurations", text)
    ids: list[str] = []
    for index, one in enumerate(given):
        where = f"node_group_configurations[{index}]"
        if not _ID.fullmatch(one["node_group_id"]):
            text = f"must be 4 digits, got {one['node_group_id']!r}; write it as AWS does, like '{index + 1:04}'"
            yield Problem(f"{where}.node_group_id", text)
        elif one["node_group_id"] in ids:
            text = f"must be unique, got {one['node_group_id']!r} twice; number the shards from '0001'"
            yield Problem(f"{where}.node_group_id", text)
        ids.append(one["node_group_id"])
        yield from _replicas(where, one, values["replicas_per_node_group"])
        zones = [one["primary_availability_zone"], *one["replica_availability_zones"]]
        for problem in zone_problems("zones", zones, values["region"]):
            place = int(problem.argument.removeprefix("zones[").removesuffix("]"))
            argument = f"replica_availability_zones[{place - 1}]" if place else "primary_availability_zone"
            yield Problem(f"{where}.{argument}", problem.text)
        yield from _outposts(where, one)
    yield from _slots(given, complete=len(given) == count)


def _slots(given: Sequence[Mapping[str, Any]], *, complete: bool) -> Iterable[Problem]:
    for index, one in enumerate(given):
        try:
            slots.parse(one["slots"])
        except ValueError as error:
            complete = False
            text = f"{error}; write it like {slots.even_slots(len(given))[index]!r}"
            yield Problem(f"node_group_configurations[{index}].slots", text)
    # Slots are missing where a shard is: that is told already.
    found = slots.cover_problem([one["slots"] for one in given]) if complete else None
    if found:
        yield Problem("node_group_configurations", found)


def _replicas(where: str, one: Mapping[str, Any], every: int | None) -> Iterable[Problem]:
    if every is not None and one["replica_count"] != every:
        text = (
            f"must be replicas_per_node_group ({every}), got {one['replica_count']}; make the two agree, or leave"
            " replicas_per_node_group out"
        )
        yield Problem(f"{where}.replica_count", text)
    elif len(one["replica_availability_zones"]) != one["replica_count"]:
        expected = f"must name as many zones as replica_count ({one['replica_count']})"
        text = f"{expected}, got {len(one['replica_availability_zones'])}; name the zone of each replica"
        yield Problem(f"{where}.replica_availability_zones", text)


def _outposts(where: str, one: Mapping[str, Any]) -> Iterable[Problem]:
    yield from outpost_problems(f"{where}.primary_outpost_arn", one.get("primary_outpost_arn"))
    arns = one.get("replica_outpost_arns")
    if arns is None:
        return
    for index, arn in enumerate(arns):
        yield from outpost_problems(f"{where}.replica_outpost_arns[{index}]", arn)
    if len(arns) != one["replica_count"]:
        expected = f"must name as many Outposts as replica_count ({one['replica_count']})"
        yield Problem(f"{where}.replica_outpost_arns", f"{expected}, got {len(arns)}; name the Outpost of each replica")


def on_outpost(values: Values) -> bool:
    """Return whether a node is on an Outpost."""
    described = values["node_group_configurations"] or ()
    return any(one.get("primary_outpost_arn") or one.get("replica_outpost_arns") for one in described)


RULES = (shards, availability, durable_replicas, configurations)
