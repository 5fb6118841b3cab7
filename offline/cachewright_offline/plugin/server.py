"""The plugins of all packages, each on a port of its own, for engines that attach to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2_grpc

from cachewright_offline.plugin.servicer import ProviderServicer
from cachewright_offline.provider.registry import PACKAGES, load_provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.provider.protocol import Provider

# As many as an engine may have under way: each waits for the local AWS.
_THREADS: Final = 256
# Pulumi's own limit for a message.
_MESSAGE_BYTES: Final = 400 * 1024 * 1024
_STOP_SECONDS: Final = 5.0


class PluginServer:
    """Serves packages on the loopback address, from construction until `stop`.

    Args:
        cloud: The local AWS they work on; None where nothing reaches it.
        packages: Pulumi's names of the packages.
        load: Returns a new, not yet configured provider of a package.
    """

    def __init__(
        self,
        cloud: CloudEndpoint | None,
        packages: Iterable[str] = tuple(PACKAGES),
        load: Callable[[str, CloudEndpoint | None], Provider] = load_provider,
    ) -> None:
        self.ports: dict[str, int] = {}
        self._servers: list[grpc.Server] = []
        options = [(f"grpc.max_{way}_message_length", _MESSAGE_BYTES) for way in ("receive", "send")]
        for package in packages:
            server = grpc.server(ThreadPoolExecutor(_THREADS, thread_name_prefix=f"plugin-{package}"), options=options)
            servicer = ProviderServicer(package, partial(load, package, cloud))
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            self.ports[package] = server.add_insecure_port("127.0.0.1:0")
            server.start()
            self._servers.append(server)

    @property
    def debug_providers(self) -> str:
        """What PULUMI_DEBUG_PROVIDERS must be for an engine to attach to these plugins."""
        return ",".join(f"{package}:{port}" for package, port in self.ports.items())

    def stop(self) -> None:
        """Let what runs come to its end, then stop serving."""
        for ended in [server.stop(_STOP_SECONDS) for server in self._servers]:
            ended.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
