"""Secrets at rest, encrypted as Pulumi's passphrase provider does it.

AES-256-GCM under a key that PBKDF2-SHA256 derives from the passphrase and a salt of 8 bytes in 1,000,000 rounds.
A ciphertext reads `v1:<nonce>:<sealed>`, both in base64. The salt is stored as `v1:<salt>:<ciphertext of "pulumi">`,
so that a wrong passphrase is noticed before anything is decrypted with it.
Source: Pulumi's sdk/go/common/resource/config/crypt.go and pkg/secrets/passphrase/manager.go.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from cachewright_offline.errors import PassphraseError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ROUNDS = 1_000_000
_KEY_BYTES = 32
_SALT_BYTES = 8
_NONCE_BYTES = 12
_PROBE = "pulumi"


class Crypter:
    """Encrypts and decrypts one stack's secrets. The passphrase is asked for once, when it is first needed.

    Args:
        passphrase: Called for the passphrase when a secret has to be written or read.
        salt: The stored salt, or empty for a stack that has held no secret so far.
    """

    def __init__(self, passphrase: Callable[[], str], salt: str = "") -> None:
        self._passphrase = passphrase
        self._salt = salt
        self._aead: AESGCM | None = None
        self._lock = threading.Lock()

    @property
    def salt(self) -> str:
        """The salt to store; creates one (and asks for the passphrase) when there is none yet."""
        if not self._salt:
            self._unlock()
        return self._salt

    def for_salt(self, salt: str) -> Crypter:
        """Return one for a stored salt: this one, with its key, if the salt is its own."""
        return self if salt and salt == self._salt else Crypter(self._passphrase, salt)

    def prepare(self) -> None:
        """Begin to derive the key, which takes a fifth of a second, while the caller does something else."""
        threading.Thread(target=self._unlock_quietly, name="cachewright-key", daemon=True).start()

    def _unlock_quietly(self) -> None:
        # What is wrong is told to whoever needs the key.
        with contextlib.suppress(Exception):
            self._unlock()

    def _unlock(self) -> AESGCM:
        with self._lock:
            if self._aead is None:
                self._aead = self._open_salt() if self._salt else self._create_salt()
            return self._aead

    def _create_salt(self) -> AESGCM:
        raw = os.urandom(_SALT_BYTES)
        aead = _derive(self._passphrase(), raw)
        self._salt = f"v1:{_encode(raw)}:{_seal(aead, _PROBE)}"
        return aead

    def _open_salt(self) -> AESGCM:
        version, _, rest = self._salt.partition(":")
        raw, _, probe = rest.partition(":")
        if version != "v1" or not probe:
            msg = (
                f"the stack's encryption salt must read 'v1:<salt>:<check>', found {len(self._salt)} characters of"
                " another form; restore the file it stands in from its backup"
            )
            raise StateError(msg)
        aead = _derive(self._passphrase(), _decode(raw))
        if _open(aead, probe) != _PROBE:
            raise PassphraseError(WRONG_PASSPHRASE)
        return aead

    def encrypt(self, plaintext: str) -> str:
        """Return `plaintext` sealed under a fresh nonce."""
        return _seal(self._unlock(), plaintext)

    def decrypt(self, ciphertext: str) -> str:
        """Return what `ciphertext` holds.

        Raises:
            PassphraseError: The passphrase is not the one it was written with.
        """
        return _open(self._unlock(), ciphertext)


WRONG_PASSPHRASE = (
    "incorrect passphrase: the stack's secrets were written with another one; set PULUMI_CONFIG_PASSPHRASE or"
    " PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase the stack was created with"
)


@lru_cache(maxsize=16)
def _derive(passphrase: str, salt: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    # Its OpenSSL is newer than most interpreters', and takes half the time of hashlib's.
    return AESGCM(PBKDF2HMAC(SHA256(), _KEY_BYTES, salt, _ROUNDS).derive(passphrase.encode()))


def _seal(aead: AESGCM, plaintext: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return f"v1:{_encode(nonce)}:{_encode(aead.encrypt(nonce, plaintext.encode(), None))}"


def _open(aead: AESGCM, ciphertext: str) -> str:
    from cryptography.exceptions import InvalidTag

    version, _, rest = ciphertext.partition(":")
    nonce, _, sealed = rest.partition(":")
    if version != "v1" or not sealed:
        msg = "a secret in the state is malformed: expected 'v1:<nonce>:<sealed>'; restore the state from its backup"
        raise StateError(msg)
    try:
        return aead.decrypt(_decode(nonce), _decode(sealed), None).decode()
    except InvalidTag:
        raise PassphraseError(WRONG_PASSPHRASE) from None


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        msg = "a secret in the state is not valid base64; restore the state from its backup"
        raise StateError(msg) from None
