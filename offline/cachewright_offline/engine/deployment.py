"""Reading and writing Pulumi's deployment format, version 3.

Every member of a resource that this engine does not use is kept as it was read. Secrets are written as
`{"4dab…": "1b47…", "ciphertext": …}`, where the ciphertext holds the value as JSON.
Source: Pulumi's sdk/go/common/apitype/core.go (ResourceV3, DeploymentV3) and pkg/resource/stack/deployment.go.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from cachewright_offline.engine.resource import CustomTimeouts, OperationKind, PendingOperation, Resource, Snapshot
from cachewright_offline.errors import StateError
from cachewright_offline.values import ResourceReference, Secret, Unknown

if TYPE_CHECKING:
    from cachewright_offline.engine.secrets import Crypter
    from cachewright_offline.values import Properties, PropertyValue

VERSION: Final = 3
VERSION_WITH_FEATURES: Final = 4
_REPLACE_WITH: Final = "replaceWith"
ENGINE_VERSION: Final = "v3.250.0"
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
RESOURCE_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"

# (attribute of Resource, member of ResourceV3), in the order Pulumi writes them.
_MEMBERS: Final = (
    ("urn", "urn"),
    ("custom", "custom"),
    ("delete", "delete"),
    ("id", "id"),
    ("type", "type"),
    ("inputs", "inputs"),
    ("outputs", "outputs"),
    ("parent", "parent"),
    ("protect", "protect"),
    ("external", "external"),
    ("dependencies", "dependencies"),
    ("init_errors", "initErrors"),
    ("provider", "provider"),
    ("property_dependencies", "propertyDependencies"),
    ("pending_replacement", "pendingReplacement"),
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("aliases", "aliases"),
    ("custom_timeouts", "customTimeouts"),
    ("import_id", "importID"),
    ("retain_on_delete", "retainOnDelete"),
    ("deleted_with", "deletedWith"),
    ("created", "created"),
    ("modified", "modified"),
    ("source_position", "sourcePosition"),
    ("ignore_changes", "ignoreChanges"),
    ("replace_on_changes", "replaceOnChanges"),
)
_KNOWN: Final = frozenset(member for _, member in _MEMBERS)
_ALWAYS_WRITTEN: Final = frozenset({"urn", "custom", "type"})


def encode_value(value: PropertyValue, crypter: Crypter) -> object:
    """Return `value` as JSON-ready data, its secrets encrypted."""
    if isinstance(value, Secret):
        plaintext = json.dumps(encode_value(value.element, crypter), separators=(",", ":"))
        return {SIGNATURE: SECRET, "ciphertext": crypter.encrypt(plaintext)}
    if isinstance(value, dict):
        return {key: encode_value(item, crypter) for key, item in value.items()}
    if isinstance(value, list):
        return [encode_value(item, crypter) for item in value]
    if isinstance(value, ResourceReference):
        encoded: dict[str, object] = {SIGNATURE: RESOURCE_REFERENCE, "urn": value.urn}
        if value.id is not None:
            encoded["id"] = encode_value(value.id, crypter)
        if value.package_version:
            encoded["packageVersion"] = value.package_version
        return encoded
    if isinstance(value, Unknown):
        msg = "an unknown value cannot be stored: only a preview has them"
        raise TypeError(msg)
    return value


def decode_value(data: object, crypter: Crypter) -> PropertyValue:
    """Return the property value that `encode_value` wrote."""
    if isinstance(data, dict):
        signature = data.get(SIGNATURE)
        if signature is None:
            return {key: decode_value(item, crypter) for key, item in data.items()}
        if signature == SECRET:
            # A state exported with its secrets shown holds "plaintext" where a stored one holds "ciphertext".
            text = data["plaintext"] if "plaintext" in data else crypter.decrypt(data["ciphertext"])
            return Secret(decode_value(json.loads(text), crypter))
        if signature == RESOURCE_REFERENCE:
            return ResourceReference(data["urn"], decode_value(data.get("id"), crypter), data.get("packageVersion", ""))
        msg = (
            f"the state holds a value of a kind this engine does not know (signature {signature}); assets and"
            " archives are not supported: take the stack over with Pulumi's own CLI"
        )
        raise StateError(msg)
    if isinstance(data, list):
        return [decode_value(item, crypter) for item in data]
    return cast("bool | int | float | str | None", data)


def encode_resource(resource: Resource, crypter: Crypter) -> dict[str, object]:
    """Return `resource` as a ResourceV3."""
    encoded: dict[str, object] = {}
    for attribute, member in _MEMBERS:
        value = getattr(resource, attribute)
        if not value and member not in _ALWAYS_WRITTEN:
            continue
        if member in {"inputs", "outputs"}:
            value = encode_value(value, crypter)
        elif isinstance(value, CustomTimeouts):
            value = {
                key: seconds
                for key, seconds in (("create", value.create), ("update", value.update), ("delete", value.delete))
                if seconds
            }
        encoded[member] = value
    encoded.update(resource.extra)
    return encoded


def decode_resource(data: dict[str, Any], crypter: Crypter) -> Resource:
    """Return the resource a ResourceV3 describes."""
    found: dict[str, Any] = {}
    for attribute, member in _MEMBERS:
        value = data.get(member)
        if value is None:
            continue
        if member in {"inputs", "outputs"}:
            value = cast("Properties", decode_value(value, crypter))
        elif member == "customTimeouts":
            value = CustomTimeouts(**{key: float(seconds) for key, seconds in value.items()})
        found[attribute] = value
    found.setdefault("custom", False)
    return Resource(**found, extra={key: value for key, value in data.items() if key not in _KNOWN})


def encode_pending(operation: PendingOperation, crypter: Crypter) -> dict[str, object]:
    """Return `operation` as an OperationV2."""
    return {"resource": encode_resource(operation.resource, crypter), "type": operation.type}


def decode_pending(data: dict[str, Any], crypter: Crypter) -> PendingOperation:
    """Return the pending operation an OperationV2 describes."""
    return PendingOperation(decode_resource(data["resource"], crypter), cast("OperationKind", data["type"]))


def encode_checkpoint(snapshot: Snapshot, qualified_name: str, crypter: Crypter) -> dict[str, object]:
    """Return `snapshot` as the versioned checkpoint of the stack `organization/<project>/<stack>`."""
    resources = [encode_resource(resource, crypter) for resource in snapshot.resources]
    pending = [encode_pending(operation, crypter) for operation in snapshot.pending_operations]
    latest: dict[str, object] = {
        "manifest": {
            "time": datetime.now(UTC).isoformat(),
            # Pulumi refuses a state whose magic is not the digest of its version.
            "magic": hashlib.sha256(ENGINE_VERSION.encode()).hexdigest(),
            "version": ENGINE_VERSION,
        },
        "secrets_providers": {"type": "passphrase", "state": {"salt": crypter.salt}},
        "resources": resources,
    }
    if pending:
        latest["pending_operations"] = pending
    latest["metadata"] = snapshot.metadata
    checkpoint: dict[str, object] = {"stack": qualified_name, "latest": latest}
    if any(_REPLACE_WITH in resource.extra for resource in snapshot.resources):
        # A state that needs more than version 3 says what, so that an older Pulumi refuses it.
        return {"version": VERSION_WITH_FEATURES, "features": [_REPLACE_WITH], "checkpoint": checkpoint}
    return {"version": VERSION, "checkpoint": checkpoint}


def deployment_of(checkpoint: object) -> dict[str, Any] | None:
    """Return the deployment inside a checkpoint or an exported deployment; None for a stack never updated.

    Raises:
        StateError: The file is of another version, needs more than this engine knows, or is no checkpoint at all.
    """
    if not isinstance(checkpoint, dict) or "version" not in checkpoint:
        msg = "not a Pulumi checkpoint: expected an object with 'version' and 'checkpoint'"
        raise StateError(msg)
    if checkpoint["version"] not in {VERSION, VERSION_WITH_FEATURES}:
        msg = (
            f"the state's version must be {VERSION} or {VERSION_WITH_FEATURES}, found {checkpoint['version']!r};"
            " migrate it with Pulumi's own CLI"
        )
        raise StateError(msg)
    unknown = sorted({str(one) for one in checkpoint.get("features") or ()} - {_REPLACE_WITH})
    if unknown:
        msg = (
            f"the state must need nothing that the embedded engine does not know, found {', '.join(unknown)};"
            " use --engine pulumi for this stack"
        )
        raise StateError(msg)
    if "deployment" in checkpoint:
        return cast("dict[str, Any] | None", checkpoint["deployment"])
    inner = checkpoint.get("checkpoint")
    if not isinstance(inner, dict):
        msg = "not a Pulumi checkpoint: 'checkpoint' must be an object"
        raise StateError(msg)
    return cast("dict[str, Any] | None", inner.get("latest"))


def stored_salt(deployment: dict[str, Any] | None) -> str:
    """Return the passphrase provider's salt, or empty where there is none.

    Raises:
        StateError: The stack's secrets are kept by another secrets provider.
    """
    providers = (deployment or {}).get("secrets_providers") or {}
    kind = providers.get("type", "passphrase")
    if kind != "passphrase":
        msg = f"the stack's secrets provider must be 'passphrase', found {kind!r}; use Pulumi's own CLI for this stack"
        raise StateError(msg)
    return cast("str", (providers.get("state") or {}).get("salt", ""))


def decode_snapshot(deployment: dict[str, Any] | None, crypter: Crypter) -> Snapshot:
    """Return the snapshot a deployment holds."""
    if deployment is None:
        return Snapshot()
    return Snapshot(
        resources=[decode_resource(one, crypter) for one in deployment.get("resources") or []],
        pending_operations=[decode_pending(one, crypter) for one in deployment.get("pending_operations") or []],
        metadata=deployment.get("metadata") or {},
    )
