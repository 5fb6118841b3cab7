"""ElastiCache itself: the records of every part of a region's state, the tags and the events."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import pkgutil
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud import elasticache as package
from cachewright_offline.cloud.elasticache.registry import Context, resume
from cachewright_offline.cloud.elasticache.state import Event
from cachewright_offline.cloud.record_codec import Codec

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.state import RegionState

_SECTIONS: Final = ("tags", "events", "parts")
_TAGS: Final = dict[str, dict[str, str]]
_EVENTS: Final = list[Event]


@functools.cache
def records() -> dict[str, type]:
    """Return every record of ElastiCache by its name; a name that two have is none that a document can mean."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    loaded = [module for name, module in sorted(sys.modules.items()) if name.startswith(f"{package.__name__}.")]
    found = {
        one
        for module in loaded
        for one in vars(module).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == module.__name__
    }
    names = Counter(one.__name__ for one in found)
    return {one.__name__: one for one in found if names[one.__name__] == 1}


@functools.cache
def codec() -> Codec:
    """Return what writes and reads them."""
    return Codec(records())


def is_part(record: type) -> bool:
    """Tell whether a record can be a part of a region's state: those are built without arguments."""
    return all(
        one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
        for one in dataclasses.fields(record)
    )


def describe(state: RegionState) -> dict[str, Any] | None:
    """Return what exists in a region, or None."""
    parts = {}
    for part in sorted(state.parts(), key=lambda one: type(one).__name__):
        written = codec().encode(part, type(part))
        if written != codec().encode(type(part)(), type(part)):
            parts[type(part).__name__] = written
    sections = {
        "tags": codec().encode(dict(sorted(state.tags.items())), _TAGS),
        "events": codec().encode(list(state.events), _EVENTS),
        "parts": parts,
    }
    return {name: held for name, held in sections.items() if held} or None


def read(document: Any, path: str, problems: list[str]) -> dict[str, Any]:
    """Return the values of a description; what is wrong with it is added to the problems."""
    if not isinstance(document, dict):
        problems.append(f"{path}: expected an object with {', '.join(_SECTIONS)}")
        return {}
    problems += [f"{path}.{name}: expected one of {', '.join(_SECTIONS)}" for name in document if name not in _SECTIONS]
    parts = document.get("parts", {})
    if not isinstance(parts, dict):
        problems.append(f"{path}.parts: expected an object")
        parts = {}
    return {
        "tags": codec().decode(document.get("tags", {}), _TAGS, f"{path}.tags", problems),
        "events": codec().decode(document.get("events", []), _EVENTS, f"{path}.events", problems),
        "parts": [_part(name, one, f"{path}.parts.{name}", problems) for name, one in parts.items()],
    }


def _part(name: str, document: Any, path: str, problems: list[str]) -> Any:
    record = records().get(name)
    if record is None or not is_part(record):
        problems.append(f"{path}: ElastiCache keeps nothing of this name")
        return None
    return codec().decode_record(document, record, path, problems)


def restore(account_id: str, region: str, described: dict[str, Any]) -> None:
    """Make everything anew."""
    state = carrier.elasticache_state(account_id, region)
    assert state is not None  # noqa: S101  # the region was checked
    state.tags = described["tags"]
    state.events.clear()
    state.events.extend(described["events"])
    for part in described["parts"]:
        state.keep(part)


def resume_all() -> None:
    """Plan what the restored records wait for; every region must be there for it."""
    for state in list(carrier.elasticache_states()):
        resume(Context(state.account_id, state.region, state))
