"""Two engines' accounts of the same scenario, made comparable, and how they differ."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.backend import Backend
from conformance.pulumi_cli import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.side import Done, Outcome

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
# When something was done, by which process: no part of what a stack is.
_TIMES = frozenset({"created", "modified", "stackTrace"})
# What AWS, a provider or an engine makes up, with what stands around it.
_CHANCE = re.compile(
    r"\b(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"
    r"|(?<=-)(?P<hex>[0-9a-f]{17}|[0-9a-f]{8}|[0-9a-f]{7})\b"
    r"|(?<=-)(?P<suffix>[A-Za-z0-9]{6})(?=\")"
)


def state_of(folder: Path, project: str, stack: str) -> dict[str, Any]:
    """Return a stack's deployment: resources by URN, secrets in clear text, without times."""
    state = Backend(folder).open(project, stack, lambda: PASSPHRASE)
    state.load()
    latest = json.loads(state.path.read_text())["checkpoint"].get("latest") or {}
    resources = [_clear(one, state.crypter) for one in latest.get("resources") or []]
    pending = [_clear(one, state.crypter) for one in latest.get("pending_operations") or []]
    for one in [*resources, *(operation["resource"] for operation in pending)]:
        for key in _TIMES & one.keys():
            del one[key]
        if one["type"].startswith("random:"):
            # Its values have no form by which they could be found.
            one["id"] = "made up"
            one["outputs"] = {key: type(value).__name__ for key, value in one.get("outputs", {}).items()}
        for key in ("dependencies", "aliases"):
            if key in one:
                one[key] = sorted(one[key])
        for urns in (one.get("propertyDependencies") or {}).values():
            if urns:
                urns.sort()
    order = sorted(resources, key=lambda one: (one["urn"], bool(one.get("delete")), json.dumps(one, sort_keys=True)))
    return {"resources": order, "pending_operations": sorted(pending, key=json.dumps)}


def _clear(value: Any, crypter: Any) -> Any:
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            return {"secret": _clear(json.loads(crypter.decrypt(value["ciphertext"])), crypter)}
        return {key: _clear(one, crypter) for key, one in value.items()}
    if isinstance(value, list):
        return [_clear(one, crypter) for one in value]
    return value


def without_chance(account: Any) -> Any:
    """Return an account in which everything made up is numbered in the order it appears."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"<{len(numbers)}>")

    return json.loads(_CHANCE.sub(number, json.dumps(account, sort_keys=True)))


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return, path by path, what the embedded engine has and Pulumi's has not, and the other way round."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            line
            for key in sorted({*ours, *theirs})
            for line in differences(ours.get(key, "absent"), theirs.get(key, "absent"), f"{path}.{key}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            line
            for index, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for line in differences(one, other, f"{path}[{_label(one, index)}]")
        ]
    if ours == theirs:
        return []
    return [f"{path}: embedded {json.dumps(ours)}, pulumi {json.dumps(theirs)}"]


def _label(one: Any, index: int) -> str:
    return one["urn"].rpartition("::")[2] if isinstance(one, dict) and "urn" in one else str(index)


def step_differences(ours: Outcome, theirs: Outcome, edges: set[tuple[str, str]]) -> list[str]:
    """Return how the steps differ, but for an order that no dependency demands.

    Args:
        ours: The embedded engine's.
        theirs: Pulumi's.
        edges: Pairs of URNs of which one depends on the other.
    """
    found = []
    mine, other = Counter(ours.done), Counter(theirs.done)
    found += [f"only embedded: {one}" for one in (mine - other).elements()]
    found += [f"only pulumi: {one}" for one in (other - mine).elements()]
    if found:
        return found
    places = {one: index for index, one in enumerate(theirs.done)}
    for index, one in enumerate(ours.done):
        for later in ours.done[index + 1 :]:
            if one.op == later.op == "refresh":
                # Reads wait for nothing.
                continue
            related = one.urn == later.urn or (one.urn, later.urn) in edges or (later.urn, one.urn) in edges
            if related and places[one] > places[later]:
                found.append(f"embedded does {_short(one)} before {_short(later)}, pulumi after it")
    return found


def _short(done: Done) -> str:
    return f"{done.op} {done.urn.rpartition('::')[2]}"


def edges_of(*states: dict[str, Any]) -> set[tuple[str, str]]:
    """Return which resources depend on which, in any of the states."""
    return {
        (one["urn"], urn.rpartition("::")[0] if urn == one.get("provider") else urn)
        for state in states
        for one in state["resources"]
        for urn in (
            *(one.get("dependencies") or ()),
            one.get("parent", ""),
            one.get("deletedWith", ""),
            one.get("provider", ""),
        )
        if urn
    }


_PLACE = re.compile(r"^\S+\.py:\d+: ")
_VALUE = re.compile(r" value \{.*?\} has a problem", re.DOTALL)
_OF_THE_RUN = re.compile(
    r"(update|preview) failed|an unhandled error occurred: Program exited with non-zero exit code: \d+"
)


def errors_of_embedded(errors: list[str]) -> set[str]:
    """Return what the embedded engine says is wrong, without the line of the program that it names."""
    return {_PLACE.sub("", one) for one in errors}


def errors_of_pulumi(errors: list[str]) -> set[str]:
    """Return what Pulumi says is wrong: without tracebacks, without refused values, and without that it ends."""
    found = set()
    for one in errors:
        text = one.removeprefix("error: ").removeprefix("Preview failed: ").removeprefix("1 error occurred:\n\t* ")
        if text.startswith("Program failed with an unhandled exception:"):
            # The SDK's words for what an apply raises.
            text = text.splitlines()[-1].replace(" has risen: ", ": ")
        if not _OF_THE_RUN.fullmatch(text):
            found.add(_VALUE.sub(" has a problem", text))
    return found
