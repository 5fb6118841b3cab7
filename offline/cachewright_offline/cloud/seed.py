"""Starts a local AWS with what an export describes."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud import carrier, described
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.described import elasticache
from cachewright_offline.cloud.export import FORMAT, VERSION
from cachewright_offline.cloud.record_codec import Codec
from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS: Final = ("format", "version", "time", "accounts")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_MOST_SHOWN: Final = 50
_PLAIN: Final = Codec({})


class SeedError(CachewrightError):
    """A seed cannot be loaded; nothing of it was."""


def load_file(path: Path) -> None:
    """Load the document of a file into a local AWS that is empty.

    Raises:
        SeedError: The file cannot be read, or is no document that this version reads.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"seed: {path} cannot be read ({error.strerror}); give a file that `cachewright local export` wrote"
        raise SeedError(message) from error
    except ValueError as error:
        message = f"seed: {path} is no JSON ({error}); give a file that `cachewright local export` wrote"
        raise SeedError(message) from error
    load(document, str(path))


def load(document: Any, name: str = "the document") -> None:
    """Load a document into a local AWS that is empty.

    Args:
        document: What `export` returned.
        name: What messages call it.

    Raises:
        SeedError: It is malformed; the message names every problem by its place in the document.
    """
    problems: list[str] = []
    moment, regions = _read(document, problems)
    if not problems:
        _restore(moment, regions, problems)
    if problems:
        shown = [f"  {one}" for one in problems[:_MOST_SHOWN]]
        more = len(problems) - _MOST_SHOWN
        lines = [*shown, *([f"  and {more} more"] if more > 0 else [])]
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        message = "\n".join([f"seed: {name} has {count}, and nothing of it was loaded:", *lines])
        raise SeedError(message)


def _read(document: Any, problems: list[str]) -> tuple[datetime | None, list[tuple[str, str, str, Any]]]:
    if not isinstance(document, dict):
        problems.append(f"expected an object with {', '.join(_FIELDS)}")
        return None, []
    if document.get("format") != FORMAT:
        problems.append(f"format: expected {FORMAT!r}, found {document.get('format')!r}")
        return None, []
    if document.get("version") != VERSION:
        problems.append(
            f"version: expected {VERSION}, found {document.get('version')!r}; export it anew with this version"
        )
        return None, []
    problems += [f"{name}: expected one of {', '.join(_FIELDS)}" for name in document if name not in _FIELDS]
    moment = _PLAIN.decode(document.get("time"), datetime, "time", problems)
    accounts = document.get("accounts")
    if not isinstance(accounts, dict):
        problems.append("accounts: expected an object")
        return moment, []
    found: list[tuple[str, str, str, Any]] = []
    for account_id, regions in accounts.items():
        if not _ACCOUNT.fullmatch(account_id) or not isinstance(regions, dict):
            problems.append(f"accounts.{account_id}: expected the 12 digits of an account, with an object of regions")
            continue
        for region, services in regions.items():
            path = f"accounts.{account_id}.{region}"
            if not carrier.availability_zones(region) or not isinstance(services, dict):
                problems.append(f"{path}: expected a region of AWS, with an object of services")
                continue
            for service, held in services.items():
                read = _service(service, held, f"{path}.{service}", problems)
                found.append((account_id, region, service, read))
    return moment, found


def _service(service: str, held: Any, path: str, problems: list[str]) -> Any:
    if service == "elasticache":
        return elasticache.read(held, path, problems)
    if service in described.SERVICES:
        return _PLAIN.decode(held, described.service(service).Described, path, problems)
    problems.append(f"{path}: expected one of {', '.join((*described.SERVICES, 'elasticache'))}")
    return None


def _restore(moment: datetime | None, regions: list[tuple[str, str, str, Any]], problems: list[str]) -> None:
    order = (*described.SERVICES, "elasticache")
    for account_id, region, service, held in sorted(regions, key=lambda one: order.index(one[2])):
        try:
            if service == "elasticache":
                elasticache.restore(account_id, region, held)
            else:
                described.service(service).restore(account_id, region, held)
        except Exception as error:  # noqa: BLE001  # moto refuses with exceptions of each service
            text = getattr(error, "message", None) or str(error) or type(error).__name__
            problems.append(f"accounts.{account_id}.{region}.{service}: {text}")
    if problems:
        carrier.reset()
        return
    if moment is not None and moment > CLOCK.now():
        # The records are of times that the new instance has not reached.
        CLOCK.advance((moment - CLOCK.now()).total_seconds())
    elasticache.resume_all()
