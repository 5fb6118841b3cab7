"""Every operation of ElastiCache's API answers, and the table says how."""

import pytest

from cachewright_offline.cloud.elasticache import protocol, registry
from cachewright_offline.cloud.elasticache.coverage import BEHAVES, MISSING, REFUSES, coverage
from cachewright_ops import tested_operations as source
from cachewright_ops.local_aws_docs import rows

OPERATIONS = sorted(protocol.service_model().operation_names)
SAMPLE = """
import pytest

@pytest.mark.parametrize(("call", "arguments"), [("delete_user", {})])
def test_a(client, refused, call, arguments):
    refused(getattr(client, call), **arguments)

def test_b(client):
    client.create_user(UserId="a")
    client.get_paginator("describe_users")
    with pytest.raises(ValueError):
        client.modify_user()

def test_c(in_process):
    in_process.call("CreateUserGroup")
    in_process.refused("ModifyUserGroup", x=in_process.context)
"""


def minimal(shape):
    """Return the least that a shape takes."""
    kind = shape.type_name
    if kind == "structure":
        # An empty structure is not sent at all.
        names = shape.required_members or [name for name, one in shape.members.items() if one.type_name == "string"]
        return {name: minimal(shape.members[name]) for name in names}
    if kind == "list":
        return [minimal(shape.member)]
    return {"boolean": False, "integer": 1, "timestamp": 0}.get(kind, "x")


def test_the_table_has_every_operation():
    """What botocore's model has is in the table, and nothing else: a new operation of AWS is to be decided on."""
    assert sorted(coverage()) == OPERATIONS


def test_the_table_says_what_is_registered():
    """What behaves or refuses has a function; what the table calls missing has none."""
    answered = {name for name, one in coverage().items() if one.support in {BEHAVES, REFUSES}}
    assert answered == set(registry.operations())
    assert {one.support for one in coverage().values()} <= {BEHAVES, REFUSES, MISSING}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_answers(elasticache, operation):
    """The least request gets an answer or a fault that the model lists for it; none is a defect."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    model = protocol.service_model().operation_model(operation)
    given = model.input_shape.required_members
    arguments = {name: minimal(model.input_shape.members[name]) for name in given}
    try:
        getattr(elasticache, xform_name(operation))(**arguments)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if coverage()[operation].support == MISSING:
            assert (code, message) == ("NotImplemented", f"{operation} is not implemented by the local AWS.")
            return
        listed = {
            shape.metadata["error"]["code"] if "code" in shape.metadata.get("error", {}) else shape.name
            for shape in model.error_shapes
        }
        assert code in listed | {"InvalidParameterValue", "InvalidParameterCombination"}
        assert message
    else:
        assert coverage()[operation].support == BEHAVES


def test_a_missing_operation_is_named(in_process, monkeypatch):
    """An operation without a function is a 501 that names it, in the form that SDKs read."""
    from cachewright_offline.cloud.elasticache.responses import ElastiCacheResponse

    monkeypatch.delitem(registry.operations(), "DescribeUsers")
    response = ElastiCacheResponse()
    response.querystring = {"Action": ["DescribeUsers"]}
    status, headers, body = response.call_action()
    assert (status, headers) == (501, {"Content-Type": "text/xml"})
    assert b"<Code>NotImplemented</Code><Message>DescribeUsers is not implemented by the local AWS.</Message>" in body


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.operation)
def test_every_operation_is_tested(row):
    """What behaves is held by a test that gets an answer; what refuses, by one that is refused."""
    assert row.answers if row.support == BEHAVES else row.refusals


def test_calls_are_found_in_the_source(tmp_path):
    """Calls by either spelling are found, and told from those that are refused."""
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    found = source.tested_operations(OPERATIONS, tmp_path)
    assert {name: (one.answers, one.refusals) for name, one in found.items()} == {
        "DeleteUser": (set(), {"sample"}),
        "CreateUser": ({"sample"}, set()),
        "DescribeUsers": ({"sample"}, set()),
        "ModifyUser": (set(), {"sample"}),
        "CreateUserGroup": ({"sample"}, set()),
        "ModifyUserGroup": (set(), {"sample"}),
    }
