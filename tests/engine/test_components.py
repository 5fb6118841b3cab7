"""The components as a plugin: what a program in another language, here Pulumi's YAML, makes of them on its engine."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from conformance.pulumi_cli import ROOT, PulumiProject

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.plugin.server import PluginServer

PLUGIN = ROOT / "components"


@pytest.fixture
def network(local_aws: CloudEndpoint) -> dict[str, Any]:
    """Return a VPC with subnets in two zones, as every component takes it."""
    return make_network(local_aws, "eu-west-1")


def make_network(local_aws: CloudEndpoint, region: str) -> dict[str, Any]:
    """Make a VPC with subnets in two zones of a region."""
    ec2 = client(local_aws, "ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]
        for index, zone in enumerate("ab")
    ]
    return {"vpcId": vpc, "subnetIds": [one["SubnetId"] for one in subnets]}


@pytest.fixture
def yaml_project(
    tmp_path: Path, pulumi_executable: Path, pulumi_home: Path, local_provider: PluginServer
) -> Callable[..., PulumiProject]:
    """Return a maker of projects in YAML: of resources and outputs."""

    def make(resources: dict[str, Any], outputs: dict[str, str] | None = None) -> PulumiProject:
        root = tmp_path / "project"
        root.mkdir()
        document = {
            "name": "other-language",
            "runtime": "yaml",
            "packages": {"cachewright": str(PLUGIN)},
            "config": {"aws:region": "eu-west-1"},
            "resources": resources,
            "outputs": outputs or {},
        }
        # JSON is YAML, too, and has no aliases, which Pulumi refuses.
        (root / "Pulumi.yaml").write_text(json.dumps(document))
        project = PulumiProject(pulumi_executable, root, pulumi_home)
        project.environment["PULUMI_DEBUG_PROVIDERS"] = local_provider.debug_providers
        project.ok("stack", "init", "dev")
        return project

    return make


def client(local_aws: CloudEndpoint, service: str, region: str = "eu-west-1") -> Any:
    """Return a client of the local AWS."""
    return boto3.client(
        service,
        endpoint_url=local_aws.url,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def component(kind: str, **properties: Any) -> dict[str, Any]:
    """Return a component as YAML has it."""
    return {"type": f"cachewright:{kind}", "properties": properties}


def test_the_schema_is_the_one_that_is_published(pulumi_project: Callable[[str], PulumiProject]) -> None:
    """What Pulumi's CLI reads from the plugin is docs/schema.json."""
    project = pulumi_project("")
    # The CLI downloads what the plugin needs and is not there; what serves in its place is attached.
    home = Path(project.environment["PULUMI_HOME"])
    for package in ("aws", "random"):
        folder = home / "plugins" / f"resource-{package}-v{metadata.version(f'pulumi-{package}')}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"pulumi-resource-{package}").touch(0o755)

    told = json.loads(project.ok("package", "get-schema", str(PLUGIN)))

    published = json.loads((ROOT / "docs" / "schema.json").read_text())
    assert told == {**published, "config": {}}


