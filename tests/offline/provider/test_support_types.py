"""The types that stand beside a cache, each through its life on a running local AWS: create, read, update, delete."""

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from cachewright_offline.cloud import control
from cachewright_offline.endpoint import CloudEndpoint
from cachewright_offline.provider.clients import Clients
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.registry import load_provider
from cachewright_offline.provider.settings import ProviderSettings

if TYPE_CHECKING:
    from cachewright_offline.provider.protocol import ResourceState

REGION = "us-east-1"
TOPIC_POLICY = '{"Version": "2012-10-17", "Statement": []}'
STATEMENT = {"Effect": "Allow", "Action": "elasticache:Connect", "Resource": "*"}


def document(**statement: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, **statement}]})


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start a local AWS for this module."""
    home = tmp_path_factory.mktemp("cloud")
    yield control.start(home, 0).endpoint
    control.stop(home)


@pytest.fixture(scope="module")
def provider(cloud: CloudEndpoint) -> Any:
    """Return a provider on the local AWS."""
    provider = load_provider("aws", cloud)
    provider.configure({"region": REGION})
    return provider


class Life:
    """One resource, which holds after each step that nothing differs any more.

    Each step is an operation of its own: the local AWS answers a repeated one from its record.
    """

    _operations = itertools.count()

    def __init__(self, provider: Any, token: str, inputs: dict[str, Any]) -> None:
        self.provider = provider
        self.urn = f"urn:pulumi:dev::test::{token}::thing"
        checked = self.checked(None, inputs)
        self.state: ResourceState = provider.create(
            self.urn, checked, preview=False, operation=self.operation("create"), timeout=0
        )
        self.settled(inputs)

    def operation(self, kind: str) -> str:
        return f"{kind} {self.urn} {next(self._operations)}"

    def checked(self, old: dict[str, Any] | None, inputs: dict[str, Any]) -> dict[str, Any]:
        result = self.provider.check(self.urn, old, inputs, b"seed")
        assert result.failures == ()
        return dict(result.inputs)

    def settled(self, inputs: dict[str, Any]) -> None:
        state = self.state
        checked = self.checked(state.inputs, inputs)
        assert dict(self.provider.diff(self.urn, state.id, state.inputs, state.outputs, checked).detailed) == {}
        read = self.provider.read(self.urn, state.id, state.inputs, state.outputs)
        assert read is not None
        assert read.inputs == state.inputs
        assert read.outputs == state.outputs

    def update(self, inputs: dict[str, Any]) -> None:
        state = self.state
        checked = self.checked(state.inputs, inputs)
        diff = self.provider.diff(self.urn, state.id, state.inputs, state.outputs, checked)
        assert diff.detailed
        assert not diff.replace_keys
        self.state = self.provider.update(
            self.urn,
            state.id,
            state.inputs,
            state.outputs,
            checked,
            preview=False,
            operation=self.operation("update"),
            timeout=0,
        )
        self.settled(inputs)

    def delete(self, *, remains: bool = False) -> None:
        state = self.state
        for _ in range(2):  # the second time it is gone already
            self.provider.delete(
                self.urn, state.id, state.inputs, state.outputs, operation=self.operation("delete"), timeout=0
            )
        read = self.provider.read(self.urn, state.id, state.inputs, state.outputs)
        assert (read is not None) is remains


def test_key_and_alias(provider: Any) -> None:
    """A key and the name that points to it."""
    key = Life(provider, "aws:kms/key:Key", {"description": "caches", "tags": {"a": "1"}})
    alias = Life(provider, "aws:kms/alias:Alias", {"name": "alias/caches", "targetKeyId": key.state.id})
    key.update({"description": "all caches", "enableKeyRotation": True, "tags": {"a": "2"}})
    assert key.state.outputs["enableKeyRotation"] is True
    alias.delete()
    key.delete()


def test_dashboard(provider: Any) -> None:
    """A dashboard in its life."""
    life = Life(
        provider, "aws:cloudwatch/dashboard:Dashboard", {"dashboardName": "shop", "dashboardBody": '{"widgets": []}'}
    )
    life.update({"dashboardName": "shop", "dashboardBody": '{"widgets": [], "start": "-PT6H"}'})
    life.delete()


def test_topic_subscription_and_policy(provider: Any) -> None:
    """Who listens to a topic, and who may send."""
    topic = Life(provider, "aws:sns/topic:Topic", {"name": "alarms"})
    arn = topic.state.outputs["arn"]
    listener = Life(
        provider,
        "aws:sns/topicSubscription:TopicSubscription",
        {"topic": arn, "protocol": "sqs", "endpoint": f"arn:aws:sqs:{REGION}:123456789012:alarms"},
    )
    listener.update(
        {
            "topic": arn,
            "protocol": "sqs",
            "endpoint": f"arn:aws:sqs:{REGION}:123456789012:alarms",
            "rawMessageDelivery": True,
        }
    )
    Life(provider, "aws:sns/topicPolicy:TopicPolicy", {"arn": arn, "policy": TOPIC_POLICY})
    listener.delete()
    topic.delete()


def test_policy_and_attachment(provider: Any) -> None:
    """A policy, changed, and attached to a role."""
    role = Life(
        provider,
        "aws:iam/role:Role",
        {
            "name": "shop",
            "assumeRolePolicy": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal":'
            ' {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}',
        },
    )
    policy = Life(provider, "aws:iam/policy:Policy", {"name": "connect", "policy": document()})
    policy.update({"name": "connect", "policy": document(Resource="arn:aws:elasticache:*")})
    attached = Life(
        provider,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"role": "shop", "policyArn": policy.state.outputs["arn"]},
    )
    attached.delete()
    policy.delete()
    role.delete()


def test_parameter(provider: Any) -> None:
    """A parameter of the parameter store in its life."""
    life = Life(provider, "aws:ssm/parameter:Parameter", {"name": "/shop/cache", "type": "String", "value": "one"})
    life.update({"name": "/shop/cache", "type": "String", "value": "two"})
    assert life.state.outputs["version"] == 2
    life.delete()


def test_zone_and_record(provider: Any) -> None:
    """A zone and a name in it, which is moved to another target."""
    zone = Life(provider, "aws:route53/zone:Zone", {"name": "shop.example", "comment": "caches"})
    record = {"zoneId": zone.state.id, "name": "cache.shop.example", "type": "CNAME", "ttl": 60}
    life = Life(provider, "aws:route53/record:Record", {**record, "records": ["one.example"]})
    assert life.state.id == f"{zone.state.id}_cache.shop.example_CNAME"
    life.update({**record, "records": ["two.example"]})
    life.delete()
    zone.delete()


def test_scaling(provider: Any, cloud: CloudEndpoint) -> None:
    """A target that scales, and the policy by which it does."""
    Clients(ProviderSettings(cloud=cloud)).get("elasticache", REGION).create_replication_group(
        ReplicationGroupId="shop",
        ReplicationGroupDescription="scales",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        CacheParameterGroupName="default.valkey9.cluster.on",
    )
    place = {
        "resourceId": "replication-group/shop",
        "scalableDimension": "elasticache:replication-group:NodeGroups",
        "serviceNamespace": "elasticache",
    }
    target = Life(
        provider, "aws:appautoscaling/target:Target", {**place, "minCapacity": 1, "maxCapacity": 4, "tags": {"a": "1"}}
    )
    target.update({**place, "minCapacity": 2, "maxCapacity": 4, "tags": {"b": "2"}})
    tracking = {
        "predefinedMetricSpecification": {"predefinedMetricType": "ElastiCachePrimaryEngineCPUUtilization"},
        "targetValue": 60.0,
    }
    policy = {**place, "name": "cpu", "policyType": "TargetTrackingScaling"}
    life = Life(
        provider,
        "aws:appautoscaling/policy:Policy",
        {**policy, "targetTrackingScalingPolicyConfiguration": tracking},
    )
    life.update({**policy, "targetTrackingScalingPolicyConfiguration": {**tracking, "targetValue": 70.0}})
    life.delete()
    target.delete()


def test_endpoint(provider: Any) -> None:
    """A gateway endpoint in its life."""
    vpc = Life(provider, "aws:ec2/vpc:Vpc", {"cidrBlock": "10.9.0.0/16"})
    table = Life(provider, "aws:ec2/routeTable:RouteTable", {"vpcId": vpc.state.id})
    place = {"vpcId": vpc.state.id, "serviceName": f"com.amazonaws.{REGION}.s3", "tags": {"a": "1"}}
    life = Life(provider, "aws:ec2/vpcEndpoint:VpcEndpoint", place)
    life.update({**place, "routeTableIds": [table.state.id], "tags": {"a": "2"}})
    assert life.state.outputs["routeTableIds"] == [table.state.id]
    life.update({**place, "routeTableIds": [], "tags": {"a": "2"}})
    assert life.state.outputs["routeTableIds"] == []
    life.update({**place, "routeTableIds": [table.state.id], "tags": {"a": "2"}})
    assert life.state.outputs["routeTableIds"] == [table.state.id]
    life.delete()
    table.delete()
    vpc.delete()


def test_endpoint_with_names(provider: Any) -> None:
    """An interface endpoint in its life: subnets, groups, names and their records."""
    vpc = Life(provider, "aws:ec2/vpc:Vpc", {"cidrBlock": "10.8.0.0/16"})
    subnets = [
        Life(
            provider,
            "aws:ec2/subnet:Subnet",
            {"vpcId": vpc.state.id, "cidrBlock": f"10.8.{number}.0/24", "availabilityZone": f"{REGION}{zone}"},
        )
        for number, zone in enumerate("ab")
    ]
    ids = [subnet.state.id for subnet in subnets]
    group = Life(provider, "aws:ec2/securityGroup:SecurityGroup", {"name": "endpoint", "vpcId": vpc.state.id})
    given: dict[str, Any] = {
        "vpcId": vpc.state.id,
        "serviceName": f"com.amazonaws.{REGION}.secretsmanager",
        "vpcEndpointType": "Interface",
        "subnetIds": ids[:1],
        "securityGroupIds": [group.state.id],
        "privateDnsEnabled": True,
        "dnsOptions": {"dnsRecordIpType": "ipv4"},
    }
    life = Life(provider, "aws:ec2/vpcEndpoint:VpcEndpoint", given)

    def interfaces() -> Any:
        return life.state.outputs["networkInterfaceIds"]

    life.update({**given, "subnetIds": ids})
    assert len(interfaces()) == 2
    given = {**given, "subnetIds": ids[1:], "privateDnsEnabled": False, "dnsOptions": {"dnsRecordIpType": "dualstack"}}
    life.update({**given, "ipAddressType": "dualstack"})
    assert len(interfaces()) == 1
    assert life.state.outputs["dnsOptions"] == {"dnsRecordIpType": "dualstack"}
    for one in (life, group, *subnets, vpc):
        one.delete()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subnetConfigurations", [{"subnetId": "subnet-1", "ipv4": "10.0.0.5"}]),
        ("serviceRegion", "eu-west-1"),
        ("serviceNetworkArn", "arn:aws:vpc-lattice:us-east-1:123456789012:servicenetwork/sn-1"),
        ("resourceConfigurationArn", "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-1"),
    ],
)
def test_endpoint_that_cannot_be_here(provider: Any, name: str, value: Any) -> None:
    """What the local AWS cannot hold is refused by its name and not dropped."""
    with pytest.raises(ProviderError) as caught:
        Life(provider, "aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "vpc-1", name: value})
    assert str(caught.value) == f"`{name}` of VpcEndpoint is not supported by the local AWS: leave it out here"


def test_endpoint_whose_route_is_gone(provider: Any, cloud: CloudEndpoint) -> None:
    """An endpoint is deleted though somebody has taken its route out of the table."""
    vpc = Life(provider, "aws:ec2/vpc:Vpc", {"cidrBlock": "10.7.0.0/16"})
    table = Life(provider, "aws:ec2/routeTable:RouteTable", {"vpcId": vpc.state.id})
    service = f"com.amazonaws.{REGION}.s3"
    given = {"vpcId": vpc.state.id, "serviceName": service, "routeTableIds": [table.state.id]}
    life = Life(provider, "aws:ec2/vpcEndpoint:VpcEndpoint", given)
    ec2 = Clients(ProviderSettings(cloud=cloud)).get("ec2", REGION)
    routes = ec2.describe_route_tables(RouteTableIds=[table.state.id])["RouteTables"][0]["Routes"]
    (prefix_list,) = [route["DestinationPrefixListId"] for route in routes if "DestinationPrefixListId" in route]
    ec2.delete_route(RouteTableId=table.state.id, DestinationPrefixListId=prefix_list)
    life.delete()
