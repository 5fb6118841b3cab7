"""What would change between two versions of a program."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.options import Options
from cachewright_ops.checking.program import registered
from cachewright_ops.testing.program import inputs_of, opened
from cachewright_ops.testing.resources import is_of_type
from cachewright_ops.testing.result import Run
from cachewright_ops.testing.settled import SettledProviders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cachewright_offline.engine.plan import Plan, Step
    from cachewright_ops.testing.program import Program


@dataclass(frozen=True, slots=True)
class Change:
    """What an update would do with one resource.

    Attributes:
        op: `create`, `update`, `replace` or `delete`.
        type: Its type token.
        name: Its name in the program.
        urn: Pulumi's name of it.
        properties: The properties that differ.
        forced_by: Those of them that make it be replaced.
    """

    op: str
    type: str
    name: str
    urn: str
    properties: tuple[str, ...] = ()
    forced_by: tuple[str, ...] = ()

    def __str__(self) -> str:
        because = f" because of {', '.join(self.forced_by)}" if self.forced_by else ""
        differing = f" ({', '.join(self.properties)})" if self.properties and not because else ""
        return f"{self.op} {self.type.rsplit(':', 1)[-1]} {self.name}{because}{differing}"


class Changes:
    """What an update from one version of a program to another would do.

    Attributes:
        before: The first version, as it is after its own update.
        after: The second one, as a preview has it.
    """

    def __init__(self, before: Run, after: Run, plan: Plan) -> None:
        self.before = before
        self.after = after
        self._changes = tuple(_change(one) for one in plan.changes if one.logical and one.resource.custom)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def of(self, op: str) -> tuple[Change, ...]:
        """Return the changes of a kind: `create`, `update`, `replace` or `delete`."""
        return tuple(one for one in self._changes if one.op == op)

    def of_type(self, type: Any) -> tuple[Change, ...]:
        """Return what happens to resources of a type: its token, the last part of it, or its Python class."""
        return tuple(one for one in self._changes if is_of_type(one.type, type))

    def assert_nothing(self) -> None:
        """Claim that the update does nothing.

        Raises:
            AssertionError: It does: all is told.
        """
        self._fail("nothing was to change", self._changes)

    def assert_no_replacement(self, type: Any = None) -> None:
        """Claim that nothing, or nothing of a type, is replaced or deleted.

        Raises:
            AssertionError: Something is: with the properties that force it.
        """
        lost = [one for one in self._changes if one.op in {"replace", "delete"}]
        self._fail(
            "nothing was to be replaced or deleted",
            [one for one in lost if type is None or is_of_type(one.type, type)],
        )

    def assert_exactly(self, expected: Mapping[str, str]) -> None:
        """Claim what the update does, by the names of the resources: `{"sessions": "update"}`; nothing else happens.

        Raises:
            AssertionError: Something else happens, or something does not: all differences are told.
        """
        there = {one.name: one for one in self._changes}
        lines = [
            f"  {name}: expected {op}, found {there.get(name, 'no change')}"
            for name, op in expected.items()
            if name not in there or there[name].op != op
        ]
        lines += [f"  {name}: not expected, found {one}" for name, one in there.items() if name not in expected]
        if lines:
            raise AssertionError("\n".join(["the update does something else:", *lines]))

    def _fail(self, claim: str, found: Sequence[Change]) -> None:
        if found:
            raise AssertionError("\n".join([f"{claim}:", *(f"  {one}" for one in found)]))


def compare(
    before: Program,
    after: Program,
    *,
    stack: str = "test",
    project: str = "test",
    config: Mapping[str, Any] | None = None,
    config_after: Mapping[str, Any] | None = None,
    invokes: Mapping[str, Mapping[str, Any]] | None = None,
    stack_references: Mapping[str, Mapping[str, Any]] | None = None,
    fixtures: Path | str | None = None,
    passphrase: str | None = None,
) -> Changes:
    """Bring a stack to one version of a program, and preview another: nothing is reached.

    The first version is updated with stand-ins for what AWS would answer; the second is compared with it by the
    provider's own Diff, which knows what is changed in place and what is replaced.

    Args:
        before: The first version: a function, or a project's folder.
        after: The second one; the same program, where only the configuration differs.
        stack: The stack's name.
        project: The name of a function's project; both folders' projects must have one name.
        config: The configuration of both.
        config_after: What of it is different, or new, for the second version.
        invokes: The answers of functions, by token.
        stack_references: The outputs of other stacks, by name.
        fixtures: A file with more such answers.
        passphrase: What the secrets of the stack's file are encrypted with.

    Raises:
        AssertionError: The provider refuses inputs of either version.
        ProgramError: A program raised something.
    """
    common = (invokes, stack_references, fixtures, passphrase)
    first = inputs_of(stack, project, config, *common)
    second = inputs_of(stack, project, {**(config or {}), **(config_after or {})}, *common)
    with tempfile.TemporaryDirectory(prefix="cachewright-testing-") as folder, contextlib.redirect_stdout(sys.stderr):
        providers = SettledProviders(first.fixtures)
        one = opened(before, first, Path(folder), providers)
        plan = one.up(Options()).plan
        earlier = Run(plan, registered(one, plan, providers))
        earlier.assert_accepted()
        providers = SettledProviders(second.fixtures)
        other = opened(after, second, Path(folder), providers)
        plan = other.preview(Options())
        later = Run(plan, registered(other, plan, providers))
        later.assert_accepted()
    return Changes(earlier, later, plan)


def _change(step: Step) -> Change:
    keys = tuple(dict.fromkeys(step.diff_keys)) if step.op in {"update", "replace"} else ()
    return Change(step.op, step.type, step.name, step.urn, keys, tuple(step.replace_keys))
