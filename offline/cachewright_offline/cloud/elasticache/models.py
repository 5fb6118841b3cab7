"""The backend that moto builds per account and region."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BaseBackend

from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.elasticache.state import RegionState


class ElastiCacheBackend(BaseBackend):  # type: ignore[misc]
    """Carries our state; moto resets it by calling the constructor again."""

    def __init__(self, region_name: str, account_id: str, **_: Any) -> None:
        super().__init__(region_name, account_id)
        self.state = RegionState(account_id, region_name)

    def reset(self) -> None:
        """Forget everything, and what was to happen to it."""
        AGENDA.strike_out(self.state)
        super().reset()
