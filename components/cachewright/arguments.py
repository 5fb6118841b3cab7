"""Checking a component's arguments, at construction and again when Outputs resolve.

A `Schema` holds a component's rules: a pydantic model for the types, and functions over several arguments at once.
What is plain is checked before anything is registered. An Output cannot be looked into then: it is `PENDING`, rules
that touch it wait, and the value that the component passes on is the Output with the same rules applied to what it
resolves to. So an Output cannot bypass a rule, and an error reads the same either way.
"""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, final

import pulumi
from pydantic import BaseModel, ConfigDict, ValidationError

from cachewright import naming
from cachewright.errors import ArgsError, Problem

_SHOWN = 60
_MISSING = "must be given, got nothing; add it"
_NOT_PLAIN = "must be a plain value, got an Output; it decides which resources exist, so compute it in the program"
_NOT_A_LIST = "must be a list, got an Output; it decides which resources exist: only its items may be Outputs"
_EXPECTED: Final = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "float_type": "a number",
    "int_type": "an integer",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "a string",
    "tuple_type": "a list",
}


@final
class _Pending:
    def __repr__(self) -> str:
        return "PENDING"


PENDING: Final = _Pending()


class Types(BaseModel):
    """The base of the models that hold the arguments' types; every field is optional here."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, strict=True)


class Values(Mapping[str, Any]):
    """A component's arguments with its defaults, `None` where there is neither."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Take the values; a missing one reads as `None`."""
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values.get(key)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def given(self, key: str) -> bool:
        """Return whether the argument has a value, known or pending."""
        return self._values.get(key) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over one or more arguments.

    Attributes:
        arguments: The arguments it looks at; it waits until none of them is pending.
        check: Returns what is wrong.
        presence: Whether it can do with `PENDING`, as it looks at which arguments are given rather than at what they
            hold; then it waits for nothing.
    """

    arguments: tuple[str, ...]
    check: Callable[[Values], Iterable[Problem]]
    presence: bool = False


def rule(*arguments: str, presence: bool = False) -> Callable[[Callable[[Values], Iterable[Problem]]], Rule]:
    """Make a rule out of a function over the arguments it names.

    Args:
        arguments: The arguments it looks at.
        presence: Whether it can do with values that are not known yet.
    """

    def decorate(check: Callable[[Values], Iterable[Problem]]) -> Rule:
        return Rule(arguments, check, presence)

    return decorate


@dataclass(frozen=True, slots=True)
class Schema:
    """What one component accepts.

    Attributes:
        component: The component's class.
        types: The model of the arguments' types.
        rules: What must hold between them.
        required: The arguments that must be given.
        plain: The arguments that decide which resources exist, and so cannot be Outputs.
        secrets: The arguments whose values are never shown.
        defaults: What an argument is when it is left out.
        lists: The arguments that make one resource for each item: the items may be Outputs, the list is plain.
        unknown: What to do about names that people bring from elsewhere.
        automatic_names: The physical names that are made of the component's own, its children's too.
    """

    component: str
    types: type[Types]
    rules: tuple[Rule, ...]
    required: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    defaults: Callable[[Values], Mapping[str, Any]] = lambda _: {}
    lists: frozenset[str] = frozenset({"allowed_cidr_blocks", "allowed_security_group_ids"})
    unknown: Mapping[str, str] = field(default_factory=dict)
    automatic_names: tuple[naming.Automatic, ...] = ()

    def check(self, name: str, args: Mapping[str, Any], found: Iterable[Problem] = ()) -> Values:
        """Return the arguments with defaults, Outputs guarded by the rules.

        Args:
            name: The component's name, for messages.
            args: What the program gives.
            found: What the component itself has found to be wrong, to be told together with the rest.

        Raises:
            ArgsError: Something plain is wrong. An Output that resolves to something wrong raises the same later.
        """
        given = {key: _without_enums(value) for key, value in args.items() if value is not None}
        view = {key: _with_pending(value) for key, value in given.items()}
        problems = [*found, *self._name_problems(name, given), *self.problems(view)]
        if problems:
            raise ArgsError(self.component, name, problems)
        values = {**self.defaults(Values(view)), **given}
        for key in [key for key, value in values.items() if _is_pending(value)]:
            if key in self.lists:
                values[key] = [
                    self._guard(name, key, values, index) if _is_pending(item) else item
                    for index, item in enumerate(values[key])
                ]
            else:
                values[key] = self._guard(name, key, values)
        return Values(values)

    def _name_problems(self, name: str, given: Mapping[str, Any]) -> list[Problem]:
        found = naming.first_problem(name, self.automatic_names, given)
        return [Problem("name", found)] if found else []

    def _guard(self, name: str, key: str, values: Mapping[str, Any], index: int | None = None) -> pulumi.Output[Any]:
        """Return a pending value, or one item of a list, that passes on only what the rules allow."""
        touching = [one for one in self.rules if key in one.arguments]
        related = {argument for one in touching for argument in one.arguments} | {key}
        pending = {argument: values[argument] for argument in related if _is_pending(values.get(argument))}
        known = {argument: value for argument, value in values.items() if argument not in pending}
        still_pending = {argument: PENDING for argument, value in known.items() if _is_pending(value)}
        defaults = self.defaults(Values(known))

        def verify(resolved: Mapping[str, Any]) -> Any:
            plain = {argument: _without_enums(value) for argument, value in resolved.items() if value is not None}
            missing = [one for one in self.required if one in resolved and one not in plain]
            view = {**defaults, **known, **still_pending, **plain}
            problems = [
                *(Problem(one, _MISSING) for one in missing),
                *self._type_problems(plain),
            ]
            problems = problems or _run(touching, view)
            if problems:
                raise ArgsError(self.component, name, problems)
            found: Any = plain.get(key, defaults.get(key))
            return found if index is None else found[index]

        return pulumi.Output.all(**pending).apply(verify)

    def problems(self, view: Mapping[str, Any]) -> list[Problem]:
        """Return all that is wrong with arguments in which what is not known yet is `PENDING`."""
        problems = [Problem(key, _NOT_PLAIN) for key in sorted(self.plain) if _is_pending(view.get(key))]
        problems += [Problem(key, _NOT_A_LIST) for key in sorted(self.lists) if view.get(key) is PENDING]
        problems += [Problem(key, _MISSING) for key in self.required if key not in view]
        known = {key: value for key, value in view.items() if value is not PENDING}
        types = self._type_problems(known)
        # A rule over a value of the wrong type would only repeat that it is wrong.
        mistyped = {one.argument.split(".")[0].split("[")[0] for one in types} | {one.argument for one in problems}
        sound = {key: value for key, value in view.items() if key not in mistyped}
        complete = {**self.defaults(Values(sound)), **sound}
        rules = [one for one in self.rules if mistyped.isdisjoint(one.arguments)]
        return [*problems, *types, *_run(rules, complete, self.lists)]

    def _type_problems(self, known: Mapping[str, Any]) -> list[Problem]:
        try:
            self.types.model_validate(dict(known))
        except ValidationError as error:
            # What is pending inside a list or a mapping is checked when it is known.
            return [self._type_problem(one, known) for one in error.errors() if _at(known, one["loc"]) is not PENDING]
        return []

    def _type_problem(self, error: Any, known: Mapping[str, Any]) -> Problem:
        location: tuple[str | int, ...] = error["loc"]
        argument = path(location)
        if error["type"] == "extra_forbidden":
            names = list(self.types.model_fields) if len(location) == 1 else []
            close = difflib.get_close_matches(str(location[-1]), names, n=1)
            way_out = self.unknown.get(argument) or (f"did you mean '{close[0]}'?" if close else "remove it")
            return Problem(argument, f"must be an argument of {self.component}, got an unknown one; {way_out}")
        if error["type"] == "missing":
            return Problem(argument, _MISSING)
        found = "a value" if self.secrets.intersection(map(str, location)) else shown(_at(known, location))
        kind = type(_at(known, location)).__name__
        if error["type"] == "enum":
            return Problem(argument, f"must be one of {error['ctx']['expected']}, got {found}; choose one of them")
        expected = _EXPECTED.get(error["type"])
        if expected is None:
            message = str(error["msg"]).removeprefix("Value error, ")
            return Problem(argument, f"{message}, got {found}" if error["type"] != "value_error" else message)
        return Problem(argument, f"must be {expected}, got {found} ({kind}); give {expected}")


def choice(argument: str, value: object, allowed: Sequence[str]) -> list[Problem]:
    """Return the problem of a value that is none of those allowed, or nothing."""
    if value is None or value is PENDING or value in allowed:
        return []
    return [Problem(argument, f"must be one of {', '.join(allowed)}, got {shown(value)}; choose one of them")]


def between(argument: str, value: int | None, low: int, high: int, way_out: str) -> list[Problem]:
    """Return the problem of a number outside `low` to `high`, or nothing."""
    if value is None or low <= value <= high:
        return []
    return [Problem(argument, f"must be {low} to {high}, got {value}; {way_out}")]


def shown(value: object) -> str:
    """Return a value as messages show it: short."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def path(location: Iterable[str | int]) -> str:
    """Return a pydantic location as a property path.

    >>> path(("users", 0, "passwords"))
    'users[0].passwords'
    """
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _run(rules: Iterable[Rule], values: Mapping[str, Any], lists: frozenset[str] = frozenset()) -> list[Problem]:
    def waits(one: Rule) -> bool:
        return not one.presence and any(_is_pending(values.get(key)) for key in one.arguments if key not in lists)

    return [problem for one in rules if not waits(one) for problem in one.check(Values(values))]


def _with_pending(value: Any) -> Any:
    """Return a value with `PENDING` for each Output in it."""
    if isinstance(value, Mapping):
        return {key: _with_pending(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_pending(item) for item in value]
    return PENDING if _is_pending(value) else value


def _is_pending(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_is_pending(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_is_pending(item) for item in value)
    return value is PENDING or isinstance(value, pulumi.Output) or inspect.isawaitable(value)


def _without_enums(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {_without_enums(key): _without_enums(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_enums(item) for item in value]
    return value


def _at(values: Mapping[str, Any], location: Iterable[str | int]) -> Any:
    found: Any = values
    for part in location:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return found
    return found
