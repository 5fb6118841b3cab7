"""The providers of a check: they complete inputs as the real ones do, and reach nothing.

What the local provider knows is checked by it; a resource of any other type passes with its inputs. What it refuses
does not end the check: it is remembered, and every other resource is checked all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.protocol import (
    CheckResult,
    DiffResult,
    ProviderError,
    ResourceState,
    UnknownTypeError,
)
from cachewright_offline.provider.registry import load_provider
from cachewright_ops.checking import unknown_answers
from cachewright_ops.checking.fixtures import Fixtures
from cachewright_ops.checking.unknown_answers import restored

# The functions whose answers follow from their arguments and the provider's settings.
_NEEDS_NO_AWS: Final = frozenset(
    {
        "aws:iam/getPolicyDocument:getPolicyDocument",
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        "aws:index/getCallerIdentity:getCallerIdentity",
        "aws:index/getPartition:getPartition",
        "aws:index/getRegion:getRegion",
    }
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.provider.protocol import CheckFailure, Provider
    from cachewright_offline.values import Properties


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that the provider would refuse.

    Attributes:
        urn: The resource.
        property: The input's path, or empty for the whole.
        reason: Why it is refused.
    """

    urn: str
    property: str
    reason: str


@dataclass(slots=True)
class CheckingProviders:
    """Makes the providers of one check.

    Attributes:
        fixtures: The answers that the user gives to functions.
        refusals: What they refused, in the order of the program.
    """

    fixtures: Fixtures = field(default_factory=Fixtures)
    refusals: list[Refusal] = field(default_factory=list)

    def load(self, package: str, cloud: CloudEndpoint | None) -> Provider:
        """Return a new provider of any package."""
        del cloud
        try:
            inner = load_provider(package, None)
        except UnknownTypeError:
            inner = None
        return CheckingProvider(package, inner, self.fixtures, self.refusals)


class CheckingProvider:
    """One provider of a check.

    Args:
        package: Its package.
        inner: The local provider of the package, or None where there is none.
        fixtures: The answers that the user gives to functions.
        refusals: Takes what it refuses.
    """

    def __init__(self, package: str, inner: Provider | None, fixtures: Fixtures, refusals: list[Refusal]) -> None:
        self.package = package
        self._inner = inner
        self._fixtures = fixtures
        self._refusals = refusals

    def check_config(self, inputs: Properties) -> CheckResult:
        """Check and complete the provider's own configuration."""
        return CheckResult(inputs) if self._inner is None else CheckResult(self._inner.check_config(inputs).inputs)

    def diff_config(self, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare two configurations: in a check there is only one."""
        del old_inputs, new_inputs
        return DiffResult()

    def configure(self, inputs: Properties) -> None:
        """Take the configuration."""
        if self._inner is not None:
            self._inner.configure(inputs)

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Complete inputs; what is refused is remembered, and the resource goes on as the program wrote it."""
        new_inputs = restored(new_inputs)
        try:
            if self._inner is None:
                return CheckResult(new_inputs)
            result = self._inner.check(urn, old_inputs, new_inputs, random_seed)
        except UnknownTypeError:
            return CheckResult(new_inputs)
        self._refusals.extend(Refusal(urn, one.property, one.reason) for one in result.failures)
        return CheckResult(result.inputs)

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare with an earlier state: a check of a program has none."""
        del urn, id, old_inputs, old_outputs, new_inputs
        return DiffResult()

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Foretell a resource; its outputs are unknown where no handler tells them."""
        _refuse_all_but_preview(preview)
        try:
            if self._inner is not None:
                return self._inner.create(urn, inputs, preview=True, operation=operation, timeout=timeout)
        except UnknownTypeError:
            pass
        return ResourceState("", inputs, dict(inputs))

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Answer a resource that the stack does not own with what the program says of it."""
        del urn, outputs
        return ResourceState(id, inputs, dict(inputs))

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        preview: bool,
        operation: str,
        timeout: float,
    ) -> ResourceState:
        """Foretell a changed resource."""
        del urn, old_inputs, operation, timeout
        _refuse_all_but_preview(preview)
        return ResourceState(id, new_inputs, {**old_outputs, **new_inputs})

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Refuse: a check deletes nothing."""
        del urn, id, inputs, outputs, operation, timeout
        _refuse_all_but_preview(preview=False)

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function: from the fixtures, by itself where it needs no AWS, else with stand-ins."""
        given = self._fixtures.answer(token, arguments)
        if given is not None:
            return given, ()
        if self._inner is not None and token in _NEEDS_NO_AWS:
            return self._inner.invoke(token, arguments, preview=preview)
        return unknown_answers.answer(token), ()

    def secret_outputs(self, type_token: str) -> Sequence[str]:
        """Name the outputs of a type that are always secret."""
        try:
            return () if self._inner is None else self._inner.secret_outputs(type_token)
        except UnknownTypeError:
            return ()


def _refuse_all_but_preview(preview: bool) -> None:
    if not preview:
        msg = "a check changes nothing"
        raise ProviderError(msg)
