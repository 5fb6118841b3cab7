"""boto3 clients that can reach the local AWS and nothing else.

A client is costly to make (it reads the service's model), so there is one per service and region in a provider, made
when a resource first needs it.
"""

from __future__ import annotations

import contextlib
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.endpoint import CloudEndpoint
from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.provider.settings import ProviderSettings

OPERATION_HEADER: Final = "x-cachewright-operation"
_READING: Final = ("Describe", "List", "Get", "Lookup", "Search", "Simulate", "Test", "Head", "BatchGet")


class Operation:
    """One logical operation of the engine; it numbers the calls that change something."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls = 0

    def next_call(self) -> str:
        """Return the name of the next changing call."""
        self._calls += 1
        return f"{self._name}:{self._calls}"


# The clients are shared by threads, and each thread works on one operation at a time.
_current: ContextVar[Operation | None] = ContextVar("cachewright_operation", default=None)


@contextlib.contextmanager
def operating(operation: Operation | None) -> Iterator[None]:
    """Let the calls of this thread carry the name of `operation`."""
    token = _current.set(operation)
    try:
        yield
    finally:
        _current.reset(token)


def _name_call(model: Any, params: dict[str, Any], **_: object) -> None:
    operation = _current.get()
    if operation is not None and not model.name.startswith(_READING):
        params["headers"][OPERATION_HEADER] = operation.next_call()


class Clients:
    """The clients of one provider."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}

    def get(self, service: str, region: str) -> Any:
        """Return the boto3 client of a service in a region.

        Raises:
            ProviderError: No local AWS is known.
        """
        client = self._clients.get((service, region))
        if client is not None:
            return client
        with self._lock:
            client = self._clients.get((service, region))
            if client is None:
                client = self._clients[service, region] = self._make(service, region)
            return client

    def _make(self, service: str, region: str) -> Any:
        import boto3
        from botocore.config import Config

        if self._session is None:
            self._session = boto3.session.Session(
                aws_access_key_id="cachewright",
                aws_secret_access_key="cachewright",
                region_name=region,
                botocore_session=_bare_session(),
            )
        client = self._session.client(
            service,
            region_name=region,
            endpoint_url=self._url(service),
            config=Config(
                # The local AWS answers at once or not at all. A proxy of the environment is not for this machine.
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "total_max_attempts": 2},
                max_pool_connections=64,
                proxies={},
                user_agent_extra="cachewright",
            ),
        )
        client.meta.events.register("before-call", _name_call)
        return client

    def _url(self, service: str) -> str:
        url = self._settings.endpoints.get(service.replace("-", ""))
        if url is not None:
            return CloudEndpoint(url, "").url
        if self._settings.cloud is None:
            msg = "no local AWS is running for this: start one with `cachewright local start`"
            raise ProviderError(msg)
        return self._settings.cloud.url


def _bare_session() -> Any:
    """Return a botocore session that reads no profile, no credentials file and no instance metadata."""
    import os

    import botocore.session

    nothing = (None, None, None, None)
    return botocore.session.Session(
        session_vars={
            "profile": nothing,
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
            "ca_bundle": nothing,
        }
    )
