"""What the two kinds of replication group have in common."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
import pulumi_random
from pulumi_aws import elasticache, iam, route53, secretsmanager

from cachewright.arguments import Values
from cachewright.cache import Cache
from cachewright.catalog import auth_token, engine_versions, node_types
from cachewright.children import make_parameter_group, make_security_group, make_subnet_group, security_groups
from cachewright.enums import AuthTokenUpdateStrategy, ClusterMode
from cachewright.final_snapshot import final_snapshot_name
from cachewright.log_delivery import LogDeliveryArgs, make_log_deliveries
from cachewright.metric_alarms import member_ids
from cachewright.naming import physical
from cachewright.rules import node_groups

if TYPE_CHECKING:
    from cachewright.parameter_group import ParameterGroup
    from cachewright.subnet_group import SubnetGroup

DEFAULT_PORT = 6379
DNS_TTL_SECONDS = 60
GENERATED_TOKEN_LENGTH = 64


class RedisCacheArgs(TypedDict):
    """The arguments that both kinds of replication group have."""

    node_type: pulumi.Input[str]
    """The node type, such as `cache.r7g.large`. Changing it swaps the nodes one by one: each switch takes under a
    second where there is a replica; without one the cache is away meanwhile."""
    engine: NotRequired[pulumi.Input[str]]
    """`valkey` or `redis`, plain only. From redis to valkey it is an upgrade in place; the other way replaces the
    cache: data loss. Default: `valkey`."""
    engine_version: NotRequired[pulumi.Input[str]]
    """The engine's version, such as `8.1`, plain only. Upwards in place, with every connection closed once; downwards
    replaces the cache: data loss. Default: - the engine's newest; fix it in production."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for, at most 255 characters. Default: `ElastiCache <name>`."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the cache: data loss. Default: - the provider's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the cache and everything it creates. Default: - none."""
    apply_immediately: NotRequired[pulumi.Input[bool]]
    """Whether changes take effect at once, or in the maintenance window; Pulumi reports the new values either way.
    Changes of shards, replicas and tokens always take effect at once. Default: `True`."""
    auto_minor_version_upgrade: NotRequired[pulumi.Input[bool]]
    """Whether AWS installs minor versions in the maintenance window (version 6 and newer). Default: - AWS's: yes."""
    replication_group_id: NotRequired[pulumi.Input[str]]
    """A fixed physical id, 1-40 letters, digits and hyphens, plain only. With one, anything that replaces the cache
    deletes it before it creates the new one. Default: - `<name>-<stack>-<7 hex digits>`."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC of the subnets, in which the cache's own security groups are made. Default: - `security_group_ids`."""
    subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The private subnets of the cache's own subnet group, one in each zone. Default: - the existing subnet group."""
    existing_subnet_group_name: NotRequired[pulumi.Input[str]]
    """A subnet group to use instead of making one. Changing it replaces the cache: data loss.
    Default: - the cache's own."""
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Existing security groups to attach, beside the cache's own if `vpc_id` is given. Default: - none."""
    allowed_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Security groups whose members may connect; the items may be Outputs, the list is plain.
    Default: - only the client security group."""
    allowed_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Ranges that may connect; the world is refused; the items may be Outputs, the list is plain. Default: - none."""
    port: NotRequired[pulumi.Input[int]]
    """The port, 1-65535. Changing it replaces the cache: data loss. Default: `6379`."""
    network_type: NotRequired[pulumi.Input[str]]
    """`ipv4`, `ipv6` or `dual_stack`. Changing it replaces the cache: data loss. Default: - AWS's: ipv4."""
    ip_discovery: NotRequired[pulumi.Input[str]]
    """`ipv4` or `ipv6`: what cluster-aware clients are told. Default: - AWS's: ipv4."""
    at_rest_encryption_enabled: NotRequired[pulumi.Input[bool]]
    """Whether data on disk is encrypted. Changing it replaces the cache: data loss. Default: `True`."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The ARN of the symmetric key in the cache's region that encrypts it. Changing it replaces the cache: data loss.
    Default: - a key that AWS owns."""
    transit_encryption_enabled: NotRequired[pulumi.Input[bool]]
    """Whether clients use TLS, plain only. In place from version 7.0.5 on, in two steps with
    `transit_encryption_mode`; on older versions a change replaces the cache: data loss. Default: `True`."""
    transit_encryption_mode: NotRequired[pulumi.Input[str]]
    """`required`, or `preferred` while clients move to TLS, plain only; `preferred` goes with no authentication.
    Default: `required`."""
    auth_token: NotRequired[pulumi.Input[str]]
    """A token of 16-128 letters, digits and !&#$^<>- that clients give; a secret. Default: - a generated one, kept in
    Secrets Manager, unless `user_group_ids` are given."""
    auth_token_wo: NotRequired[pulumi.Input[str]]
    """The same, but write-only: it is in no state. Default: - none."""
    auth_token_wo_version: NotRequired[pulumi.Input[int]]
    """What tells Pulumi that `auth_token_wo` has changed: count it up. Default: - none."""
    auth_token_enabled: NotRequired[pulumi.Input[bool]]
    """Whether a token is generated when none is given, plain only. Default: - yes with TLS and without a user group."""
    auth_token_update_strategy: NotRequired[pulumi.Input[str]]
    """How a new token takes the old one's place: `ROTATE` (both are valid), `SET` (only the new one), `DELETE` (when
    moving to a user group). Default: `ROTATE`."""
    user_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The user group whose users may connect, at most one. Default: - none: a token."""
    automatic_failover_enabled: NotRequired[pulumi.Input[bool]]
    """Whether a replica takes over when the primary fails. Default: - yes where there is a replica."""
    multi_az_enabled: NotRequired[pulumi.Input[bool]]
    """Whether primary and replicas are in different zones. Default: - yes where there is a replica."""
    parameters: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Parameters that differ from AWS's defaults, by name. Most take effect at once. Default: - none."""
    existing_parameter_group_name: NotRequired[pulumi.Input[str]]
    """A parameter group to use instead of making one. Default: - the cache's own."""
    snapshot_retention_limit: NotRequired[pulumi.Input[int]]
    """How many days daily snapshots are kept, 0-35; 0 takes none. Default: `7`."""
    snapshot_window: NotRequired[pulumi.Input[str]]
    """When snapshots are taken, `hh24:mi-hh24:mi` UTC, 60 minutes or more. Default: `03:00-05:00`."""
    snapshot_name: NotRequired[pulumi.Input[str]]
    """A snapshot to restore; read at creation only, so that removing or changing it later replaces nothing.
    Default: - an empty cache."""
    snapshot_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """RDB files in S3 to load; read at creation only. Default: - an empty cache."""
    final_snapshot_identifier: NotRequired[pulumi.Input[str]]
    """The name of the snapshot that is taken when the cache is deleted. AWS refuses one that is taken.
    Default: - `<name>-<stack>-final-<6 hex digits>`, another one for each replacement."""
    maintenance_window: NotRequired[pulumi.Input[str]]
    """When AWS maintains the cache, `ddd:hh24:mi-ddd:hh24:mi` UTC, outside the snapshot window.
    Default: `mon:05:00-mon:07:00`."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic that hears of the cache's events. Default: - none."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic to raise the alarms to that AWS recommends, each for each node; CloudWatch must be able to use the
    topic's key. Default: - no alarms, which `cachewright check` finds in production: whom to tell has no default."""
    log_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Logs to deliver, as JSON, to log groups of the cache's own: `slow-log`, `engine-log`; plain only. An empty list
    delivers none. Default: - both, as far as the version has them; none where `log_delivery_configurations` are given,
    or `apply_immediately` is not `True`."""
    log_retention_days: NotRequired[pulumi.Input[int]]
    """How long those log groups keep them, in days, as CloudWatch Logs allows. Default: `30`."""
    log_delivery_configurations: NotRequired[pulumi.Input[Sequence[pulumi.Input[LogDeliveryArgs]]]]
    """Logs to deliver to destinations that exist. Default: - none."""
    data_tiering_enabled: NotRequired[pulumi.Input[bool]]
    """Whether rarely used data is kept on SSD; follows from the node type. Default: - yes on r6gd."""
    durability: NotRequired[pulumi.Input[str]]
    """`default`, `sync`, `async` or `disabled` (Valkey 9 in cluster mode). Changing it replaces the cache: data loss.
    Default: - AWS's."""
    cluster_mode: NotRequired[pulumi.Input[str]]
    """`compatible` on the way from one shard to cluster mode, plain only. Default: - the component's own mode."""
    dns_zone_id: NotRequired[pulumi.Input[str]]
    """The Route 53 zone of a CNAME record for the endpoint. Default: - no record."""
    dns_name: NotRequired[pulumi.Input[str]]
    """That record's name, such as `cache.internal.example.com`. TLS certificates are for AWS's own names: clients that
    check them connect to `endpoint`. Default: - no record."""


