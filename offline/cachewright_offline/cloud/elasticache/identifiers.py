"""Names of resources, as every operation checks and stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import names
from cachewright_offline.cloud.elasticache.faults import invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Params

# AWS says the same of every name, whatever is wrong with it.
_RULE: Final = (
    "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
    "and must not end with a hyphen or contain two consecutive hyphens."
)


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
    if given.lower() == names.rules()[kind].reserved:
        raise invalid_value(f"{given.lower()} is reserved and cannot be modified.")
    if problem is not None:
        raise invalid_value(f"The parameter {parameter} is not a valid identifier. {_RULE}")
    return given.lower()
