"""Errors that a person reads: each message names what is wrong and one way out.

The command turns every `CachewrightError` into its message and exit code 2; anything else is a defect and shows a
traceback.
"""

from __future__ import annotations


class CachewrightError(Exception):
    """A usage, configuration, program or environment error. `str()` is the whole message."""


class StateError(CachewrightError):
    """A stack's state cannot be read or written as it is."""


class StackLockedError(StateError):
    """Another process works on the stack."""


class PassphraseError(StateError):
    """The passphrase is missing or wrong."""
