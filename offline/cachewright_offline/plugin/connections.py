"""Which configuration a call belongs to.

An engine that attaches to a running plugin opens one connection for each provider of its program, the default ones
and the explicit ones, all to the same port: the connection tells them apart. Providers of one configuration share
one object, and with it its clients, however many runs come and go.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cachewright_offline.engine.providers import SecretKeeper
from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.provider.protocol import Provider
    from cachewright_offline.values import Properties


@dataclass(slots=True)
class Connection:
    """One engine's use of one provider.

    Attributes:
        handle: The configured provider, or None before it is configured.
        canceled: Whether the engine has asked to begin nothing more.
    """

    handle: SecretKeeper | None = None
    canceled: bool = False


class Connections:
    """The connections of one package's plugin.

    Args:
        load: Returns a new, not yet configured provider.
    """

    def __init__(self, load: Callable[[], Provider]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._by_peer: dict[str, Connection] = {}
        self._by_configuration: dict[str, SecretKeeper] = {}
        self.unconfigured = load()

    def open(self, peer: str) -> None:
        """Begin anew with a peer: its address may have been another one's before."""
        with self._lock:
            self._by_peer[peer] = Connection()

    def configure(self, peer: str, configuration: Properties) -> None:
        """Give the connection of a peer a provider of this configuration."""
        key = json.dumps(configuration, sort_keys=True, default=repr)
        with self._lock:
            handle = self._by_configuration.get(key)
            if handle is None:
                provider = self._load()
                provider.configure(configuration)
                handle = self._by_configuration[key] = SecretKeeper(provider)
            self._by_peer.setdefault(peer, Connection()).handle = handle

    def cancel(self, peer: str) -> None:
        """Let a peer begin nothing more; what runs comes to its end."""
        with self._lock:
            self._by_peer.setdefault(peer, Connection()).canceled = True

    def configured(self, peer: str, *, beginning: bool = False) -> SecretKeeper:
        """Return the configured provider of a peer.

        Args:
            peer: The address of the engine's end of the connection.
            beginning: Whether something is to be changed now.

        Raises:
            ProviderError: It was not configured, or it was cancelled.
        """
        with self._lock:
            connection = self._by_peer.get(peer)
            if connection is None or connection.handle is None:
                msg = "the provider was not configured on this connection; run the command again"
                raise ProviderError(msg)
            if beginning and connection.canceled:
                msg = "the update was canceled"
                raise ProviderError(msg)
            return connection.handle
