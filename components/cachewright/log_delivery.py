"""The logs of a replication group: to log groups of its own, and to destinations that exist."""

from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi
from pulumi_aws import cloudwatch, elasticache

from cachewright.arguments import Values
from cachewright.enums import LogDestinationType, LogFormat
from cachewright.naming import physical

DEFAULT_RETENTION_DAYS = 30


class LogDeliveryArgs(TypedDict):
    """One log that goes to a destination that exists already."""

    destination: pulumi.Input[str]
    """The log group's or the delivery stream's name."""
    destination_type: pulumi.Input[str]
    """`cloudwatch-logs` or `kinesis-firehose`."""
    log_format: pulumi.Input[str]
    """`json` or `text`."""
    log_type: pulumi.Input[str]
    """`slow-log` or `engine-log`; each once."""


def make_log_deliveries(parent: pulumi.Resource, name: str, checked: Values) -> Any:
    """Create a log group for each of `log_types`, and return all deliveries, or None where there are none."""
    configured = checked["log_delivery_configurations"]
    own = [_own(parent, name, checked, log_type) for log_type in checked["log_types"] or []]
    if isinstance(configured, pulumi.Output):
        return configured.apply(lambda given: [*(_existing(one) for one in given), *own])
    return [*(_existing(one) for one in configured or []), *own] or None


def _own(
    parent: pulumi.Resource, name: str, checked: Values, log_type: str
) -> elasticache.ReplicationGroupLogDeliveryConfigurationArgs:
    group = cloudwatch.LogGroup(
        physical(f"{name}-{log_type}"),
        retention_in_days=checked["log_retention_days"] or DEFAULT_RETENTION_DAYS,
        region=checked["region"],
        tags=checked["tags"],
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
        destination=group.name,
        destination_type=LogDestinationType.CLOUDWATCH_LOGS.value,
        log_format=LogFormat.JSON.value,
        log_type=log_type,
    )


def _existing(one: Mapping[str, Any]) -> elasticache.ReplicationGroupLogDeliveryConfigurationArgs:
    return elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
        destination=one["destination"],
        destination_type=one["destination_type"],
        log_format=one["log_format"],
        log_type=one["log_type"],
    )
