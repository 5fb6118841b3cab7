"""Whatever is sent, the answer is one that an SDK reads, and the server answers the next request."""

import contextlib
import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest
from botocore.parsers import create_parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cachewright_offline.cloud.elasticache import protocol
from cachewright_offline.cloud.elasticache.faults import Fault

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/elasticache/aws4_request, SignedHeaders=host, Signature=x"
FORM = "application/x-www-form-urlencoded"
NO_NUMBERS = ("MalformedQueryString", "The elements of the list UserIdsToAdd have no numbers.")
INVALID_ACTION = "The action DescribeUsers is not valid for this web service."


@pytest.fixture
def send(cloud):
    """Return a function that makes a plain request and returns the status, and botocore's reading of the answer."""

    def call(body=b"", *, method="POST", path="/", chunked=False, **headers):
        connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=60)
        given = {"Content-Type": FORM, "Authorization": SIGNED} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        wanted = {name: value for name, value in given.items() if value is not None}
        with contextlib.closing(connection):
            connection.request(method, path, iter([body]) if chunked else body, wanted, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, _read(answer.status, answer.read(), dict(answer.getheaders()))

    yield call
    assert call(b"Action=DescribeUsers&Version=2015-02-02")[0] == 200, "the server lives"


def _read(status, body, headers):
    response = {"status_code": status, "body": body, "headers": headers}
    parsed = create_parser("query").parse(response, protocol.operation_model("DescribeUsers").output_shape)
    return parsed.get("Error", {}).get("Code"), parsed.get("Error", {}).get("Message")


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("Version=2015-02-02", 400, ("MissingAction", "The request is missing an action or a required parameter.")),
        ("Action=Nope", 400, ("InvalidAction", "Could not find operation Nope for version 2015-02-02")),
        ("Action=DescribeUsers&Nope=1", 400, ("InvalidQueryParameter", "Unknown parameter: Nope")),
        ("Action=ModifyUserGroup", 400, ("MissingParameter", "The request must contain the parameter UserGroupId")),
        ("Action=ModifyUserGroup&UserGroupId=a&UserIdsToAdd.member.x=1", 400, NO_NUMBERS),
        ("Action=ModifyUserGroup&UserGroupId=a&UserIdsToAdd.member.-1=1", 400, NO_NUMBERS),
        (f"Action=ModifyUserGroup&UserGroupId=a&UserIdsToAdd.member.{'9' * 6000}=1", 400, NO_NUMBERS),
        (
            "Action=DescribeUsers&Filters=a&Filters.member.1.Name=b",
            400,
            (
                "MalformedQueryString",
                "The parameter Filters.member.1.Name is given both as a value and as a structure.",
            ),
        ),
        (
            "Action=DescribeUsers&MaxRecords=2_0",
            400,
            ("MalformedInput", "The parameter MaxRecords is of type integer: '2_0' is not."),
        ),
        (
            f"Action=DescribeUsers&MaxRecords={'9' * 6000}",
            400,
            ("MalformedInput", f"The parameter MaxRecords is of type integer: '{'9' * 100}...' is not."),
        ),
        (
            "Action=DescribeCacheClusters&ShowCacheNodeInfo=maybe",
            400,
            ("MalformedInput", "The parameter ShowCacheNodeInfo is of type boolean: 'maybe' is not."),
        ),
        (
            "Action=DescribeEvents&StartTime=yesterday",
            400,
            ("MalformedInput", "The parameter StartTime is of type timestamp: 'yesterday' is not."),
        ),
        (
            "Action=DescribeUsers&UserId=%00",
            400,
            ("InvalidParameterValue", "The parameter UserId has characters that cannot stand in XML."),
        ),
        ("Action=a%00b", 400, ("InvalidAction", "Could not find operation a\ufffdb for version 2015-02-02")),
        (
            "Action=DescribeUsers&Version=1999-01-01",
            400,
            ("InvalidAction", "Could not find operation DescribeUsers for version 1999-01-01"),
        ),
        ("Action=DescribeUsers&Marker=%25", 400, ("InvalidParameterValue", "The value of Marker is invalid.")),
    ],
)
def test_malformed_queries(send, query, status, error):
    """Each is refused with a code, and a sentence that names what is wrong."""
    assert send(query.encode()) == (status, error)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-amz-json-1.1", "text/xml", "nonsense", ""])
def test_other_content_types(send, content_type):
    """A body that is no form holds no action, unless nothing says what it is."""
    status, (code, _) = send(b'{"a": 1}', Content_Type=content_type)
    assert (status, code) == (400, "MissingAction")


def test_chunked_and_in_the_address(send):
    """A body in chunks, and a query in the address, are read as any other."""
    assert send(b"Action=DescribeUsers", chunked=True)[0] == 200
    assert send(method="GET", path="/?Action=DescribeUsers&Version=2015-02-02")[0] == 200


@pytest.mark.parametrize(
    ("authorization", "status", "error"),
    [
        (None, 403, ("MissingAuthenticationToken", "Request is missing Authentication Token")),
        (
            "nonsense",
            400,
            (
                "IncompleteSignature",
                "Authorization header requires 'Credential' parameter: key/date/region/service/aws4_request.",
            ),
        ),
        (SIGNED.replace("elasticache", "rds"), 400, ("InvalidAction", INVALID_ACTION)),
        (
            SIGNED.replace("elasticache", "warp"),
            403,
            ("SignatureDoesNotMatch", "Credential should be scoped to correct service."),
        ),
        (
            SIGNED.replace("us-east-1", "mars-1"),
            403,
            ("SignatureDoesNotMatch", "Credential should be scoped to a valid region, not 'mars-1'."),
        ),
    ],
)
def test_signatures(send, authorization, status, error):
    """Who asks for what is read from the signature; without one, or with one for another service, nothing is done."""
    assert send(b"Action=DescribeUsers", Authorization=authorization) == (status, error)


