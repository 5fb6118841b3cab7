"""The local AWS as any client sees it: a process of its own, spoken to over HTTP with plain boto3."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.model import OperationModel, Shape

from cachewright_offline.cloud import carrier, control
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.described import elasticache as described
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.registry import Context, operations

_ONE_TRY = Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60)


@dataclass(frozen=True)
class Cloud:
    """A running local AWS."""

    url: str

    def client(self, service: str, region: str = "us-east-1", access_key: str = "test") -> Any:
        """Return a client; every answer of ElastiCache that it gets is held against botocore's model."""
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=access_key,
            aws_secret_access_key="test",
            config=_ONE_TRY,
        )
        if service == "elasticache":
            client.meta.events.register("before-parse.elasticache.*", _validate_answer)
        return client

    def post(self, path: str, body: bytes = b"") -> bytes:
        """Return the answer to a plain HTTP request."""
        request = urllib.request.Request(f"{self.url}{path}", data=body, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.read()


def _validate_answer(operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] >= 300:
        return
    root = ET.fromstring(response_dict["body"])
    wrapper = next((child for child in root if _local(child) == f"{operation_model.name}Result"), None)
    if operation_model.output_shape is None:
        assert wrapper is None
        return
    assert wrapper is not None, "the answer has no result"
    problems = list(xml_problems(operation_model.output_shape, wrapper, operation_model.name))
    assert not problems, problems


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def xml_problems(shape: Shape, element: ET.Element, path: str) -> Iterator[str]:
    """Return where XML is not what a shape of botocore's model says."""
    if shape.type_name == "structure":
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        seen = set()
        for child in element:
            name = _local(child)
            if name not in members or name in seen:
                yield f"{path}.{name}: unknown or repeated"
                continue
            seen.add(name)
            yield from xml_problems(members[name], child, f"{path}.{name}")
        wire_names = {shape.members[name].serialization.get("name", name) for name in shape.required_members}
        yield from (f"{path}.{name}: missing" for name in wire_names - seen)
    elif shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        for child in element:
            if _local(child) != wanted:
                yield f"{path}: {_local(child)} instead of {wanted}"
            yield from xml_problems(shape.member, child, f"{path}[]")
    else:
        yield from _scalar_problems(shape, element.text or "", path)


def _scalar_problems(shape: Shape, text: str, path: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "boolean" and text not in {"true", "false"}:
        yield f"{path}: {text!r} is no boolean"
    elif kind in {"integer", "long"} and not text.lstrip("-").isdecimal():
        yield f"{path}: {text!r} is no {kind}"
    elif kind == "timestamp":
        datetime.fromisoformat(text)
    elif kind == "string" and getattr(shape, "enum", None) and text not in shape.enum:
        yield f"{path}: {text!r} is none of {shape.enum}"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Return the one local AWS of this test run."""
    home = tmp_path_factory.mktemp("cloud")
    yield Cloud(control.start(home).endpoint.url)
    control.stop(home)


@pytest.fixture
def cloud(running: Cloud) -> Cloud:
    """Return an empty local AWS."""
    running.post("/_cachewright/reset")
    return running


@pytest.fixture
def elasticache(cloud: Cloud) -> Any:
    return cloud.client("elasticache")


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Return a function that makes a call which must be refused, and returns code and message."""

    def call(function: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            function(**arguments)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return call


class InProcess:
    """ElastiCache of one account and region inside the test, where the test moves the time."""

    @property
    def context(self) -> Context:
        """Return where its operations are carried out."""
        state = carrier.elasticache_state(carrier.DEFAULT_ACCOUNT_ID, "us-east-1")
        assert state is not None
        return Context(carrier.DEFAULT_ACCOUNT_ID, "us-east-1", state)

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        """Return the result of an operation, before it is written."""
        for state in list(carrier.elasticache_states(carrier.DEFAULT_ACCOUNT_ID)):
            state.settle()
        return operations()[action](self.context, params)

    def refused(self, action: str, **params: Any) -> tuple[str, str]:
        """Make a call which must be refused, and return code and message."""
        with pytest.raises(Fault) as caught:
            self.call(action, **params)
        return caught.value.code, caught.value.message

    def start_again(self) -> None:
        """Forget everything and start with what an export of it says."""
        self.call("DescribeCacheClusters")
        document, now = json.loads(json.dumps(described.describe(self.context.state))), CLOCK.now()
        problems: list[str] = []
        read = described.read(document, "document", problems)
        assert not problems, problems
        carrier.reset()
        CLOCK.advance(max(0.0, (now - CLOCK.now()).total_seconds()))
        described.restore(carrier.DEFAULT_ACCOUNT_ID, "us-east-1", read)
        described.resume_all()


@pytest.fixture
def in_process() -> Iterator[InProcess]:
    """Return an empty ElastiCache inside the test; afterwards its time is the machine's again."""
    carrier.install()
    carrier.reset()
    yield InProcess()
    CLOCK.speed = None
    carrier.reset()
