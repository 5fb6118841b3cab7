"""Starts, finds and stops the local AWS of a project.

A home folder holds at most one. The running process holds a lock on `server.lock` for as long as it lives, however it
ends, and tells its address in `server.json`; a file whose lock is free is stale. Starters hold `control.lock`, so that
two at once give one process.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud import speeds, timespans
from cachewright_offline.endpoint import CloudEndpoint
from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping, Sequence
    from io import TextIOWrapper
    from pathlib import Path

    from cachewright_offline.cloud.control_api import Instance

HOST = "127.0.0.1"
DEFAULT_PORT = 4747
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 5.0
# What a process writes before the reason for which it could not start.
ERROR_MARK = "error: "
_POLL_SECONDS = 0.02
_LOCK_PATIENCE_SECONDS = 1.0

# Children of this process, kept so that one that has ended is reaped when it is looked for.
_children: dict[int, subprocess.Popen[bytes]] = {}


class CloudError(CachewrightError):
    """The local AWS cannot be started, reached or stopped."""


@dataclass(frozen=True, slots=True)
class Running:
    """A local AWS that answers.

    Attributes:
        endpoint: Its address and instance id.
        pid: Its process.
        port: Its port on 127.0.0.1.
        started_at: When this instance came to be, ISO 8601.
        resources: How many resources of each kind it holds.
        regions: The same by account and region.
        speed: How fast resources change: `instant`, `60x`.
        time: Its time, ISO 8601; a test may have moved it ahead of the machine's.
        memory_bytes: What the process holds.
    """

    endpoint: CloudEndpoint
    pid: int
    port: int
    started_at: str
    resources: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    speed: str = speeds.INSTANT
    time: str = ""
    memory_bytes: int = 0


def start(
    home: Path,
    port: int | None = None,
    *,
    speed: str | None = None,
    seed: Path | None = None,
    quotas: Sequence[str] = (),
) -> Running:
    """Start the local AWS of `home`, or return the one that runs there.

    Args:
        home: Folder for its files; created when missing.
        port: Port to listen on. Without one it is 4747, or any free port when that is taken.
        speed: How fast resources change: `instant`, which is the default, or a factor such as `60x`.
        seed: File of an export to start with.
        quotas: Quotas to raise for it, as `nodes_per_region=5000`; one that runs already keeps its own.

    Raises:
        CloudError: The port is taken, the running one has another port or speed, or it did not come up.
        CachewrightError: The speed is none.
    """
    wanted = None if speed is None else speeds.shown(speeds.parse(speed))
    with _control_lock(home):
        running = _find(home)
        if running is not None:
            _check_same(home, running, port, wanted, seed)
            return running
        if port is not None:
            # Asked here for a clear answer; the process that is started asks again.
            listen(port).close()
        return _launch(home, port, wanted, seed, quotas)


def _check_same(home: Path, running: Running, port: int | None, speed: str | None, seed: Path | None) -> None:
    """Refuse what the one that runs already cannot become."""
    for name, asked, found in (
        ("port", port, f"runs on port {running.port}" if port not in {None, running.port} else ""),
        ("speed", speed, f"runs at {running.speed}" if speed not in {None, running.speed} else ""),
        ("seed", seed, "runs, and a seed is what a new one starts with" if seed is not None else ""),
    ):
        if found:
            message = (
                f"{name}: {asked} was asked for, but the local AWS of {home} already {found}. "
                "Stop it first: `cachewright local stop`."
            )
            raise CloudError(message)


def status(home: Path) -> Running | None:
    """Return the local AWS that runs in `home`, or None."""
    if not (home / "server.json").exists():
        return None
    return _find(home)


def stop(home: Path) -> bool:
    """End the local AWS of `home`. What it holds is forgotten.

    Returns:
        Whether one was running.
    """
    if not (home / "server.lock").exists():
        return False
    with _control_lock(home):
        if not _is_owned(home):
            (home / "server.json").unlink(missing_ok=True)
            return False
        pid = _published_pid(home)
        if pid is None:
            if not _is_owned(home):
                return False
            message = (
                f"a local AWS has been starting in {home} for {START_TIMEOUT_SECONDS:.0f} seconds: end its process"
            )
            raise CloudError(message)
        # The lock is held, so the process that wrote this pid lives: it cannot be another one's by now.
        for number, patience in ((signal.SIGTERM, STOP_TIMEOUT_SECONDS), (signal.SIGKILL, STOP_TIMEOUT_SECONDS)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if _wait_until_free(home, patience):
                (home / "server.json").unlink(missing_ok=True)
                _reap()
                return True
        message = f"process {pid} does not end; the local AWS of {home} is still running"
        raise CloudError(message)


def reset(home: Path) -> Running:
    """Make the running local AWS forget everything. It has another instance id, and the machine's time, afterwards.

    Raises:
        CloudError: None runs in `home`.
    """
    return _running(_command(home, "reset", {}))


def advance(home: Path, duration: str) -> Running:
    """Move the time of the running local AWS forward by a span such as `90s`, `2h` or `1d12h`.

    Raises:
        CachewrightError: It is no such span.
        CloudError: None runs in `home`.
    """
    timespans.parse(duration)
    return _running(_command(home, "advance", {"duration": duration}))


@dataclass(frozen=True, slots=True)
class Export:
    """What exists.

    Attributes:
        document: What `start` takes as a seed.
        left_out: How many resources of which kinds exist and are not in it.
    """

    document: Mapping[str, Any]
    left_out: Mapping[str, int]


def export(home: Path, *, secret_values: bool = False) -> Export:
    """Return what the running local AWS holds.

    Args:
        home: Its folder.
        secret_values: Whether the values of secrets are in it, in clear text.

    Raises:
        CloudError: None runs in `home`, or something is changing at this moment.
    """
    answer = _command(home, "export", {"secret_values": secret_values})
    return Export(answer["document"], answer["left_out"])


def _command(home: Path, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    running = status(home)
    if running is None:
        message = f"no local AWS runs in {home}: start one with `cachewright local start`"
        raise CloudError(message)
    answer = _ask(running.port, "POST", f"/_cachewright/{action}", arguments, timeout=60.0)
    if answer is None:
        message = f"the local AWS on port {running.port} does not answer: `cachewright local stop`, then start it again"
        raise CloudError(message)
    if "message" in answer:
        raise CloudError(str(answer["message"]))
    return answer


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens on the port, or on 4747 or any free one when none is given.

    Raises:
        CloudError: The port is taken, or is no port.
    """
    from cachewright_offline.cloud.server import bind

    if port is not None and not 0 <= port <= 65535:
        message = f"port: expected a number from 1 to 65535 (0: any free one), found {port}"
        raise CloudError(message)
    try:
        return bind(DEFAULT_PORT if port is None else port)
    except OSError as error:
        if port is None:
            return bind(0)
        message = (
            f"port: {port} on {HOST} cannot be listened on ({error.strerror}). "
            "Give another one, or none to take any that is free."
        )
        raise CloudError(message) from error


