"""Pulumi's own CLI as its Automation API drives it, with interrupts that reach it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import InvalidVersionError, create_command_error

from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Cli(PulumiCommand):
    """The installed CLI. Ctrl-C is handed on to it, so that it ends as it does alone, and saves the state.

    Attributes:
        interrupted: Whether that has happened.
    """

    def __init__(self, purpose: str) -> None:
        """Find the CLI on PATH.

        Raises:
            CachewrightError: It is not installed, does not run, or is too old.
        """
        executable = shutil.which("pulumi")
        if executable is None:
            msg = (
                f"Pulumi's CLI must be on PATH for {purpose}, found none; install it as"
                " https://www.pulumi.com/docs/install/ says"
            )
            raise CachewrightError(msg)
        try:
            super().__init__()
        except (OSError, subprocess.CalledProcessError, ValueError, InvalidVersionError) as error:
            msg = f"Pulumi's CLI must tell its version, found that {executable} does not: {error}; install it anew"
            raise CachewrightError(msg) from error
        # The Automation API puts the folder of an absolute path first on PATH: its language hosts lie there.
        self.command = str(Path(executable).resolve())
        self.interrupted = False

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Run one command to its end.

        Raises:
            CommandError: It failed.
        """
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        environment["PATH"] = os.pathsep.join([str(Path(self.command).parent), environment.get("PATH", "")])
        with subprocess.Popen(
            [self.command, "--non-interactive", *args],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # The terminal's Ctrl-C would reach its plugins, too, and end them under it.
            start_new_session=True,
        ) as process:
            lines: tuple[list[str], list[str]] = ([], [])
            readers = [
                threading.Thread(target=_read, args=(stream, callback, chunks))
                for stream, callback, chunks in zip(
                    (process.stdout, process.stderr), (on_output, on_error), lines, strict=True
                )
            ]
            with self._handing_on(process):
                for reader in readers:
                    reader.start()
                for reader in readers:
                    reader.join()
                code = process.wait()
        result = CommandResult("\n".join(lines[0]), "\n".join(lines[1]), code)
        if code:
            raise create_command_error(result)
        return result

    @contextlib.contextmanager
    def _handing_on(self, process: subprocess.Popen[str]) -> Any:
        def hand_on(number: int, _: object) -> None:
            self.interrupted = True
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _read(stream: Iterable[str], callback: Callable[[str], Any] | None, lines: list[str]) -> None:
    for line in stream:
        text = line.rstrip("\n")
        lines.append(text)
        if callback is not None:
            callback(text)
