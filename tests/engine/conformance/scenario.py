"""What a scenario says: versions of a program, what is done with each, and what happens in between."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.side import Side

Command = Literal["preview", "up", "refresh", "destroy"]


@dataclass(frozen=True, slots=True)
class Step:
    """One command on both engines.

    Attributes:
        command: What is done.
        program: The program's new text, or None to leave it as it is.
        fails: Whether the command must fail.
        own_words: Whether the embedded engine says in other words what is wrong: docs/engines.md tells why.
        targets: URNs, or patterns of them, it is limited to.
        target_dependents: Whether what depends on the targets is one too.
        refresh: Whether every resource is read first.
        config: Configuration values, by key, from now on.
        before: Done first, on each side: changes behind the engine's back.
        stack: The stack.
        parallel: How many operations may run at a time.
    """

    command: Command
    program: str | None = None
    fails: bool = False
    own_words: bool = False
    targets: tuple[str, ...] = ()
    target_dependents: bool = False
    refresh: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Side], None] | None = None
    stack: str = "dev"
    parallel: int = 4


class Scenario:
    """Steps, one after the other.

    Args:
        steps: What is done.
        taken_over: Whether, in the end, each engine finds nothing to change in the state that the other has written.
    """

    def __init__(self, *steps: Step, taken_over: bool = True) -> None:
        self.steps = steps
        self.taken_over = taken_over and steps[-1].command == "up" and not steps[-1].fails and not steps[-1].targets


def up(program: str | None = None, **options: Any) -> Step:
    """Bring the stack up."""
    return _step("up", program, options)


def preview(program: str | None = None, **options: Any) -> Step:
    """Preview the program."""
    return _step("preview", program, options)


def refresh(program: str | None = None, **options: Any) -> Step:
    """Refresh the stack."""
    return _step("refresh", program, options)


def destroy(**options: Any) -> Step:
    """Destroy the stack."""
    return _step("destroy", None, options)


def _step(command: Command, program: str | None, options: dict[str, Any]) -> Step:
    text = None if program is None else "import pulumi\nfrom things import *\n\n" + textwrap.dedent(program).lstrip()
    return Step(command, text, **options)
