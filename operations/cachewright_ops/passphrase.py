"""The passphrase that a stack's secrets are encrypted with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cachewright_offline.errors import PassphraseError


def passphrase_file(home: Path) -> Path:
    """Return where the generated passphrase of a project's local stacks is kept."""
    return home / "passphrase"


def given_passphrase() -> str | None:
    """Return the passphrase that the environment gives, or None where it gives none.

    Raises:
        PassphraseError: The file that PULUMI_CONFIG_PASSPHRASE_FILE names cannot be read.
    """
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    named = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if given is not None or not named:
        return given
    try:
        return Path(named).read_text().strip()
    except OSError as error:
        msg = f"cannot read the passphrase file {named}: {error.strerror}; correct PULUMI_CONFIG_PASSPHRASE_FILE"
        raise PassphraseError(msg) from error


def read_passphrase(home: Path) -> str:
    """Return the passphrase.

    It is PULUMI_CONFIG_PASSPHRASE, or what PULUMI_CONFIG_PASSPHRASE_FILE holds, as for Pulumi's own CLI. With
    neither, the project's local stacks have one that is generated once and kept, readable by its owner only, beside
    their state: enough for a rehearsal on the local AWS, which holds no real secret.

    Args:
        home: The project's `.cachewright` folder.

    Raises:
        PassphraseError: The file that is named cannot be read, or a new one cannot be written.
    """
    given = given_passphrase()
    if given is not None:
        return given
    path = passphrase_file(home)
    try:
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        msg = f"cannot read the passphrase file {path}: {error.strerror}; set PULUMI_CONFIG_PASSPHRASE"
        raise PassphraseError(msg) from error
