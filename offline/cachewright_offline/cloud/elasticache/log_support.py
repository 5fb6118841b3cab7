"""Which engine versions write which logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import features
from cachewright_offline.cloud.elasticache.faults import invalid_combination

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.registry import Params

_FEATURES: Final = {"slow-log": "slow_log", "engine-log": "engine_log"}


def check(params: Params, version: EngineVersion) -> None:
    """Refuse the delivery of a log that an engine version does not write."""
    for one in params.get("LogDeliveryConfigurations") or ():
        log_type = one.get("LogType", "")
        feature = _FEATURES.get(log_type)
        if feature is not None and not features.supports(version.engine, version.version, feature):
            raise invalid_combination(f"The {log_type} is not supported by {version.engine} {version.version}.")
