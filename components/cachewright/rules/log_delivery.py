"""Rules over the logs that a replication group delivers."""

from collections.abc import Iterable

from cachewright.arguments import Types, Values, choice, rule
from cachewright.catalog import engine_versions, features
from cachewright.enums import LogDestinationType, LogFormat, LogType
from cachewright.errors import Problem

_FEATURES = {LogType.SLOW_LOG: "slow_log", LogType.ENGINE_LOG: "engine_log"}
# Source: CloudWatch Logs' API reference, PutRetentionPolicy.
_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


class LogDeliveryTypes(Types):
    """One entry of `log_delivery_configurations`."""

    destination: str
    destination_type: str
    log_format: str
    log_type: str


@rule("engine", "engine_version", "log_types", "log_retention_days", "log_delivery_configurations")
def logs(values: Values) -> Iterable[Problem]:
    """Each log type is delivered once, on a version that has it."""
    version, name = values["engine_version"], values["engine"]
    configured = values["log_delivery_configurations"] or []
    wanted = [("log_types", index, one) for index, one in enumerate(values["log_types"] or [])]
    seen: dict[str, str] = {}
    for index, one in enumerate(configured):
        where = f"log_delivery_configurations[{index}]"
        yield from choice(f"{where}.destination_type", one["destination_type"], tuple(LogDestinationType))
        yield from choice(f"{where}.log_format", one["log_format"], tuple(LogFormat))
        wanted.append(("log_delivery_configurations", index, one["log_type"]))
    for argument, index, log_type in wanted:
        where = f"{argument}[{index}]" + ("" if argument == "log_types" else ".log_type")
        problems = choice(where, log_type, tuple(_FEATURES))
        yield from problems
        if problems:
            continue
        if log_type in seen:
            yield Problem(where, f"must be delivered once, got {log_type!r} in {seen[log_type]} too; remove one")
        seen[log_type] = where
        if version and not features.supports(name, version, _FEATURES[log_type]):
            minimum = features.minimum_version(name, _FEATURES[log_type])
            text = f"must be left out before {name} {minimum}, got {log_type!r} with {version}; upgrade engine_version"
            yield Problem(where, text)
    days = values["log_retention_days"]
    if days is not None and days not in _RETENTION_DAYS:
        allowed = ", ".join(map(str, _RETENTION_DAYS))
        yield Problem("log_retention_days", f"must be one of {allowed}, got {days}; choose one of them")


@rule("apply_immediately", "log_types", "log_delivery_configurations", presence=True)
def log_changes(values: Values) -> Iterable[Problem]:
    """AWS changes log delivery at once or not at all."""
    argument = "log_types" if values["log_types"] else "log_delivery_configurations"
    if values[argument] and values["apply_immediately"] is False:
        text = f"must be True with {argument}, got False; AWS changes log delivery at once or not at all: leave it out"
        yield Problem("apply_immediately", text)


RULES = (logs, log_changes)


def default_log_types(values: Values, engine: str | None, version: str | None) -> list[str] | None:
    """Return the logs to deliver where the program says nothing of logs, or None where it does.

    Args:
        values: The arguments.
        engine: The cache's engine, where it is known.
        version: Its version, where it is known; one that is not is taken to have both logs.
    """
    # AWS begins to deliver logs at once or not at all: by itself a component asks for none of it then.
    waits = values.given("apply_immediately") and values["apply_immediately"] is not True
    if waits or values.given("log_types") or values.given("log_delivery_configurations"):
        return None
    if engine is None or version is None:
        return [log_type.value for log_type in _FEATURES]
    known = engine_versions.find(engine, version)
    return [
        log_type.value
        for log_type, feature in _FEATURES.items()
        if known is not None and features.supports(known.engine, known.version, feature)
    ]