class RedisCache(Cache):
    """The base of the replication group components: their children, in the order they depend on each other."""

    arn: pulumi.Output[str]
    """The replication group's ARN."""
    replication_group_id: pulumi.Output[str]
    """The replication group's id."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        replication_group: elasticache.ReplicationGroup
        """The replication group itself."""
        parameter_group: ParameterGroup | None
        """The cache's own parameter group, or None where an existing one is used."""
        subnet_group: SubnetGroup | None
        """The cache's own subnet group, or None where an existing one is used."""
        dns_record: route53.Record | None
        """The record of `dns_name`, or None."""

    _checked: Values
    _sharded: bool

    def _build(
        self,
        name: str,
        checked: Values,
        topology: Mapping[str, Any],
        *,
        sharded: bool,
        ignore_changes: Sequence[str] = (),
    ) -> None:
        """Create the children and set the outputs."""
        self._name, self._checked, self._sharded = name, checked, sharded
        self._tags, self._region, self._kind = checked["tags"], checked["region"], checked["engine"]
        self._node_type = checked["node_type"] if isinstance(checked["node_type"], str) else None
        port = checked["port"] or DEFAULT_PORT
        self.security_group = make_security_group(self, name, checked, port)
        self.subnet_group = make_subnet_group(self, name, checked)
        # AWS takes a group for cluster mode from the first step of the way there.
        cluster_enabled = sharded or checked["cluster_mode"] == ClusterMode.COMPATIBLE
        self.parameter_group = make_parameter_group(self, name, checked, cluster_enabled=cluster_enabled)
        token, secret = self._token(name, checked)
        authenticated = token is not None or checked.given("auth_token_wo")
        subnet_group_name = (
            self.subnet_group.subnet_group_name if self.subnet_group else checked["existing_subnet_group_name"]
        )
        self.replication_group = elasticache.ReplicationGroup(
            physical(name),
            apply_immediately=checked["apply_immediately"],
            at_rest_encryption_enabled=checked["at_rest_encryption_enabled"],
            auth_token=token,
            auth_token_update_strategy=checked["auth_token_update_strategy"]
            or (AuthTokenUpdateStrategy.ROTATE.value if authenticated else None),
            auth_token_wo=_secret(checked["auth_token_wo"]),
            auth_token_wo_version=checked["auth_token_wo_version"],
            auto_minor_version_upgrade=checked["auto_minor_version_upgrade"],
            automatic_failover_enabled=checked["automatic_failover_enabled"],
            cluster_mode=checked["cluster_mode"],
            data_tiering_enabled=_data_tiering(checked),
            description=checked["description"] or f"ElastiCache {name}",
            durability=checked["durability"],
            engine=checked["engine"],
            engine_version=checked["engine_version"],
            final_snapshot_identifier=checked["final_snapshot_identifier"]
            or final_snapshot_name(self, name, self._identity(checked, subnet_group_name)),
            ip_discovery=checked["ip_discovery"],
            kms_key_id=checked["kms_key_id"],
            log_delivery_configurations=make_log_deliveries(self, name, checked),
            maintenance_window=_lower(checked["maintenance_window"]),
            multi_az_enabled=checked["multi_az_enabled"],
            network_type=checked["network_type"],
            node_type=checked["node_type"],
            notification_topic_arn=checked["notification_topic_arn"],
            parameter_group_name=(
                self.parameter_group.parameter_group_name
                if self.parameter_group
                else checked["existing_parameter_group_name"]
            ),
            port=port,
            region=checked["region"],
            replication_group_id=checked["replication_group_id"],
            security_group_ids=security_groups(checked, self.security_group),
            snapshot_arns=checked["snapshot_arns"],
            snapshot_name=checked["snapshot_name"],
            snapshot_retention_limit=checked["snapshot_retention_limit"],
            snapshot_window=checked["snapshot_window"],
            subnet_group_name=subnet_group_name,
            tags=checked["tags"],
            transit_encryption_enabled=checked["transit_encryption_enabled"],
            transit_encryption_mode=checked["transit_encryption_mode"],
            user_group_ids=checked["user_group_ids"],
            # AWS reads the first two at creation only; the provider would replace the cache when they go.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["snapshotArns", "snapshotName", *ignore_changes]),
            **topology,
        )
        self._outputs(checked, port, sharded=sharded, authenticated=authenticated)
        if token is not None and secret is not None:
            self._keep_token(name, token, secret)
        self.dns_record = self._dns_record(name, checked)
        self._raise_alarms(checked)
        self._warn_of_end_of_life(name, checked)

    def grant_connect(self, role: pulumi.Input[str], user_arns: Sequence[pulumi.Input[str]] = ()) -> iam.RolePolicy:
        """Let an IAM role connect as users that authenticate with IAM.

        Args:
            role: The role's name.
            user_arns: The ARNs of the users, such as a `UserGroup`'s `iam_user_arns`; by default every user of the
                account and region.
        """
        users = list(user_arns) or [self.arn.apply(lambda arn: f"{arn.rpartition(':replicationgroup:')[0]}:user:*")]
        return self._grant(role, "connect", [self.arn, *users], ["elasticache:Connect"])

    def _identity(self, checked: Values, subnet_group_name: Any) -> Mapping[str, Any]:
        keys = ("engine", "kms_key_id", "network_type", "region", "replication_group_id")
        return {**{key: checked[key] for key in keys}, "subnet_group_name": subnet_group_name}

    def global_facts(self) -> Mapping[str, Any]:
        """Return what a `GlobalDatastore` over this cache is checked against."""
        keys = ("engine", "engine_version", "node_type", "automatic_failover_enabled")
        return {**{key: self._checked[key] for key in keys}, "sharded": self._sharded}

    def _token(self, name: str, checked: Values) -> tuple[pulumi.Output[str] | None, secretsmanager.Secret | None]:
        """Return the AUTH token, and the secret to keep it in if it is generated."""
        self.secret_arn = pulumi.Output.from_input(None)
        if checked.given("auth_token"):
            return _secret(checked["auth_token"]), None
        if not checked["auth_token_enabled"]:
            return None, None
        child = pulumi.ResourceOptions(parent=self)
        password = pulumi_random.RandomPassword(
            f"{name}-token",
            length=GENERATED_TOKEN_LENGTH,
            override_special=auth_token.SPECIAL_CHARACTERS,
            opts=child,
        )
        secret = secretsmanager.Secret(
            physical(f"{name}-token"),
            description=f"AUTH token of ElastiCache {name}",
            kms_key_id=checked["kms_key_id"],
            region=checked["region"],
            tags=checked["tags"],
            opts=child,
        )
        self.secret_arn = secret.arn.apply(lambda arn: arn)
        return pulumi.Output.secret(password.result), secret

    def _keep_token(self, name: str, token: pulumi.Output[str], secret: secretsmanager.Secret) -> None:
        """Put all that a client needs into the secret: whoever may read it can connect."""
        content = pulumi.Output.json_dumps({"token": token, "endpoint": self.endpoint, "port": self.port})
        secretsmanager.SecretVersion(
            f"{name}-token",
            region=self._region,
            secret_id=secret.id,
            secret_string=_secret(content),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _dns_record(self, name: str, checked: Values) -> route53.Record | None:
        if not checked.given("dns_name"):
            return None
        return route53.Record(
            f"{name}-dns",
            name=checked["dns_name"],
            records=[self.endpoint],
            ttl=DNS_TTL_SECONDS,
            type="CNAME",
            zone_id=checked["dns_zone_id"],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _outputs(self, checked: Values, port: Any, *, sharded: bool, authenticated: bool) -> None:
        group = self.replication_group
        self.arn, self.replication_group_id = group.arn, group.replication_group_id
        if sharded:
            self.endpoint = self.reader_endpoint = group.configuration_endpoint_address
            replicas = node_groups.replicas(checked)
        else:
            self.endpoint, self.reader_endpoint = group.primary_endpoint_address, group.reader_endpoint_address
            replicas = {"0001": checked["num_cache_clusters"] - 1}
        self.port = pulumi.Output.from_input(port)
        scheme = "rediss" if checked["transit_encryption_enabled"] is not False else "redis"
        credentials = ":{token}@" if authenticated else ""
        self.url_template = pulumi.Output.all(self.endpoint, self.port).apply(
            lambda both: f"{scheme}://{credentials}{both[0]}:{both[1]}"
        )
        none = pulumi.Output.from_input(None)
        self.security_group_id = self.security_group.security_group_id if self.security_group else none
        self.client_security_group_id = self.security_group.client_security_group_id if self.security_group else none
        self.member_ids, self._members = member_ids(group.replication_group_id, sharded=sharded, replicas=replicas)
        self.register_outputs(
            {
                "arn": self.arn,
                "replicationGroupId": self.replication_group_id,
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

    def _warn_of_end_of_life(self, name: str, checked: Values) -> None:
        known = engine_versions.find(checked["engine"], checked["engine_version"])
        if known is not None and known.standard_support_ends is not None:
            pulumi.log.warn(
                f"{type(self).__name__} '{name}': standard support of {known.engine} {known.version} ends on"
                f" {known.standard_support_ends}; AWS charges for extended support after it. Upgrade engine_version",
                resource=self,
            )


def _secret(value: Any) -> pulumi.Output[str] | None:
    return None if value is None else pulumi.Output.secret(value)


def _data_tiering(checked: Values) -> Any:
    """Return whether the node has an SSD to tier to, which AWS wants told, also where it is not known yet."""
    if checked["data_tiering_enabled"] is not None or not _is_output(checked["node_type"]):
        return checked["data_tiering_enabled"]
    return checked["node_type"].apply(_has_ssd)


def _has_ssd(name: str) -> bool | None:
    node_type = node_types.find(name)
    return True if node_type is not None and node_type.data_tiering else None


def _is_output(value: object) -> bool:
    return isinstance(value, pulumi.Output)


def _lower(window: Any) -> Any:
    # AWS stores windows in lower case: another spelling would differ from its state for ever.
    return window.apply(str.lower) if isinstance(window, pulumi.Output) else window.lower()
