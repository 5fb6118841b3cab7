"""Resource Groups Tagging API: keys and values once, and resources that refuse tags named beside those that do not."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.elasticache.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@functools.cache
def install() -> None:
    """Correct moto's Resource Groups Tagging API."""
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

    def one_by_one(original: Callable[..., dict[str, Any]], parameter: str) -> Callable[..., dict[str, Any]]:
        @functools.wraps(original)
        def answer(self: Any, **given: Any) -> dict[str, Any]:
            failed: dict[str, Any] = {}
            for arn in given[parameter]:
                try:
                    failed.update(original(self, **{**given, parameter: [arn]}))
                except Fault as refusal:
                    failed[arn] = {
                        "StatusCode": refusal.status,
                        "ErrorCode": "InvalidParameterException",
                        "ErrorMessage": refusal.message,
                    }
            return failed

        return answer

    def once(original: Callable[..., Iterator[str]]) -> Callable[..., Iterator[str]]:
        @functools.wraps(original)
        def answer(self: Any, *args: Any, **kwargs: Any) -> Iterator[str]:
            return iter(dict.fromkeys(original(self, *args, **kwargs)))

        return answer

    backend = ResourceGroupsTaggingAPIBackend
    backend.tag_resources = one_by_one(backend.tag_resources, "resource_arns")
    backend.untag_resources = one_by_one(backend.untag_resources, "resource_arn_list")
    backend._get_tag_keys_generator = once(backend._get_tag_keys_generator)  # noqa: SLF001
    backend._get_tag_values_generator = once(backend._get_tag_values_generator)  # noqa: SLF001
