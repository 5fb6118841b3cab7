"""The limits of a serverless cache make sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import SERVERLESS_CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.values import View


_KINDS: Final = {"dataStorage": "serverless_data_storage_gb", "ecpuPerSeconds": "serverless_ecpu_per_second"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find limits below AWS's least, above its most, or with the minimum above the maximum."""
    del scope
    for usage in subject.objects("cacheUsageLimits"):
        for kind, name in _KINDS.items():
            for limits in usage.objects(kind):
                yield from _problems(limits, limit(f"{name}_minimum"), limit(f"{name}_maximum"))


def _problems(limits: View, least: int, most: int) -> Iterator[Problem]:
    low, high = limits.number("minimum"), limits.number("maximum")
    for name, value in (("minimum", low), ("maximum", high)):
        if value is not None and not least <= value <= most:
            yield Problem(
                f"the {name} is {value:g}, outside of AWS's {least} to {most}: the update fails", limits.path + name
            )
    if low is not None and high is not None and low > high:
        yield Problem(f"the minimum {low:g} is above the maximum {high:g}: the update fails", f"{limits.path}minimum")


RULE = Rule(
    name="serverless-limits-range",
    title="Serverless limits are in order",
    description=(
        "A serverless cache holds 1 to 5000 GB and answers 1000 to 15 million ECPUs a second; a minimum is"
        " paid for whether it is used or not, and must not be above the maximum."
    ),
    severity=Severity.MEDIUM,
    types=(SERVERLESS_CACHE,),
    check=check,
    remediation=(
        "Set cacheUsageLimits so that minimum is at most maximum, both within AWS's limits. The cache takes"
        " new limits online."
    ),
    arguments=("cacheUsageLimits",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html",
    tags=("serverless", "limits"),
    violating="""\
aws.elasticache.ServerlessCache(
    "sessions",
    name="sessions",
    engine="valkey",
    cache_usage_limits={
        "data_storage": {"minimum": 20, "maximum": 10, "unit": "GB"},
        "ecpu_per_seconds": [{"maximum": 5000}],
    },
)
""",
    compliant="""\
aws.elasticache.ServerlessCache(
    "sessions",
    name="sessions",
    engine="valkey",
    cache_usage_limits={
        "data_storage": {"minimum": 5, "maximum": 10, "unit": "GB"},
        "ecpu_per_seconds": [{"maximum": 5000}],
    },
)
""",
)
