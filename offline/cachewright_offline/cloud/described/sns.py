"""Topics, without their subscriptions and what was published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic."""

    name: str
    display_name: str = ""
    policy: str | None = None
    kms_key_id: str = ""
    fifo: bool = False
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """The topics of a region."""

    topics: list[Topic]


def _backend(account_id: str, region: str) -> Any:
    from moto.sns.models import sns_backends

    return sns_backends[account_id][region]


def describe(account_id: str, region: str) -> Described | None:
    """Return the topics of a region."""
    topics = [_topic(one) for one in _backend(account_id, region).topics.values()]
    return Described(topics) if topics else None


def _topic(topic: Any) -> Topic:
    return Topic(
        name=topic.name,
        display_name=topic.display_name,
        policy=topic.policy,
        kms_key_id=topic.kms_master_key_id,
        fifo=str(topic.fifo_topic).lower() == "true",
        tags=dict(topic._tags),  # noqa: SLF001  # moto has no other way
    )


def restore(account_id: str, region: str, described: Described) -> None:
    """Make the topics anew; their ARNs follow from their names."""
    backend = _backend(account_id, region)
    backend.topics.clear()
    for one in described.topics:
        attributes = {"FifoTopic": "true"} if one.fifo else None
        topic = backend.create_topic(one.name, attributes=attributes, tags=dict(one.tags))
        topic.display_name, topic.kms_master_key_id = one.display_name, one.kms_key_id
        if one.policy is not None:
            topic.policy = one.policy
