"""A serverless cache."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

import pulumi
from pulumi_aws import elasticache, iam

from cachewright.arguments import Values
from cachewright.cache import Cache
from cachewright.children import make_security_group, security_groups
from cachewright.errors import Problem
from cachewright.metric_alarms import Node
from cachewright.naming import physical
from cachewright.rules.serverless_cache import SCHEMA
from cachewright.user_group import UserGroup, name_problems

if TYPE_CHECKING:
    from cachewright.user_group import UserGroupArgs

USER_NAME = "app"
ENGINE_WITHOUT_USERS = "memcached"
_GIGABYTE = 1024**3
# A serverless cache listens on two ports: the second one reads from replicas. Source: AWS's user guide, set-up.
_PORTS = {"valkey": (6379, 6380), "redis": (6379, 6380), "memcached": (11211, 11212)}


class ServerlessCacheArgs(TypedDict):
    """The arguments of a `ServerlessCache`."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets of one VPC, 1-3, each in another zone. Changing them replaces the cache: data loss."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC of the subnets, in which the cache's own security groups are made. Default: - `security_group_ids`."""
    engine: NotRequired[pulumi.Input[str]]
    """`valkey`, `redis` or `memcached`, plain only. Between redis and valkey in place; any other change replaces the
    cache: data loss. Default: `valkey`."""
    major_engine_version: NotRequired[pulumi.Input[str]]
    """The major version, such as `8` (memcached: `1.6`), plain only. Upwards in place for valkey; anything else
    replaces the cache: data loss. Default: - the newest."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for, at most 255 characters. Default: `ElastiCache <name>`."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the cache: data loss. Default: - the provider's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the cache and everything it creates. Default: - none."""
    serverless_cache_name: NotRequired[pulumi.Input[str]]
    """A fixed physical name, plain only. Default: - `<name>-<stack>-<7 hex digits>`."""
    data_storage_minimum_gb: NotRequired[pulumi.Input[int]]
    """Storage that is always provisioned, and billed, 1-5000 GB. Default: - none."""
    data_storage_maximum_gb: NotRequired[pulumi.Input[int]]
    """The most storage, 1-5000 GB; beyond it keys are evicted. Default: - AWS's: 5000, which `cachewright check`
    finds in production."""
    ecpu_per_second_minimum: NotRequired[pulumi.Input[int]]
    """Processing that is always provisioned, and billed, 1000-15000000 ECPU/s. Default: - none."""
    ecpu_per_second_maximum: NotRequired[pulumi.Input[int]]
    """The most processing, 1000-15000000 ECPU/s; beyond it requests are throttled. Default: - AWS's: 15000000, which
    `cachewright check` finds in production."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The ARN of the key that encrypts it. Changing it replaces the cache: data loss. Default: - a key of AWS's."""
    network_type: NotRequired[pulumi.Input[str]]
    """`ipv4`, `ipv6` or `dual_stack`. Changing it replaces the cache: data loss. Default: - AWS's: ipv4."""
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Existing security groups to attach, beside the cache's own if `vpc_id` is given. Default: - none."""
    allowed_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Security groups whose members may connect. Default: - only the client security group."""
    allowed_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Ranges that may connect; the world is refused. Default: - none."""
    daily_snapshot_time: NotRequired[pulumi.Input[str]]
    """When the daily snapshot begins, `hh:mm` UTC. Default: `03:00`."""
    snapshot_retention_limit: NotRequired[pulumi.Input[int]]
    """How many days daily snapshots are kept, 0-35. Default: `7`."""
    snapshot_arns_to_restore: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Snapshots to restore at creation. Changing them replaces the cache. Default: - an empty cache."""
    user_group_id: NotRequired[pulumi.Input[str]]
    """The user group whose users may connect (Valkey and Redis OSS). Default: - the cache's own."""
    user_group_enabled: NotRequired[pulumi.Input[bool]]
    """Whether a user group is made when none is given, plain only: with one user, `app`, that may read and write, its
    password kept in Secrets Manager. With it clients that do not authenticate are refused; without it anyone may do
    anything whom the security group lets in. Default: - yes (Valkey and Redis OSS)."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic to raise the alarms to that AWS recommends; CloudWatch must be able to use the topic's key.
    Default: - no alarms, which `cachewright check` finds in production: whom to tell has no default."""


