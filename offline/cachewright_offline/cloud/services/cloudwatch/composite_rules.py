"""The rules of composite alarms: `ALARM("cpu") AND NOT (OK(memory) OR FALSE)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CHARACTERS: Final = 10_240
_MOST_NESTED: Final = 50
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\s()\"]+))\s*\)"
    r"|(?P<word>AND|OR|NOT|TRUE|FALSE)(?![A-Za-z0-9_])|(?P<bracket>[()]))"
)


class RuleError(ValueError):
    """A rule is malformed or names an alarm that does not exist; the message says which."""


def evaluate(rule: str, states: Mapping[str, str]) -> bool:
    """Return whether a rule holds.

    Args:
        rule: The rule.
        states: The states of the alarms by name and by ARN.

    Raises:
        RuleError: The rule is malformed, or an alarm that it names does not exist.
    """
    reader = _Reader(_tokens(rule, states))
    value = reader.either()
    if reader.left():
        raise RuleError(f"unexpected {reader.peek()}")
    return value


def _tokens(rule: str, states: Mapping[str, str]) -> list[str]:
    if len(rule) > _MOST_CHARACTERS:
        raise RuleError(f"the rule is longer than {_MOST_CHARACTERS} characters")
    found, place, text = [], 0, rule.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise RuleError(f"unexpected {text[place:].strip()[:20]!r}")
        if match["state"]:
            name = match["quoted"] or match["bare"]
            if name not in states:
                raise RuleError(f"the alarm {name} does not exist")
            found.append("TRUE" if states[name] == match["state"] else "FALSE")
        else:
            found.append(match["word"] or match["bracket"])
        place = match.end()
    return found


class _Reader:
    """Reads a rule in which every alarm is TRUE or FALSE already."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._nested = 0

    def left(self) -> bool:
        return self._place < len(self._tokens)

    def peek(self) -> str:
        return self._tokens[self._place] if self.left() else "the end"

    def either(self) -> bool:
        """Read alternatives. Both sides are read, whatever the first is."""
        value = self._both()
        while self.peek() == "OR":
            self._place += 1
            other = self._both()
            value = value or other
        return value

    def _both(self) -> bool:
        value = self._single()
        while self.peek() == "AND":
            self._place += 1
            other = self._single()
            value = value and other
        return value

    def _single(self) -> bool:
        self._nested += 1
        if self._nested > _MOST_NESTED:
            raise RuleError("the rule is nested too deeply")
        token = self.peek()
        self._place += 1
        if token == "NOT":
            value = not self._single()
        elif token == "(":
            value = self.either()
            if self.peek() != ")":
                raise RuleError(f"expected ), found {self.peek()}")
            self._place += 1
        elif token in {"TRUE", "FALSE"}:
            value = token == "TRUE"
        else:
            raise RuleError(f"unexpected {token}")
        self._nested -= 1
        return value
