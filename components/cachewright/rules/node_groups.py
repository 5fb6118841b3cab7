"""Rules over shards that are described one by one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cachewright.arguments import Types, Values, rule
from cachewright.catalog import slots
from cachewright.errors import Problem
from cachewright.rules.placement import zone_problems

_ID = re.compile(r"\d{4}")


class NodeGroupTypes(Types):
    """One entry of `node_group_configurations`; the provider compares each of these with what runs."""

    node_group_id: str
    slots: str
    replica_count: int
    primary_availability_zone: str
    replica_availability_zones: list[str]


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


def _replicas(where: str, one: Mapping[str, Any], replicas: int | None) -> Iterable[Problem]:
    if one["replica_count"] != replicas:
        text = f"must be replicas_per_node_group ({replicas}), got {one['replica_count']}; make the two agree"
        yield Problem(f"{where}.replica_count", text)
    elif len(one["replica_availability_zones"]) != one["replica_count"]:
        expected = f"must name as many zones as replica_count ({one['replica_count']})"
        text = f"{expected}, got {len(one['replica_availability_zones'])}; name the zone of each replica"
        yield Problem(f"{where}.replica_availability_zones", text)
