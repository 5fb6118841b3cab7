"""moto, the carrier of every service but ElastiCache. Nothing else in this package touches it.

moto is not typed throughout and the parts used here are not documented as stable: they are gathered here, and what
leaves this module is plain and typed.
"""

from __future__ import annotations

import functools
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.error_shape import UnknownServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cachewright_offline.cloud.elasticache.state import RegionState

DEFAULT_ACCOUNT_ID = "123456789012"


@dataclass(frozen=True, slots=True)
class Subnet:
    """What a cache needs to know of an EC2 subnet."""

    id: str
    vpc_id: str
    zone: str
    cidr_block: str
    ipv6: bool


@functools.cache
def install() -> None:
    """Put our ElastiCache in the place of moto's, once per process and before the first request."""
    from moto.elasticache.models import elasticache_backends

    from cachewright_offline.cloud import network_dependencies, services
    from cachewright_offline.cloud.elasticache.models import ElastiCacheBackend

    # Every part of moto that looks for ElastiCache finds it through this dictionary, and its reset builds our class.
    elasticache_backends.clear()
    elasticache_backends.backend = ElastiCacheBackend
    network_dependencies.install()
    services.install()


def application() -> Callable[..., Iterable[bytes]]:
    """Return moto's WSGI application."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    def create(service: str | None) -> Any:
        if service is None:
            raise UnknownServiceError
        return create_backend_app(service)

    dispatcher: Callable[..., Iterable[bytes]] = DomainDispatcherApplication(create)
    return dispatcher


def reset() -> None:
    """Forget every resource of every service, account and region."""
    from moto.core.model_instances import reset_model_data
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
    reset_model_data()
    AGENDA.clear()
    CLOCK.reset()


def partition(region: str) -> str:
    """Return the partition of a region: `aws`, `aws-cn`, `aws-us-gov`."""
    from moto.utilities.utils import get_partition

    return str(get_partition(region))


def elasticache_state(account_id: str, region: str) -> RegionState | None:
    """Return ElastiCache's state in a region, or None for a region that does not exist."""
    backend = _backend("elasticache", account_id, region)
    if backend is None:
        return None
    state: RegionState = backend.state
    return state


def elasticache_states(account_id: str | None = None) -> Iterator[RegionState]:
    """Return the states of all regions that were used so far, of one account or of all."""
    from moto.elasticache.models import elasticache_backends

    for account, _, backend in list(elasticache_backends.iter_backends()):
        if account_id in {None, account}:
            yield backend.state


def used_regions(service: str) -> tuple[tuple[str, str], ...]:
    """Return the accounts and regions in which a service was used so far."""
    if f"moto.{service}.models" not in sys.modules:
        # Most services are never used, and their modules take time and memory.
        return ()
    from moto.backends import get_backend

    return tuple(sorted((account, region) for account, region, _ in list(get_backend(service).iter_backends())))


def resource_counts() -> dict[str, int]:
    """Count what exists, by kind, over all accounts and regions."""
    counts: Counter[str] = Counter()
    for _, _, held in resource_counts_by_region():
        counts.update(held)
    return dict(sorted(counts.items()))


def resource_counts_by_region() -> list[tuple[str, str, dict[str, int]]]:
    """Count what exists, by kind, in each account and region where there is something."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for state in elasticache_states():
        counts[state.account_id, state.region].update(state.counts())
    for service, attributes in _COUNTED.items():
        for account_id, region in used_regions(service):
            backend = _backend(service, account_id, region)
            counts[account_id, region].update({kind: _size(getattr(backend, name, {})) for name, kind in attributes})
    return [
        (account_id, region, {kind: count for kind, count in sorted(held.items()) if count})
        for (account_id, region), held in sorted(counts.items())
        if any(held.values())
    ]


def _size(held: Any) -> int:
    """Return how many resources a table of moto's holds; some are kept by the VPC that they are in."""
    return sum(len(one) if isinstance(one, dict) else 1 for one in (held.values() if isinstance(held, dict) else held))


_COUNTED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ec2": (("vpcs", "ec2_vpcs"), ("groups", "ec2_security_groups")),
    "kms": (("keys", "kms_keys"),),
    "secretsmanager": (("secrets", "secretsmanager_secrets"),),
    "logs": (("groups", "logs_groups"),),
    "sns": (("topics", "sns_topics"),),
    "cloudwatch": (("alarms", "cloudwatch_alarms"),),
    "iam": (("roles", "iam_roles"),),
    "ssm": (("_parameters", "ssm_parameters"),),
}


