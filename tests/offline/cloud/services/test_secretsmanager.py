"""Rotation of a secret that holds an AUTH token, and how the staging labels move."""

import io
import json
import zipfile

import pytest

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
MISSING = "arn:aws:lambda:us-east-1:123456789012:function:gone"


@pytest.fixture
def secrets(cloud):
    client = cloud.client("secretsmanager")
    client.create_secret(Name="token", SecretString="the-first-auth-token")
    return client


@pytest.fixture
def function(cloud):
    """Return the ARN of a rotation function."""
    role = cloud.client("iam").create_role(RoleName="rotate", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", "def handler(event, context):\n    pass\n")
    return cloud.client("lambda").create_function(
        FunctionName="rotate",
        Runtime="python3.11",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]


def stages(secrets):
    """Return the value of the version with each staging label; None where it has none yet."""
    found = {}
    for version, labels in secrets.describe_secret(SecretId="token")["VersionIdsToStages"].items():
        for label in labels:
            assert label not in found
            found[label] = version
    return found


def test_rotation_needs_a_function(secrets, refused):
    """Without a function that exists nothing is rotated and nothing has changed."""
    before = stages(secrets)
    assert refused(secrets.rotate_secret, SecretId="token") == (
        "InvalidRequestException",
        "No Lambda rotation function ARN is associated with this secret.",
    )
    assert refused(secrets.rotate_secret, SecretId="token", RotationLambdaARN=MISSING) == (
        "ResourceNotFoundException",
        f"Resource not found for ARN '{MISSING}'.",
    )
    assert stages(secrets) == before
    assert not secrets.describe_secret(SecretId="token").get("RotationEnabled")
    assert refused(secrets.rotate_secret, SecretId="other")[0] == "ResourceNotFoundException"


def test_rotation(secrets, function, refused):
    """The function's steps bring a new value from AWSPENDING to AWSCURRENT, and the old one to AWSPREVIOUS."""
    first = stages(secrets)["AWSCURRENT"]
    new = secrets.rotate_secret(
        SecretId="token", RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 30}
    )["VersionId"]
    assert stages(secrets) == {"AWSCURRENT": first, "AWSPENDING": new}
    assert refused(secrets.rotate_secret, SecretId="token") == (
        "InvalidRequestException",
        "A previous rotation isn't complete. That rotation will be reattempted.",
    )
    secrets.put_secret_value(
        SecretId="token",
        ClientRequestToken=new,
        SecretString="the-second-auth-token",
        VersionStages=["AWSPENDING"],
    )
    assert secrets.get_secret_value(SecretId="token")["SecretString"] == "the-first-auth-token"
    pending = secrets.get_secret_value(SecretId="token", VersionStage="AWSPENDING")
    assert (pending["VersionId"], pending["SecretString"]) == (new, "the-second-auth-token")
    secrets.update_secret_version_stage(
        SecretId="token", VersionStage="AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=first
    )
    assert stages(secrets) == {"AWSCURRENT": new, "AWSPENDING": new, "AWSPREVIOUS": first}
    assert secrets.get_secret_value(SecretId="token")["SecretString"] == "the-second-auth-token"
    previous = secrets.get_secret_value(SecretId="token", VersionStage="AWSPREVIOUS")
    assert previous["SecretString"] == "the-first-auth-token"
    secret = secrets.describe_secret(SecretId="token")
    assert (secret["RotationEnabled"], secret["RotationLambdaARN"]) == (True, function)
    third = secrets.rotate_secret(SecretId="token")["VersionId"]
    assert stages(secrets) == {"AWSCURRENT": new, "AWSPENDING": third, "AWSPREVIOUS": first}


def test_rotation_rules_that_cannot_be(secrets, function, refused):
    """A rotation is due every 1 to 1000 days, which is said before anything about a rotation that is under way."""
    refusal = ("InvalidParameterException", "RotationRules.AutomaticallyAfterDays must be within 1-1000.")
    rules = {"SecretId": "token", "RotationLambdaARN": function, "RotationRules": {"AutomaticallyAfterDays": 1001}}
    assert refused(secrets.rotate_secret, **rules) == refusal
    assert not secrets.describe_secret(SecretId="token").get("RotationEnabled")
    secrets.rotate_secret(SecretId="token", RotationLambdaARN=function)
    assert refused(secrets.rotate_secret, **rules) == refusal


def test_rotation_later(secrets, function):
    """A schedule alone changes no version."""
    before = stages(secrets)
    secrets.rotate_secret(
        SecretId="token",
        RotationLambdaARN=function,
        RotationRules={"AutomaticallyAfterDays": 30},
        RotateImmediately=False,
    )
    assert stages(secrets) == before
    assert secrets.describe_secret(SecretId="token")["RotationRules"]["AutomaticallyAfterDays"] == 30


def test_labels_of_values_that_are_put(secrets):
    """A value that is put is the current one, and the one before it the previous; older ones have no label."""
    first = stages(secrets)["AWSCURRENT"]
    second = secrets.put_secret_value(SecretId="token", SecretString="the-second-auth-token")["VersionId"]
    assert stages(secrets) == {"AWSCURRENT": second, "AWSPREVIOUS": first}
    third = secrets.put_secret_value(SecretId="token", SecretString="the-third-auth-token")["VersionId"]
    assert stages(secrets) == {"AWSCURRENT": third, "AWSPREVIOUS": second}
    secrets.update_secret_version_stage(
        SecretId="token", VersionStage="AWSCURRENT", MoveToVersionId=second, RemoveFromVersionId=third
    )
    assert stages(secrets) == {"AWSCURRENT": second, "AWSPREVIOUS": third}


def test_labels_that_are_not_moved(secrets, refused):
    """A label is on one version, and AWSCURRENT always on one."""
    first = stages(secrets)["AWSCURRENT"]
    second = secrets.put_secret_value(SecretId="token", SecretString="two", VersionStages=["mine"])["VersionId"]
    move = secrets.update_secret_version_stage
    for label, holder, other in (("AWSCURRENT", first, second), ("mine", second, first)):
        assert refused(move, SecretId="token", VersionStage=label, MoveToVersionId=other) == (
            "InvalidParameterException",
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to "
            f"version {holder}, so you must explicitly reference that version in RemoveFromVersionId.",
        )
    assert refused(move, SecretId="token", VersionStage="AWSCURRENT", RemoveFromVersionId=first) == (
        "InvalidParameterException",
        "You can't remove the staging label AWSCURRENT from a version without moving it to another version.",
    )
    move(SecretId="token", VersionStage="mine", RemoveFromVersionId=second)
    assert stages(secrets) == {"AWSCURRENT": first}
