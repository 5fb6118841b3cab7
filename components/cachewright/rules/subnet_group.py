"""What a `SubnetGroup` accepts."""

from collections.abc import Iterable, Sequence

from cachewright.arguments import Schema, Types, Values, rule
from cachewright.catalog.limits import limit
from cachewright.errors import Problem
from cachewright.naming import Automatic
from cachewright.rules import naming


class SubnetGroupTypes(Types):
    """The types of `SubnetGroupArgs`."""

    subnet_ids: list[str] | None = None
    description: str | None = None
    subnet_group_name: str | None = None
    tags: dict[str, str] | None = None
    region: str | None = None


@rule("subnet_ids")
def subnet_ids(values: Values) -> Iterable[Problem]:
    """One to twenty subnets, each once."""
    ids = values["subnet_ids"]
    if ids is None:
        return
    most = limit("subnets_per_subnet_group")
    if not 1 <= len(ids) <= most:
        yield Problem("subnet_ids", f"must be 1 to {most} subnets, got {len(ids)}; name one in each zone")
    yield from id_problems("subnet_ids", ids)


def id_problems(argument: str, ids: Sequence[str] | None) -> Iterable[Problem]:
    """Return the problems of subnets' ids."""
    given = ids or []
    for index, one in enumerate(given):
        if not one.startswith("subnet-"):
            text = f"must be a subnet's id, got {one!r}; write it like 'subnet-0123'"
            yield Problem(f"{argument}[{index}]", text)
        elif one in given[:index]:
            yield Problem(f"{argument}[{index}]", f"must be named once, got {one!r} twice; remove one")


SCHEMA = Schema(
    component="SubnetGroup",
    types=SubnetGroupTypes,
    rules=(
        subnet_ids,
        naming.name_rule("subnet_group_name", "subnet_group_name"),
        naming.name_rule("description", "description"),
        naming.region,
        naming.tags,
    ),
    required=("subnet_ids",),
    plain=frozenset({"subnet_group_name", "region"}),
    automatic_names=(Automatic("subnet_group_name", unless="subnet_group_name"),),
)
