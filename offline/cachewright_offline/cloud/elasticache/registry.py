"""Which function answers which operation."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cachewright_offline.cloud.elasticache.state import RegionState

Params: TypeAlias = dict[str, Any]
Result: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and where.

    Attributes:
        account_id: The caller's account.
        region: The region that was asked.
        state: What exists there.
    """

    account_id: str
    region: str
    state: RegionState

    @property
    def partition(self) -> str:
        """Return the region's partition."""
        return self.state.partition

    def in_region(self, region: str) -> Context:
        """Return the same caller's view of another region."""
        if region == self.region:
            return self
        state = carrier.elasticache_state(self.account_id, region)
        if state is None:
            raise fault("InvalidParameterValue", f"Invalid region: {region}")
        return Context(self.account_id, region, state)

    def everywhere(self) -> Iterator[Context]:
        """Return the caller's view of every region that was used so far."""
        for state in carrier.elasticache_states(self.account_id):
            yield Context(self.account_id, state.region, state)


Operation: TypeAlias = "Callable[[Context, Params], Result]"
_operations: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register a function as the answer to an operation of ElastiCache's API.

    The function gets parameters by their names in botocore's model, already typed and complete as far as the model
    requires; what it returns is written by the model too.
    """

    def register(function: Operation) -> Operation:
        if name in _operations:
            message = f"{name} is registered twice"
            raise ValueError(message)
        _operations[name] = function
        return function

    return register


_resumptions: list[Callable[[Context], None]] = []


def resumption(function: Callable[[Context], None]) -> Callable[[Context], None]:
    """Register what plans anew, from the records of a region that was loaded, what its records wait for.

    A record that waits for a moment, such as a maintenance window, says so; the agenda itself is in no export.
    """
    _resumptions.append(function)
    return function


def resume(context: Context) -> None:
    """Plan what the records of a region wait for."""
    for function in _resumptions:
        function(context)


@functools.cache
def operations() -> dict[str, Operation]:
    """Return every registered operation; loads the modules that register them."""
    from cachewright_offline.cloud.elasticache import operations as package

    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    return _operations
