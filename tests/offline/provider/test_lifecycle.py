"""Every ElastiCache type through its life on a running local AWS: create, read, update, import, delete."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from cachewright_offline.cloud import control
from cachewright_offline.provider.clients import Clients
from cachewright_offline.provider.protocol import Provider, ProviderError, ResourceState
from cachewright_offline.provider.registry import load_provider
from cachewright_offline.provider.settings import ProviderSettings

REGION = "us-east-1"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start a local AWS for this module."""
    home = tmp_path_factory.mktemp("cloud")
    yield control.start(home, 0).endpoint
    control.stop(home)


@dataclass
class Workplace:
    """A provider on a local AWS, and a network."""

    provider: Provider
    clients: Clients
    networks: dict[str, list[str]] = field(default_factory=dict)
    operations: int = 0

    def subnets(self, region: str = REGION) -> list[str]:
        """Return two subnets in different zones."""
        if region not in self.networks:
            ec2 = self.clients.get("ec2", region)
            vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
            self.networks[region] = [
                ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{number}.0/24", AvailabilityZone=f"{region}{letter}")[
                    "Subnet"
                ]["SubnetId"]
                for number, letter in enumerate("ab")
            ]
        return self.networks[region]

    def elasticache(self, region: str = REGION) -> Any:
        return self.clients.get("elasticache", region)

    def operation(self) -> str:
        self.operations += 1
        return f"op-{self.operations}"

    def thing(self, token: str, name: str = "cache") -> "Thing":
        return Thing(self, f"urn:pulumi:dev::test::aws:elasticache/{token}::{name}")


@dataclass
class Thing:
    """One resource and its state."""

    place: Workplace
    urn: str
    state: ResourceState | None = None

    @property
    def id(self) -> str:
        assert self.state is not None
        return self.state.id

    @property
    def outputs(self) -> dict[str, Any]:
        assert self.state is not None
        return self.state.outputs

    def checked(self, inputs: dict[str, Any]) -> dict[str, Any]:
        old = None if self.state is None else self.state.inputs
        result = self.place.provider.check(self.urn, old, inputs, b"seed")
        assert result.failures == ()
        return result.inputs

    def create(self, inputs: dict[str, Any]) -> "Thing":
        checked = self.checked(inputs)
        self.state = self.place.provider.create(
            self.urn, checked, preview=False, operation=self.place.operation(), timeout=0
        )
        self.settled(inputs)
        return self

    def update(self, inputs: dict[str, Any]) -> dict[str, str]:
        """Update in place; return the differences that the plan told."""
        assert self.state is not None
        checked = self.checked(inputs)
        diff = self.place.provider.diff(self.urn, self.id, self.state.inputs, self.state.outputs, checked)
        assert not diff.replace_keys
        self.state = self.place.provider.update(
            self.urn,
            self.id,
            self.state.inputs,
            self.state.outputs,
            checked,
            preview=False,
            operation=self.place.operation(),
            timeout=0,
        )
        self.settled(inputs)
        return {path: item.kind.value for path, item in diff.detailed.items()}

    def settled(self, inputs: dict[str, Any]) -> None:
        """Hold that nothing differs now: by the state, after a refresh, and after an import."""
        assert self.state is not None
        provider, checked = self.place.provider, self.checked(inputs)
        known = provider.diff(self.urn, self.id, self.state.inputs, self.state.outputs, checked)
        assert dict(known.detailed) == {}
        read = provider.read(self.urn, self.id, self.state.inputs, self.state.outputs)
        assert read is not None
        assert read.inputs == self.state.inputs
        assert read.outputs == self.state.outputs

    def imported(self, *but: str) -> None:
        """Hold that an import tells the same, but for inputs that AWS never tells."""
        assert self.state is not None
        provider = self.place.provider
        start = {"region": self.outputs["region"]} if self.outputs.get("region") != REGION else {}
        read = provider.read(self.urn, self.id, {}, start)
        assert read is not None
        diff = provider.diff(self.urn, self.id, read.inputs, read.outputs, self.state.inputs)
        assert set(diff.changed_keys) <= set(but)
        again = {name: value for name, value in read.inputs.items() if name != "__defaults"}
        assert provider.check(self.urn, None, again, b"seed").failures == ()

    def delete(self) -> None:
        assert self.state is not None
        for _ in range(2):  # the second time it is gone already
            self.place.provider.delete(
                self.urn, self.id, self.state.inputs, self.outputs, operation=self.place.operation(), timeout=0
            )
        assert self.place.provider.read(self.urn, self.id, self.state.inputs, self.outputs) is None