def _backend(service: str, account_id: str, region: str) -> Any | None:
    from moto.backends import get_backend

    try:
        return get_backend(service)[account_id][region]
    except KeyError:
        return None


def availability_zones(region: str) -> tuple[str, ...]:
    """Return the names of a region's zones."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return tuple(zone.name for zone in RegionsAndZonesBackend.zones.get(region, ()))


def subnet(account_id: str, region: str, subnet_id: str) -> Subnet | None:
    """Return an EC2 subnet."""
    backend = _backend("ec2", account_id, region)
    if backend is None:
        return None
    for by_zone in backend.subnets.values():
        found = by_zone.get(subnet_id)
        if found is not None:
            return _subnet(found)
    return None


def _subnet(found: Any) -> Subnet:
    ipv6 = bool(getattr(found, "ipv6_cidr_block_associations", None))
    return Subnet(str(found.id), str(found.vpc_id), str(found.availability_zone), str(found.cidr_block), ipv6)


def is_ipv6_only(account_id: str, region: str, subnet_id: str) -> bool:
    """Tell whether an EC2 subnet has no IPv4 addresses at all."""
    backend = _backend("ec2", account_id, region)
    by_zone = backend.subnets.values() if backend is not None else ()
    return any(getattr(found.get(subnet_id), "ipv6_native", False) for found in by_zone)


def default_subnets(account_id: str, region: str) -> tuple[Subnet, ...]:
    """Return the subnets of the default VPC."""
    backend = _backend("ec2", account_id, region)
    if backend is None:
        return ()
    default_vpcs = {vpc.id for vpc in backend.vpcs.values() if vpc.is_default}
    found = (item for by_zone in backend.subnets.values() for item in by_zone.values())
    return tuple(_subnet(item) for item in found if item.vpc_id in default_vpcs)


def security_group_vpc(account_id: str, region: str, group_id: str) -> str | None:
    """Return the VPC of a security group, or None when there is no such group."""
    backend = _backend("ec2", account_id, region)
    group = backend.get_security_group_from_id(group_id) if backend is not None else None
    return None if group is None else str(group.vpc_id)


def default_security_group(account_id: str, region: str, vpc_id: str) -> str | None:
    """Return the id of a VPC's default security group."""
    backend = _backend("ec2", account_id, region)
    if backend is None:
        return None
    for group in backend.groups.get(vpc_id, {}).values():
        if group.name == "default":
            return str(group.id)
    return None


def kms_key_state(account_id: str, region: str, key: str) -> str | None:
    """Return the state of a KMS key (`Enabled`, ...) given by id, ARN or alias, or None when there is no such key."""
    backend = _backend("kms", account_id, region)
    if backend is None:
        return None
    if key.startswith("arn:") and key.split(":")[3] != region:
        return None
    resolved = key.rsplit(":", 1)[-1] if key.startswith("arn:") else key
    if resolved.startswith("alias/"):
        resolved = backend.get_key_id_from_alias(resolved) or ""
    found = backend.keys.get(resolved.removeprefix("key/"))
    return None if found is None else str(found.key_state)


def kms_key_arn(account_id: str, region: str, key: str) -> str | None:
    """Return the ARN of a KMS key given by id, ARN or alias."""
    backend = _backend("kms", account_id, region)
    if backend is None:
        return None
    resolved = key.rsplit(":", 1)[-1] if key.startswith("arn:") else key
    if resolved.startswith("alias/"):
        resolved = backend.get_key_id_from_alias(resolved) or ""
    found = backend.keys.get(resolved.removeprefix("key/"))
    return None if found is None else str(found.arn)


def firehose_exists(account_id: str, region: str, name: str) -> bool:
    """Tell whether a Firehose delivery stream exists."""
    backend = _backend("firehose", account_id, region)
    return backend is not None and name in backend.delivery_streams


def topic_exists(account_id: str, region: str, arn: str) -> bool:
    """Tell whether an SNS topic exists."""
    backend = _backend("sns", account_id, region)
    return backend is not None and arn in backend.topics


def bucket_region(account_id: str, partition: str, bucket: str) -> str | None:
    """Return the region of an account's S3 bucket, or None when it has no such bucket."""
    backend = _backend("s3", account_id, partition)
    found = backend.buckets.get(bucket) if backend is not None else None
    return None if found is None else str(found.region_name)


def object_exists(account_id: str, partition: str, bucket: str, key: str) -> bool:
    """Tell whether an object exists in S3, whose buckets are of no region."""
    backend = _backend("s3", account_id, partition)
    found = backend.buckets.get(bucket) if backend is not None else None
    return found is not None and key in found.keys
