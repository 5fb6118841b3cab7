"""Names of resources, as every operation checks and stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import names
from cachewright_offline.cloud.elasticache.faults import invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Params


def identifier(params: Params, parameter: str, kind: str) -> str:
    """Return the name that a request gives a new resource, in lower case as ElastiCache stores it.

    Args:
        params: The request.
        parameter: Which parameter holds the name.
        kind: The rule for it in the catalog of names.

    Raises:
        Fault: It is no such name.
    """
    given: str = params[parameter]
    problem = names.problem(kind, given)
    if problem is not None:
        raise invalid_value(f"The parameter {parameter} is not a valid identifier: it {problem}.")
    return given.lower()
