"""The properties of a resource that a rule mends in place."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from pulumi_policy import secret

from cachewright_policies.pack import conversion
from cachewright_policies.values import UNKNOWN, Secret, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterator


class MendableProperties(MutableMapping[str, Any]):
    """Properties as plain Python, secrets opened, that are written back as they were found.

    Parts of a written value that are as they were keep their secrecy, and stay unknown where they were. What is
    unknown as a whole is not written to.

    Args:
        properties: What pulumi_policy hands over to a remediation.
    """

    def __init__(self, properties: Any) -> None:
        self._raw = conversion.unwrapped(properties)
        self._written: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return a property; parts of it may be `UNKNOWN`.

        Raises:
            UnknownValueError: The property is not known yet.
        """
        if name in self._written:
            return self._written[name]
        value = _opened(conversion.converted(self._raw[name]))
        if value is UNKNOWN:
            raise UnknownValueError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a property once `commit` is called.

        Raises:
            UnknownValueError: What stands there is not known yet.
        """
        if _is_unknown(self._raw.get(name)):
            raise UnknownValueError(name)
        self._written[name] = value

    def __delitem__(self, name: str) -> None:
        """Refuse: a remediation sets properties, and takes none away."""
        msg = f"a remediation takes no property away, found {name}"
        raise TypeError(msg)

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._raw, *self._written))

    def __len__(self) -> int:
        return len(self._raw.keys() | self._written.keys())

    def commit(self) -> None:
        """Write everything that was set, in place: a copy would lose which values are secret.

        Raises:
            UnknownValueError: An unknown value would stand where it did not stand before.
        """
        merged = {name: _merged(value, self._raw.get(name), name) for name, value in self._written.items()}
        self._raw.update(merged)


def _is_unknown(raw: Any) -> bool:
    return _opened(conversion.converted(raw)) is UNKNOWN


def _opened(value: Any) -> Any:
    if value.__class__ is Secret:
        return _opened(value.value)
    if isinstance(value, dict):
        return {key: _opened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_opened(one) for one in value]
    return value


def _merged(new: Any, raw: Any, path: str) -> Any:
    """Return a new value in which what is as it was is taken from the old one, with its secrecy."""
    raw = conversion.unwrapped(raw)
    if isinstance(raw, secret.Secret):
        return secret.Secret(_merged(new, raw.value, path))
    if isinstance(new, dict) and isinstance(raw, dict):
        return {key: _merged(value, raw.get(key), f"{path}.{key}") for key, value in new.items()}
    if isinstance(new, list) and isinstance(raw, list):
        olds = [*raw, *[None] * len(new)]
        return [
            _merged(value, old, f"{path}[{index}]") for index, (value, old) in enumerate(zip(new, olds, strict=False))
        ]
    before = _opened(conversion.converted(raw))
    if before is new or (before.__class__ is new.__class__ and before == new):
        return raw
    if new is UNKNOWN:
        raise UnknownValueError(path)
    return new