def test_an_access_key_that_is_an_account(cloud):
    """An access key of 12 digits acts for that account, in every service; what it makes is in no other one."""
    other = {service: cloud.client(service, access_key="210987654321") for service in ("elasticache", "sts", "logs")}
    assert other["sts"].get_caller_identity()["Account"] == "210987654321"
    other["logs"].create_log_group(logGroupName="slow")
    group = {"CacheParameterGroupFamily": "valkey8", "Description": "own"}
    made = other["elasticache"].create_cache_parameter_group(CacheParameterGroupName="own", **group)
    arn = "arn:aws:elasticache:us-east-1:{}:parametergroup:own"
    assert made["CacheParameterGroup"]["ARN"] == arn.format("210987654321")
    assert cloud.client("logs").describe_log_groups()["logGroups"] == []
    made = cloud.client("elasticache").create_cache_parameter_group(CacheParameterGroupName="own", **group)
    assert made["CacheParameterGroup"]["ARN"] == arn.format("123456789012")


def test_a_signature_in_the_address(send):
    """A presigned request needs no header."""
    path = "/?Action=DescribeUsers&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Felasticache%2Faws4_request"
    assert send(method="GET", path=path, Authorization=None)[0] == 200


def test_a_large_body(send):
    """Megabytes in one parameter, and tens of thousands of parameters, get an answer."""
    assert send(b"Action=DescribeUsers&UserId=" + b"a" * 2_000_000)[1][0] == "UserNotFound"
    many = b"&".join(b"Filters.member.%d.Name=user-id" % number for number in range(10_001))
    assert send(b"Action=DescribeUsers&" + many)[1] == (
        "InvalidParameterValue",
        "The list Filters has more than 10000 elements.",
    )
    assert send(b"Action=ModifyUserGroup&UserGroupId=a&UserIdsToAdd" + b".member.1" * 20_000 + b"=1")[1][0] == (
        "MalformedInput"
    )


def test_too_large_a_body(send):
    """A body beyond the bound is refused before it is read."""
    status, error = send(Content_Length="99999999999")
    assert (status, error) == (413, ("RequestEntityTooLarge", "The request is larger than 67108864 bytes."))


def talk(cloud, text):
    """Send bytes, and return what comes back until the server closes the connection."""
    with socket.create_connection(tuple(urlsplit(cloud.url).netloc.split(":")), timeout=60) as connection:
        connection.sendall(text)
        received = b""
        while part := connection.recv(65_536):
            received += part
        return received


def test_chunks_that_are_none(cloud, send):
    """A body whose chunks are malformed is refused, not a defect."""
    head = f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: {FORM}\r\n\r\n"
    answer = talk(cloud, head.encode() + b"ZZZ\r\nabc\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<Code>MalformedHttpRequestException</Code>" in answer


def test_what_is_no_http(cloud, send):
    """Noise is refused."""
    assert b"400" in talk(cloud, b"\x16\x03\x01noise\r\n\r\n")


def test_slow_clients_hold_nobody_up(cloud, send):
    """Clients that send half a request and wait keep no other one from its answer."""
    address = tuple(urlsplit(cloud.url).netloc.split(":"))
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            connection = stack.enter_context(socket.create_connection(address, timeout=60))
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=")
        assert send(b"Action=DescribeUsers")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        (
            "POST",
            "advance",
            b"[]",
            400,
            'body: expected a JSON object such as {"duration": "2h"}, or nothing',
        ),
        (
            "POST",
            "advance",
            b'{"duration": "soon"}',
            400,
            "duration: expected days, hours, minutes and seconds such as `90s`, `2h` or `1d12h`, found 'soon'; write"
            " each number with its unit, the largest first",
        ),
        ("POST", "status", b"", 405, "/_cachewright/status takes GET, not POST"),
        (
            "GET",
            "nope",
            b"",
            404,
            "/_cachewright/nope is no control path: expected /_cachewright/advance, /_cachewright/export,"
            " /_cachewright/reset, /_cachewright/status",
        ),
    ],
)
def test_control_paths(cloud, send, method, path, body, status, message):
    """The control paths refuse in JSON, with the way out."""
    connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=60)
    connection.request(method, f"/_cachewright/{path}", body)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (status, {"message": message})
    connection.close()


NAMES = st.sampled_from(["UserGroupId", "UserIdsToAdd", "Filters", "Tags", "member", "1", "2", "Tag", "Key", ""])
FIELDS = st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=5).map(".".join), st.text(max_size=5)), max_size=8)


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(protocol.service_model().operation_names)), FIELDS)
def test_every_form_is_read_or_refused(action, fields):
    """Whatever a form holds, it is parameters of the model, or a fault; never an exception."""
    with contextlib.suppress(Fault):
        parsed = protocol.parse(protocol.operation_model(action), fields)
        assert parsed.keys() <= protocol.operation_model(action).input_shape.members.keys()
