"""One operation of a resource on AWS: where it goes, how long it may take, and under which name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cachewright.catalog import regions
from cachewright_offline.provider.errors import AwsError, translated
from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cachewright_offline.provider.clients import Clients
    from cachewright_offline.provider.settings import ProviderSettings

T = TypeVar("T")

# The local AWS changes state at once; only something that another step does at the same moment is worth waiting for.
_PATIENCE_SECONDS: Final = 10.0
_FIRST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 1.0


class Call:
    """What a handler works with.

    Attributes:
        region: The resource's region.
        account_id: The account of the local AWS.
        deadline: When the operation must be done, on the clock of `time.monotonic`.
        settings: The provider's configuration.
    """

    __slots__ = ("_clients", "account_id", "deadline", "region", "settings")

    def __init__(self, clients: Clients, settings: ProviderSettings, region: str, deadline: float) -> None:
        self._clients = clients
        self.settings = settings
        self.region = region
        self.account_id = settings.account_id
        self.deadline = deadline

    @property
    def partition(self) -> str:
        """The partition of the region, as ARNs name it."""
        return regions.partition(self.region)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the boto3 client of a service, in the resource's region unless another is named."""
        return self._clients.get(service, region or self.region)

    def request(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """Call an operation by its boto3 name (`create_cache_subnet_group`); arguments that are None are left out.

        Raises:
            AwsError: AWS refused.
            ProviderError: The call did not come to pass.
        """
        method = getattr(self.client(service), operation)
        try:
            answer: dict[str, Any] = method(**{key: value for key, value in arguments.items() if value is not None})
        except Exception as error:
            problem = translated(error)
            if problem is None:
                raise
            raise problem from error
        return answer

    def find(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any] | None:
        """Call an operation that reads; return None when what it asks for does not exist."""
        try:
            return self.request(service, operation, **arguments)
        except AwsError as error:
            if error.is_not_found:
                return None
            raise

    def pages(self, service: str, operation: str, key: str, /, **arguments: Any) -> list[Any]:
        """Return the items under `key` of all pages of an operation."""
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            paginator = self.client(service).get_paginator(operation)
            return [item for page in paginator.paginate(**given) for item in page.get(key, [])]
        except Exception as error:
            problem = translated(error)
            if problem is None:
                raise
            raise problem from error

    def wait(self, what: str, ready: Callable[[], T | None]) -> T:
        """Ask `ready` until it returns something else than None.

        Args:
            what: What is waited for, as the message of a timeout says it.
            ready: Asks AWS.

        Raises:
            ProviderError: The deadline passed.
        """
        pause = _FIRST_PAUSE_SECONDS
        while True:
            found = ready()
            if found is not None:
                return found
            left = self.deadline - time.monotonic()
            if left <= 0:
                msg = f"timed out while waiting for {what}; give it longer with custom_timeouts"
                raise ProviderError(msg)
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def wait_until_gone(self, what: str, find: Callable[[], object]) -> None:
        """Ask `find` until it returns None."""
        self.wait(f"{what} to be deleted", lambda: True if find() is None else None)

    def retry(self, codes: Collection[str], attempt: Callable[[], T]) -> T:
        """Call `attempt` again for a while as long as AWS answers with one of `codes` (something else holds it).

        The codes are written without `Fault` and `Exception` at their end.
        """
        until = min(self.deadline, time.monotonic() + _PATIENCE_SECONDS)
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return attempt()
            except AwsError as error:
                if error.kind not in codes or time.monotonic() >= until:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def tag_list(tags: Mapping[str, object]) -> list[dict[str, str]]:
    """Return tags in the form of most AWS services."""
    return [{"Key": key, "Value": str(value)} for key, value in tags.items()]


def tag_map(tags: object) -> dict[str, str]:
    """Return tags as an object, from the form of most AWS services."""
    items = tags if isinstance(tags, list) else []
    return {item["Key"]: item.get("Value", "") for item in items}
