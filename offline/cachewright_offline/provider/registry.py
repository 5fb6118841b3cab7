"""Which packages the local provider knows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.protocol import UnknownTypeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.provider.protocol import Provider

# Imported when a program uses them: `package: "module:Class"`.
PACKAGES: Final = {
    "aws": "cachewright_offline.provider.aws_provider:AwsProvider",
    "random": "cachewright_offline.provider.random_provider:RandomProvider",
}


def load_provider(package: str, cloud: CloudEndpoint | None) -> Provider:
    """Return a new, not yet configured provider.

    Args:
        package: Pulumi's name of it, such as `aws`.
        cloud: The local AWS that it works on; None when only previews are made.

    Raises:
        UnknownTypeError: There is no local provider of that name.
    """
    location = PACKAGES.get(package)
    if location is None:
        raise UnknownTypeError(
            f"there is no local provider for the package `{package}`; there are {', '.join(sorted(PACKAGES))}. "
            "Run the program with Pulumi's own engine (`--engine pulumi`), or add the package to "
            "cachewright_offline/provider/registry.py."
        )
    module, _, name = location.partition(":")
    factory: Callable[[CloudEndpoint | None], Provider] = getattr(import_module(module), name)
    return factory(cloud)
