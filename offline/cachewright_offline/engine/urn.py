"""URNs and provider references, in Pulumi's form.

`urn:pulumi:<stack>::<project>::<parent type>$…$<type>::<name>`; the stack resource's type is left out of its
children's. A provider reference is `<URN of the provider resource>::<its id>`.
"""

from __future__ import annotations

from typing import Final

STACK_TYPE: Final = "pulumi:pulumi:Stack"
STACK_REFERENCE_TYPE: Final = "pulumi:pulumi:StackReference"
PROVIDER_TYPE_PREFIX: Final = "pulumi:providers:"
# What Pulumi's engine writes for the id of a provider that only a preview has made.
UNKNOWN_ID: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def qualified_type(urn: str) -> str:
    """Return the type part of a URN with its parents' types.

    >>> qualified_type("urn:pulumi:dev::p::cachewright:index:ReplicationGroup$aws:kms/key:Key::k")
    'cachewright:index:ReplicationGroup$aws:kms/key:Key'
    """
    return urn.split("::", 3)[2]


def resource_type(urn: str) -> str:
    """Return the resource's own type, without its parents'."""
    return qualified_type(urn).rsplit("$", 1)[-1]


def resource_name(urn: str) -> str:
    """Return the name: all that follows the type (it may hold `::` itself)."""
    return urn.split("::", 3)[3]


def make_urn(stack: str, project: str, parent: str, type: str, name: str) -> str:
    """Return the URN of a resource.

    >>> make_urn("dev", "p", "urn:pulumi:dev::p::a:b:C::c", "aws:kms/key:Key", "k")
    'urn:pulumi:dev::p::a:b:C$aws:kms/key:Key::k'
    """
    if parent:
        parent_type = qualified_type(parent)
        if parent_type != STACK_TYPE:
            return f"urn:pulumi:{stack}::{project}::{parent_type}${type}::{name}"
    return f"urn:pulumi:{stack}::{project}::{type}::{name}"


def is_provider_type(type: str) -> bool:
    """Tell whether `type` is one of provider resources."""
    return type.startswith(PROVIDER_TYPE_PREFIX)


def is_default_provider(urn: str) -> bool:
    """Tell whether `urn` is that of a provider the engine made by itself."""
    return is_provider_type(resource_type(urn)) and resource_name(urn).startswith("default")


def package_of(token: str) -> str:
    """Return the package a type or function token belongs to; for a provider type, the one it provides.

    >>> package_of("aws:elasticache/cluster:Cluster"), package_of("pulumi:providers:aws")
    ('aws', 'aws')
    """
    if token.startswith(PROVIDER_TYPE_PREFIX):
        return token.removeprefix(PROVIDER_TYPE_PREFIX)
    return token.split(":", 1)[0]


def provider_urn(reference: str) -> str:
    """Return the URN in a provider reference."""
    return reference.rpartition("::")[0]


def provider_id(reference: str) -> str:
    """Return the id in a provider reference."""
    return reference.rpartition("::")[2]


def default_provider_name(version: str) -> str:
    """Return the name of a package's default provider.

    >>> default_provider_name("7.51.1"), default_provider_name("")
    ('default_7_51_1', 'default')
    """
    if not version:
        return "default"
    return "default_" + "".join(character if character.isalnum() else "_" for character in version)