class Ownership:
    """The right of one process to be the local AWS of a home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def publish(self, instance: Instance) -> None:
        """Tell the address, for `start` and `status` of other processes."""
        document = {"pid": os.getpid(), "port": instance.port}
        temporary = self._home / f"server.json.{os.getpid()}"
        temporary.write_text(json.dumps(document), encoding="utf-8")
        temporary.replace(self._home / "server.json")


@contextlib.contextmanager
def own(home: Path) -> Iterator[Ownership]:
    """Be the local AWS of `home` until the end of the block.

    Raises:
        CloudError: Another process is.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("a", encoding="utf-8") as lock:
        deadline = time.monotonic() + _LOCK_PATIENCE_SECONDS
        while not _try_lock(lock):
            # `status` holds the lock for a moment when it looks whether it is free.
            if time.monotonic() > deadline:
                message = f"a local AWS already runs in {home}: stop it first with `cachewright local stop`"
                raise CloudError(message)
            time.sleep(_POLL_SECONDS)
        (home / "server.json").unlink(missing_ok=True)
        try:
            yield Ownership(home)
        finally:
            (home / "server.json").unlink(missing_ok=True)


def _launch(home: Path, port: int | None, speed: str | None, seed: Path | None, quotas: Sequence[str]) -> Running:
    command = [sys.executable, "-m", "cachewright_offline.cloud", "--home", str(home)]
    if port is not None:
        command += ["--port", str(port)]
    if speed is not None:
        command += ["--speed", speed]
    if seed is not None:
        command += ["--seed", str(seed.absolute())]
    for quota in quotas:
        command += ["--quota", quota]
    log_path = home / "server.log"
    with log_path.open("ab") as log:
        log_start = log.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            # Out of the caller's session: neither Ctrl-C nor the end of its terminal reaches it.
            start_new_session=True,
        )
    _children[process.pid] = process
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        running = _find(home)
        if running is not None:
            return running
        # One that a killed starter left behind may have come first, and answers in a moment.
        if process.poll() is not None and not _is_owned(home):
            with log_path.open("rb") as log:
                log.seek(log_start)
                reason = _reason(log.read().decode("utf-8", "replace"), process.returncode)
            message = f"the local AWS did not start: {reason} (log: {log_path})"
            raise CloudError(message)
        time.sleep(_POLL_SECONDS)
    process.kill()
    message = f"the local AWS did not answer within {START_TIMEOUT_SECONDS:.0f} seconds (log: {log_path})"
    raise CloudError(message)


