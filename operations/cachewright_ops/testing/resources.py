"""One resource of a run, and what a test may claim of it."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.values import UNKNOWN, Secret, contains_secret, contains_unknown, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cachewright_offline.engine.plan import Step
    from cachewright_offline.values import Properties
    from cachewright_ops.testing.result import Run
    from cachewright_policies.graph import Resource as Node

_SNAKE: Final = re.compile(r"_([a-z0-9])")


class Resource:
    """A resource as the engine has it: its inputs are those that the provider's Check returned, defaults filled in.

    `resource["multiAzEnabled"]` is an input, by its name on Pulumi's wire (camel case). A value that only an update can
    tell is `UNKNOWN`, a secret one is `Secret(value)`.

    Attributes:
        urn: Pulumi's name of it in the stack.
        type: Its type token.
        name: Its name in the program.
        inputs: Its inputs.
        outputs: Its outputs: unknown ones in a preview, stand-ins after an update.
        op: What the run does with it: `create`, `update`, `replace`, `same`, `read` or `delete`.
        protect: Whether Pulumi refuses to delete it.
        file: The file that creates it, relative to the project; empty where it is not known.
        line: The line in it.
        region: The region it is made in; None where none is configured.
    """

    def __init__(self, run: Run, step: Step, node: Node) -> None:
        self._run = run
        self._step = step
        self._node = node
        state = step.resource
        self.urn: str = step.urn
        self.type: str = state.type
        self.name: str = step.name
        self.inputs: Properties = state.inputs
        self.outputs: Properties = state.outputs
        self.op: str = step.op
        self.protect: bool = state.protect
        self.file: str = node.file
        self.line: int = node.line
        self.region: str | None = node.region

    def __repr__(self) -> str:
        return f"<{self.type} {self.name}>"

    def __contains__(self, name: object) -> bool:
        return self.inputs.get(str(name)) is not None

    def __getitem__(self, name: str) -> Any:
        """Return an input.

        Raises:
            AssertionError: It is not given; the message names those that are, and the nearest.
        """
        if name not in self.inputs:
            raise AssertionError(f"{self._shown()} has no input {name!r}{self._hint(name)}")
        return self.inputs[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return an input, or `default` where it is not given."""
        value = self.inputs.get(name)
        return default if value is None else value

    def reveal(self, name: str) -> Any:
        """Return an input with every secret in it opened.

        Raises:
            AssertionError: It is not given.
        """
        return reveal(self[name])

    def is_secret(self, name: str) -> bool:
        """Tell whether an input is secret, as a whole or in a part."""
        return contains_secret(self.inputs.get(name))

    def is_unknown(self, name: str) -> bool:
        """Tell whether an input, or a part of it, is known only after the update."""
        return contains_unknown(self.inputs.get(name))

    @property
    def is_component(self) -> bool:
        """Whether it is a component, which exists in Pulumi only."""
        return not self._step.resource.custom

    @property
    def tags(self) -> Mapping[str, Any]:
        """The tags it gets at AWS: its own, over the default tags of its provider."""
        return {**self._node.default_tags, **(reveal(self.inputs.get("tags")) or {})}  # type: ignore[dict-item]

    @property
    def parent(self) -> Resource | None:
        """Its parent; None for the stack itself."""
        return self._run.by_urn(self._node.parent)

    def children(self, type: str | type | None = None, *, all_levels: bool = False) -> tuple[Resource, ...]:
        """Return its children, in the order of the program.

        Args:
            type: Only those of a type: its token, the last part of it, or its Python class.
            all_levels: Whether theirs count, too.
        """
        found: list[Resource] = []
        for one in self._run.resources:
            above = one.parent
            while above is not None and above.urn != self.urn:
                above = above.parent if all_levels else None
            if above is not None and (type is None or is_of_type(one.type, type, is_component=one.is_component)):
                found.append(one)
        return tuple(found)

    def referred(self, property: str) -> tuple[Resource, ...]:
        """Return the resources that an input's value comes from, known or not."""
        urns = self._node.property_dependencies.get(property, ())
        return tuple(one for urn in urns if (one := self._run.by_urn(urn)) is not None)

    def assert_inputs(self, expected: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Claim that inputs have values: secrets are compared by what they hold; None claims that one is not given.

        Raises:
            AssertionError: Some differ: all of them are told, without the values of secrets.
        """
        differing = [
            f"  {name}: expected {value!r}, found {self._found(name)}"
            for name, value in {**(expected or {}), **more}.items()
            if not _equal(self.inputs.get(name), value)
        ]
        self._fail("inputs", differing)

    def assert_tags(self, expected: Mapping[str, Any], *, exactly: bool = False) -> None:
        """Claim that it gets tags at AWS, the provider's default tags counted in.

        Args:
            expected: The tags.
            exactly: Whether there may be no others.

        Raises:
            AssertionError: A tag is missing or has another value, or there are others.
        """
        tags = self.tags
        differing = [
            f"  {key}: expected {value!r}, found {tags[key]!r}" if key in tags else f"  {key}: expected {value!r}"
            for key, value in expected.items()
            if key not in tags or not _equal(tags[key], value)
        ]
        if exactly:
            differing += [f"  {key}: not expected" for key in tags if key not in expected]
        self._fail("tags", differing)

    def assert_children(self, expected: Mapping[str, int | Iterable[str]], *, all_levels: bool = True) -> None:
        """Claim which children it has, by type: how many, or their names. No other may be there.

        Args:
            expected: A number, or names, by the last part of the type (`SubnetGroup`) or by the whole token.
            all_levels: Whether children's children count, too.

        Raises:
            AssertionError: There are others: all differences are told.
        """
        there: dict[str, list[str]] = {}
        for one in self.children(all_levels=all_levels):
            key = one.type if one.type in expected else one.type.rsplit(":", 1)[-1]
            there.setdefault(key, []).append(one.name)
        differing = []
        for type, wanted in expected.items():
            names = there.pop(type, [])
            if isinstance(wanted, int):
                if len(names) != wanted:
                    differing.append(f"  {type}: expected {wanted}, found {len(names)}: {_listed(names)}")
            elif sorted(names) != sorted(wanted):
                differing.append(f"  {type}: expected {_listed(wanted)}, found {_listed(names)}")
        differing += [f"  {type}: not expected, found {_listed(names)}" for type, names in there.items()]
        self._fail("children", differing)

    def _found(self, name: str) -> str:
        if name not in self.inputs:
            return f"nothing{self._hint(name)}"
        return repr(self.inputs[name])

    def _hint(self, name: str) -> str:
        camel = _SNAKE.sub(lambda match: match[1].upper(), name)
        if camel != name and camel in self.inputs:
            return f" (inputs have their names on the wire: {camel})"
        near = difflib.get_close_matches(name, self.inputs, 1)
        return (
            f" (did you mean {near[0]}?)"
            if near
            else f" (it has {_listed(sorted(one for one in self.inputs if not one.startswith('__')))})"
        )

    def _fail(self, what: str, differing: Sequence[str]) -> None:
        if differing:
            raise AssertionError("\n".join([f"{self._shown()} has other {what}:", *differing]))

    def _shown(self) -> str:
        place = f" ({self.file}:{self.line})" if self.file else ""
        return f"{self.type.rsplit(':', 1)[-1]} {self.name}{place}"


def is_of_type(token: str, type: str | type, *, is_component: bool = False) -> bool:
    """Tell whether a type token is meant: by itself, by its last part, or by the Python class of its resources."""
    last = token.rsplit(":", 1)[-1]
    if isinstance(type, str):
        return type in {token, last}
    known = getattr(type, "pulumi_type", None)
    if isinstance(known, str):
        return token == known
    # A component's class does not tell its token.
    return is_component and last == type.__name__


def _equal(found: Any, expected: Any) -> bool:
    """Compare values; what is unknown is equal to itself only, a secret to itself and to what it holds."""
    if found is UNKNOWN or expected is UNKNOWN:
        return found is expected
    if isinstance(found, Secret):
        return _equal(found.element, expected.element if isinstance(expected, Secret) else expected)
    if isinstance(expected, Secret):
        return False
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(_equal(found[key], expected[key]) for key in found)
    if isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        return len(found) == len(expected) and all(map(_equal, found, expected))
    return bool(found == expected)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
