"""Shapes of the ElastiCache API that several resource types share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import windows
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.validation import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_offline.values import Properties, PropertyValue

_LOG_FIELDS: Final = {
    "destinationType": ("cloudwatch-logs", "kinesis-firehose"),
    "logFormat": ("json", "text"),
    "logType": ("slow-log", "engine-log"),
}


def arguments(inputs: Mapping[str, PropertyValue], names: Mapping[str, str]) -> dict[str, Any]:
    """Return API arguments for the inputs that are given; `names` maps the API's names to the properties."""
    return {api: inputs[name] for api, name in names.items() if inputs.get(name) is not None}


def log_delivery_requests(configurations: PropertyValue) -> list[dict[str, Any]]:
    """Return log deliveries as the API takes them."""
    requests = []
    for configuration in configurations if isinstance(configurations, list) else []:
        if not isinstance(configuration, dict):
            continue
        destination = configuration["destination"]
        details = (
            {"CloudWatchLogsDetails": {"LogGroup": destination}}
            if configuration["destinationType"] == "cloudwatch-logs"
            else {"KinesisFirehoseDetails": {"DeliveryStream": destination}}
        )
        requests.append(
            {
                "DestinationDetails": details,
                "DestinationType": configuration["destinationType"],
                "Enabled": True,
                "LogFormat": configuration["logFormat"],
                "LogType": configuration["logType"],
            }
        )
    return requests


def log_delivery_changes(old: PropertyValue, new: PropertyValue) -> list[dict[str, Any]]:
    """Return the log deliveries to set, and those to switch off because they are left out now."""
    requests = log_delivery_requests(new)
    wanted = {request["LogType"] for request in requests}
    stopped = {str(item["logType"]) for item in (old if isinstance(old, list) else []) if isinstance(item, dict)}
    return requests + [{"Enabled": False, "LogType": kind} for kind in sorted(stopped - wanted)]


def log_deliveries_read(told: list[dict[str, Any]]) -> list[PropertyValue]:
    """Return log deliveries as the program writes them."""
    configurations: list[PropertyValue] = []
    for item in told:
        details = item.get("DestinationDetails", {})
        cloudwatch, firehose = details.get("CloudWatchLogsDetails"), details.get("KinesisFirehoseDetails")
        configurations.append(
            {
                "destination": cloudwatch["LogGroup"] if cloudwatch else (firehose or {}).get("DeliveryStream", ""),
                "destinationType": item["DestinationType"],
                "logFormat": item["LogFormat"],
                "logType": item["LogType"],
            }
        )
    return configurations


def check_log_deliveries(inputs: Properties) -> Iterator[CheckFailure]:
    """Refuse log deliveries that the API does not know."""
    configurations = inputs.get("logDeliveryConfigurations")
    if not isinstance(configurations, list):
        return
    if len(configurations) > 2:
        yield CheckFailure(
            "logDeliveryConfigurations", f"expected at most 2 (one per log type), found {len(configurations)}"
        )
    for index, item in enumerate(configurations):
        if not isinstance(item, dict):
            continue
        for field, allowed in _LOG_FIELDS.items():
            value = item.get(field)
            if isinstance(value, str) and value not in allowed:
                path = f"logDeliveryConfigurations[{index}].{field}"
                yield CheckFailure(path, f"expected {' or '.join(allowed)}, found {value!r}")


def check_windows(inputs: Properties) -> Iterator[CheckFailure]:
    """Refuse windows that AWS does not take."""
    yield from problem(inputs, "maintenanceWindow", windows.maintenance_problem)
    yield from problem(inputs, "snapshotWindow", windows.snapshot_problem)


def set_of(value: PropertyValue) -> set[str]:
    """Return the strings of a set property; nothing for one that is left out."""
    return {str(item) for item in value} if isinstance(value, list) else set()
