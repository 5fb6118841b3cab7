"""What a component says of arguments it cannot take."""

from collections.abc import Sequence
from typing import NamedTuple

import pulumi


class Problem(NamedTuple):
    """One argument that is wrong.

    Attributes:
        argument: The argument, with its path: `users[0].passwords`.
        text: What was expected, what was found and one way out, beginning with "must".
    """

    argument: str
    text: str


class ArgsError(pulumi.InputPropertiesError):
    """A component was given arguments that AWS would refuse, or that would do harm.

    `str()` holds one line for each problem; `errors` holds them by property path, as Pulumi's engine shows them to
    programs in other languages. Nothing has been registered when it is raised.
    """

    def __init__(self, component: str, name: str, problems: Sequence[Problem]) -> None:
        """Collect what is wrong.

        Args:
            component: The component's class.
            name: The component's name.
            problems: All that is wrong with its arguments.
        """
        lines = [f"{component} '{name}': '{one.argument}' {one.text}" for one in problems]
        details = [pulumi.InputPropertyErrorDetails(property_path=one.argument, reason=one.text) for one in problems]
        super().__init__("\n".join(lines), details)
        self.problems = tuple(problems)
        self._text = "\n".join(lines)

    def __str__(self) -> str:
        return self._text
