"""A serverless cache without maxima costs what its clients ask for."""

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


_KINDS: Final = {
    "dataStorage": ("the data it stores", "serverless_data_storage_gb_maximum"),
    "ecpuPerSeconds": ("the ECPUs it uses each second", "serverless_ecpu_per_second_maximum"),
}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find serverless caches whose use has no maximum of their own."""
    del scope
    usages = list(subject.objects("cacheUsageLimits"))
    for kind, (what, name) in _KINDS.items():
        maximum = _maximum(usages, kind)
        if maximum is None:
            yield Problem(f"nothing limits {what}: a runaway client runs up the bill", f"cacheUsageLimits.{kind}")
        elif maximum >= limit(name):
            yield Problem(
                f"{what} may reach {maximum:g}, AWS's own limit: that is no limit", f"cacheUsageLimits.{kind}"
            )


def _maximum(usages: list[View], kind: str) -> float | None:
    found = [limits.number("maximum") for usage in usages for limits in usage.objects(kind)]
    return next((one for one in found if one), None)


RULE = Rule(
    name="serverless-usage-limits",
    title="Serverless caches have a maximum",
    description=(
        "A serverless cache grows with its load, up to 5000 GB and 15 million ECPUs a second, and so does the"
        " bill. A maximum on both holds a runaway client, or an attacker, to a known price."
    ),
    severity=Severity.MEDIUM,
    types=(SERVERLESS_CACHE,),
    check=check,
    remediation=(
        "Set cacheUsageLimits.dataStorage.maximum and cacheUsageLimits.ecpuPerSeconds.maximum above the"
        " highest use seen, and an alarm at three quarters. The change is online; at the maximum keys are"
        " evicted and requests are throttled."
    ),
    arguments=("cacheUsageLimits",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html",
    tags=("serverless", "cost"),
    violating="""\
aws.elasticache.ServerlessCache("sessions", name="sessions", engine="valkey")
""",
    compliant="""\
aws.elasticache.ServerlessCache(
    "sessions",
    name="sessions",
    engine="valkey",
    cache_usage_limits={
        "data_storage": {"maximum": 10, "unit": "GB"},
        "ecpu_per_seconds": [{"maximum": 5000}],
    },
)
""",
)
