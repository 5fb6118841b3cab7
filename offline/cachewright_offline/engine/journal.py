"""The journal of a running update: one line an event, so that a process killed at any moment loses nothing.

Rewriting a stack's whole state at every step costs time in proportion to the square of its size. Instead the state
file stays as it was when the update began, and what happens is appended here: `begin` before an operation reaches
the provider (and is on disk before it does), `commit` with its outcome after. At the end the merged snapshot is
written once and the journal is removed. A journal that is found when a stack is opened is what a killed process
left: it is read, a torn last line is dropped, and the merged snapshot (with the operations that never ended as
pending operations) is the stack's state.

The first line names the digest of the state file it belongs to: a journal beside another state (Pulumi's own CLI
has updated the stack since) is not applied.
"""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any, cast

from cachewright_offline.engine.deployment import decode_pending, decode_resource, encode_pending, encode_resource
from cachewright_offline.engine.resource import OperationKind, PendingOperation, Resource, Snapshot
from cachewright_offline.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cachewright_offline.engine.secrets import Crypter


class Journal:
    """Records an update as it goes and merges it with the snapshot it began from.

    The merged snapshot holds the resources added by this update, in the order they were added, then those of the
    base that were not dropped. Thread-safe.

    Args:
        base: The snapshot the update begins from; its resources are told apart by identity.
        crypter: Encrypts the secrets of what is recorded.
    """

    def __init__(self, base: Snapshot, crypter: Crypter) -> None:
        self._crypter = crypter
        self._lock = threading.Lock()
        self._metadata = base.metadata
        self._base: dict[str, Resource] = {f"b{index}": one for index, one in enumerate(base.resources)}
        self._added: dict[str, Resource] = {}
        self._adds = 0
        self._keys: dict[int, str] = {id(one): key for key, one in self._base.items()}
        self._kept_alive: list[Resource] = list(base.resources)
        self._pending: dict[int, PendingOperation] = dict(enumerate(base.pending_operations))
        self._begun = len(self._pending)
        self._file: int | None = None
        self._path: Path | None = None
        self.dirty = False

    def open(self, path: Path, digest: str) -> None:
        """Write from now on to `path`, for the state file whose digest is `digest`."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._path = path
        self._write({"journal": 1, "base": digest}, durable=True)

    def close(self) -> None:
        """Stop writing; the file stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def begin(self, kind: OperationKind, resource: Resource) -> int:
        """Record that an operation is about to reach the provider; returns the token `commit` ends it with."""
        with self._lock:
            token = self._begun
            self._begun += 1
            operation = PendingOperation(resource, kind)
            self._write({"begin": token, **encode_pending(operation, self._crypter)}, durable=True)
            self._pending[token] = operation
            return token

    def commit(
        self,
        token: int | None = None,
        *,
        add: Iterable[Resource] = (),
        put: Iterable[Resource] = (),
        drop: Iterable[Resource] = (),
    ) -> None:
        """Record an outcome, all of it or nothing.

        Args:
            token: The operation that ended.
            add: Resources that are now part of the stack, after all those added before.
            put: Resources of the stack that changed in place (the same objects as were added or loaded).
            drop: Resources that are no longer part of the stack.
        """
        added = {f"n{self._adds + offset}": one for offset, one in enumerate(add)}
        with self._lock:
            self._write(
                {
                    **({} if token is None else {"end": token}),
                    "add": {key: encode_resource(one, self._crypter) for key, one in added.items()},
                    "put": {self._keys[id(one)]: encode_resource(one, self._crypter) for one in put},
                    "drop": [self._keys[id(one)] for one in drop],
                }
            )
            self._adds += len(added)
            self._added.update(added)
            for key, one in added.items():
                self._keys[id(one)] = key
                self._kept_alive.append(one)
            for one in drop:
                self._forget(self._keys[id(one)])
            if token is not None:
                del self._pending[token]

    def resolve(self, operation: PendingOperation) -> None:
        """Forget a pending operation that the base snapshot brought along."""
        token = next(token for token, one in self._pending.items() if one is operation)
        self.commit(token)

    def snapshot(self) -> Snapshot:
        """Return the state of the stack as it is now."""
        with self._lock:
            return Snapshot(
                resources=[*self._added.values(), *self._base.values()],
                pending_operations=list(self._pending.values()),
                metadata=self._metadata,
            )

    def _forget(self, key: str) -> None:
        (self._base if key.startswith("b") else self._added).pop(key, None)

    def _write(self, entry: dict[str, object], *, durable: bool = False) -> None:
        self.dirty = self.dirty or "journal" not in entry
        if self._file is None or self._path is None:
            return
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        size = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            while written < len(line):
                written += os.write(self._file, line[written:])
            if durable:
                os.fsync(self._file)
        except OSError as error:
            # A torn line is only harmless as the last one: more may follow once there is room again.
            os.ftruncate(self._file, size)
            raise _unwritable(self._path, error) from error

    def _replay(self, entry: dict[str, Any]) -> None:
        if "begin" in entry:
            self._pending[entry["begin"]] = decode_pending(entry, self._crypter)
            self._begun = max(self._begun, entry["begin"] + 1)
            return
        for key, data in entry["add"].items():
            self._added[key] = decode_resource(data, self._crypter)
        for key, data in entry["put"].items():
            target = self._base if key.startswith("b") else self._added
            target[key] = decode_resource(data, self._crypter)
        for key in entry["drop"]:
            self._forget(key)
        if "end" in entry:
            self._pending.pop(entry["end"], None)


def recover(path: Path, base: Snapshot, digest: str, crypter: Crypter) -> Snapshot | None:
    """Return the snapshot that `base` and the journal at `path` make together.

    Returns:
        The merged snapshot, or None when the journal belongs to another state or records nothing.

    Raises:
        StateError: A line other than the last cannot be read.
    """
    lines = path.read_bytes().split(b"\n")
    journal = Journal(base, crypter)
    # What follows the last newline is a line that was cut off while it was written: it never took effect.
    for number, line in enumerate(lines[:-1], start=1):
        try:
            entry = cast("dict[str, Any]", json.loads(line))
            if number == 1:
                if entry["base"] != digest:
                    return None
            else:
                journal._replay(entry)  # noqa: SLF001 - recovery is the journal's own second half
        except (ValueError, KeyError, TypeError) as error:
            msg = (
                f"the update journal is corrupt at line {number}: {path}; the state file beside it is as it was before"
                f" the interrupted update. Move the journal away and run 'refresh' to go on from there ({error})"
            )
            raise StateError(msg) from error
    return journal.snapshot() if len(lines) > 2 else None


def _unwritable(path: Path, error: OSError) -> StateError:
    return StateError(
        f"cannot write the update journal {path}: {error.strerror}; the state on disk is as it was."
        " Make room or make the folder writable, then run the command again"
    )
