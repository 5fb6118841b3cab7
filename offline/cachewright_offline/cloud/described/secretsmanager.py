"""Secrets. Their values are in an export only if it was asked for them.

A secret whose value was left out is restored without a value: GetSecretValue says that it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a secret's value."""

    stages: list[str]
    created: int
    text: str | None = None
    binary: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret; `versions` is empty where values are left out."""

    name: str
    arn: str
    created: int
    changed: int
    description: str | None = None
    kms_key_id: str | None = None
    policy: str | None = None
    current: str | None = None
    versions: dict[str, Version] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """The secrets of a region."""

    secrets: list[Secret]


def _backend(account_id: str, region: str) -> Any:
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[account_id][region]


def describe(account_id: str, region: str) -> Described | None:
    """Return the secrets of a region with their values; replicas of other regions and deleted ones are left out."""
    from moto.secretsmanager.models import FakeSecret

    found = _backend(account_id, region).secrets.values()
    secrets = [_secret(one) for one in found if isinstance(one, FakeSecret) and one.deleted_date is None]
    return Described(secrets) if secrets else None


def without_values(described: Described) -> Described:
    """Return the same secrets without their values."""
    from dataclasses import replace

    return Described([replace(one, versions={}, current=None) for one in described.secrets])


def _secret(secret: Any) -> Secret:
    versions = {
        id: Version(
            stages=list(one["version_stages"]),
            created=int(one["createdate"]),
            text=one.get("secret_string"),
            binary=_text(one.get("secret_binary")),
        )
        for id, one in secret.versions.items()
    }
    return Secret(
        name=secret.name,
        arn=secret.arn,
        created=int(secret.created_date),
        changed=int(secret.last_changed_date),
        description=secret.description,
        kms_key_id=secret.kms_key_id,
        policy=secret.policy,
        current=secret.default_version_id,
        versions=versions,
        tags={one["Key"]: one["Value"] for one in secret.tags or []},
    )


def _text(binary: Any) -> str | None:
    return binary.decode("latin-1") if isinstance(binary, bytes) else binary


def restore(account_id: str, region: str, described: Described) -> None:
    """Make the secrets anew, with their ARNs."""
    from moto.secretsmanager.models import FakeSecret

    backend = _backend(account_id, region)
    backend.secrets.clear()
    for one in described.secrets:
        secret = FakeSecret(
            account_id,
            region,
            one.name,
            secret_version={},
            version_id="",
            description=one.description,
            tags=[{"Key": key, "Value": value} for key, value in one.tags.items()],
            kms_key_id=one.kms_key_id,
            last_changed_date=one.changed,
            created_date=one.created,
        )
        secret.arn, secret.policy = one.arn, one.policy
        secret.versions = {id: _version(id, version) for id, version in one.versions.items()}
        current = secret.versions.get(one.current or "")
        secret.set_default_version_id(one.current if current else None)
        if current:
            secret.secret_string, secret.secret_binary = current.get("secret_string"), current.get("secret_binary")
        backend.secrets[one.name] = secret


def _version(id: str, version: Version) -> dict[str, Any]:
    made: dict[str, Any] = {"createdate": version.created, "version_id": id, "version_stages": list(version.stages)}
    if version.text is not None:
        made["secret_string"] = version.text
    if version.binary is not None:
        made["secret_binary"] = version.binary
    return made