@pytest.fixture(scope="module")
def place(cloud: Any) -> Workplace:
    provider = load_provider("aws", cloud)
    provider.configure({"region": REGION})
    return Workplace(provider, Clients(ProviderSettings(cloud=cloud)))


def test_subnet_group(place: Workplace) -> None:
    """A subnet group in its life."""
    thing = place.thing("subnetGroup:SubnetGroup", "Subnets")
    subnets = place.subnets()
    thing.create({"subnetIds": subnets[:1], "tags": {"a": "1", "b": "1"}})
    assert thing.id == "subnets-19b2585"
    assert thing.update({"subnetIds": subnets[::-1], "description": "both", "tags": {"a": "2"}}) == {
        "subnetIds[0]": "add",
        "description": "update",
        "tags.a": "update",
        "tags.b": "delete",
    }
    assert thing.outputs["tagsAll"] == {"a": "2"}
    assert thing.outputs["vpcId"].startswith("vpc-")
    thing.imported()
    thing.delete()


def test_parameter_group(place: Workplace) -> None:
    """A parameter group in its life: parameters are set, changed and reset."""
    thing = place.thing("parameterGroup:ParameterGroup", "parameters")
    policy = {"name": "maxmemory-policy", "value": "allkeys-lru"}
    thing.create({"family": "redis7", "parameters": [policy, {"name": "timeout", "value": "300"}]})
    thing.update({"family": "redis7", "parameters": [{**policy, "value": "noeviction"}]})
    told = place.elasticache().describe_cache_parameters(CacheParameterGroupName=thing.id, Source="user")
    assert {item["ParameterName"]: item["ParameterValue"] for item in told["Parameters"]} == {
        "maxmemory-policy": "noeviction"
    }
    thing.imported()
    thing.delete()


def test_parameter_that_aws_refuses_keeps_the_group(place: Workplace) -> None:
    """The group was made: the error carries it, and the message is AWS's."""
    thing = place.thing("parameterGroup:ParameterGroup", "refused")
    with pytest.raises(ProviderError, match=r"^ModifyCacheParameterGroup: InvalidParameterValue: "):
        thing.create({"family": "redis7", "parameters": [{"name": "no-such", "value": "1"}]})


def test_replication_group_without_cluster_mode(place: Workplace) -> None:
    """One shard: nodes are added and taken away, settings changed, the engine upgraded."""
    subnets = place.thing("subnetGroup:SubnetGroup", "cmd-subnets").create({"subnetIds": place.subnets()})
    thing = place.thing("replicationGroup:ReplicationGroup", "Main")
    base = {
        "description": "main",
        "engine": "redis",
        "engineVersion": "7.0",
        "nodeType": "cache.m7g.large",
        "numCacheClusters": 2,
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "subnetGroupName": subnets.id,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "atRestEncryptionEnabled": True,
        "authToken": "x" * 20,
        "maintenanceWindow": "Mon:05:00-Mon:07:00",
        "snapshotWindow": "03:00-05:00",
        "snapshotRetentionLimit": 7,
        "applyImmediately": True,
        "tags": {"team": "a"},
    }
    thing.create(base)
    assert thing.id == "main-19b2585"
    assert thing.outputs["memberClusters"] == ["main-19b2585-001", "main-19b2585-002"]
    assert thing.outputs["clusterEnabled"] is False
    assert thing.outputs["primaryEndpointAddress"]
    assert thing.outputs["readerEndpointAddress"]
    assert thing.outputs["port"] == 6379
    more = {**base, "numCacheClusters": 4, "nodeType": "cache.m7g.xlarge", "description": "more"}
    assert thing.update(more) == {"description": "update", "nodeType": "update", "numCacheClusters": "update"}
    assert len(thing.outputs["memberClusters"]) == 4
    fewer = {**more, "numCacheClusters": 3, "authToken": "y" * 20, "authTokenUpdateStrategy": "ROTATE"}
    assert thing.update(fewer) == {
        "authToken": "update",
        "authTokenUpdateStrategy": "add",
        "numCacheClusters": "update",
    }
    assert thing.update({**fewer, "engineVersion": "7.1", "tags": {"team": "b"}}) == {
        "engineVersion": "update",
        "tags.team": "update",
    }
    assert thing.outputs["engineVersionActual"].startswith("7.1")
    thing.imported("authToken", "authTokenUpdateStrategy", "applyImmediately")
    thing.delete()
    subnets.delete()