def _reason(written: str, code: int) -> str:
    """Return why a process ended: what it said itself, or the last line that something else wrote."""
    _, mark, own = written.rpartition(ERROR_MARK)
    if mark:
        return own.strip()
    lines = written.strip().splitlines()
    return lines[-1] if lines else f"exit code {code}"


def _environment() -> dict[str, str]:
    """Return the environment of the process: no credentials of the user, no settings that change moto."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "MOTO_", "BOTO_"))}
    return kept | {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _find(home: Path) -> Running | None:
    """Return the process of `home` when it lives and answers."""
    _reap()
    if not _is_owned(home):
        return None
    published = _published(home)
    port, pid = published.get("port"), published.get("pid")
    if not isinstance(port, int):
        return None
    answer = _ask(port, "GET", "/_cachewright/status", timeout=10.0)
    return _running(answer) if answer is not None and answer.get("pid") == pid else None


def _reap() -> None:
    for pid, process in list(_children.items()):
        if process.poll() is not None:
            del _children[pid]


def _published_pid(home: Path) -> int | None:
    """Return the process of a home that is owned; one that a killed starter left behind tells it in a moment."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        pid = _published(home).get("pid")
        if isinstance(pid, int):
            return pid
        if not _is_owned(home):
            break
        time.sleep(_POLL_SECONDS)
    return None


def _published(home: Path) -> dict[str, Any]:
    try:
        document = json.loads((home / "server.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _ask(
    port: int, method: str, path: str, arguments: Mapping[str, Any] | None = None, *, timeout: float
) -> dict[str, Any] | None:
    """Return the answer, a refusal with its message included; None when there is none that can be read."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(method, path, json.dumps(arguments) if arguments is not None else None)
        answer = connection.getresponse()
        document = json.loads(answer.read())
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    readable = answer.status in {http.client.OK, http.client.BAD_REQUEST}
    return document if readable and isinstance(document, dict) else None


def _running(answer: Mapping[str, Any]) -> Running:
    port = int(answer["port"])
    endpoint = CloudEndpoint(f"http://{HOST}:{port}", str(answer["instance_id"]))
    return Running(
        endpoint,
        int(answer["pid"]),
        port,
        str(answer["started_at"]),
        answer["resources"],
        answer["regions"],
        answer["speed"],
        answer["time"],
        answer["memory_bytes"],
    )


def _is_owned(home: Path) -> bool:
    """Tell whether a process holds `server.lock`."""
    try:
        lock = (home / "server.lock").open("a", encoding="utf-8")
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(lock, fcntl.LOCK_UN)
    return False


def _try_lock(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_until_free(home: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while _is_owned(home):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


@contextlib.contextmanager
def _control_lock(home: Path) -> Iterator[None]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock: TextIOWrapper = (home / "control.lock").open("a", encoding="utf-8")
    except OSError as error:
        message = f"home: {home} cannot be written to ({error.strerror}). Give another folder."
        raise CloudError(message) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
