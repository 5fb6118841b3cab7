"""Where the local AWS is. Everything that makes a client for it takes one of these, so nothing can reach real AWS."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from cachewright_offline.errors import CachewrightError


class EndpointError(CachewrightError):
    """An endpoint that is not a local AWS."""


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only be this machine.

    Names are not resolved: a resolver may answer anything. `localhost` is the one name that is taken as it stands.

    >>> is_loopback("127.0.0.1"), is_loopback("example.com")
    (True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class CloudEndpoint:
    """A running local AWS.

    Attributes:
        url: Its address, always on the loopback interface.
        instance_id: Which run of it: it forgets everything when it stops or is reset, and has another id then.
    """

    url: str
    instance_id: str

    def __post_init__(self) -> None:
        """Refuse every address that is not on this machine."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not is_loopback(parts.hostname):
            message = (
                f"endpoint url {self.url!r} is not on this machine: expected http://127.0.0.1:PORT. "
                "Real AWS is reached through Pulumi's own engine only: `cachewright up --target aws`."
            )
            raise EndpointError(message)
