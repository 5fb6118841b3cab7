"""What `cachewright local` asks of the running process."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud import carrier, speeds, timespans
from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_offline.cloud.control_api import Instance

_STATM: Final = Path("/proc/self/statm")


class Controls:
    """The answers, each a JSON object.

    Args:
        instance: This run.
        forget: Forgets what the HTTP server keeps beside the resources.
    """

    def __init__(self, instance: Instance, forget: Callable[[], None]) -> None:
        self._instance = instance
        self._forget = forget

    def status(self, _arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Tell which run this is and what it holds."""
        AGENDA.settle()
        regions: dict[str, dict[str, dict[str, int]]] = {}
        for account_id, region, counts in carrier.resource_counts_by_region():
            regions.setdefault(account_id, {})[region] = counts
        return self._instance.describe() | {
            "resources": carrier.resource_counts(),
            "regions": regions,
            "speed": speeds.shown(CLOCK.speed),
            "time": CLOCK.now().isoformat(timespec="milliseconds"),
            "memory_bytes": _memory_bytes(),
        }

    def reset(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Forget everything; the time is the machine's again."""
        carrier.reset()
        self._forget()
        self._instance.renew()
        return self.status(arguments)

    def advance(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Move the time forward; what is due meanwhile happens."""
        CLOCK.advance(timespans.parse(str(arguments.get("duration", ""))))
        return self.status(arguments)

    def export(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return a document of what exists, and the counts of what is not in it."""
        from cachewright_offline.cloud import export

        document = export.export(secret_values=arguments.get("secret_values") is True)
        return {"document": document, "left_out": export.left_out()}


def _memory_bytes() -> int:
    """Return the memory that the process holds now, or where that is not known, the most that it held."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
