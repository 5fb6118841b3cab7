"""CloudWatch's metric math: arithmetic, comparisons and the functions that alarms of caches use."""

from __future__ import annotations

import itertools
import math
import operator
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Series: TypeAlias = dict[datetime, float]
Value: TypeAlias = "float | Series | list[Series] | str"

_MOST_CHARACTERS: Final = 2048
_MOST_NESTED: Final = 50
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign><=|>=|==|!=|&&|\|\||[-+*/^()\[\],<>]))"
)


def _power(base: float, exponent: float) -> float:
    try:
        value = base**exponent
    except (OverflowError, ZeroDivisionError):
        return math.nan
    return value if isinstance(value, int | float) else math.nan


_LEVELS: Final[tuple[dict[str, Callable[[float, float], float]], ...]] = (
    {"||": lambda a, b: float(bool(a) or bool(b)), "OR": lambda a, b: float(bool(a) or bool(b))},
    {"&&": lambda a, b: float(bool(a) and bool(b)), "AND": lambda a, b: float(bool(a) and bool(b))},
    {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": lambda a, b: a / b if b else math.nan},
    {"^": _power},
)
_AGGREGATES: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
_ROUNDINGS: Final[dict[str, Callable[[float], float]]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}


class MathError(ValueError):
    """An expression cannot be evaluated; the message says why."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What an expression is evaluated on.

    Attributes:
        series: The metrics and expressions that it may name, by id.
        metrics: The ids of those that are metrics, for METRICS().
        period: Seconds of a period.
        moments: The beginnings of all periods asked for.
    """

    series: Mapping[str, Series]
    metrics: Sequence[str]
    period: int
    moments: Sequence[datetime]


def names_in(expression: str) -> set[str]:
    """Return the ids that an expression names."""
    tokens = _tokens(expression)
    return {text for kind, text in tokens if kind == "name" and text[0].islower()}


def evaluate(expression: str, inputs: Inputs) -> Series:
    """Return the time series that an expression stands for.

    Raises:
        MathError: The expression is malformed, names what is not there, or uses what is not known here.
    """
    parser = _Parser(_tokens(expression), inputs)
    value = parser.level(0)
    if parser.left():
        raise MathError(f"unexpected {parser.peek()!r}")
    if isinstance(value, int | float):
        raise MathError("the expression must return a time series, not a number")
    if not isinstance(value, dict):
        raise MathError("the expression must return one time series")
    return {moment: one for moment, one in value.items() if math.isfinite(one)}


def _tokens(expression: str) -> list[tuple[str, str]]:
    if len(expression) > _MOST_CHARACTERS:
        raise MathError(f"the expression is longer than {_MOST_CHARACTERS} characters")
    found, place = [], 0
    text = expression.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise MathError(f"unexpected {text[place:].strip()[:1]!r}")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        place = match.end()
    return found


class _Parser:
    """Evaluates while it reads."""

    def __init__(self, tokens: list[tuple[str, str]], inputs: Inputs) -> None:
        self._tokens = tokens
        self._place = 0
        self._nested = 0
        self._inputs = inputs

    def left(self) -> bool:
        return self._place < len(self._tokens)

    def peek(self) -> str:
        return self._tokens[self._place][1] if self.left() else "the end"

    def level(self, number: int) -> Value:
        """Read operands joined by the operators of a level and of those that bind more tightly."""
        if number == len(_LEVELS):
            return self._unary()
        value = self.level(number + 1)
        while self.left() and self.peek() in _LEVELS[number]:
            sign = self._take()
            value = _apply(_LEVELS[number][sign], value, self.level(number + 1))
        return value

    def _take(self, wanted: str | None = None) -> str:
        text = self.peek()
        if not self.left() or (wanted is not None and text != wanted):
            raise MathError(f"expected {wanted or 'an operand'}, found {text!r}")
        self._place += 1
        return text

    def _unary(self) -> Value:
        self._nested += 1
        if self._nested > _MOST_NESTED:
            raise MathError("the expression is nested too deeply")
        try:
            if self.peek() == "-":
                self._take()
                return _apply(operator.sub, 0.0, self._unary())
            return self._operand()
        finally:
            self._nested -= 1

    def _operand(self) -> Value:
        kind = self._tokens[self._place][0] if self.left() else "sign"
        text = self._take()
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if text == "(":
            value = self.level(0)
            self._take(")")
            return value
        if text == "[":
            return self._array()
        if kind == "name":
            return self._function(text) if self.peek() == "(" else self._named(text)
        raise MathError(f"unexpected {text!r}")

    def _array(self) -> list[Series]:
        members = [_series(self.level(0), "an array holds time series")]
        while self.peek() == ",":
            self._take()
            members.append(_series(self.level(0), "an array holds time series"))
        self._take("]")
        return members

    def _named(self, name: str) -> Value:
        if name in {"REPEAT", "LINEAR"}:
            return name
        found = self._inputs.series.get(name)
        if found is None:
            raise MathError(f"unknown identifier {name!r}")
        return found

    def _function(self, name: str) -> Value:
        self._take("(")
        arguments: list[Value] = []
        while self.peek() != ")":
            arguments.append(self.level(0))
            if self.peek() != ")":
                self._take(",")
        self._take(")")
        return _call(name, arguments, self._inputs)


def _call(name: str, arguments: list[Value], inputs: Inputs) -> Value:
    if name == "METRICS":
        wanted = str(arguments[0]) if arguments else ""
        return [inputs.series[id] for id in inputs.metrics if wanted in id]
    if not arguments:
        raise MathError(f"{name} needs arguments")
    first = arguments[0]
    if name in _AGGREGATES:
        return _aggregate(_AGGREGATES[name], first)
    if name in _ROUNDINGS:
        function = _ROUNDINGS[name]
        return _apply(lambda value, _: float(function(value)), first, 0.0)
    if name == "IF" and len(arguments) in {2, 3}:
        return _choose(first, arguments[1], arguments[2] if len(arguments) == 3 else None)
    if name == "FILL" and len(arguments) == 2:
        return _fill(_series(first, "FILL takes a time series"), arguments[1], inputs.moments)
    series = _series(first, f"{name} takes a time series")
    if name == "PERIOD":
        return float(inputs.period)
    if name in {"DIFF", "RATE"}:
        return _steps(series, per_second=name == "RATE")
    raise MathError(f"the function {name} is not known to the local AWS")


def _series(value: Value | None, otherwise: str) -> Series:
    if not isinstance(value, dict):
        raise MathError(otherwise)
    return value


def _apply(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Apply a function to numbers, or to what two series have at the same moments."""
    if isinstance(left, list):
        return [_series(_apply(function, one, right), "an array holds time series") for one in left]
    if isinstance(right, list):
        return [_series(_apply(function, left, one), "an array holds time series") for one in right]
    if isinstance(left, str) or isinstance(right, str):
        raise MathError("a text is no operand")
    if isinstance(left, dict) and isinstance(right, dict):
        return {moment: float(function(left[moment], right[moment])) for moment in left if moment in right}
    if isinstance(left, dict) and not isinstance(right, dict):
        return {moment: float(function(value, right)) for moment, value in left.items()}
    if isinstance(right, dict) and not isinstance(left, dict):
        return {moment: float(function(left, value)) for moment, value in right.items()}
    numbers: Any = (left, right)
    return float(function(*numbers))


def _aggregate(function: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Reduce an array to one series moment by moment, or a series to a number."""
    if isinstance(value, list):
        moments = sorted({moment for one in value for moment in one})
        return {moment: function([one[moment] for one in value if moment in one]) for moment in moments}
    series = _series(value, "an aggregate takes a time series or an array of them")
    return function(list(series.values())) if series else math.nan


def _choose(condition: Value, then: Value, otherwise: Value | None) -> Value:
    def at(value: Value | None, moment: datetime) -> float | None:
        if isinstance(value, dict):
            return value.get(moment)
        return float(value) if isinstance(value, int | float) else None

    if not isinstance(condition, dict):
        chosen = then if condition else otherwise
        return chosen if chosen is not None else {}
    found = {moment: at(then if truth else otherwise, moment) for moment, truth in condition.items()}
    return {moment: value for moment, value in found.items() if value is not None}


def _fill(series: Series, filling: Value, moments: Sequence[datetime]) -> Series:
    known = sorted(series)
    filled: Series = {}
    for moment in sorted({*moments, *known}):
        before = [one for one in known if one <= moment]
        after = [one for one in known if one > moment]
        if moment in series:
            filled[moment] = series[moment]
        elif isinstance(filling, int | float):
            filled[moment] = float(filling)
        elif isinstance(filling, dict):
            if moment in filling:
                filled[moment] = filling[moment]
        elif filling == "REPEAT" and before:
            filled[moment] = series[before[-1]]
        elif filling == "LINEAR" and before and after:
            first, last = before[-1], after[0]
            part = (moment - first) / (last - first)
            filled[moment] = series[first] + (series[last] - series[first]) * part
    return filled


def _steps(series: Series, *, per_second: bool) -> Series:
    moments = sorted(series)
    found: Series = {}
    for before, moment in itertools.pairwise(moments):
        seconds = (moment - before).total_seconds() if per_second else 1
        found[moment] = (series[moment] - series[before]) / seconds
    return found