def test_replication_group_that_waits_for_its_window(place: Workplace) -> None:
    """Without applyImmediately changes wait for the maintenance window and are read as made: nothing differs."""
    thing = place.thing("replicationGroup:ReplicationGroup", "patient")
    base = {
        "description": "patient",
        "engine": "redis",
        "engineVersion": "7.0",
        "nodeType": "cache.m7g.large",
        "numCacheClusters": 2,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
    }
    thing.create(base)
    changed = {
        "engineVersion": "7.1",
        "nodeType": "cache.m7g.xlarge",
        "automaticFailoverEnabled": True,
        "transitEncryptionMode": "preferred",
    }
    thing.update(base | changed)
    assert {name: thing.outputs[name] for name in changed} == changed
    (node,) = place.elasticache().describe_cache_clusters(CacheClusterId=f"{thing.id}-001")["CacheClusters"]
    assert (node["CacheNodeType"], node["EngineVersion"]) == ("cache.m7g.large", "7.0.7")
    thing.delete()


def test_replication_group_of_a_version_that_is_written_otherwise(place: Workplace) -> None:
    """What AWS finds no modification in is made already: version 6.x is 6.2."""
    thing = place.thing("replicationGroup:ReplicationGroup", "otherwise")
    base = {"description": "otherwise", "engine": "redis", "engineVersion": "6.x", "nodeType": "cache.m7g.large"}
    thing.create(base)
    assert thing.outputs["engineVersion"] == "6.x"
    thing.update(base | {"engineVersion": "6.2"})
    assert (thing.outputs["engineVersion"], thing.outputs["engineVersionActual"]) == ("6.2", "6.2.6")
    thing.delete()


def test_replication_group_with_cluster_mode(place: Workplace) -> None:
    """Several shards: they are added and taken away, and so are replicas; the endpoint is the configuration's."""
    group = place.thing("parameterGroup:ParameterGroup", "cme").create(
        {"family": "valkey8", "parameters": [{"name": "cluster-enabled", "value": "yes"}]}
    )
    thing = place.thing("replicationGroup:ReplicationGroup", "sharded")
    base = {
        "description": "sharded",
        "engine": "valkey",
        "engineVersion": "8.1",
        "nodeType": "cache.m7g.large",
        "numNodeGroups": 2,
        "replicasPerNodeGroup": 1,
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "parameterGroupName": group.id,
        "transitEncryptionEnabled": True,
        "applyImmediately": True,
    }
    thing.create(base)
    assert thing.outputs["clusterEnabled"] is True
    assert thing.outputs["configurationEndpointAddress"]
    assert thing.outputs["numCacheClusters"] == 4
    thing.update({**base, "numNodeGroups": 3, "replicasPerNodeGroup": 2})
    assert len(thing.outputs["memberClusters"]) == 9
    thing.update({**base, "numNodeGroups": 2})
    assert thing.outputs["memberClusters"] == [
        "sharded-19b2585-0001-001",
        "sharded-19b2585-0001-002",
        "sharded-19b2585-0002-001",
        "sharded-19b2585-0002-002",
    ]
    thing.imported("applyImmediately")
    thing.delete()
    group.delete()


