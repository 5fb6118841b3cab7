"""From property values as pulumi_policy hands them over to values as the rules see them."""

from __future__ import annotations

from typing import Any, Final

from pulumi_policy import proxy, secret
from pulumi_policy.deserialize import deserialize_properties

from cachewright_policies.values import UNKNOWN, Secret

# What stands for an unknown value on the wire, by the type that it will have.
SENTINELS: Final = frozenset(
    {
        proxy.UNKNOWN_BOOLEAN_VALUE,
        proxy.UNKNOWN_NUMBER_VALUE,
        proxy.UNKNOWN_STRING_VALUE,
        proxy.UNKNOWN_ARRAY_VALUE,
        proxy.UNKNOWN_ASSET_VALUE,
        proxy.UNKNOWN_ARCHIVE_VALUE,
        proxy.UNKNOWN_OBJECT_VALUE,
    }
)
# Reading through them raises at unknown values, or opens secrets.
_PROXIES: Final = (
    proxy._DictProxy,  # noqa: SLF001 - Python's pulumi_policy exports none of them; its minor release is pinned
    proxy._ListProxy,  # noqa: SLF001
    secret._DictSecretsProxy,  # noqa: SLF001
    secret._ListSecretsProxy,  # noqa: SLF001
)


def properties_of(message: dict[str, Any]) -> dict[str, Any]:
    """Return the properties in a message that was made into a dictionary; secrets stay marked."""
    return {key: converted(value) for key, value in unwrapped(deserialize_properties(message, True)).items()}


def unwrapped(value: Any) -> Any:
    """Return what is behind pulumi_policy's proxies: sentinels for unknown values, and secrets still marked."""
    while isinstance(value, _PROXIES):
        value = value["__target"]
    return value


def converted(value: Any) -> Any:
    """Return a value as the rules see it; whole numbers, which all travel as floats, are integers again."""
    value = unwrapped(value)
    if isinstance(value, str):
        return UNKNOWN if value in SENTINELS else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, secret.Secret):
        return Secret(converted(value.value))
    if isinstance(value, dict):
        return {key: converted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [converted(one) for one in value]
    return value
