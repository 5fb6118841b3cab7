"""A Memcached cluster."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import elasticache

from cachewright.arguments import Values
from cachewright.cache import Cache
from cachewright.children import make_parameter_group, make_security_group, make_subnet_group, security_groups
from cachewright.naming import physical
from cachewright.rules.memcached_cluster import ENGINE, SCHEMA

if TYPE_CHECKING:
    from cachewright.parameter_group import ParameterGroup
    from cachewright.subnet_group import SubnetGroup

DEFAULT_PORT = 11211


class MemcachedClusterArgs(TypedDict):
    """The arguments of a `MemcachedCluster`."""

    node_type: pulumi.Input[str]
    """The node type, such as `cache.r7g.large`. Changing it replaces the cluster: its contents are lost."""
    num_cache_nodes: NotRequired[pulumi.Input[int]]
    """How many nodes, 1-40, plain only. Keys move between nodes by the client's hashing; what a removed node held is
    lost. Default: `2`."""
    node_quota: NotRequired[pulumi.Input[int]]
    """How many nodes AWS has granted a cluster, at most 60, plain only. Default: `40`, AWS's own default."""
    engine_version: NotRequired[pulumi.Input[str]]
    """The version, such as `1.6.22`, plain only. An upgrade flushes every node. Default: - the newest."""
    az_mode: NotRequired[pulumi.Input[str]]
    """`cross-az` or `single-az`, plain only; nodes that exist do not move. Default: `cross-az` with 2 nodes or more."""
    preferred_availability_zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The zone of each node; read for nodes that are added. Default: - AWS spreads them."""
    availability_zone: NotRequired[pulumi.Input[str]]
    """One zone for all nodes. Changing it replaces the cluster: its contents are lost. Default: - none."""
    outpost_mode: NotRequired[pulumi.Input[str]]
    """`single-outpost` or `cross-outpost`, with `preferred_outpost_arn`. Changing it replaces the cluster: its contents
    are lost. Default: - nodes in the region's own zones."""
    preferred_outpost_arn: NotRequired[pulumi.Input[str]]
    """The ARN of the Outpost to create the nodes on, with `outpost_mode`. Changing it replaces the cluster: its
    contents are lost. Default: - nodes in the region's own zones."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the cluster: its contents are lost. Default: - the provider's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the cluster and everything it creates. Default: - none."""
    apply_immediately: NotRequired[pulumi.Input[bool]]
    """Whether changes take effect at once, or in the maintenance window. Default: `True`."""
    auto_minor_version_upgrade: NotRequired[pulumi.Input[bool]]
    """Whether AWS installs minor versions in the maintenance window; each flushes the nodes. Default: `True`, AWS's."""
    cluster_id: NotRequired[pulumi.Input[str]]
    """A fixed physical id, 1-50 lower-case letters, digits and hyphens, plain only.
    Default: - `<name>-<stack>-<7 hex digits>`."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC of the subnets, in which the cluster's own security groups are made. Default: - `security_group_ids`."""
    subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The private subnets of the cluster's own subnet group, one in each zone. Default: - the existing subnet group."""
    existing_subnet_group_name: NotRequired[pulumi.Input[str]]
    """A subnet group to use instead of making one, plain only. Changing it replaces the cluster."""
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Existing security groups to attach, beside the cluster's own if `vpc_id` is given. Default: - none."""
    allowed_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Security groups whose members may connect. Default: - only the client security group."""
    allowed_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Ranges that may connect; the world is refused. Default: - none."""
    port: NotRequired[pulumi.Input[int]]
    """The port, 1-65535. Changing it replaces the cluster: its contents are lost. Default: `11211`."""
    network_type: NotRequired[pulumi.Input[str]]
    """`ipv4`, `ipv6` or `dual_stack`. Changing it replaces the cluster. Default: - AWS's: ipv4."""
    ip_discovery: NotRequired[pulumi.Input[str]]
    """`ipv4` or `ipv6`: what auto discovery tells clients. Default: - AWS's: ipv4."""
    transit_encryption_enabled: NotRequired[pulumi.Input[bool]]
    """Whether clients use TLS (1.6.12 and newer). Changing it replaces the cluster: its contents are lost.
    Default: - yes where the version and the node type have it."""
    parameters: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Parameters that differ from AWS's defaults, by name. Most take effect at a reboot, which flushes the node.
    Default: - none."""
    existing_parameter_group_name: NotRequired[pulumi.Input[str]]
    """A parameter group to use instead of making one. Default: - the cluster's own."""
    maintenance_window: NotRequired[pulumi.Input[str]]
    """When AWS maintains the cluster, `ddd:hh24:mi-ddd:hh24:mi` UTC. Default: `mon:05:00-mon:07:00`."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic that hears of the cluster's events. Default: - none."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic to raise the alarms to that AWS recommends, each for each node; CloudWatch must be able to use the
    topic's key. Default: - no alarms, which `cachewright check` finds in production: whom to tell has no default."""


