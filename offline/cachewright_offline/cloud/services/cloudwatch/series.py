"""A metric over time: what clients put, and before that what the caches publish.

From the period of the first value that a client puts for a metric, that metric is the client's: nothing made up is
added to it, so that an alarm sees the load that a test puts and no calm average with what was before. What
is published for several members together is made of what is known of each, so that a load put on one node is seen in
its cluster and its replication group too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cachewright.catalog import metrics
from cachewright_offline.cloud.services.cloudwatch import synthetic
from cachewright_offline.cloud.services.cloudwatch.samples import Sample, statistic

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from cachewright_offline.cloud.elasticache.members import Member
    from cachewright_offline.cloud.services.cloudwatch.synthetic import Dimensions


def aware(moment: datetime) -> datetime:
    """Return a moment with its zone; moto's have none and mean UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def dimensions_of(pairs: Iterable[dict[str, str]]) -> Dimensions:
    """Return dimensions as requests give them."""
    return frozenset((pair["Name"], pair["Value"]) for pair in pairs)


class Metrics:
    """The metrics of one account and region as they are at this moment.

    Args:
        backend: moto's CloudWatch, which keeps what clients put.
        now: The time; caches publish until then.
        names: The values of the dimensions that are asked for, when not all are.
    """

    def __init__(self, backend: Any, now: datetime, names: Container[str] | None = None) -> None:
        from cachewright_offline.cloud import carrier
        from cachewright_offline.cloud.elasticache.members import members

        state = carrier.elasticache_state(backend.account_id, backend.region_name)
        self._members = [] if state is None else list(_once(members(state, names)))
        self._now = now
        # What is published together with what, from the widest dimensions to a node's own.
        self._parts: dict[Dimensions, dict[Dimensions, None]] = {}
        self._nodes: dict[Dimensions, Member] = {}
        for member in self._members:
            own = synthetic.own_dimensions(member)
            self._nodes[own] = member
            nearest = own
            for wider in (synthetic.of_cluster(member), synthetic.of_role(member)):
                if wider is not None:
                    self._parts.setdefault(wider, {})[nearest] = None
                    nearest = wider
        self._put: dict[tuple[str, str, Dimensions], list[Sample]] = {}
        for datum in backend.metric_data:
            dimensions = frozenset((one.name, one.value) for one in datum.dimensions)
            self._put.setdefault((datum.namespace, datum.name, dimensions), []).append(_sample(datum))

    def keys(self) -> Iterator[tuple[str, str, Dimensions]]:
        """Return namespace, name and dimensions of each metric, once."""
        seen = dict.fromkeys(self._put)
        for member in self._members:
            for metric in synthetic.published(member):
                role = synthetic.of_role(member) if synthetic.is_of_roles(metric.name) else None
                for dimensions in (synthetic.own_dimensions(member), synthetic.of_cluster(member), role):
                    if dimensions is not None:
                        seen[metrics.NAMESPACE, metric.name, dimensions] = None
        return iter(seen)

    def samples(
        self, namespace: str, name: str, dimensions: Dimensions, start: datetime, end: datetime, period: int
    ) -> list[Sample]:
        """Return what is known of a metric from `start` until before `end`, for statistics of periods of seconds."""
        put = self._put.get((namespace, name, dimensions), [])
        found = [one for one in put if start <= one.moment < end]
        if namespace != metrics.NAMESPACE:
            return found
        end = min(end, self._now)
        if put:
            end = min(end, *(floor(one.moment, period) for one in put))
        if any(one == "Role" for one, _ in dimensions) and not synthetic.is_of_roles(name):
            return found
        for part in self._parts.get(dimensions, ()):
            found += self.samples(namespace, name, part, start, end, period)
        member = self._nodes.get(dimensions)
        if member is not None:
            metric = metrics.find(name, serverless=member.kind == "serverless-cache")
            if metric is not None and synthetic.is_published(member, metric):
                found += synthetic.samples(member, metric, start, end)
        return found


def statistics_of(samples: Iterable[Sample], names: Iterable[str], period: int) -> dict[datetime, dict[str, float]]:
    """Return statistics of samples by the beginning of their periods, in order."""
    periods: dict[datetime, list[Sample]] = {}
    for sample in samples:
        periods.setdefault(floor(sample.moment, period), []).append(sample)
    wanted = list(names)
    found = {
        moment: {name: value for name in wanted if (value := statistic(name, periods[moment])) is not None}
        for moment in sorted(periods)
    }
    return {moment: values for moment, values in found.items() if values}


def floor(moment: datetime, period: int) -> datetime:
    """Return the beginning of the period that a moment is in."""
    return datetime.fromtimestamp(moment.timestamp() // period * period, UTC)


def grid(start: datetime, end: datetime, period: int) -> list[datetime]:
    """Return the beginnings of all periods from the one of `start` until before `end`."""
    first = floor(start, period)
    count = -int((first - end).total_seconds() // period)
    return [first + timedelta(seconds=period * index) for index in range(count)]


def _once(members: Iterable[Member]) -> Iterator[Member]:
    """Return a serverless cache once, whatever number of subnets it is in."""
    seen: set[tuple[str, str, str]] = set()
    for member in members:
        key = (member.kind, member.id, member.node_id)
        if key not in seen:
            seen.add(key)
            yield member


def _sample(datum: Any) -> Sample:
    moment = aware(datum.timestamp)
    if hasattr(datum, "value"):
        return Sample.of_value(moment, datum.value, datum.unit)
    return Sample(moment, datum.min, datum.max, datum.sum, datum.sample_count, datum.unit)
