"""Application Auto Scaling: caches as targets, and policies and schedules that scale them."""

from __future__ import annotations

import functools


@functools.cache
def install() -> None:
    """Correct moto's Application Auto Scaling."""
    from cachewright_offline.cloud.services.application_autoscaling import policies, scheduled_actions, targets

    targets.install()
    policies.install()
    scheduled_actions.install()
