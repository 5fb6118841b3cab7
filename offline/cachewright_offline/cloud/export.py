"""Writes what exists as a document that another local AWS can start with."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud import carrier, described
from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.described import ec2, elasticache, secretsmanager
from cachewright_offline.cloud.record_codec import Codec
from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "cachewright-local"
VERSION: Final = 1

# What `resource_counts` counts and an export describes; the rest is told to whoever exports.
_DESCRIBED_KINDS: Final = frozenset(
    {"ec2_vpcs", "ec2_security_groups", "kms_keys", "secretsmanager_secrets", "logs_groups", "sns_topics"}
)
_PLAIN: Final = Codec({})


class ChangesUnderWayError(CachewrightError):
    """What exists is changing: an export would hold neither the old nor the new."""


def export(*, secret_values: bool = False) -> dict[str, Any]:
    """Return the document.

    Args:
        secret_values: Whether the values of secrets are in it, in clear text.

    Raises:
        ChangesUnderWayError: A resource is being created, modified or deleted.
    """
    AGENDA.settle()
    running = Counter(AGENDA.under_way())
    if running:
        named = ", ".join(f"{count} {name}" for name, count in sorted(running.items()))
        message = (
            f"changes are under way ({named}), which an export cannot hold: wait for them, or move the time with"
            " `cachewright local advance 1h`"
        )
        raise ChangesUnderWayError(message)
    accounts: defaultdict[str, defaultdict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for state in sorted(carrier.elasticache_states(), key=lambda one: (one.account_id, one.region)):
        found = elasticache.describe(state)
        if found is not None:
            accounts[state.account_id][state.region]["elasticache"] = found
    for service in described.SERVICES:
        for account_id, region in carrier.used_regions(service):
            held = _describe(service, account_id, region, secret_values=secret_values)
            if held is not None:
                accounts[account_id][region][service] = held
    _leave_out_untouched_networks(accounts)
    return {
        "format": FORMAT,
        "version": VERSION,
        "time": CLOCK.now().isoformat(),
        "accounts": {
            account: {region: dict(sorted(held.items())) for region, held in sorted(regions.items())}
            for account, regions in sorted(accounts.items())
            if regions
        },
    }


def _describe(service: str, account_id: str, region: str, *, secret_values: bool) -> Any:
    module = described.service(service)
    found = module.describe(account_id, region)
    if isinstance(found, secretsmanager.Described) and not secret_values:
        found = secretsmanager.without_values(found)
    return None if found is None else _PLAIN.encode(found, module.Described)


def _leave_out_untouched_networks(accounts: Mapping[str, dict[str, dict[str, Any]]]) -> None:
    """Take out regions that hold nothing but the network that every region starts with."""
    for account_id, regions in accounts.items():
        for region in list(regions):
            if regions[region].keys() == {"ec2"} and ec2.is_untouched(account_id, region):
                del regions[region]


def left_out() -> dict[str, int]:
    """Return what exists and is in no export, by kind."""
    ours = {kind for state in carrier.elasticache_states() for kind in state.counts()}
    counts = carrier.resource_counts()
    return {kind: count for kind, count in counts.items() if kind not in ours | _DESCRIBED_KINDS}
