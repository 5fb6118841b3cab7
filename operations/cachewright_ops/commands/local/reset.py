"""`cachewright local reset`: empty the local AWS."""

from __future__ import annotations

from cachewright_ops.options import Cwd, Json


def reset(cwd: Cwd = None, json: Json = False) -> None:
    """Empty the local AWS; it gets a new instance id, and its time is the machine's again."""
    from cachewright_offline.cloud import control
    from cachewright_ops.commands.local.home import home
    from cachewright_ops.commands.local.report import report

    report(control.reset(home(cwd)), as_json=json)
