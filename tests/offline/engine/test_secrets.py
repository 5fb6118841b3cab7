"""Secrets at rest, held against a salt that Pulumi itself wrote."""

import pytest

from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import PassphraseError, StateError

# Written by Pulumi for the passphrase "password" (its own passphrase provider's tests use it).
PULUMI_SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="


def crypter(passphrase: str = "password", salt: str = PULUMI_SALT) -> Crypter:
    return Crypter(lambda: passphrase, salt)


def test_a_salt_that_pulumi_wrote_opens_with_its_passphrase() -> None:
    """The key derivation and the check agree with Pulumi's."""
    one = crypter()

    assert one.decrypt(one.encrypt("token")) == "token"


def test_a_wrong_passphrase_is_refused_before_anything_is_encrypted() -> None:
    """Nothing is ever written under another key than the stack's."""
    with pytest.raises(PassphraseError, match="^incorrect passphrase: .* PULUMI_CONFIG_PASSPHRASE"):
        crypter("other").encrypt("token")


def test_a_new_salt_is_created_once_and_opens_again() -> None:
    """A stack without a salt gets one that a later run can use."""
    first = Crypter(lambda: "correct horse")
    sealed = first.encrypt("token")

    assert Crypter(lambda: "correct horse", first.salt).decrypt(sealed) == "token"
    assert first.salt == first.salt


def test_the_passphrase_is_not_asked_for_without_a_secret() -> None:
    """A stack that holds no secret can be read without a passphrase."""

    def refuse() -> str:
        raise AssertionError

    assert Crypter(refuse, PULUMI_SALT).salt == PULUMI_SALT


@pytest.mark.parametrize(
    ("ciphertext", "message"),
    [
        ("v1:onlyone", "a secret in the state is malformed: expected 'v1:<nonce>:<sealed>'"),
        ("v2:AAAA:AAAA", "a secret in the state is malformed: expected 'v1:<nonce>:<sealed>'"),
        ("v1:%%%:AAAA", "a secret in the state is not valid base64"),
    ],
)
def test_a_malformed_ciphertext_is_named(ciphertext: str, message: str) -> None:
    """A damaged secret is an error that says so, never a crash."""
    with pytest.raises(StateError, match=message.replace("<", ".").replace(">", ".")):
        crypter().decrypt(ciphertext)


def test_a_malformed_salt_is_named_without_its_content() -> None:
    """The salt itself does not reach the message."""
    with pytest.raises(StateError, match="must read 'v1:<salt>:<check>', found 7 characters") as caught:
        crypter(salt="v9:abcd").encrypt("x")

    assert "abcd" not in str(caught.value)
