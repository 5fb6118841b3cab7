"""Providers as the engine sees them, without a cloud: nothing here may make a call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cachewright_offline.provider.protocol import CheckResult, DiffResult, Provider
from cachewright_offline.provider.registry import load_provider

SEED = b"seed"  # its automatic names end in 19b2585


def urn(token: str, name: str = "cache") -> str:
    """Return the URN of a resource of a test program."""
    return f"urn:pulumi:dev::test::{token}::{name}"


@dataclass
class Resource:
    """One resource type of a provider."""

    provider: Provider
    token: str

    def check(self, inputs: dict[str, Any], old: dict[str, Any] | None = None, name: str = "cache") -> CheckResult:
        return self.provider.check(urn(self.token, name), old, inputs, SEED)

    @property
    def urn(self) -> str:
        return urn(self.token)

    def diff(self, old: dict[str, Any], new: dict[str, Any], outputs: dict[str, Any] | None = None) -> DiffResult:
        """Check both and compare them."""
        checked = self.check(old).inputs
        return self.provider.diff(urn(self.token), "id", checked, outputs or {}, self.check(new, checked).inputs)

    def changes(
        self, old: dict[str, Any], new: dict[str, Any], outputs: dict[str, Any] | None = None
    ) -> dict[str, str]:
        """Return the kinds of the differences by path."""
        return {path: item.kind.value for path, item in self.diff(old, new, outputs).detailed.items()}

    def failures(self, inputs: dict[str, Any]) -> dict[str, str]:
        """Return the reasons by property."""
        return {failure.property: failure.reason for failure in self.check(inputs).failures}

    def foretold(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs of a previewed create."""
        checked = self.check(inputs).inputs
        return self.provider.create(urn(self.token), checked, preview=True, operation="", timeout=0).outputs

    def foretold_update(self, old: dict[str, Any], outputs: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs of a previewed update."""
        checked = self.check(old).inputs
        after = self.check(new, checked).inputs
        state = self.provider.update(
            urn(self.token), "id", checked, outputs, after, preview=True, operation="", timeout=0
        )
        return state.outputs


@pytest.fixture(scope="session")
def aws() -> Provider:
    """Return an aws provider in us-east-1 that can only preview."""
    return configured({"region": "us-east-1"})


def configured(inputs: dict[str, Any]) -> Provider:
    provider = load_provider("aws", None)
    provider.configure(provider.check_config(inputs).inputs)
    return provider


@pytest.fixture(scope="session")
def resource(aws: Provider) -> Callable[[str], Resource]:
    """Return a maker of resource types: `resource("elasticache/user:User")`."""
    return lambda token: Resource(aws, token if ":index/" in token else f"aws:{token}")


@pytest.fixture(scope="session")
def configure() -> Callable[[dict[str, Any]], Provider]:
    """Return a maker of aws providers."""
    return configured


@pytest.fixture(scope="session")
def replication_group(aws: Provider) -> Resource:
    return Resource(aws, "aws:elasticache/replicationGroup:ReplicationGroup")


@pytest.fixture(scope="session")
def cluster(aws: Provider) -> Resource:
    return Resource(aws, "aws:elasticache/cluster:Cluster")
