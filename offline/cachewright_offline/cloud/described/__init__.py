"""What an export says of moto's services: the resources that a cache refers to, one module for each service.

Each has a record that describes what exists in an account and region, `describe(account_id, region)` that fills it, or
returns None where there is nothing, and `restore(account_id, region, described)` that makes it anew with the same
names, ids and order. An export of the restored gives the same again.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from typing import Any, Protocol

    class Described(Protocol):
        """One module of this package."""

        Described: type

        def describe(self, account_id: str, region: str) -> Any | None:
            """Return what exists, or None."""

        def restore(self, account_id: str, region: str, described: Any) -> None:
            """Make it anew; what the region had of its own is gone."""


# In the order in which they are restored.
SERVICES: Final = ("ec2", "kms", "sns", "logs", "secretsmanager")


def service(name: str) -> Described:
    """Return a service's module."""
    return cast("Described", importlib.import_module(f"{__name__}.{name}"))