class ServerlessCache(Cache):
    """A cache without nodes: AWS scales it between the limits that are set.

    Creates the cache, a security group with one for its clients, and a user group whose one user's password is in
    Secrets Manager, unless it is given one. Always encrypted and Multi-AZ. It costs what is stored by the GB-hour and
    what is processed by the million ECPUs.

    Example:
        ServerlessCache("sessions", {"vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids,
                                     "data_storage_maximum_gb": 50})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    arn: pulumi.Output[str]
    """The cache's ARN."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        serverless_cache: elasticache.ServerlessCache
        """The cache itself."""
        user_group: UserGroup | None
        """The cache's own user group, or None where an existing one or none is used."""

    def __init__(self, name: str, args: ServerlessCacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cache.

        Args:
            name: The component's name; with the stack it makes the cache's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SCHEMA.check(name, args, _user_group_problems(name, args))
        super().__init__("cachewright:index:ServerlessCache", name, {}, opts)
        self._name, self._kind = name, "serverless"
        self._tags, self._region, self._node_type = checked["tags"], checked["region"], None
        self._checked = checked
        port, last_port = _PORTS[checked["engine"]]
        self.security_group = make_security_group(self, name, checked, port, last_port)
        self.user_group = self._make_user_group(name, checked)
        self.serverless_cache = elasticache.ServerlessCache(
            physical(name),
            cache_usage_limits=_usage_limits(checked),
            daily_snapshot_time=checked["daily_snapshot_time"],
            description=checked["description"] or f"ElastiCache {name}",
            engine=checked["engine"],
            kms_key_id=checked["kms_key_id"],
            major_engine_version=checked["major_engine_version"],
            name=checked["serverless_cache_name"],
            network_type=checked["network_type"],
            region=checked["region"],
            security_group_ids=security_groups(checked, self.security_group),
            snapshot_arns_to_restores=checked["snapshot_arns_to_restore"],
            snapshot_retention_limit=checked["snapshot_retention_limit"],
            subnet_ids=checked["subnet_ids"],
            tags=checked["tags"],
            user_group_id=self.user_group.user_group_id if self.user_group else checked["user_group_id"],
            # The provider does not ask for this by itself here, and creating first would fail on a fixed name.
            opts=pulumi.ResourceOptions(
                parent=self, delete_before_replace=True if checked.given("serverless_cache_name") else None
            ),
        )
        self._outputs(port)
        self._raise_alarms(checked)

    def grant_connect(self, role: pulumi.Input[str], user_arns: Sequence[pulumi.Input[str]] = ()) -> iam.RolePolicy:
        """Let an IAM role connect as users that authenticate with IAM.

        Args:
            role: The role's name.
            user_arns: The ARNs of the users, such as a `UserGroup`'s `iam_user_arns`; by default every user of the
                account and region.
        """
        users = list(user_arns) or [self.arn.apply(lambda arn: f"{arn.rpartition(':serverlesscache:')[0]}:user:*")]
        return self._grant(role, "connect", [self.arn, *users], ["elasticache:Connect"])

    def _make_user_group(self, name: str, checked: Values) -> UserGroup | None:
        """Return the cache's own user group, or None where it is given one or is to have none."""
        if not checked["user_group_enabled"]:
            return None
        arguments = {key: checked[key] for key in ("kms_key_id", "region", "tags") if checked.given(key)}
        users = [{"user_name": USER_NAME, "access": "writer", "authentication": "password"}]
        # A redis group serves Valkey, too: it need not change, before or after the cache, when that becomes Valkey.
        arguments |= {"engine": "redis", "users": users}
        return UserGroup(name, cast("UserGroupArgs", arguments), pulumi.ResourceOptions(parent=self))

    def _outputs(self, port: int) -> None:
        cache = self.serverless_cache
        self.arn = cache.arn
        self.endpoint = cache.endpoints.apply(lambda found: found[0]["address"])
        self.reader_endpoint = cache.reader_endpoints.apply(lambda found: found[0]["address"])
        self.port = pulumi.Output.from_input(port)
        scheme = "memcached" if self._checked["engine"] == ENGINE_WITHOUT_USERS else "rediss"
        credentials = f"{USER_NAME}:{{token}}@" if self.user_group else ""
        self.url_template = pulumi.Output.all(self.endpoint, self.port).apply(
            lambda both: f"{scheme}://{credentials}{both[0]}:{both[1]}"
        )
        none = pulumi.Output.from_input(None)
        self.secret_arn = self.user_group.secret_arns.apply(lambda arns: arns[USER_NAME]) if self.user_group else none
        self.security_group_id = self.security_group.security_group_id if self.security_group else none
        self.client_security_group_id = self.security_group.client_security_group_id if self.security_group else none
        self._members = []
        self.member_ids = pulumi.Output.from_input([])
        self.register_outputs(
            {
                "arn": self.arn,
                "endpoint": self.endpoint,
                "readerEndpoint": self.reader_endpoint,
                "port": self.port,
                "urlTemplate": self.url_template,
                "secretArn": self.secret_arn,
                "securityGroupId": self.security_group_id,
                "clientSecurityGroupId": self.client_security_group_id,
                "memberIds": self.member_ids,
            }
        )

    def _alarm_facts(self) -> Mapping[str, float]:
        facts: dict[str, float] = {}
        storage, ecpu = self._checked["data_storage_maximum_gb"], self._checked["ecpu_per_second_maximum"]
        if isinstance(storage, int):
            facts["data_storage_maximum_bytes"] = storage * _GIGABYTE
        if isinstance(ecpu, int):
            facts["ecpu_per_second_maximum"] = ecpu
        return facts

    def _alarm_nodes(self) -> Sequence[Node]:
        # Serverless metrics are published by a dimension of their own, in lower camel case.
        return [("", {"clusterId": self.serverless_cache.name})]


def _user_group_problems(name: str, args: Mapping[str, Any]) -> Sequence[Problem]:
    """Return why no users can be called after a cache whose own name is fixed; else its own name is checked."""
    enabled = args.get("user_group_enabled") is not False and args.get("user_group_id") is None
    fixed = args.get("serverless_cache_name") is not None and args.get("engine") != ENGINE_WITHOUT_USERS
    return name_problems(name) if enabled and fixed else []


def _usage_limits(checked: Values) -> Any:
    storage = (checked["data_storage_minimum_gb"], checked["data_storage_maximum_gb"])
    ecpu = (checked["ecpu_per_second_minimum"], checked["ecpu_per_second_maximum"])
    if storage == ecpu == (None, None):
        return None
    return elasticache.ServerlessCacheCacheUsageLimitsArgs(
        data_storage=elasticache.ServerlessCacheCacheUsageLimitsDataStorageArgs(
            unit="GB", minimum=storage[0], maximum=storage[1]
        )
        if storage != (None, None)
        else None,
        ecpu_per_seconds=[
            elasticache.ServerlessCacheCacheUsageLimitsEcpuPerSecondArgs(minimum=ecpu[0], maximum=ecpu[1])
        ]
        if ecpu != (None, None)
        else None,
    )
