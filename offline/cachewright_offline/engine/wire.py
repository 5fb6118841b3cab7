"""Property values to and from the protobuf messages that Pulumi's SDK speaks.

Unknowns, secrets, resource references and output values travel as structs (or a string) with a signature.
Source: Pulumi's sdk/go/common/resource/plugin/rpc.go and sig.go.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from cachewright_offline.engine.errors import UnsupportedError
from cachewright_offline.values import UNKNOWN, ResourceReference, Secret

if TYPE_CHECKING:
    from cachewright_offline.values import Properties, PropertyValue

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_RESOURCE_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"

# A computed string, bool, number, array, asset, archive and object: each may stand for an unknown value.
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_STRINGS: Final = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def decode_struct(struct: struct_pb2.Struct, dependencies: set[str] | None = None) -> Properties:
    """Return the properties in `struct`.

    Args:
        struct: The message.
        dependencies: Filled with the URNs that output values in it depend on.

    Raises:
        UnsupportedError: It holds an asset or an archive.
    """
    return {key: decode_value(value, dependencies) for key, value in sorted_fields(struct.fields)}


def sorted_fields(fields: Any) -> list[tuple[str, Any]]:
    """Return a message's fields by name: a map of protobuf has another order each time."""
    return sorted(fields.items(), key=itemgetter(0))


def decode_value(value: struct_pb2.Value, dependencies: set[str] | None = None) -> PropertyValue:
    """Return the property value in `value`."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in UNKNOWN_STRINGS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return bool(value.bool_value)
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields:
            return _decode_signed(fields, dependencies)
        return {key: decode_value(item, dependencies) for key, item in sorted_fields(fields)}
    if kind == "list_value":
        return [decode_value(item, dependencies) for item in value.list_value.values]
    return None


def _decode_signed(fields: Any, dependencies: set[str] | None) -> PropertyValue:
    signature = fields[SIGNATURE].string_value
    if signature == _SECRET:
        return Secret(decode_value(fields["value"], dependencies))
    if signature == _OUTPUT:
        if dependencies is not None and "dependencies" in fields:
            dependencies.update(item.string_value for item in fields["dependencies"].list_value.values)
        element = decode_value(fields["value"], dependencies) if "value" in fields else UNKNOWN
        is_secret = "secret" in fields and fields["secret"].bool_value
        return Secret(element) if is_secret else element
    if signature == _RESOURCE_REFERENCE:
        identity = decode_value(fields["id"], dependencies) if "id" in fields else None
        if identity == "":
            identity = UNKNOWN
        version = fields["packageVersion"].string_value if "packageVersion" in fields else ""
        return ResourceReference(fields["urn"].string_value, identity, version)
    kind = {_ASSET: "an asset", _ARCHIVE: "an archive"}.get(signature, f"a value of kind {signature}")
    msg = (
        f"the program passes {kind}, which the embedded engine does not support;"
        " run this program with --engine pulumi, or pass the content as text"
    )
    raise UnsupportedError(msg)


def encode_struct(properties: Properties, *, keep_references: bool = True) -> struct_pb2.Struct:
    """Return `properties` as a message; references become ids where the receiver does not know references."""
    struct = struct_pb2.Struct()
    fields = struct.fields
    for key, value in properties.items():
        _set(fields[key], value, keep_references)
    return struct


def encode_output_struct(properties: Properties, dependencies: dict[str, list[str]]) -> struct_pb2.Struct:
    """Return `properties` with every top-level value as an output value, so that its dependencies travel along."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        urns = dependencies.get(key)
        if not urns:
            _set(struct.fields[key], value, True)
            continue
        element, is_secret = (value.element, True) if isinstance(value, Secret) else (value, False)
        fields = struct.fields[key].struct_value.fields
        fields[SIGNATURE].string_value = _OUTPUT
        if element is not UNKNOWN:
            _set(fields["value"], element, True)
        fields["secret"].bool_value = is_secret
        for urn in urns:
            fields["dependencies"].list_value.values.add().string_value = urn
    return struct


def _set(target: struct_pb2.Value, value: PropertyValue, keep_references: bool) -> None:
    if value is UNKNOWN:
        target.string_value = UNKNOWN_STRING
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        fields = target.struct_value.fields
        for key, item in value.items():
            _set(fields[key], item, keep_references)
    elif isinstance(value, list):
        target.list_value.SetInParent()
        values = target.list_value.values
        for item in value:
            _set(values.add(), item, keep_references)
    elif isinstance(value, Secret):
        fields = target.struct_value.fields
        fields[SIGNATURE].string_value = _SECRET
        _set(fields["value"], value.element, keep_references)
    elif isinstance(value, ResourceReference):
        _set_reference(target, value, keep_references)


def _set_reference(target: struct_pb2.Value, value: ResourceReference, keep_references: bool) -> None:
    if not keep_references:
        _set(target, value.urn if value.id is None else value.id, False)
        return
    fields = target.struct_value.fields
    fields[SIGNATURE].string_value = _RESOURCE_REFERENCE
    fields["urn"].string_value = value.urn
    if value.id is not None:
        _set(fields["id"], "" if value.id is UNKNOWN else value.id, True)
    if value.package_version:
        fields["packageVersion"].string_value = value.package_version