def test_memcached_cluster(place: Workplace) -> None:
    """Nodes are added and taken away; the endpoint is for discovery."""
    subnets = place.thing("subnetGroup:SubnetGroup", "mc-subnets").create({"subnetIds": place.subnets()})
    thing = place.thing("cluster:Cluster", "sessions")
    base = {
        "engine": "memcached",
        "engineVersion": "1.6.22",
        "nodeType": "cache.t4g.micro",
        "numCacheNodes": 2,
        "azMode": "cross-az",
        "preferredAvailabilityZones": ["us-east-1a", "us-east-1b"],
        "subnetGroupName": subnets.id,
        "transitEncryptionEnabled": True,
        "applyImmediately": True,
    }
    thing.create(base)
    assert thing.outputs["port"] == 11211
    assert thing.outputs["configurationEndpoint"] == f"{thing.outputs['clusterAddress']}:11211"
    assert [node["id"] for node in thing.outputs["cacheNodes"]] == ["0001", "0002"]
    three = {**base, "numCacheNodes": 3, "preferredAvailabilityZones": ["us-east-1a", "us-east-1b", "us-east-1a"]}
    assert thing.update(three) == {"numCacheNodes": "update", "preferredAvailabilityZones[2]": "add"}
    assert [node["id"] for node in thing.outputs["cacheNodes"]] == ["0001", "0002", "0003"]
    thing.update({**base, "tags": {"a": "1"}, "maintenanceWindow": "sun:05:00-sun:06:00"})
    assert [node["id"] for node in thing.outputs["cacheNodes"]] == ["0001", "0002"]
    thing.imported("preferredAvailabilityZones", "applyImmediately")
    thing.delete()
    subnets.delete()


def test_replica_of_a_replication_group(place: Workplace) -> None:
    """A cluster of a replication group is a replica of it, under its own id, and is what its group is."""
    group = place.thing("replicationGroup:ReplicationGroup", "main").create(
        {"description": "main", "engine": "redis", "engineVersion": "7.1", "nodeType": "cache.t4g.micro"}
    )
    replica = place.thing("cluster:Cluster", "reader").create({"replicationGroupId": group.id})
    assert replica.outputs["replicationGroupId"] == group.id
    assert (replica.outputs["nodeType"], replica.outputs["engineVersionActual"]) == ("cache.t4g.micro", "7.1.0")
    assert [node["id"] for node in replica.outputs["cacheNodes"]] == ["0001"]
    replica.delete()
    group.delete()


def test_serverless_cache(place: Workplace) -> None:
    """Limits are set and lifted, the engine changes in place."""
    thing = place.thing("serverlessCache:ServerlessCache", "elastic")
    base: dict[str, Any] = {
        "engine": "valkey",
        "majorEngineVersion": "8",
        "description": "elastic",
        "subnetIds": place.subnets(),
        "dailySnapshotTime": "03:00",
        "snapshotRetentionLimit": 1,
    }
    limits = {"dataStorage": {"maximum": 10, "unit": "GB"}, "ecpuPerSeconds": [{"maximum": 5000}]}
    thing.create({**base, "cacheUsageLimits": limits})
    assert thing.outputs["status"] == "available"
    assert thing.outputs["endpoints"][0]["port"] == 6379
    bigger = {**limits, "dataStorage": {"maximum": 20, "unit": "GB"}}
    assert thing.update({**base, "cacheUsageLimits": bigger, "description": "bigger"}) == {
        "cacheUsageLimits.dataStorage.maximum": "update",
        "description": "update",
    }
    assert thing.update(base) == {"cacheUsageLimits": "delete"} | {
        "description": "update",
    }
    thing.imported()
    thing.delete()


