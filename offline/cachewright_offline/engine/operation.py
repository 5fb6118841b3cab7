"""Names for operations that reach the local AWS.

A create that was cut off is called again with the name it had, and the local AWS answers with what it answered
before: it is finished and never done twice. The name follows from what the pending operation in the state holds.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cachewright_offline.engine.secrecy import revealed

if TYPE_CHECKING:
    from cachewright_offline.engine.resource import OperationKind, Resource


def timestamp() -> str:
    """Return the time now as a state writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def operation_name(kind: OperationKind, resource: Resource) -> str:
    """Return the name of an operation on `resource`, which carries the time the operation began."""
    began = resource.created if kind == "creating" else resource.modified
    inputs = json.dumps(revealed(resource.inputs), sort_keys=True, default=repr)
    return hashlib.sha256(f"{kind}\n{resource.urn}\n{resource.id}\n{began}\n{inputs}".encode()).hexdigest()
