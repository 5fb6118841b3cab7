"""Keys and their aliases. What was encrypted with a key is lost: its material is made anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Key:
    """One customer key."""

    id: str
    description: str
    policy: str
    usage: str | None
    spec: str | None
    state: str
    manager: str
    rotates: bool
    created: float
    deletion: datetime | None = None
    aliases: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """The keys of a region."""

    keys: list[Key]


def _backend(account_id: str, region: str) -> Any:
    from moto.kms.models import kms_backends

    return kms_backends[account_id][region]


def describe(account_id: str, region: str) -> Described | None:
    """Return the keys of a region."""
    backend = _backend(account_id, region)
    keys = [_key(backend, one) for one in backend.keys.values()]
    return Described(keys) if keys else None


def _key(backend: Any, key: Any) -> Key:
    return Key(
        id=key.id,
        description=key.description,
        policy=key.policy,
        usage=key.key_usage,
        spec=key.key_spec,
        state=key.key_state,
        manager=key.key_manager,
        rotates=key.key_rotation_status,
        created=float(key.creation_date),
        deletion=_aware(key.deletion_date),
        aliases=list(key.aliases),
        tags=backend.tagger.get_tag_dict_for_resource(key.id),
    )


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def restore(account_id: str, region: str, described: Described) -> None:
    """Make the keys anew, with their ids."""
    from moto.kms.models import Alias

    backend = _backend(account_id, region)
    backend.keys.clear()
    for one in described.keys:
        key = backend.create_key(one.policy, one.usage, one.spec, one.description, None)
        del backend.keys[key.id]
        key.arn = key.arn.replace(key.id, one.id)
        key.id = one.id
        key.key_state, key.enabled = one.state, one.state == "Enabled"
        key.key_manager, key.key_rotation_status, key.deletion_date = one.manager, one.rotates, one.deletion
        key.creation_date = one.created
        backend.keys[one.id] = key
        key.aliases = {name: Alias(account_id, region, name, key) for name in one.aliases}
        backend.tagger.tag_resource(one.id, [{"TagKey": name, "TagValue": value} for name, value in one.tags.items()])
