"""Calls: where they go, what they carry, and how AWS's refusals read. A tiny server answers instead of AWS."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from cachewright_offline.endpoint import CloudEndpoint, EndpointError
from cachewright_offline.provider.call import Call
from cachewright_offline.provider.clients import Clients, Operation, operating
from cachewright_offline.provider.errors import AwsError, UnreachableError
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.settings import ProviderSettings

NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/"


class _Answers(BaseHTTPRequestHandler):
    received: ClassVar[list[tuple[str, str | None, str]]] = []
    refusal: ClassVar[str | None] = None

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action = body["Action"][0]
        authorization = self.headers["Authorization"]
        self.received.append((action, self.headers.get("x-cachewright-operation"), authorization))
        if self.refusal:
            error = f"<Error><Code>{self.refusal}</Code><Message>no such thing</Message></Error>"
            answer = f"<ErrorResponse>{error}</ErrorResponse>"
        else:
            answer = f'<{action}Response xmlns="{NAMESPACE}"><{action}Result/></{action}Response>'
        self.send_response(404 if self.refusal else 200)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """Start a server that answers every call with an empty result."""
    _Answers.received, _Answers.refusal = [], None
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def call(url: str, seconds: float = 5.0) -> Call:
    settings = ProviderSettings(cloud=CloudEndpoint(url, "i"))
    return Call(Clients(settings), settings, "eu-west-1", time.monotonic() + seconds)


def test_changing_calls_carry_numbered_operation_names(server: str) -> None:
    """A call that changes something can be recognised when it is repeated; one that reads is always asked anew."""
    made = call(server)
    with operating(Operation("up-1/create/x")):
        made.request("elasticache", "create_user_group", UserGroupId="g", Engine="valkey")
        made.request("elasticache", "describe_user_groups", UserGroupId="g")
        made.request("elasticache", "modify_user_group", UserGroupId="g", UserIdsToAdd=None)
    made.request("elasticache", "delete_user_group", UserGroupId="g")
    assert [(action, operation) for action, operation, _ in _Answers.received] == [
        ("CreateUserGroup", "up-1/create/x:1"),
        ("DescribeUserGroups", None),
        ("ModifyUserGroup", "up-1/create/x:2"),
        ("DeleteUserGroup", None),
    ]
    assert "/eu-west-1/elasticache/aws4_request" in _Answers.received[0][2]


def test_environment_of_aws_has_no_say(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles, credentials, endpoints and proxies of the environment are not for the local AWS."""
    for name, value in {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL": "https://example.invalid",
        "AWS_CA_BUNDLE": "/nowhere",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    call(server).request("elasticache", "describe_users")
    assert "Credential=cachewright/" in _Answers.received[0][2]


def test_refusals_read_as_aws_says_them(server: str) -> None:
    """An error names operation, code and message, and knows what is not there."""
    _Answers.refusal = "UserNotFound"
    made = call(server)
    with pytest.raises(AwsError) as refused:
        made.request("elasticache", "modify_user", UserId="u")
    assert str(refused.value) == "ModifyUser: UserNotFound: no such thing"
    assert refused.value.is_not_found
    assert made.find("elasticache", "describe_users", UserId="u") is None
    _Answers.refusal = "CacheSubnetGroupNotFoundFault"
    assert made.find("elasticache", "describe_cache_subnet_groups") is None
    _Answers.refusal = "InvalidUserState"
    with pytest.raises(AwsError):
        made.find("elasticache", "describe_users", UserId="u")


def test_bad_arguments_do_not_show_their_values(server: str) -> None:
    """What boto3 refuses before a call may be a secret."""
    with pytest.raises(ProviderError) as refused:
        call(server).request("elasticache", "create_user", UserId="u", Passwords="hunter2")
    assert "value withheld" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert _Answers.received == []


def test_local_aws_that_is_not_there_is_said() -> None:
    """A refused connection says which command starts the local AWS."""
    with pytest.raises(UnreachableError) as refused:
        call("http://127.0.0.1:9").request("elasticache", "describe_users")
    assert str(refused.value) == (
        "the local AWS does not answer (EndpointConnectionError): "
        "see `cachewright local status`, start it with `cachewright local start`"
    )
    with pytest.raises(ProviderError, match="no local AWS is running for this"):
        Clients(ProviderSettings()).get("elasticache", "us-east-1")


def test_no_client_leaves_the_machine() -> None:
    """An address elsewhere is refused even when the configuration was not checked."""
    settings = ProviderSettings(endpoints={"elasticache": "https://elasticache.us-east-1.amazonaws.com"})
    with pytest.raises(EndpointError, match="is not on this machine"):
        Clients(settings).get("elasticache", "us-east-1")


def test_waiting_ends_at_the_deadline(server: str) -> None:
    """A resource that does not become ready fails with what was waited for."""
    with pytest.raises(ProviderError) as late:
        call(server, seconds=0).wait("user u to become active", lambda: None)
    assert str(late.value) == (
        "timed out while waiting for user u to become active; give it longer with custom_timeouts"
    )


def test_busy_resources_are_asked_again() -> None:
    """Only the named codes are tried again, and only for a while."""
    answers = iter([AwsError("Op", "InvalidUserStateFault", "busy"), AwsError("Op", "Other", "bad")])
    asked = []

    def attempt() -> None:
        asked.append(1)
        raise next(answers)

    with pytest.raises(AwsError, match="Op: Other: bad"):
        call("http://127.0.0.1:9").retry({"InvalidUserState"}, attempt)
    assert len(asked) == 2


def test_one_client_serves_all_threads(server: str) -> None:
    """Threads share the client of a service and region, and keep their operations apart."""
    made = call(server)
    clients = []

    def work(number: int) -> None:
        clients.append(made.client("elasticache"))
        with operating(Operation(f"op{number}")):
            for _ in range(3):
                made.request("elasticache", "delete_user", UserId="u")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(client) for client in clients}) == 1
    assert sorted(operation for _, operation, _ in _Answers.received) == sorted(
        f"op{number}:{turn}" for number in range(8) for turn in (1, 2, 3)
    )
