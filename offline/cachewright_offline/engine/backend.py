"""Stacks in a folder, in the layout of Pulumi's DIY file backend, so that Pulumi's own CLI can take a stack over.

    <root>/.pulumi/meta.yaml                                    the layout's version
    <root>/.pulumi/stacks/<project>/<stack>.json                the state (and .json.bak, the one before)
    <root>/.pulumi/history/<project>/<stack>/…                  what was done, when
    <root>/.pulumi/locks/organization/<project>/<stack>/…       who is at work
    <root>/.cachewright/…                                       what only this engine needs: journals, lock files

Source: Pulumi's pkg/backend/diy (store.go, state.go, lock.go).
"""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
import re
import socket
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.deployment import (
    SECRET,
    decode_snapshot,
    deployment_of,
    encode_checkpoint,
    stored_salt,
)
from cachewright_offline.engine.journal import Journal, recover
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import CachewrightError, StackLockedError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cachewright_offline.engine.resource import Snapshot

_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_SALT = re.compile(rb'"salt":\s*"(v1:[^"\\]+)"')


class Backend:
    """The folder that holds the states of stacks.

    Args:
        root: The folder, or a `file://` URL of it, as PULUMI_BACKEND_URL has it.

    Raises:
        CachewrightError: The URL is not one of a folder.
    """

    def __init__(self, root: Path | str) -> None:
        text = str(root)
        if "://" in text and not text.startswith("file://"):
            scheme = text.partition("://")[0]
            msg = f"the backend must be a folder (file://...), found {scheme}://; unset PULUMI_BACKEND_URL"
            raise CachewrightError(msg)
        self.root = Path(text.removeprefix("file://")).expanduser().absolute()

    def stack_names(self, project: str) -> tuple[str, ...]:
        """Return the names of the project's stacks, sorted."""
        folder = self.root / ".pulumi" / "stacks" / project
        return tuple(sorted(path.stem for path in folder.glob("*.json")))

    def open(self, project: str, stack: str, passphrase: Callable[[], str]) -> StackState:
        """Return the state of a stack, which need not exist yet.

        Args:
            project: The project's name.
            stack: The stack's name: letters, digits, `-`, `_` and `.`, at most 100.
            passphrase: Called once, when a secret has to be read or written.

        Raises:
            CachewrightError: The stack's name is malformed.
        """
        if not _STACK_NAME.fullmatch(stack):
            msg = (
                f"the stack's name must be 1-100 letters, digits, '-', '_' or '.', found {stack!r};"
                " choose another --stack"
            )
            raise CachewrightError(msg)
        return StackState(self.root, project, stack, passphrase)


