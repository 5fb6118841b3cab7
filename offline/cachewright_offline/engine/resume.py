"""What a killed run left pending.

A create may, or may not, have reached AWS: it is called again with its recorded inputs and the name it had, which
the local AWS answers with what it answered before; the resource then enters the state. Updates and deletes are
planned anew. On another local AWS than the one the state was made on nothing pending can be finished: it is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cachewright_offline.engine import secrecy
from cachewright_offline.engine.errors import StepError
from cachewright_offline.engine.operation import operation_name, timestamp
from cachewright_offline.provider.protocol import PartialError, ProviderError

if TYPE_CHECKING:
    from cachewright_offline.engine.events import Severity
    from cachewright_offline.engine.providers import ProviderRegistry
    from cachewright_offline.engine.resource import PendingOperation, Resource, Snapshot
    from cachewright_offline.engine.step_generator import Reporter


def tell_pending(snapshot: Snapshot, report: Reporter) -> None:
    """Say what is pending, in a run that does not touch it."""
    for operation in snapshot.pending_operations:
        report("warning", f"{_what(operation)}; the next 'up' goes on from there", operation.resource.urn)


def drop_pending(snapshot: Snapshot, report: Reporter) -> bool:
    """Forget what is pending, because the local AWS it was pending on is gone; tell whether there was anything."""
    found = bool(snapshot.pending_operations)
    for operation in snapshot.pending_operations:
        message = f"{_what(operation)}; it is dropped, for the local AWS it was for is gone"
        report("warning", message, operation.resource.urn)
    snapshot.pending_operations = []
    return found


def resume(snapshot: Snapshot, providers: ProviderRegistry, report: Reporter) -> bool:
    """Finish pending creates and forget the other pending operations, in place.

    Returns:
        Whether the snapshot has changed.
    """
    changed = bool(snapshot.pending_operations)
    for operation in snapshot.pending_operations:
        resource = operation.resource
        if operation.type != "creating":
            report("warning", f"{_what(operation)}; it is planned anew", resource.urn)
            continue
        severity, message = _finish(snapshot, resource, providers)
        report(severity, f"{_what(operation)}; {message}", resource.urn)
    snapshot.pending_operations = []
    return changed


def _finish(snapshot: Snapshot, pending: Resource, providers: ProviderRegistry) -> tuple[Severity, str]:
    try:
        provider = providers.ensure(pending.provider)
        if provider is None:
            return "warning", "it has no provider and is dropped"
        timeout = pending.custom_timeouts.create if pending.custom_timeouts else 0.0
        state = provider.create(
            pending.urn,
            pending.inputs,
            preview=False,
            operation=operation_name("creating", pending),
            timeout=timeout,
        )
    except PartialError as error:
        _enter(snapshot, replace(pending, id=error.state.id, outputs=error.state.outputs, init_errors=[str(error)]))
        return "warning", f"what was made is kept: {error}"
    except (ProviderError, StepError) as error:
        return "warning", f"it could not be finished and is dropped: {error}"
    _enter(snapshot, replace(pending, id=state.id, outputs=state.outputs))
    return "info", f"it is finished: id {state.id}"


def _enter(snapshot: Snapshot, made: Resource) -> None:
    made.outputs = secrecy.marked_names(
        secrecy.marked(made.outputs, made.inputs),
        (name for name in made.additional_secret_outputs if name != "id"),
    )
    made.created = made.modified = timestamp()
    for resource in list(snapshot.resources):
        if resource.urn == made.urn and not resource.delete:
            if resource.pending_replacement:
                snapshot.resources.remove(resource)
            else:
                resource.delete = True
    snapshot.resources.append(made)


def _what(operation: PendingOperation) -> str:
    return f"an earlier run was cut off while {operation.type} {operation.resource.type} '{operation.resource.name}'"
