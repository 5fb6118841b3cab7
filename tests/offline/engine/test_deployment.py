"""The deployment format: what is written is read back, and what is not understood is kept."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.engine.deployment import (
    decode_resource,
    decode_value,
    deployment_of,
    encode_checkpoint,
    encode_resource,
    encode_value,
    stored_salt,
)
from cachewright_offline.engine.resource import CustomTimeouts, Resource, Snapshot
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import StateError
from cachewright_offline.values import UNKNOWN, ResourceReference, Secret

CRYPTER = Crypter(lambda: "test")

plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(), inner, max_size=4)
        | inner.map(Secret)
        | st.builds(ResourceReference, st.just("urn:pulumi:s::p::t::n"), inner, st.just("1.0.0"))
    ),
    max_leaves=12,
)


@given(values)
def test_every_value_is_read_back_as_it_was_written(value: object) -> None:
    """Encoding to JSON and back loses nothing, secrets included."""
    assert decode_value(json.loads(json.dumps(encode_value(value, CRYPTER))), CRYPTER) == value


def test_a_secret_is_never_in_the_encoded_text() -> None:
    """The clear text of a secret does not reach the file."""
    text = json.dumps(encode_value({"a": [Secret({"token": "hunter2-hunter2"})]}, CRYPTER))

    assert "hunter2" not in text
    assert '"1b47061264138c4ac30d75fd1eb44270"' in text


def test_an_unknown_value_cannot_be_stored() -> None:
    """Only previews have unknown values: storing one is a defect of ours."""
    with pytest.raises(TypeError, match="unknown value cannot be stored"):
        encode_value({"a": UNKNOWN}, CRYPTER)


def test_a_resource_keeps_the_members_this_engine_does_not_know() -> None:
    """A newer Pulumi's members survive a round trip through our engine."""
    data = {
        "urn": "urn:pulumi:dev::p::aws:kms/key:Key::k",
        "custom": True,
        "type": "aws:kms/key:Key",
        "id": "k-1",
        "inputs": {"description": "d"},
        "customTimeouts": {"create": 60.0},
        "refreshBeforeUpdate": True,
        "viewOf": "urn:x",
    }

    resource = decode_resource(data, CRYPTER)

    assert resource.custom_timeouts == CustomTimeouts(create=60.0)
    assert encode_resource(resource, CRYPTER) == data


def test_a_checkpoint_names_the_stack_and_carries_a_magic_pulumi_accepts() -> None:
    """Pulumi refuses a state whose magic is not the SHA-256 of its version."""
    resource = Resource("urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "pulumi:pulumi:Stack", custom=False)

    checkpoint = encode_checkpoint(Snapshot([resource]), "organization/p/dev", CRYPTER)

    latest = deployment_of(checkpoint)
    assert checkpoint["checkpoint"]["stack"] == "organization/p/dev"
    assert latest is not None
    assert latest["manifest"]["version"] == "v3.250.0"
    assert latest["manifest"]["magic"] == hashlib.sha256(b"v3.250.0").hexdigest()
    assert stored_salt(latest) == CRYPTER.salt


def test_a_state_that_needs_more_than_version_3_says_what() -> None:
    """An older Pulumi refuses such a state by the name of the feature, and this engine reads it back."""
    resource = Resource("urn:pulumi:dev::p::t:i:T::a", "t:i:T", custom=True, extra={"replaceWith": ["urn:x"]})

    checkpoint = encode_checkpoint(Snapshot([resource]), "organization/p/dev", CRYPTER)

    assert (checkpoint["version"], checkpoint["features"]) == (4, ["replaceWith"])
    latest = deployment_of(checkpoint)
    assert latest is not None
    assert decode_resource(latest["resources"][0], CRYPTER).extra == {"replaceWith": ["urn:x"]}


@pytest.mark.parametrize(
    ("checkpoint", "message"),
    [
        ([], "not a Pulumi checkpoint: expected an object with 'version' and 'checkpoint'"),
        ({"version": 1}, "the state's version must be 3 or 4, found 1; migrate it with Pulumi's own CLI"),
        (
            {"version": 4, "features": ["replaceWith", "views", "taint"], "checkpoint": {}},
            "the state must need nothing that the embedded engine does not know, found taint, views;"
            " use --engine pulumi for this stack",
        ),
        ({"version": 3, "checkpoint": 4}, "not a Pulumi checkpoint: 'checkpoint' must be an object"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(checkpoint: object, message: str) -> None:
    """The message says what was expected."""
    with pytest.raises(StateError) as caught:
        deployment_of(checkpoint)

    assert str(caught.value) == message


def test_another_secrets_provider_is_refused_by_name() -> None:
    """A stack whose secrets a cloud service keeps cannot be opened with a passphrase."""
    with pytest.raises(StateError, match="must be 'passphrase', found 'awskms'"):
        stored_salt({"secrets_providers": {"type": "awskms", "state": {}}})


def test_a_value_of_an_unknown_kind_is_refused_by_its_signature() -> None:
    """An asset in the state is named, not silently dropped."""
    with pytest.raises(StateError, match="signature c44067f5952c0a294b673a41bacd8c17"):
        decode_value({"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17"}, CRYPTER)
