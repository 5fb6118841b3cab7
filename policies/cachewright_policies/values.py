"""Property values as the rules see them: plain Python, `UNKNOWN`, or a `Secret`.

An unknown value is one that only an update can tell. A rule that needs it cannot decide: reading it raises
`UnknownValueError`, and the rule's verdict on that resource is *unknown*, never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@final
class Unknown:
    """The type of `UNKNOWN`: there is one instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value; its `repr` does not hold it. What cannot be decrypted holds `UNKNOWN`."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


class UnknownValueError(Exception):
    """A rule needs a value that is not known yet.

    Attributes:
        property: The property's path.
    """

    def __init__(self, property: str) -> None:
        super().__init__(property)
        self.property = property


class View:
    """Reads the properties of a resource, or of an object within one.

    Args:
        values: The properties, in camel case.
        path: Where they stand in the resource, with a closing dot; empty for the resource itself.
    """

    __slots__ = ("path", "values")

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self.values = values
        self.path = path

    def is_set(self, name: str) -> bool:
        """Tell whether a property is given and not empty; an unknown value counts as given."""
        value = self.values.get(name)
        if value.__class__ is Secret:
            value = value.value
        return value is UNKNOWN or not (value is None or value in ("", [], {}))

    def is_unknown(self, name: str) -> bool:
        """Tell whether a property's value, by itself, is not known yet."""
        value = self.values.get(name)
        return value is UNKNOWN or (value.__class__ is Secret and value.value is UNKNOWN)

    def is_secret(self, name: str) -> bool:
        """Tell whether a property's value is marked secret."""
        return self.values.get(name).__class__ is Secret

    def peek(self, name: str) -> Any:
        """Return a value, secrets opened: `UNKNOWN` where it is not known yet, None where it is not given."""
        value = self.values.get(name)
        return value.value if value.__class__ is Secret else value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a property's value, secrets opened; lists and objects may hold unknown values.

        Raises:
            UnknownValueError: The value is not known yet.
        """
        value = self.values.get(name)
        if value.__class__ is Secret:
            value = value.value
        if value is UNKNOWN:
            raise UnknownValueError(self.path + name)
        return default if value is None else value

    def text(self, name: str, default: str = "") -> str:
        """Return a text property; `default` when it is not given.

        Raises:
            UnknownValueError: The value is not known yet.
        """
        return str(self.get(name, default))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean property, whether written as a boolean or as text; `default` when it is not given.

        Raises:
            UnknownValueError: The value is not known yet.
        """
        value = self.get(name)
        if value is None or value == "":
            return default
        return value is True or str(value).lower() == "true"

    def number(self, name: str, default: float | None = None) -> float | None:
        """Return a numeric property, whether written as a number or as text; `default` when it is neither.

        Raises:
            UnknownValueError: The value is not known yet.
        """
        value = self.get(name)
        if isinstance(value, bool) or value is None:
            return default
        try:
            return float(value)
        except (TypeError, ValueError):
            return default

    def items(self, name: str) -> tuple[Any, ...]:
        """Return the elements of a list property as they are: unknown ones are `UNKNOWN`.

        Raises:
            UnknownValueError: The whole list is not known yet.
        """
        value = self.get(name)
        if value is None:
            return ()
        elements = value if isinstance(value, (list, tuple)) else [value]
        return tuple(one.value if one.__class__ is Secret else one for one in elements)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts.

        Raises:
            UnknownValueError: The list, or an element, is not known yet.
        """
        found = self.items(name)
        for index, one in enumerate(found):
            if one is UNKNOWN:
                raise UnknownValueError(f"{self.path}{name}[{index}]")
        return tuple(str(one) for one in found if one is not None)

    def objects(self, name: str) -> Iterator[View]:
        """Go through a list of objects, or a single object.

        Raises:
            UnknownValueError: The list, or the element that is reached, is not known yet.
        """
        value = self.get(name)
        if isinstance(value, dict):
            yield View(value, f"{self.path}{name}.")
            return
        for index, one in enumerate(self.items(name)):
            if one is UNKNOWN:
                raise UnknownValueError(f"{self.path}{name}[{index}]")
            if isinstance(one, dict):
                yield View(one, f"{self.path}{name}[{index}].")

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return an object with text keys, such as tags; its values may be `UNKNOWN`.

        Raises:
            UnknownValueError: The object is not known yet.
        """
        value = self.get(name)
        return value if isinstance(value, dict) else {}


def secrets_within(value: Any) -> Iterator[str]:
    """Yield every text that is secret in a value, at any depth."""
    if value.__class__ is Secret:
        yield from _texts(value.value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from secrets_within(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from secrets_within(one)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif value.__class__ is Secret:
        yield from _texts(value.value)
