"""The aws provider's own configuration, and which packages there are."""

from collections.abc import Callable
from typing import Any

import pytest

from cachewright_offline.provider.protocol import CheckFailure, UnknownTypeError
from cachewright_offline.provider.registry import load_provider


def test_region_comes_from_configuration_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_REGION stands in for a region that is not configured, then AWS_DEFAULT_REGION, then us-east-1."""
    provider = load_provider("aws", None)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert provider.check_config({}).inputs == {"region": "us-east-1"}
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert provider.check_config({}).inputs == {"region": "eu-west-2"}
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert provider.check_config({}).inputs == {"region": "eu-west-1"}
    assert provider.check_config({"region": "ap-south-1"}).inputs == {"region": "ap-south-1"}
    assert provider.check_config({"region": "mars"}).failures == (
        CheckFailure("region", "expected a region such as us-east-1, found 'mars'"),
    )


@pytest.mark.parametrize("packed", [True, False])
def test_endpoints_elsewhere_are_refused(packed: bool) -> None:
    """Only addresses of this machine pass, written as an object or as the wire's JSON."""
    url = "https://elasticache.us-east-1.amazonaws.com"
    endpoints: Any = [{"elasticache": url, "ec2": "http://localhost:4566", "sns": "http://127.0.0.1:1"}]
    text = f'[{{"elasticache":"{url}","ec2":"http://localhost:4566","sns":"http://127.0.0.1:1"}}]'
    failures = load_provider("aws", None).check_config({"endpoints": text if packed else endpoints}).failures
    assert failures == (
        CheckFailure(
            "endpoints[0].elasticache",
            f"expected an address on this machine such as http://127.0.0.1:4747, found {url}: the local provider never "
            "leaves this machine; real AWS is reached with `cachewright up --target aws`",
        ),
    )


def test_changed_region_replaces_the_provider() -> None:
    """Other configuration is taken in place."""
    provider = load_provider("aws", None)
    diff = provider.diff_config({"region": "us-east-1", "profile": "a"}, {"region": "eu-west-1", "maxRetries": "3"})
    assert {path: item.kind.value for path, item in diff.detailed.items()} == {
        "region": "update-replace",
        "profile": "delete",
        "maxRetries": "add",
    }
    assert diff.replace_keys == ("region",)


def test_region_of_the_provider_is_the_region_of_its_resources(configure: Callable[[dict[str, Any]], Any]) -> None:
    """A resource that names no region has the provider's."""
    provider = configure({"region": "eu-west-1"})
    region, _ = provider.invoke("aws:index/getRegion:getRegion", {}, preview=True)
    assert region["region"] == "eu-west-1"
    other, _ = provider.invoke("aws:index/getRegion:getRegion", {"region": "us-west-2"}, preview=True)
    assert other["region"] == "us-west-2"


def test_unknown_package_is_named() -> None:
    """A program with another provider is told which there are."""
    with pytest.raises(UnknownTypeError) as refused:
        load_provider("gcp", None)
    assert str(refused.value) == (
        "there is no local provider for the package `gcp`; there are aws, random. Run the program with Pulumi's own "
        "engine (`--engine pulumi`), or add the package to cachewright_offline/provider/registry.py."
    )
