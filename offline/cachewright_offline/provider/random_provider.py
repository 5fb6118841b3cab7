"""The `random` package: it makes values, and calls nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.dispatch import DispatchingProvider
from cachewright_offline.provider.protocol import CheckResult, DiffResult

if TYPE_CHECKING:
    from cachewright_offline.values import Properties


class RandomProvider(DispatchingProvider):
    """It has no configuration."""

    package: ClassVar[str] = "random"

    def check_config(self, inputs: Properties) -> CheckResult:
        """Take the configuration as it is."""
        return CheckResult(inputs)

    def diff_config(self, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Find no difference: there is nothing to configure."""
        del old_inputs, new_inputs
        return DiffResult()
