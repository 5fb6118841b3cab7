"""The keys of the stack, and what they encrypt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.tokens import (
    DELIVERY_STREAM,
    KMS_ALIAS,
    KMS_KEY,
    LOG_GROUP,
    REPLICATION_GROUP,
    SECRET,
    SERVERLESS_CACHE,
    TOPIC,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource

_AWS_ALIAS: Final = "alias/aws/"
# What carries cache data, and the property that names its key.
USERS: Final = {
    REPLICATION_GROUP: "kmsKeyId",
    SERVERLESS_CACHE: "kmsKeyId",
    LOG_GROUP: "kmsKeyId",
    TOPIC: "kmsMasterKeyId",
    SECRET: "kmsKeyId",
    DELIVERY_STREAM: "serverSideEncryption",
}


def used_keys(graph: Graph) -> frozenset[str]:
    """Return the URNs of the keys that encrypt something around caches, by themselves or by an alias."""

    def collected() -> frozenset[str]:
        found: set[str] = set()
        for type, property in USERS.items():
            for user in graph.of_type(type):
                for named in graph.references(user, property, KMS_KEY, KMS_ALIAS).resources:
                    found.update(one.urn for one in _keys(graph, named))
        return frozenset(found)

    return graph.remember(("used keys",), collected)


def has_customer_key(user: Resource, property: str) -> bool:
    """Tell whether something is encrypted with a customer's key: one of AWS's may be named by its alias."""
    return user.is_set(property) and not str(user.peek(property)).startswith(_AWS_ALIAS)


def has_customer_keys(graph: Graph) -> bool:
    """Tell whether anything around caches is encrypted with a customer's key by choice: then everything should be.

    A topic has one of necessity: AWS's own key for topics does not let CloudWatch's alarms use it.
    """

    def found() -> bool:
        named = (
            user.peek(property) for type, property in USERS.items() if type != TOPIC for user in graph.of_type(type)
        )
        return any(one is not None and not str(one).startswith("alias/aws/") for one in named)

    return graph.remember(("customer keys",), found)


def _keys(graph: Graph, named: Resource) -> Iterator[Resource]:
    if named.type == KMS_KEY:
        yield named
    else:
        yield from graph.references(named, "targetKeyId", KMS_KEY).resources
