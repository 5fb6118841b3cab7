"""What an alarm's datapoints say of its state, by the rules that CloudWatch documents.

Of the most recent periods as many datapoints are evaluated as the alarm has evaluation periods. CloudWatch looks a few
periods further back for them, so that a late datapoint is no missing one; only what is missing even then is treated as
the alarm says.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

OK: Final = "OK"
ALARM: Final = "ALARM"
INSUFFICIENT_DATA: Final = "INSUFFICIENT_DATA"
# How many periods more than the alarm has are looked at.
SPARE_PERIODS: Final = 2

_COMPARISONS: Final[dict[str, tuple[Callable[[float, float], bool], str]]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """When an alarm goes off.

    Attributes:
        comparison: Such as `GreaterThanThreshold`.
        threshold: What datapoints are compared with.
        periods: How many datapoints are evaluated.
        to_alarm: How many of them must breach.
        missing: How missing ones are treated: `missing`, `ignore`, `breaching` or `notBreaching`.
    """

    comparison: str
    threshold: float
    periods: int
    to_alarm: int
    missing: str

    @property
    def is_known(self) -> bool:
        """Whether the comparison is with a fixed threshold; the others need anomaly detection."""
        return self.comparison in _COMPARISONS

    def breaches(self, value: float) -> bool:
        """Tell whether a value is on the wrong side of the threshold."""
        return _COMPARISONS[self.comparison][0](value, self.threshold)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the datapoints say.

    Attributes:
        state: The state, or None to keep the one that the alarm has.
        reason: CloudWatch's sentence.
        datapoints: The datapoints that were evaluated, the most recent last.
    """

    state: str | None
    reason: str
    datapoints: tuple[tuple[datetime, float], ...] = ()


def evaluate(rule: Rule, periods: Sequence[datetime], series: Mapping[datetime, float]) -> Outcome:
    """Return what an alarm's datapoints say.

    Args:
        rule: When the alarm goes off.
        periods: The beginnings of the periods that are looked at, in order.
        series: The datapoints by the beginnings of their periods.
    """
    known = tuple((moment, series[moment]) for moment in periods if moment in series)[-rule.periods :]
    breaching = sum(rule.breaches(value) for _, value in known)
    absent = rule.periods - len(known)
    if not known:
        return _nothing_known(rule)
    if rule.missing == "breaching":
        is_alarm = breaching + absent >= rule.to_alarm
    elif rule.missing == "notBreaching":
        is_alarm = breaching >= rule.to_alarm
    else:
        is_alarm = breaching >= min(rule.to_alarm, len(known))
        if is_alarm and breaching < rule.to_alarm and rule.missing == "ignore":
            return Outcome(None, "", known)
    return Outcome(ALARM if is_alarm else OK, _reason(rule, known, is_alarm=is_alarm), known)


def _nothing_known(rule: Rule) -> Outcome:
    count = _counted(rule.periods, "datapoint")
    verb = "was" if rule.periods == 1 else "were"
    if rule.missing == "ignore":
        return Outcome(None, "")
    if rule.missing == "missing":
        return Outcome(INSUFFICIENT_DATA, f"Insufficient Data: {count} {verb} unknown.")
    treated = "Breaching" if rule.missing == "breaching" else "NonBreaching"
    state = ALARM if rule.missing == "breaching" else OK
    reason = f"Threshold Crossed: no datapoints were received for {_counted(rule.periods, 'period')}"
    missing = "1 missing datapoint was" if rule.periods == 1 else f"{rule.periods} missing datapoints were"
    return Outcome(state, f"{reason} and {missing} treated as [{treated}].")


def _reason(rule: Rule, known: Sequence[tuple[datetime, float]], *, is_alarm: bool) -> str:
    concerned = [one for one in known if rule.breaches(one[1]) == is_alarm] or list(known)
    shown = ", ".join(f"{value} ({moment:%d/%m/%y %H:%M:%S})" for moment, value in reversed(concerned))
    verb = "was" if len(concerned) == 1 else "were"
    comparison = ("" if is_alarm else "not ") + _COMPARISONS[rule.comparison][1]
    needed = rule.to_alarm if is_alarm else rule.periods - rule.to_alarm + 1
    change = "OK -> ALARM" if is_alarm else "ALARM -> OK"
    return (
        f"Threshold Crossed: {len(concerned)} out of the last {_counted(rule.periods, 'datapoint')} [{shown}] {verb} "
        f"{comparison} the threshold ({rule.threshold}) "
        f"(minimum {_counted(needed, 'datapoint')} for {change} transition)."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
