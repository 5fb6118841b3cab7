"""What the engine tells a person when a run cannot go on."""

from __future__ import annotations

from cachewright_offline.errors import CachewrightError


class ConfigurationError(CachewrightError):
    """A project file, a stack's configuration file or an option is wrong; the message names file and key."""


class UnsupportedError(CachewrightError):
    """A program asks for something that the embedded engine does not do; the message names it and the way out."""


class ProgramError(CachewrightError):
    """The Pulumi program itself failed.

    Attributes:
        message: What went wrong, without the place.
        file: The user's file, relative to the project where it lies inside it; empty where no user code is involved.
        line: The line in `file`, or 0.
        traceback: The whole traceback, for `--debug`.
    """

    def __init__(self, message: str, file: str = "", line: int = 0, traceback: str = "") -> None:
        place = f"{file}:{line}: " if file else ""
        super().__init__(place + message)
        self.message = message
        self.file = file
        self.line = line
        self.traceback = traceback


class StepError(Exception):
    """A resource cannot be handled as the program asks; ends the run like Pulumi's "bail".

    Attributes:
        message: What is wrong; empty when everything was already reported.
        urn: The resource it is about, or empty.
    """

    def __init__(self, message: str, urn: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.urn = urn