class MemcachedCluster(Cache):
    """A Memcached cluster whose nodes clients find by auto discovery.

    Creates the cluster, and what of these is not given: a subnet group, a security group and one for its clients, a
    parameter group. Nodes span zones by default. Memcached keeps nothing: a node that is replaced is empty. It costs
    its nodes' price by the hour.

    Example:
        MemcachedCluster("main", {"node_type": "cache.r7g.large", "num_cache_nodes": 3,
                                  "vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    configuration_endpoint: pulumi.Output[str]
    """Where clients with auto discovery ask for the nodes, `host:port`."""
    arn: pulumi.Output[str]
    """The cluster's ARN."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        cluster: elasticache.Cluster
        """The cluster itself."""
        parameter_group: ParameterGroup | None
        """The cluster's own parameter group, or None where an existing one is used."""
        subnet_group: SubnetGroup | None
        """The cluster's own subnet group, or None where an existing one is used."""

    def __init__(self, name: str, args: MemcachedClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cluster.

        Args:
            name: The component's name; with the stack it makes the cluster's id.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SCHEMA.check(name, args)
        super().__init__("cachewright:index:MemcachedCluster", name, {}, opts)
        self._name, self._kind = name, ENGINE
        self._tags, self._region = checked["tags"], checked["region"]
        self._node_type = checked["node_type"] if isinstance(checked["node_type"], str) else None
        port = checked["port"] or DEFAULT_PORT
        self.security_group = make_security_group(self, name, checked, port)
        self.subnet_group = make_subnet_group(self, name, checked)
        self.parameter_group = make_parameter_group(self, name, checked, cluster_enabled=None)
        self.cluster = elasticache.Cluster(
            physical(name),
            apply_immediately=checked["apply_immediately"],
            auto_minor_version_upgrade=_as_text(checked["auto_minor_version_upgrade"]),
            availability_zone=checked["availability_zone"],
            az_mode=checked["az_mode"],
            cluster_id=checked["cluster_id"],
            engine=ENGINE,
            engine_version=checked["engine_version"],
            ip_discovery=checked["ip_discovery"],
            maintenance_window=pulumi.Output.from_input(checked["maintenance_window"]).apply(str.lower),
            network_type=checked["network_type"],
            node_type=checked["node_type"],
            notification_topic_arn=checked["notification_topic_arn"],
            num_cache_nodes=checked["num_cache_nodes"],
            outpost_mode=checked["outpost_mode"],
            parameter_group_name=(
                self.parameter_group.parameter_group_name
                if self.parameter_group
                else checked["existing_parameter_group_name"]
            ),
            port=port,
            preferred_availability_zones=checked["preferred_availability_zones"],
            preferred_outpost_arn=checked["preferred_outpost_arn"],
            region=checked["region"],
            security_group_ids=security_groups(checked, self.security_group),
            subnet_group_name=(
                self.subnet_group.subnet_group_name if self.subnet_group else checked["existing_subnet_group_name"]
            ),
            tags=checked["tags"],
            transit_encryption_enabled=checked["transit_encryption_enabled"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._outputs(checked, port)
        self._raise_alarms(checked)

    def _outputs(self, checked: Values, port: Any) -> None:
        self.arn = self.cluster.arn
        self.endpoint = self.reader_endpoint = self.cluster.cluster_address
        self.configuration_endpoint = self.cluster.configuration_endpoint
        self.port = pulumi.Output.from_input(port)
        self.url_template = pulumi.Output.all(self.endpoint, self.port).apply(
            lambda both: f"memcached://{both[0]}:{both[1]}"
        )
        none = pulumi.Output.from_input(None)
        self.secret_arn = none
        self.security_group_id = self.security_group.security_group_id if self.security_group else none
        self.client_security_group_id = self.security_group.client_security_group_id if self.security_group else none
        self._members = [self.cluster.cluster_id]
        nodes = range(1, checked["num_cache_nodes"] + 1)
        self.member_ids = self.cluster.cluster_id.apply(lambda _: [f"{node:04}" for node in nodes])
        self.register_outputs(
            {
                "arn": self.arn,
                "endpoint": self.endpoint,
                "readerEndpoint": self.reader_endpoint,
                "configurationEndpoint": self.configuration_endpoint,
                "port": self.port,
                "urlTemplate": self.url_template,
                "secretArn": self.secret_arn,
                "securityGroupId": self.security_group_id,
                "clientSecurityGroupId": self.client_security_group_id,
                "memberIds": self.member_ids,
            }
        )


def _as_text(value: Any) -> Any:
    # The provider has this flag as text on a cluster, and as a boolean on a replication group.
    if value is None:
        return None
    return pulumi.Output.from_input(value).apply(lambda flag: "true" if flag else "false")
