"""What every other cache of a stack has, and one has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import VALKEY, Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, GLOBAL_REPLICATION_GROUP, NODE_BASED
from cachewright_policies.topology.alarms import metrics_by_cache
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

# Of a single other cache nobody can tell whether it is the rule or the exception.
_FEWEST_OTHERS: Final = 2
_FEWEST_SHARED: Final = 2


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find the one cache that lacks protection, a topic or a tag that all the others have."""
    others = [one for one in _caches(scope.graph) if one is not subject]
    if subject.type in CACHES and Cache(subject).is_member:
        return
    if not _is_protected(subject) and _holds_data(subject) and _all(map(_is_protected, filter(_holds_data, others))):
        yield Problem("every other cache of this stack is protected from deletion, and this one is not")
    if subject.type not in CACHES:
        return
    if subject.type in NODE_BASED and not _tells(subject) and _all(_tells(one) for one in others if _has_nodes(one)):
        yield Problem(
            "every other cache of this stack tells a topic of its events, and this one does not", "notificationTopicArn"
        )
    tags = _tags(subject)
    missing = sorted(key for key in _shared_keys(others) if not tags.get(key))
    # That a cache has no tag at all is another rule's to say.
    if tags and missing:
        yield Problem(
            f"every other cache of this stack has the tag{'s' * (len(missing) > 1)} {', '.join(missing)}, and this one"
            " has not",
            "tags",
        )
    metrics = sorted(_unwatched(scope.graph, subject, others))
    if metrics:
        yield Problem(
            f"every other cache of its kind has an alarm on {', '.join(metrics)}, and this one has not: nobody is told"
        )


def _caches(graph: Graph) -> Iterable[Resource]:
    return graph.remember(
        ("caches of the stack",),
        lambda: tuple(one for one in graph.of_type(*CACHES) if not Cache(one).is_member),
    )


def _all(found: Iterable[bool]) -> bool:
    """Tell whether there are enough others, and it is so of each."""
    verdicts = list(found)
    return len(verdicts) >= _FEWEST_OTHERS and all(verdicts)


def _holds_data(cache: Resource) -> bool:
    return cache.is_unknown("engine") or not Cache(cache).is_memcached


def _has_nodes(cache: Resource) -> bool:
    return cache.type in NODE_BASED


def _is_protected(cache: Resource) -> bool:
    return cache.protect or cache.retain_on_delete


def _tells(cache: Resource) -> bool:
    return cache.is_set("notificationTopicArn")


def _tags(cache: Resource) -> Mapping[str, object]:
    return {**cache.default_tags, **cache.mapping("tags")}


def _unwatched(graph: Graph, subject: Resource, others: list[Resource]) -> frozenset[str]:
    """Return the metrics that all others of the kind are watched on, and this one not, though on others."""
    watched = metrics_by_cache(graph)
    own = watched.get(subject.urn, frozenset()) | watched[""]
    like = [watched.get(one.urn, frozenset()) for one in others if _kind(one) == _kind(subject)]
    if not own or Cache(subject).is_secondary or not like:
        return frozenset()
    common = frozenset.intersection(*like)
    # Two caches with several metrics in common, and one that only the other has: it was forgotten.
    alike = len(common & own) >= _FEWEST_SHARED and len(common - own) == 1
    return common - own if alike or len(like) >= _FEWEST_OTHERS else frozenset()


def _kind(cache: Resource) -> tuple[str, str, bool]:
    """Return what decides which alarms a cache has: a secondary's are its own region's matter."""
    engine = "unknown" if cache.is_unknown("engine") else Cache(cache).engine
    return cache.type, "redis" if engine == VALKEY else engine, Cache(cache).is_secondary


def _shared_keys(others: list[Resource]) -> set[str]:
    """Return the tags that all the others have; none where one's are not known yet."""
    if len(others) < _FEWEST_OTHERS:
        return set()
    try:
        keys = [{key for key, value in _tags(one).items() if value} for one in others]
    except UnknownValueError:
        return set()
    return set.intersection(*keys)


_PROGRAM = """
    for name in ("carts", "pages"):
        aws.elasticache.ServerlessCache(name, name=name, engine="valkey", tags={{"owner": "shop"}})
    aws.elasticache.ServerlessCache("sessions", name="sessions", engine="valkey", tags={tags})
"""

RULE = Rule(
    name="cache-consistency",
    title="No cache lacks what all the others have",
    description=(
        "Where every other cache of a stack is protected from deletion, tells a topic of its events, has a tag or an"
        " alarm on a metric, that is the stack's custom, and the one cache without was forgotten. Rules that ask for"
        " these things of every stack are cache-protection, cache-notification-topic, cache-tags and"
        " cache-essential-alarms."
    ),
    severity=Severity.LOW,
    types=(*CACHES, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Give the cache the option protect=True, notificationTopicArn, the tags or the alarm of the others. None of"
        " them touches what runs."
    ),
    arguments=("notificationTopicArn", "tags"),
    violating=_PROGRAM.format(tags='{"team": "web"}'),
    compliant=_PROGRAM.format(tags='{"team": "web", "owner": "shop"}'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/BestPractices.html",
    tags=("lifecycle", "tags", "data-loss"),
    needs_graph=True,
    environments=PROD_ONLY,
)
