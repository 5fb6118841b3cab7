"""What happened lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.pagination import ordered_page
from cachewright_offline.cloud.elasticache.protocol import service_model
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result
    from cachewright_offline.cloud.elasticache.state import Event

_DEFAULT_MINUTES: Final = 60
_KEPT_DAYS: Final = 14
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# More than any number of microseconds since then, and than any number of events.
_BEYOND: Final = 10**17


@operation("DescribeEvents")
def describe_events(context: Context, params: Params) -> Result:
    """Show events, the newest first, of the last hour unless asked otherwise."""
    kind = params.get("SourceType")
    kinds: list[str] = service_model().shape_for("SourceType").metadata["enum"]
    if kind is not None and kind not in kinds:
        raise invalid_value(f"Invalid value for SourceType: {kind}. Must be one of: {', '.join(kinds)}.")
    name = params.get("SourceIdentifier")
    if name and kind is None:
        raise invalid_combination("SourceType must be given together with SourceIdentifier.")
    start, end = _period(context, params)
    found = (
        (index, event)
        for index, event in _newest_first(context)
        if start <= event.date <= end
        and (kind is None or event.source_type == kind)
        and (not name or event.source_id == name.lower())
    )
    chosen, marker = ordered_page(found, params, _key)
    events = [
        {
            "SourceIdentifier": event.source_id,
            "SourceType": event.source_type,
            "Message": event.message,
            "Date": event.date,
        }
        for _, event in chosen
    ]
    return {"Events": events, "Marker": marker}


def _newest_first(context: Context) -> Iterator[tuple[int, Event]]:
    """Yield the events with their numbers from the last one on: they are kept in the order of time."""
    events = context.state.events
    return zip(range(len(events) - 1, -1, -1), reversed(events), strict=True)


def _key(entry: tuple[int, Event]) -> str:
    """Return a key that sorts the newest event first, and of events of one moment the last."""
    index, event = entry
    microseconds = (event.date - _EPOCH) // timedelta(microseconds=1)
    return f"{_BEYOND - microseconds:018}/{_BEYOND - index:018}"


def _period(context: Context, params: Params) -> tuple[datetime, datetime]:
    now = context.state.now()
    minutes = params.get("Duration")
    if minutes is not None and not 0 < minutes <= _KEPT_DAYS * 24 * 60:
        message = f"Invalid value for Duration: {minutes}. Must be between 1 and {_KEPT_DAYS * 24 * 60} minutes."
        raise invalid_value(message)
    if minutes is not None and "StartTime" in params and "EndTime" in params:
        raise invalid_combination("Duration cannot be given together with both StartTime and EndTime.")
    span = timedelta(minutes=minutes or _DEFAULT_MINUTES)
    start, end = (_aware(params[name]) if name in params else None for name in ("StartTime", "EndTime"))
    if start is None:
        end = end or now
        start = end - span
    elif end is None:
        end = start + span if minutes is not None else now
    if start > end:
        raise invalid_combination("StartTime must not be later than EndTime.")
    if start < now - timedelta(days=_KEPT_DAYS):
        raise invalid_value(f"Events are kept for {_KEPT_DAYS} days: StartTime must not be earlier.")
    return start, end


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