class StackState:
    """One stack's state. Hold `lock` around `load` and everything that follows from it.

    Attributes:
        recovered: Whether the last `load` found, and merged, the journal of an update that was cut off.
    """

    def __init__(self, root: Path, project: str, stack: str, passphrase: Callable[[], str]) -> None:
        self.root = root
        self.project = project
        self.stack = stack
        self._passphrase = passphrase
        self._bookkeeping = root / ".pulumi"
        self._own = root / ".cachewright"
        self.path = self._bookkeeping / "stacks" / project / f"{stack}.json"
        self.backup = self.path.with_name(self.path.name + ".bak")
        self._journal_path = self._own / "journal" / project / f"{stack}.jsonl"
        self._instance_path = self._own / "instances" / project / stack
        self.crypter = Crypter(passphrase)
        self._digest = ""
        self._loaded: Snapshot | None = None
        self.recovered = False

    @property
    def exists(self) -> bool:
        """Whether the stack has a state file."""
        return self.path.exists()

    @property
    def snapshot(self) -> Snapshot:
        """The stack's resources as last loaded or saved."""
        return self.load() if self._loaded is None else self._loaded

    def prepare(self) -> None:
        """Begin to derive the key for the state's secrets, if it holds any; `load` waits for it."""
        with contextlib.suppress(OSError):
            raw = self.path.read_bytes()
            salt = _SALT.search(raw)
            if salt is not None and SECRET.encode() in raw:
                self.crypter = Crypter(self._passphrase, salt[1].decode())
                self.crypter.prepare()

    def load(self) -> Snapshot:
        """Read the state, and merge the journal of an update that was cut off.

        Raises:
            StateError: The state cannot be read; the message tells where the backup is.
        """
        raw = self._read()
        try:
            deployment = None if raw is None else deployment_of(json.loads(raw))
            self.crypter = self.crypter.for_salt(stored_salt(deployment))
            base = decode_snapshot(deployment, self.crypter)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            msg = f"the state file {self.path} is corrupt ({error}); {self._backup_hint()}"
            raise StateError(msg) from error
        self._digest = hashlib.sha256(raw or b"").hexdigest()
        merged = None
        if self._journal_path.exists():
            merged = recover(self._journal_path, base, self._digest, self.crypter)
        self.recovered = merged is not None
        snapshot = merged or base
        problem = integrity_problem(snapshot)
        if problem:
            msg = f"the state file {self.path} is corrupt: {problem}; {self._backup_hint()}"
            raise StateError(msg)
        self._loaded = snapshot
        return snapshot

    def save(self, snapshot: Snapshot) -> None:
        """Replace the state file in one atomic step and keep the one before as its backup.

        Raises:
            StateError: It cannot be written; the state on disk is as it was.
        """
        checkpoint = encode_checkpoint(snapshot, f"organization/{self.project}/{self.stack}", self.crypter)
        raw = json.dumps(checkpoint, separators=(",", ":")).encode()
        try:
            self._write_meta()
            _replace_file(self.path, raw, self.backup)
        except OSError as error:
            msg = (
                f"cannot write the state file {self.path}: {error.strerror}; the state on disk is as it was."
                " Make room or make the folder writable, then run the command again"
            )
            raise StateError(msg) from error
        self._digest = hashlib.sha256(raw).hexdigest()
        self._journal_path.unlink(missing_ok=True)
        self._loaded = snapshot
        self.recovered = False

    def begin_update(self) -> Journal:
        """Return a journal that begins from the loaded snapshot.

        What a killed update left is written to the state file first, so that one journal at most is ever pending.
        """
        if self.recovered:
            self.save(self.snapshot)
        journal = Journal(self.snapshot, self.crypter)
        journal.open(self._journal_path, self._digest)
        return journal

    def finish_update(self, journal: Journal) -> Snapshot:
        """Write what the journal has recorded as the stack's state, and remove the journal."""
        journal.close()
        snapshot = journal.snapshot()
        if journal.dirty:
            self.save(snapshot)
        else:
            self._journal_path.unlink(missing_ok=True)
        return snapshot

    @contextlib.contextmanager
    def lock(self, command: str) -> Iterator[None]:
        """Keep every other process, Pulumi's CLI included, from working on the stack meanwhile.

        The lock is the kernel's, so a process that dies lets it go; beside it stands a lock file in Pulumi's form.
        A lock file of a process of this machine that no longer runs is removed.

        Raises:
            StackLockedError: Another process holds it; the message says who, since when and what to do.
            StateError: The folder cannot be written.
        """
        own = self._own / "locks" / self.project / self.stack
        theirs = self._bookkeeping / "locks" / "organization" / self.project / self.stack
        lock_file = theirs / f"{uuid.uuid4()}.json"
        with contextlib.ExitStack() as stack:
            try:
                own.parent.mkdir(parents=True, exist_ok=True)
                theirs.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(own, os.O_RDWR | os.O_CREAT, 0o600)
                stack.callback(os.close, descriptor)
                self._take(descriptor, command)
                self._refuse_foreign_locks(theirs, command)
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"'{command}' (pid {os.getpid()}, since {_now()})".encode(), 0)
                stack.callback(lock_file.unlink, missing_ok=True)
                lock_file.write_text(json.dumps(_lock_content()))
            except OSError as error:
                msg = f"cannot lock the stack in {self.root}: {error.strerror}; make room or make the folder writable"
                raise StateError(msg) from error
            yield

    def _take(self, descriptor: int, command: str) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 4096, 0).decode() or "another process"
            msg = f"the stack {self.stack!r} is locked by {holder}; wait for it to end, then run {command!r} again"
            raise StackLockedError(msg) from None

    def _refuse_foreign_locks(self, folder: Path, command: str) -> None:
        for path in sorted(folder.glob("*.json")):
            try:
                holder = json.loads(path.read_text())
                pid, host = int(holder["pid"]), str(holder["hostname"])
            except (ValueError, KeyError, TypeError):
                msg = f"the stack {self.stack!r} is locked by an unreadable file; delete {path} if nobody works on it"
                raise StackLockedError(msg) from None
            if host == socket.gethostname() and not _is_running(pid):
                path.unlink(missing_ok=True)
                continue
            msg = (
                f"the stack {self.stack!r} is locked by {holder.get('username')}@{host} (pid {pid}, since"
                f" {holder.get('timestamp')}); wait for it to end, or delete {path} if it no longer runs, then run"
                f" {command!r} again"
            )
            raise StackLockedError(msg)

    @property
    def instance_id(self) -> str:
        """The id of the local AWS the state was made on, or empty."""
        try:
            return self._instance_path.read_text().strip()
        except FileNotFoundError:
            return ""

    @instance_id.setter
    def instance_id(self, value: str) -> None:
        try:
            _replace_file(self._instance_path, value.encode())
        except OSError as error:
            msg = f"cannot write {self._instance_path}: {error.strerror}; make room or make the folder writable"
            raise StateError(msg) from error

    def record_history(
        self, kind: str, result: str, changes: Mapping[str, int], started: float, *, message: str = ""
    ) -> None:
        """Append one update to the stack's history, as `pulumi stack history` reads it.

        Args:
            kind: `update`, `refresh` or `destroy`.
            result: `succeeded` or `failed`.
            changes: How many resources had each step kind.
            started: When it began, in seconds since the epoch.
            message: What the update was for.
        """
        folder = self._bookkeeping / "history" / self.project / self.stack
        entry: dict[str, Any] = {
            "kind": kind,
            "startTime": int(started),
            "message": message,
            "environment": {},
            "config": {},
            "version": 0,
            "result": result,
            "endTime": int(time.time()),
            "resourceChanges": dict(changes),
        }
        stem = f"{self.stack}-{time.time_ns()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{stem}.history.json").write_text(json.dumps(entry, indent=4))
            if self.path.exists():
                (folder / f"{stem}.checkpoint.json").write_bytes(self.path.read_bytes())
        except OSError as error:
            msg = f"cannot write the stack's history in {folder}: {error.strerror}; the state itself is saved"
            raise StateError(msg) from error

    def remove(self) -> None:
        """Forget the stack: its state, backup, history, journal and instance."""
        for path in (self.path, self.backup, self._journal_path, self._instance_path):
            path.unlink(missing_ok=True)
        history = self._bookkeeping / "history" / self.project / self.stack
        for path in history.glob("*"):
            path.unlink()
        self._loaded = None

    def _read(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            if self.backup.exists():
                msg = f"the state file {self.path} is missing but its backup is there; {self._backup_hint()}"
                raise StateError(msg) from None
            return None
        except OSError as error:
            msg = f"cannot read the state file {self.path}: {error.strerror}; {self._backup_hint()}"
            raise StateError(msg) from error

    def _backup_hint(self) -> str:
        if self.backup.exists():
            return (
                f"the state before the last update is in {self.backup}: copy it over the state file and run 'refresh'"
            )
        return "there is no backup: restore the file from your own, or delete it and import what exists"

    def _write_meta(self) -> None:
        meta = self._bookkeeping / "meta.yaml"
        if not meta.exists():
            _replace_file(meta, b"version: 1\n")


def integrity_problem(snapshot: Snapshot) -> str | None:
    """Return what makes a snapshot unusable, or None: every resource must follow its parent and dependencies."""
    seen: set[str] = set()
    live: set[str] = set()
    for resource in snapshot.resources:
        needed = [resource.parent, *resource.dependencies, *([resource.deleted_with] if resource.deleted_with else [])]
        if resource.provider:
            needed.append(resource.provider.rpartition("::")[0])
        for urn in needed:
            if urn and urn not in seen:
                return f"{resource.urn} refers to {urn}, which does not stand before it"
        if not resource.delete:
            if resource.urn in live:
                return f"{resource.urn} stands in it twice"
            live.add(resource.urn)
        seen.add(resource.urn)
    return None


def _replace_file(path: Path, content: bytes, backup: Path | None = None) -> None:
    """Write `content` to `path` so that a reader, or a crash, finds the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if backup is not None and path.exists():
            previous = backup.with_name(f".{backup.name}.{os.getpid()}.tmp")
            previous.unlink(missing_ok=True)
            previous.hardlink_to(path)
            previous.replace(backup)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lock_content() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "username": getpass.getuser(),
        "hostname": socket.gethostname(),
        "timestamp": _now(),
    }


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat()
