"""The parameters of each parameter group family."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cachewright.catalog import tables
from cachewright.catalog.quoting import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANGE = re.compile(r"(?P<low>-?\d+(\.\d+)?)(?P<open>-(?P<high>-?\d+(\.\d+)?)?)?")
_PATTERN_CHARACTERS = re.compile(r"[\[\](){}*?]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a family. All values are text, as in the API.

    Attributes:
        name: The parameter's name.
        data_type: `string`, `integer`, `float` or `boolean`.
        allowed_values: As AWS writes it: `yes,no`, `1-100`, `0,20-`, `-` for any number; or a pattern.
        default: The value that a new group has; in braces where it depends on the node type.
        modifiable: Whether a group may change it.
        change_type: `immediate`, or `requires-reboot`.
        minimum_engine_version: The first version of the family that has it, or empty.
        source: Where AWS states it.
    """

    name: str
    data_type: str
    allowed_values: str
    default: str
    modifiable: bool
    change_type: str
    minimum_engine_version: str
    source: str

    def allows(self, value: str) -> bool:
        """Return whether AWS accepts a value."""
        if _PATTERN_CHARACTERS.search(self.allowed_values):
            return re.fullmatch(self.allowed_values, value) is not None
        if self.data_type in {"integer", "float"}:
            number = _number(value, self.data_type)
            return number is not None and any(_within(number, part) for part in self.allowed_values.split(","))
        return value in self.allowed_values.split(",")


def _number(value: str, data_type: str) -> float | None:
    pattern = r"-?\d+" if data_type == "integer" else r"-?\d+(\.\d+)?"
    return float(value) if re.fullmatch(pattern, value, re.ASCII) else None


def _within(number: float, part: str) -> bool:
    if part == "-":
        return True
    match = _RANGE.fullmatch(part)
    if match is None:
        msg = f"the catalog's allowed values must be numbers and ranges, found {part!r}"
        raise ValueError(msg)
    low = float(match["low"])
    if match["open"] is None:
        return number == low
    return low <= number and (match["high"] is None or number <= float(match["high"]))


@cache
def _by_family() -> dict[str, dict[str, Parameter]]:
    found: dict[str, dict[str, Parameter]] = {}
    for row in tables.rows("parameters.csv"):
        parameter = Parameter(
            row["name"],
            row["data_type"],
            row["allowed_values"],
            row["default"],
            tables.flag(row["modifiable"]),
            row["change_type"],
            row["minimum_engine_version"],
            row["source"],
        )
        for family in row["families"].split():
            found.setdefault(family, {})[parameter.name] = parameter
    return found


def families() -> tuple[str, ...]:
    """Return every parameter group family."""
    return tuple(_by_family())


@cache
def retired_families() -> Mapping[str, tuple[str, str]]:
    """Return the families whose versions no cache can have any more: each one's engine and first version.

    AWS still makes parameter groups of them.
    """
    return {row["family"]: (row["engine"], row["first_version"]) for row in tables.rows("retired_families.csv")}


def parameters(family: str) -> Mapping[str, Parameter]:
    """Return a family's parameters by name.

    Raises:
        KeyError: There is no such family.
    """
    return _by_family()[family]


def problem(family: str, name: str, value: str) -> str | None:
    """Return what is wrong with setting a parameter, or None.

    >>> problem("redis7", "timeout", "10")
    "must be one of 0,20-, got '10'; AWS's default is '0'"
    """
    current = [one for one in families() if one not in retired_families()]
    if family not in families():
        close = difflib.get_close_matches(family, current, n=1)
        way_out = f"did you mean {close[0]}?" if close else f"choose one of {', '.join(current)}"
        return f"must be for a parameter group family of ElastiCache, got {shown(family)}; {way_out}"
    known = parameters(family)
    parameter = known.get(name)
    if parameter is None:
        elsewhere = [other for other in current if name in parameters(other)]
        close = difflib.get_close_matches(name, known, n=3)
        if close:
            way_out = f"did you mean {' or '.join(close)}?"
        elif elsewhere:
            way_out = f"it exists in {', '.join(elsewhere)} only; remove it"
        else:
            way_out = "ElastiCache has no such parameter; remove it"
        return f"must be a parameter of {family}, got {shown(name)}; {way_out}"
    if not parameter.modifiable:
        return f"must be left to AWS, which does not let {name} be changed, got {shown(value)}; remove it"
    if parameter.allows(value):
        return None
    kind = "match" if _PATTERN_CHARACTERS.search(parameter.allowed_values) else "be one of"
    if kind == "be one of" and parameter.data_type == "integer" and _number(value, "integer") is None:
        return f"must be an integer, got {shown(value)}; AWS's default is {parameter.default!r}"
    return f"must {kind} {parameter.allowed_values}, got {shown(value)}; AWS's default is {parameter.default!r}"


def default_group_name(family: str, *, cluster_enabled: bool = False) -> str:
    """Return the name of AWS's own, unchangeable group of a family.

    >>> default_group_name("redis7", cluster_enabled=True)
    'default.redis7.cluster.on'
    """
    return f"default.{family}.cluster.on" if cluster_enabled else f"default.{family}"
