"""A bill without tags cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CACHES
from cachewright_policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches without the required tags, the provider's default tags counted in; by default without any."""
    if Cache(subject).is_member:
        return
    tags = {**subject.default_tags, **subject.mapping("tags")}
    required = scope.settings["requiredKeys"]
    if not required and not tags:
        yield Problem(f"{subject.name} has no tag: nobody can tell whose it is, nor who pays for it", "tags")
    missing = [key for key in required if tags.get(key) is not UNKNOWN and not tags.get(key)]
    if missing:
        yield Problem(f"{subject.name} lacks the tag{'s' * (len(missing) > 1)} {', '.join(missing)}", "tags")


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Add the configured values of the tags that are missing."""
    tags = properties.get("tags") or {}
    present = {**subject.default_tags, **tags}
    missing = {key: value for key, value in settings["values"].items() if not present.get(key)}
    if not missing:
        return False
    properties["tags"] = {**tags, **missing}
    return True


RULE = Rule(
    name="cache-tags",
    title="Caches are tagged",
    description=(
        "Tags tell who owns a cache and who pays for it: cost reports, access by tag and the hunt for what"
        " nobody uses any more rest on them. The provider's default tags count."
    ),
    severity=Severity.LOW,
    types=CACHES,
    check=check,
    remediation=(
        "Set tags, or the provider's defaultTags for all resources at once. Tags change nothing in a running cache."
    ),
    arguments=("tags",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Tagging-Resources.html",
    tags=("tags", "cost"),
    settings=(
        Setting(
            "requiredKeys",
            {"type": "array", "items": {"type": "string"}, "description": "The keys that every cache must have."},
            [],
        ),
        Setting(
            "values",
            {"type": "object", "description": "The values that a remediation adds, by key."},
            {},
        ),
    ),
    remediate=remediate,
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", tags={"owner": "shop"})
""",
)
