"""CloudWatch: metrics that caches publish, statistics of them, alarms that follow them, and what alarms do.

Nothing runs on its own: alarms are evaluated before a request is answered, when there is a new minute or new data.
"""

from __future__ import annotations

import functools


@functools.cache
def install() -> None:
    """Correct moto's CloudWatch."""
    from cachewright_offline.cloud.services.cloudwatch import alarm_settings, alarms, queries

    alarm_settings.install()
    queries.install()
    alarms.install()
