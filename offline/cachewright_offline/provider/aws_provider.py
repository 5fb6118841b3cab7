"""The `aws` package on the local AWS."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlsplit

from cachewright_offline.endpoint import is_loopback
from cachewright_offline.provider import difference
from cachewright_offline.provider.dispatch import DispatchingProvider
from cachewright_offline.provider.protocol import CheckFailure, CheckResult, DiffResult
from cachewright_offline.provider.settings import DEFAULT_REGION, ProviderSettings
from cachewright_offline.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.values import Properties, PropertyValue

_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
# On the wire Pulumi packs everything but strings into JSON.
_PACKED: Final = ("endpoints", "defaultTags", "ignoreTags")
_REPLACING: Final = ("region",)


class AwsProvider(DispatchingProvider):
    """Works on a local AWS and on nothing else: an endpoint that is not on this machine is refused.

    Credentials, profiles and roles of the configuration are taken and not used. Without a region it takes
    AWS_REGION, AWS_DEFAULT_REGION, or us-east-1, so that a program can be previewed on a machine that knows no AWS.
    """

    package: ClassVar[str] = "aws"

    def check_config(self, inputs: Properties) -> CheckResult:
        """Check and complete the provider's own configuration."""
        checked: Properties = {key: value for key, value in inputs.items() if value is not None}
        failures: list[CheckFailure] = []
        region = checked.get("region")
        if region is None or region == "":
            checked["region"] = _region_of_environment()
        elif region is not UNKNOWN and not (isinstance(region, str) and _REGION.fullmatch(region)):
            failures.append(CheckFailure("region", f"expected a region such as us-east-1, found {region!r}"))
        failures += _foreign_endpoints(_unpacked(checked, "endpoints"))
        return CheckResult(checked, tuple(failures))

    def diff_config(self, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare two configurations; a changed region replaces the provider."""
        detailed: difference.Detailed = {}
        for key in dict.fromkeys((*old_inputs, *new_inputs)):
            old, new = old_inputs.get(key), new_inputs.get(key)
            if key.startswith("__") or key == "version" or (old == new and not contains_unknown(new)):
                continue
            kind = "add" if old is None else "delete" if new is None else "update"
            detailed[key] = difference.entry(kind, replaces=key in _REPLACING and new is not UNKNOWN)
        return DiffResult(detailed)

    def settings_from(self, inputs: Properties) -> ProviderSettings:
        """Return the settings that a checked configuration says."""
        region = inputs.get("region")
        default_tags = _unpacked(inputs, "defaultTags")
        tags = default_tags.get("tags") if isinstance(default_tags, dict) else None
        ignore = _unpacked(inputs, "ignoreTags")
        return ProviderSettings(
            region=_region_of_environment() if region is None or region == "" else region,
            default_tags=tags if isinstance(tags, dict) else {},
            ignored_tags=_ignored(ignore),
            endpoints={service: url for _, service, url in _endpoints(_unpacked(inputs, "endpoints"))},
            cloud=self.settings.cloud,
        )


def _region_of_environment() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


def _unpacked(inputs: Mapping[str, PropertyValue], key: str) -> PropertyValue:
    value = inputs.get(key)
    if key in _PACKED and isinstance(value, str):
        try:
            unpacked: PropertyValue = json.loads(value)
        except ValueError:
            return None
        return unpacked
    return value


def _endpoints(value: PropertyValue) -> list[tuple[str, str, str]]:
    """Return (path, service, url) of every endpoint of a configuration."""
    groups = value if isinstance(value, list) else []
    return [
        (f"endpoints[{index}].{service}", service.lower(), url)
        for index, group in enumerate(groups)
        if isinstance(group, dict)
        for service, url in group.items()
        if isinstance(url, str) and url
    ]


def _foreign_endpoints(value: PropertyValue) -> list[CheckFailure]:
    return [
        CheckFailure(
            path,
            f"expected an address on this machine such as http://127.0.0.1:4747, found {url}: the local provider "
            "never leaves this machine; real AWS is reached with `cachewright up --target aws`",
        )
        for path, _, url in _endpoints(value)
        if not is_loopback(urlsplit(url).hostname or "")
    ]


def _ignored(value: PropertyValue) -> tuple[str, ...]:
    if not isinstance(value, dict):
        return ()
    keys, prefixes = value.get("keys"), value.get("keyPrefixes")
    return (
        *(str(key) for key in (keys if isinstance(keys, list) else [])),
        *(f"{prefix}*" for prefix in (prefixes if isinstance(prefixes, list) else [])),
    )