def test_users_and_groups(place: Workplace) -> None:
    """Users, a group of them, and an association."""
    common = {"engine": "valkey"}
    reader = place.thing("user:User", "reader")
    mode = {"type": "password", "passwords": ["x" * 20]}
    reader.create(
        {**common, "userId": "reader", "userName": "reader", "accessString": "on ~* +@read", "authenticationMode": mode}
    )
    writer = place.thing("user:User", "writer").create(
        {**common, "userId": "writer", "userName": "writer", "accessString": "on ~* +@all"}
        | {"authenticationMode": {"type": "iam"}}
    )
    group = place.thing("userGroup:UserGroup", "team").create(
        {**common, "userGroupId": "team", "userIds": ["reader"], "tags": {"a": "1"}}
    )
    assert group.update({**common, "userGroupId": "team", "userIds": ["writer", "reader"]}) == {
        "userIds[0]": "add",
        "tags": "delete",
    }
    assert reader.update(
        {
            **common,
            "userId": "reader",
            "userName": "reader",
            "accessString": "on ~app:* +@read",
            "authenticationMode": {"type": "password", "passwords": ["x" * 20, "y" * 20]},
        }
    ) == {"accessString": "update", "authenticationMode.passwords[1]": "add"}
    other = place.thing("userGroup:UserGroup", "other").create({**common, "userGroupId": "other"})
    association = place.thing("userGroupAssociation:UserGroupAssociation", "link").create(
        {"userGroupId": "other", "userId": "reader"}
    )
    assert association.id == "other,reader"
    group.imported()
    reader.imported("authenticationMode")
    writer.imported("authenticationMode")
    association.imported()
    association.delete()
    other.delete()
    group.delete()
    reader.delete()
    writer.delete()


def test_global_datastore(place: Workplace) -> None:
    """A primary, its global group and a secondary elsewhere; they go in the reverse order."""
    primary = place.thing("replicationGroup:ReplicationGroup", "primary").create(
        {
            "description": "primary",
            "engine": "redis",
            "engineVersion": "7.1",
            "nodeType": "cache.m7g.large",
            "numCacheClusters": 2,
            "automaticFailoverEnabled": True,
            "transitEncryptionEnabled": True,
            "atRestEncryptionEnabled": True,
        }
    )
    whole = place.thing("globalReplicationGroup:GlobalReplicationGroup", "whole").create(
        {
            "globalReplicationGroupIdSuffix": "whole",
            "globalReplicationGroupDescription": "everywhere",
            "primaryReplicationGroupId": primary.id,
        }
    )
    assert whole.id == "ldgnf-whole"
    subnets = place.thing("subnetGroup:SubnetGroup", "far").create(
        {"subnetIds": place.subnets("eu-west-1"), "region": "eu-west-1"}
    )
    secondary = place.thing("replicationGroup:ReplicationGroup", "secondary").create(
        {
            "description": "secondary",
            "globalReplicationGroupId": whole.id,
            "numCacheClusters": 2,
            "automaticFailoverEnabled": True,
            "subnetGroupName": subnets.id,
            "region": "eu-west-1",
        }
    )
    assert secondary.outputs["region"] == "eu-west-1"
    assert secondary.outputs["nodeType"] == "cache.m7g.large"
    members = place.elasticache().describe_global_replication_groups(
        GlobalReplicationGroupId=whole.id, ShowMemberInfo=True
    )["GlobalReplicationGroups"][0]["Members"]
    assert sorted((member["Role"], member["ReplicationGroupRegion"]) for member in members) == [
        ("PRIMARY", "us-east-1"),
        ("SECONDARY", "eu-west-1"),
    ]
    assert whole.update(
        {
            "globalReplicationGroupIdSuffix": "whole",
            "globalReplicationGroupDescription": "bigger",
            "primaryReplicationGroupId": primary.id,
            "cacheNodeType": "cache.m7g.xlarge",
        }
    ) == {"globalReplicationGroupDescription": "update", "cacheNodeType": "update"}
    whole.imported()
    secondary.imported()
    secondary.delete()
    whole.delete()
    primary.delete()
    subnets.delete()


def test_repeated_create_makes_nothing_twice(place: Workplace) -> None:
    """A create that was cut off is asked again under the same operation, and gets what it made."""
    thing = place.thing("subnetGroup:SubnetGroup", "twice")
    checked = thing.checked({"subnetIds": place.subnets()})
    states = [
        place.provider.create(thing.urn, checked, preview=False, operation="cut-off", timeout=0) for _ in range(2)
    ]
    assert states[0] == states[1]
    with pytest.raises(ProviderError, match=r"^CreateCacheSubnetGroup: CacheSubnetGroupAlreadyExists"):
        place.provider.create(thing.urn, checked, preview=False, operation="another", timeout=0)
    thing.state = states[0]
    thing.delete()