def test_every_component_comes_up_from_another_language(
    yaml_project: Callable[..., PulumiProject], network: dict[str, Any], local_aws: CloudEndpoint
) -> None:
    """Each is constructed with what other components put out, unknown in the preview, and is there at AWS."""
    project = yaml_project(
        {
            "group": component("SecurityGroup", vpcId=network["vpcId"], port=6379),
            "subnets": component("SubnetGroup", subnetIds=network["subnetIds"]),
            "tuned": component("ParameterGroup", engine="valkey", engineVersion="8.1", parameters={"timeout": "300"}),
            "apps": component("UserGroup", users=[{"userName": "orders", "access": "writer", "keyPrefixes": ["o:"]}]),
            "main": component(
                "ReplicationGroup",
                nodeType="cache.r7g.large",
                engineVersion="8.1",
                numCacheClusters=3,
                existingSubnetGroupName="${subnets.subnetGroupName}",
                existingParameterGroupName="${tuned.parameterGroupName}",
                securityGroupIds=["${group.securityGroupId}"],
                userGroupIds=["${apps.userGroupId}"],
            ),
            "orders": component(
                "ShardedReplicationGroup",
                nodeType="cache.r7g.large",
                numNodeGroups=2,
                replicasPerNodeGroup=1,
                **network,
            ),
            "pages": component(
                "MemcachedCluster",
                nodeType="cache.r7g.large",
                numCacheNodes=2,
                alarmTopicArn="arn:aws:sns:eu-west-1:123456789012:on-call",
                **network,
            ),
            "sessions": component("ServerlessCache", dataStorageMaximumGb=5, **network),
            "abroad": component(
                "GlobalDatastore",
                primaryReplicationGroupId="${orders.replicationGroupId}",
                primaryRegion="eu-west-1",
                sharded=True,
                secondaries=[{"region": "us-west-2", **make_network(local_aws, "us-west-2")}],
            ),
        },
        {
            "endpoint": "${main.endpoint}",
            "port": "${main.port}",
            "members": "${orders.memberIds}",
            "users": "${apps.userIds}",
            "abroad": "${abroad.endpoints}",
            "cart": "${sessions.urlTemplate}",
            "password": "${sessions.secretArn}",
        },
    )

    preview = project.ok("preview", "--stack", "dev")
    project.ok("up", "--stack", "dev", "--yes", "--skip-preview")

    assert "endpoint: [unknown]" in " ".join(preview.split())
    outputs = json.loads(project.ok("stack", "output", "--stack", "dev", "--json"))
    elasticache = client(local_aws, "elasticache")
    groups = {
        one["Description"]: one
        for one in elasticache.describe_replication_groups()["ReplicationGroups"]
        if one["Description"] in {"ElastiCache main", "ElastiCache orders"}
    }
    main = groups["ElastiCache main"]
    assert len(main["MemberClusters"]) == 3
    assert outputs["endpoint"] == main["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    assert outputs["port"] == 6379
    assert main["UserGroupIds"][0].startswith("apps-dev-")
    assert outputs["members"] == groups["ElastiCache orders"]["MemberClusters"]
    assert list(outputs["users"]) == ["orders"]
    assert list(outputs["abroad"]) == ["us-west-2"]
    assert sorted(one["LogType"] for one in main["LogDeliveryConfigurations"]) == ["engine-log", "slow-log"]
    assert outputs["cart"].startswith("rediss://app:{token}@")
    assert ":secret:sessions-app-dev-" in outputs["password"]
    alarms = client(local_aws, "cloudwatch").describe_alarms()["MetricAlarms"]
    assert {tuple(one["AlarmActions"]) for one in alarms} == {("arn:aws:sns:eu-west-1:123456789012:on-call",)}
    assert elasticache.describe_serverless_caches()["ServerlessCaches"][0]["CacheUsageLimits"]["DataStorage"] == {
        "Maximum": 5,
        "Unit": "GB",
    }

    again = project.ok("preview", "--stack", "dev", "--expect-no-changes")
    assert "to create" not in again
    project.ok("destroy", "--stack", "dev", "--yes", "--skip-preview")


def test_secrets_stay_secret(yaml_project: Callable[..., PulumiProject], network: dict[str, Any]) -> None:
    """A token that comes as a secret is one in the state; the state's file does not hold it in clear text."""
    token = "another-language-token-0123456789"
    project = yaml_project(
        {"main": component("ReplicationGroup", nodeType="cache.r7g.large", authToken={"fn::secret": token}, **network)}
    )

    shown = project.ok("up", "--stack", "dev", "--yes", "--skip-preview")

    cache = next(
        one
        for one in project.export("dev")["deployment"]["resources"]
        if one["type"] == "aws:elasticache/replicationGroup:ReplicationGroup"
    )
    assert json.loads(cache["inputs"]["authToken"]["plaintext"]) == token
    assert token not in shown
    assert all(token not in file.read_text() for file in project.backend.rglob("*.json"))
    project.ok("destroy", "--stack", "dev", "--yes", "--skip-preview")


def test_everything_wrong_is_told_at_once_in_the_language_of_the_program(
    yaml_project: Callable[..., PulumiProject], network: dict[str, Any]
) -> None:
    """Arguments are named as the program writes them, no trace of Python is shown, and nothing is registered."""
    project = yaml_project(
        {
            "main": component(
                "ReplicationGroup",
                nodeType="cache.r7g.large",
                numCacheClusters=9,
                snapshotWindow="05:00-06:30",
                **network,
            )
        }
    )

    done = project.run("preview", "--stack", "dev")

    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "'numCacheClusters' must be 1 to 6 (a primary and up to 5 replicas), got 9; for more use Sharded" in told
    assert "'snapshotWindow' must not overlap the maintenance window mon:05:00-mon:07:00, got 05:00-06:30; move" in told
    assert "Traceback" not in told
    assert "num_cache_clusters" not in told
    assert "aws:elasticache" not in told


@pytest.mark.parametrize("token", ["sesame", {"fn::secret": "sesame"}], ids=["plain", "secret"])
def test_a_refused_secret_is_not_shown(
    yaml_project: Callable[..., PulumiProject], network: dict[str, Any], token: Any
) -> None:
    """Neither our message nor what Pulumi's engine adds to it holds the value."""
    project = yaml_project(
        {"main": component("ReplicationGroup", nodeType="cache.r7g.large", authToken=token, **network)}
    )

    done = project.run("preview", "--stack", "dev")

    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "'authToken' must be" in told
    assert "sesame" not in told
