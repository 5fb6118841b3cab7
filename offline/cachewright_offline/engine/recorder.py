"""Keeps the state in step with a run.

What changed outside is written before (as a pending operation) and after it happens. A resource that is found
unchanged needs no write of its own: such ones are noted and written, in their place, together with the next real
change; a run that changes nothing writes nothing.
Source: Pulumi's pkg/backend/snapshot.go.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from cachewright_offline.engine.aliases import renamed_references
from cachewright_offline.engine.urn import STACK_TYPE, make_urn, qualified_type, resource_name, resource_type

if TYPE_CHECKING:
    from cachewright_offline.engine.backend import StackState
    from cachewright_offline.engine.graph import DependencyGraph
    from cachewright_offline.engine.journal import Journal
    from cachewright_offline.engine.plan import Step
    from cachewright_offline.engine.resource import OperationKind, PendingOperation, Resource

_PENDING: dict[str, OperationKind] = {
    "create": "creating",
    "create-replacement": "creating",
    "update": "updating",
    "delete": "deleting",
    "delete-replaced": "deleting",
    "read": "reading",
    "read-replacement": "reading",
    "import": "importing",
    "import-replacement": "importing",
}


class Recorder:
    """Writes one run's steps to a journal; a preview has none and writes nothing."""

    def __init__(self, journal: Journal | None, graph: DependencyGraph) -> None:
        self._journal = journal
        self._graph = graph
        self._lock = threading.RLock()
        self._unwritten: list[tuple[Resource, Resource]] = []
        self._unwritten_ids: set[int] = set()
        self._gone: set[int] = set()
        self._must_write = False

    def use(self, graph: DependencyGraph) -> None:
        """Go on with another graph of the old state, after a refresh."""
        self._graph = graph

    def begin(self, step: Step, *, outside: bool) -> int | None:
        """Note that a step begins; `outside` tells that it reaches out of this process."""
        kind = _PENDING.get(step.op)
        if self._journal is None or kind is None or not outside:
            return None
        with self._lock:
            self._flush()
            # A copy: the resource changes with the operation, and what is pending must stay as it was begun.
            return self._journal.begin(kind, replace(step.resource))

    def fail(self, token: int | None) -> None:
        """Note that a step has come to nothing."""
        if self._journal is not None and token is not None:
            with self._lock:
                self._journal.commit(token)

    def end(self, step: Step, token: int | None) -> None:
        """Note what a step has made of the state.

        A create that is half done ends like one that is done: what was made is kept.
        """
        if self._journal is None or step.skipped or step.op in {"replace", "refresh"}:
            return
        old, new = step.old, step.new
        with self._lock:
            if step.op == "same" and old is not None and new is not None:
                self._unwritten.append((new, old))
                self._unwritten_ids.add(id(new))
                self._must_write = self._must_write or _differs(old, new)
                return
            self._flush()
            add = [new] if new is not None else []
            put: list[Resource] = []
            drop: list[Resource] = []
            if step.op in {"create-replacement", "read-replacement", "import-replacement"}:
                if old is not None:
                    (drop if old.pending_replacement else put).append(old)
            elif step.op in {"delete-replaced", "discard-replaced"} and old is not None:
                (put if old.pending_replacement else drop).append(old)
            elif old is not None:
                drop.append(old)
            if new is not None:
                put += self._renamed(new)
            self._commit(token, add, put, drop)

    def outputs(self, resource: Resource, *, changed: bool) -> None:
        """Note that a component, or the stack, has registered its outputs."""
        if self._journal is None or not changed:
            return
        with self._lock:
            if id(resource) in self._unwritten_ids:
                self._must_write = True
            else:
                self._commit(None, [], [resource], [])

    def changed(self, put: list[Resource], drop: list[Resource]) -> None:
        """Note resources of the state that changed in place, or are gone."""
        if self._journal is not None and (put or drop):
            with self._lock:
                self._commit(None, [], put, drop)

    def resolve(self, operation: PendingOperation) -> None:
        """Forget an operation that an earlier run left pending."""
        if self._journal is not None:
            self._journal.resolve(operation)

    def finish(self, state: StackState) -> None:
        """Write the state, if anything has changed."""
        if self._journal is None:
            return
        with self._lock:
            if self._must_write or self._journal.dirty:
                self._flush()
                normalise(self._journal.snapshot().resources)
            state.finish_update(self._journal)

    def _commit(self, token: int | None, add: list[Resource], put: list[Resource], drop: list[Resource]) -> None:
        if self._journal is None:
            return
        put = [one for one in put if id(one) not in self._gone]
        drop = [one for one in drop if id(one) not in self._gone]
        self._gone.update(id(one) for one in drop)
        self._journal.commit(token, add=add, put=put, drop=drop)

    def _flush(self) -> None:
        if self._unwritten:
            unwritten, self._unwritten = self._unwritten, []
            self._unwritten_ids.clear()
            dropped = {id(old) for _, old in unwritten}
            put = {id(one): one for new, _ in unwritten for one in self._renamed(new) if id(one) not in dropped}
            self._commit(None, [new for new, _ in unwritten], list(put.values()), [old for _, old in unwritten])

    def _renamed(self, new: Resource) -> list[Resource]:
        """Let the rest of the old state follow when `new` has got another URN: a state must always hold together."""
        return [
            resource
            for former in new.aliases
            for resource in self._graph.referring_to(former)
            if id(resource) not in self._gone and renamed_references(resource, {former: new.urn})
        ]


def normalise(resources: list[Resource]) -> bool:
    """Let all refer to resources that were renamed by their new URNs, children's own URNs included, in place.

    Returns:
        Whether anything changed.
    """
    new_of: dict[str, str] = {}
    for resource in resources:
        for former in resource.aliases:
            new_of[former] = resource.urn
    if not new_of:
        return False
    renamed = set(new_of.values())
    for resource in resources:
        renamed_references(resource, new_of)
        if resource.parent in renamed and qualified_type(resource.parent) != STACK_TYPE:
            stack, project = resource.urn.removeprefix("urn:pulumi:").split("::", 2)[:2]
            urn = make_urn(stack, project, resource.parent, resource_type(resource.urn), resource_name(resource.urn))
            if urn != resource.urn:
                new_of[resource.urn] = urn
                renamed.add(urn)
                resource.urn = urn
        resource.aliases = []
    return True


def _differs(old: Resource, new: Resource) -> bool:
    return (
        old.urn != new.urn
        or old.type != new.type
        or old.custom != new.custom
        or (old.custom_timeouts or None) != (new.custom_timeouts or None)
        or old.retain_on_delete != new.retain_on_delete
        or old.provider != new.provider
        or old.parent != new.parent
        or old.deleted_with != new.deleted_with
        or old.protect != new.protect
        or old.inputs != new.inputs
        or old.outputs != new.outputs
        or old.import_id != new.import_id
        or sorted(old.dependencies) != sorted(new.dependencies)
        or old.extra != new.extra
    )
