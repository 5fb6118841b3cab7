"""Which resources a run is limited to.

A target is a URN, or a pattern in which `*` stands for anything but `:` and `**` for anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Targets:
    """A set of URNs and patterns; an empty one holds everything."""

    def __init__(self, targets: Iterable[str] = ()) -> None:
        given = tuple(targets)
        self.literals = {target for target in given if "*" not in target}
        self._patterns = [_pattern(target) for target in given if "*" in target]
        self.constrained = bool(given)

    def __contains__(self, urn: str) -> bool:
        if not self.constrained or urn in self.literals:
            return True
        return any(pattern.fullmatch(urn) for pattern in self._patterns)

    def add(self, urn: str) -> None:
        """Add a URN, if the set is limited at all."""
        if self.constrained:
            self.literals.add(urn)

    def copy(self) -> Targets:
        """Return a set that can grow by itself."""
        other = Targets()
        other.literals, other._patterns = set(self.literals), self._patterns
        other.constrained = self.constrained
        return other


def _pattern(target: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*|\*)", target)
    return re.compile("".join({"**": ".*", "*": "[^:]*"}.get(piece, re.escape(piece)) for piece in pieces))
