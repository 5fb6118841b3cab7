"""Hash slots: 16384 of them, each in one shard."""

from __future__ import annotations

import re

from cachewright.catalog.limits import limit
from cachewright.catalog.quoting import shown

_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


def even_slots(shards: int) -> tuple[str, ...]:
    """Return the slots of each shard when they are spread evenly, as AWS does at creation.

    >>> even_slots(3)
    ('0-5461', '5462-10922', '10923-16383')

    Raises:
        ValueError: There is no shard, or there are more shards than slots.
    """
    total = limit("slots")
    if not 1 <= shards <= total:
        msg = f"must be 1 to {total} shards, got {shards}"
        raise ValueError(msg)
    base, extra = divmod(total, shards)
    ranges = []
    start = 0
    for shard in range(shards):
        end = start + base + (1 if shard < extra else 0) - 1
        ranges.append(f"{start}-{end}")
        start = end + 1
    return tuple(ranges)


def parse(text: str) -> list[int]:
    """Return the slots that `0-99,150` names, in the order they are written.

    Raises:
        ValueError: A part is no slot and no range of slots, or lies outside 0-16383, or there are more than all slots.
    """
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            msg = f"must be slots such as '0-8191,9000', got {shown(text)}"
            raise ValueError(msg)
        start, end = int(match[1]), int(match[2] or match[1])
        if start > end or end >= limit("slots"):
            msg = f"must be slots from 0 to {limit('slots') - 1}, got {shown(part.strip())}"
            raise ValueError(msg)
        found.extend(range(start, end + 1))
        if len(found) > limit("slots"):
            msg = f"must name each slot once, got {shown(text)}"
            raise ValueError(msg)
    return found


def render(slots: list[int]) -> str:
    """Return slots as AWS writes them, adjacent ones joined.

    >>> render([3, 0, 1, 2, 9])
    '0-3,9'
    """
    parts: list[list[int]] = []
    for slot in sorted(slots):
        if parts and parts[-1][1] == slot - 1:
            parts[-1][1] = slot
        else:
            parts.append([slot, slot])
    return ",".join(str(start) if start == end else f"{start}-{end}" for start, end in parts)


def cover_problem(ranges: list[str]) -> str | None:
    """Return why shards' slots do not cover 0-16383 once, or None when they do."""
    seen: set[int] = set()
    for text in ranges:
        try:
            slots = parse(text)
        except ValueError as error:
            return str(error)
        for slot in slots:
            if slot in seen:
                return f"must hold each slot once, got slot {slot} twice; give each slot to one shard"
            seen.add(slot)
    if len(seen) != limit("slots"):
        missing = next(slot for slot in range(limit("slots")) if slot not in seen)
        return f"must cover every slot from 0 to {limit('slots') - 1}, got none for slot {missing}; add it to a shard"
    return None
