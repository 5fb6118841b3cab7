"""Log groups, without their streams and lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogGroup:
    """One log group."""

    name: str
    created: datetime
    retention_days: int | None = None
    kms_key_id: str | None = None
    log_class: str = "STANDARD"
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """The log groups of a region."""

    groups: list[LogGroup]


def _backend(account_id: str, region: str) -> Any:
    from moto.logs.models import logs_backends

    return logs_backends[account_id][region]


def describe(account_id: str, region: str) -> Described | None:
    """Return the log groups of a region."""
    backend = _backend(account_id, region)
    groups = [_log_group(backend, one) for one in backend.groups.values()]
    return Described(groups) if groups else None


def _log_group(backend: Any, group: Any) -> LogGroup:
    days = group.retention_in_days
    return LogGroup(
        name=group.name,
        created=group.creation_time.replace(tzinfo=UTC),
        retention_days=None if days is None else int(days),
        kms_key_id=group.kms_key_id,
        log_class=getattr(group, "log_group_class", None) or "STANDARD",
        tags=backend.tagger.get_tag_dict_for_resource(group.arn),
    )


def restore(account_id: str, region: str, described: Described) -> None:
    """Make the log groups anew."""
    backend = _backend(account_id, region)
    backend.groups.clear()
    for one in described.groups:
        group = backend.create_log_group(one.name, dict(one.tags), kmsKeyId=one.kms_key_id)
        group.creation_time = one.created.astimezone(UTC).replace(tzinfo=None)
        group.retention_in_days, group.log_group_class = one.retention_days, one.log_class
