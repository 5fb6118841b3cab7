"""Rules over names, tags and descriptions, which every component has."""

import difflib
import re
from collections.abc import Iterable

from cachewright.arguments import Rule, Values, rule
from cachewright.catalog import names, regions
from cachewright.catalog.limits import limit
from cachewright.errors import Problem


def name_rule(argument: str, kind: str) -> Rule:
    """Return the rule that an argument is a name AWS allows."""

    @rule(argument)
    def check(values: Values) -> Iterable[Problem]:
        value = values[argument]
        found = names.problem(kind, value) if value is not None else None
        if found:
            yield Problem(argument, found)

    return check


# Regions come faster than releases of this library: one that looks like a region may be new.
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+){1,3}-\d")


@rule("region")
def region(values: Values) -> Iterable[Problem]:
    """The region is written as AWS writes it."""
    given = values["region"]
    if given is not None and given not in regions.regions() and not _REGION.fullmatch(given):
        close = difflib.get_close_matches(given, regions.regions(), n=1)
        way_out = f"did you mean {close[0]!r}?" if close else "write it like 'us-east-1'"
        yield Problem("region", f"must be a region, got {given!r}; {way_out}")


@rule("tags")
def tags(values: Values) -> Iterable[Problem]:
    """Tags are at most 50, with keys and values AWS allows."""
    given = values["tags"] or {}
    if len(given) > limit("tags_per_resource"):
        most = limit("tags_per_resource")
        yield Problem("tags", f"must be {most} tags or fewer, got {len(given)}; remove some")
    for key, value in given.items():
        for kind, text in (("tag_key", key), ("tag_value", value)):
            found = names.problem(kind, text)
            if found:
                yield Problem(f"tags.{key}", found)
