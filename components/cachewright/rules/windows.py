"""Rules over maintenance and snapshot windows."""

from collections.abc import Iterable

from cachewright.arguments import Values, between, rule
from cachewright.catalog import names, windows
from cachewright.catalog.limits import limit
from cachewright.errors import Problem


@rule("maintenance_window")
def maintenance(values: Values) -> Iterable[Problem]:
    """The maintenance window is well-formed and of a length AWS allows."""
    given = values["maintenance_window"]
    found = windows.maintenance_problem(given) if given is not None else None
    if found:
        yield Problem("maintenance_window", found)


@rule("snapshot_window")
def snapshot(values: Values) -> Iterable[Problem]:
    """The snapshot window is well-formed and long enough."""
    given = values["snapshot_window"]
    found = windows.snapshot_problem(given) if given is not None else None
    if found:
        yield Problem("snapshot_window", found)


@rule("snapshot_window", "maintenance_window")
def overlap(values: Values) -> Iterable[Problem]:
    """The two do not overlap, even where no snapshot is taken."""
    daily, weekly = values["snapshot_window"], values["maintenance_window"]
    if daily is None or weekly is None or windows.snapshot_problem(daily) or windows.maintenance_problem(weekly):
        return
    found = windows.overlap_problem(daily, weekly)
    if found:
        yield Problem("snapshot_window", found)


@rule("snapshot_retention_limit")
def retention(values: Values) -> Iterable[Problem]:
    """Snapshots are kept 0-35 days."""
    most = limit("snapshot_retention_days_maximum")
    return between("snapshot_retention_limit", values["snapshot_retention_limit"], 0, most, "use 7 in production")


@rule("snapshot_name", "snapshot_arns")
def restore(values: Values) -> Iterable[Problem]:
    """A cache is restored from one source, named as AWS allows."""
    if values["snapshot_name"] is not None and values["snapshot_arns"] is not None:
        yield Problem("snapshot_arns", "must not be given with snapshot_name, got both; restore from one of them")
    for index, arn in enumerate(values["snapshot_arns"] or []):
        if not arn.startswith("arn:") or "," in arn:
            text = f"must be the ARN of an RDB file in S3, got {arn!r}; write it like 'arn:aws:s3:::bucket/file.rdb'"
            yield Problem(f"snapshot_arns[{index}]", text)


@rule("final_snapshot_identifier")
def final_snapshot(values: Values) -> Iterable[Problem]:
    """The final snapshot has a name that AWS allows."""
    given = values["final_snapshot_identifier"]
    found = names.problem("snapshot_name", given) if given is not None else None
    if found:
        yield Problem("final_snapshot_identifier", found)


RULES = (maintenance, snapshot, overlap, retention, restore, final_snapshot)
