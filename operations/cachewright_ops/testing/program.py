"""Running a program for a test."""

from __future__ import annotations

import contextlib
import inspect
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from cachewright_offline.engine.events import Diagnostic
from cachewright_offline.engine.options import Options
from cachewright_offline.engine.project import Project
from cachewright_offline.values import UNKNOWN, Secret
from cachewright_ops.checking import fixtures as fixture_files
from cachewright_ops.checking.fixtures import Fixtures, Invoke
from cachewright_ops.checking.program import registered, stack_of
from cachewright_ops.checking.providers import CheckingProviders
from cachewright_ops.checking.unknown_answers import UNKNOWN_TEXT
from cachewright_ops.testing.result import Run
from cachewright_ops.testing.settled import SettledProviders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_offline.engine.events import Event
    from cachewright_offline.engine.stack import Stack

    Program: TypeAlias = "Callable[[], object] | Path | str"

Phase = Literal["preview", "update"]

# The states of a test live as long as the test: what encrypts them need not be kept from anybody.
_STATE_PASSPHRASE: Final = "test"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a program gets from outside.

    Attributes:
        stack: The stack's name.
        project: The name of a function's project; a folder has its own.
        config: The configuration, as text; `Secret` where it is secret.
        fixtures: The answers of functions and of other stacks.
        passphrase: What the secrets of the stack's file are encrypted with.
    """

    stack: str
    project: str
    config: Mapping[str, str | Secret]
    fixtures: Fixtures
    passphrase: str | None


def run(
    program: Program,
    *,
    stack: str = "test",
    project: str = "test",
    config: Mapping[str, Any] | None = None,
    invokes: Mapping[str, Mapping[str, Any]] | None = None,
    stack_references: Mapping[str, Mapping[str, Any]] | None = None,
    fixtures: Path | str | None = None,
    passphrase: str | None = None,
    phase: Phase = "preview",
    allow_refusals: bool = False,
) -> Run:
    """Run a program in this process, and return what it registers. Nothing is reached: no AWS, no CLI, no socket.

    The program meets what it would meet in `pulumi preview`: the provider's Check completes inputs with defaults and
    automatic names, what only an update can tell is unknown, and an `apply` on it is not called. In the phase `update`
    every output has a value, a stand-in where only AWS could tell it, and `apply` is called.

    Args:
        program: A function, or the folder of a project (with Pulumi.yaml).
        stack: The stack's name; a folder's Pulumi.<stack>.yaml is read.
        project: The name of a function's project.
        config: Configuration, by key with or without the project's name (`{"aws:region": "eu-west-1"}`). Objects and
            numbers are written as JSON; `Secret("...")` is a secret, `UNKNOWN` is known only after an update.
        invokes: The answers of functions, by token (`{"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}}`), whatever they are
            asked. Other functions are answered with unknown values.
        stack_references: The outputs of other stacks, by the name that the program gives.
        fixtures: A file with more such answers, as `cachewright check --fixtures` takes it.
        passphrase: What the secrets of the stack's file are encrypted with; without it they are unknown secrets.
        phase: `preview`, or `update`.
        allow_refusals: Whether inputs that the provider refuses are left to `Run.refusals`.

    Raises:
        AssertionError: The provider refuses inputs: every one is told.
        ProgramError: The program raised something; the message has the file and the line.
    """
    inputs = inputs_of(stack, project, config, invokes, stack_references, fixtures, passphrase)
    providers = SettledProviders(inputs.fixtures) if phase == "update" else CheckingProviders(inputs.fixtures)
    messages: list[Diagnostic] = []
    with tempfile.TemporaryDirectory(prefix="cachewright-testing-") as folder:
        one = opened(program, inputs, Path(folder), providers)
        options = Options(on_event=_collected(messages))
        with contextlib.redirect_stdout(sys.stderr):
            plan = one.up(options).plan if phase == "update" else one.preview(options)
    made = Run(plan, registered(one, plan, providers), tuple(messages))
    if not allow_refusals:
        made.assert_accepted()
    return made


def inputs_of(
    stack: str,
    project: str,
    config: Mapping[str, Any] | None,
    invokes: Mapping[str, Mapping[str, Any]] | None,
    stack_references: Mapping[str, Mapping[str, Any]] | None,
    fixtures: Path | str | None,
    passphrase: str | None,
) -> Inputs:
    """Return what a program gets from outside."""
    given = Fixtures() if fixtures is None else fixture_files.read(Path(fixtures))
    own = tuple(Invoke(token=token, result=dict(result)) for token, result in (invokes or {}).items())
    references = {name: dict(outputs) for name, outputs in (stack_references or {}).items()}
    answers = Fixtures.model_validate(
        {
            "invokes": [one.model_dump() for one in (*own, *given.invokes)],
            "stackReferences": {**given.stack_references, **references},
        }
    )
    return Inputs(
        stack, project, {key: _configured(value) for key, value in (config or {}).items()}, answers, passphrase
    )


def opened(program: Program, inputs: Inputs, folder: Path, providers: CheckingProviders) -> Stack:
    """Return a stack of a program whose state is kept in a folder.

    Raises:
        TypeError: The program is neither a function nor a folder.
    """
    function = None
    if callable(program):
        function = program
        file = _source(function)
        here = Path.cwd().resolve()
        root = here if file is None or file.is_relative_to(here) else file.parent
        found = Project(root, inputs.project, "" if file is None else str(file), str(folder))
    elif isinstance(program, (str, Path)):
        found = Project.load(program)
    else:
        raise TypeError(f"the program must be a function or a project's folder, found {type(program).__name__}")
    one = stack_of(
        found, inputs.stack, folder / "state", providers, inputs.passphrase, inputs.config, function=function
    )
    # The configuration is read with the passphrase that is given, the state is written with one of its own.
    _ = one.config
    one.state = one.backend.open(found.name, inputs.stack, lambda: _STATE_PASSPHRASE)
    return one


def _source(function: Callable[[], object]) -> Path | None:
    """Return the file that a function stands in; None where it stands in none."""
    with contextlib.suppress(TypeError, OSError):
        file = inspect.getsourcefile(inspect.unwrap(function))
        return Path(file).resolve() if file and Path(file).is_file() else None
    return None


def _configured(value: Any) -> str | Secret:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return Secret(_configured(value.element))
    return value if isinstance(value, str) else json.dumps(value)


def _collected(messages: list[Diagnostic]) -> Callable[[Event], None]:
    def take(event: Event) -> None:
        if isinstance(event, Diagnostic):
            messages.append(event)

    return take
