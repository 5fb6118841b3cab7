"""Slow commands and what the engine has to say go to a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions, features
from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_FEATURES: Final = {"slow-log": "slow_log", "engine-log": "engine_log"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches whose logs go nowhere, of those that can deliver them."""
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary or cache.is_memcached:
        return
    version = subject.text("engineVersion") or engine_versions.default_version(cache.engine)
    delivered = {one.text("logType") for one in subject.objects("logDeliveryConfigurations")}
    missing = [
        log
        for log in scope.settings["logTypes"]
        if log not in delivered and features.supports(cache.engine, version, _FEATURES[log])
    ]
    if missing:
        yield Problem(
            f"the {' and the '.join(missing)} {'are' if len(missing) > 1 else 'is'} delivered nowhere: what happened"
            " before an incident is lost with the node",
            "logDeliveryConfigurations",
        )


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Deliver the missing logs to the configured log group.

    AWS refuses to begin delivery in a maintenance window, so a cache that waits for its window is left alone.
    """
    del subject
    if not settings["logGroup"] or str(properties.get("applyImmediately")).lower() != "true":
        return False
    configured = list(properties.get("logDeliveryConfigurations") or ())
    delivered = {one.get("logType") for one in configured}
    properties["logDeliveryConfigurations"] = configured + [
        {
            "destination": settings["logGroup"],
            "destinationType": "cloudwatch-logs",
            "logFormat": "json",
            "logType": log,
        }
        for log in settings["logTypes"]
        if log not in delivered
    ]
    return True


RULE = Rule(
    name="cache-log-delivery",
    title="Caches deliver their slow log and engine log",
    description=(
        "The slow log tells which commands hold the engine's one thread, the engine log who failed to log in and why a"
        " failover happened. Neither is kept on the node. Redis OSS delivers the slow log from 6.0 and the engine log"
        " from 6.2, Valkey both; Memcached and serverless caches have neither."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation=(
        "Add a block to logDeliveryConfigurations for slow-log and one for engine-log, each to a log group or a Data"
        " Firehose stream. Delivery begins without a restart, with applyImmediately or in the next maintenance window."
    ),
    arguments=("logDeliveryConfigurations",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html",
    tags=("logs", "monitoring"),
    frameworks=(
        Framework("CIS AWS Database Services", ("5.6", "5.9")),
        Framework("NIST 800-53 r5", ("AU-2", "AU-3", "AU-12")),
    ),
    settings=(
        Setting(
            "logTypes",
            {
                "type": "array",
                "items": {"type": "string", "enum": ["slow-log", "engine-log"]},
                "description": "The logs that must be delivered where the engine can.",
            },
            ["slow-log", "engine-log"],
        ),
        Setting(
            "logGroup",
            {
                "type": "string",
                "description": "The log group that a remediation delivers to; without one it does nothing.",
            },
            "",
        ),
    ),
    environments=SERIOUS,
    remediate=remediate,
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="valkey", engine_version="8.1")
""",
    compliant="""\
logs = aws.cloudwatch.LogGroup("sessions", retention_in_days=30)
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="valkey",
    engine_version="8.1",
    log_delivery_configurations=[
        {
            "destination": logs.name,
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
            "log_type": log_type,
        }
        for log_type in ("slow-log", "engine-log")
    ],
)
""",
)
