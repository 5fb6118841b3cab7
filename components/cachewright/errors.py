"""What a component says of arguments it cannot take."""

from collections.abc import Callable, Sequence
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


def spell(spelling: Callable[[str], str]) -> None:
    """Have every problem from now on told in another language's spelling of the arguments.

    Args:
        spelling: Returns a text with the arguments in it written as that language does.
    """
    ArgsError.spelling = staticmethod(spelling)


class ArgsError(pulumi.InputPropertiesError):
    """A component was given arguments that AWS would refuse, or that would do harm.

    `str()` holds one line for each problem, `problems` holds them one by one. Nothing has been registered when it is
    raised.
    """

    # How the arguments are written; Python's own names where nobody says otherwise.
    spelling: Callable[[str], str] = staticmethod(str)

    def __init__(self, component: str, name: str, problems: Sequence[Problem]) -> None:
        """Collect what is wrong.

        Args:
            component: The component's class.
            name: The component's name.
            problems: All that is wrong with its arguments.
        """
        told = [Problem(self.spelling(one.argument), self.spelling(one.text)) for one in problems]
        lines = [f"{component} '{name}': '{one.argument}' {one.text}" for one in told]
        # Pulumi's engine would tell the value of each argument that is named to it, a secret one, too.
        super().__init__("\n".join(lines), [])
        self.problems = tuple(problems)
        self._text = "\n".join(lines)

    def __str__(self) -> str:
        return self._text
