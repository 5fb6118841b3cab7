"""What one local AWS held, another one starts with: the same answers, and the same export."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cachewright_offline.cloud import carrier, control, export, seed
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.control import CloudError

from .conftest import Cloud

# What shows ElastiCache and what it refers to, each with the calls of it that need no argument.
SHOWN = {
    "elasticache": (
        "describe_replication_groups",
        "describe_cache_clusters",
        "describe_cache_subnet_groups",
        "describe_cache_parameter_groups",
        "describe_users",
        "describe_user_groups",
        "describe_snapshots",
        "describe_serverless_caches",
        "describe_global_replication_groups",
    ),
    "ec2": ("describe_vpcs", "describe_subnets", "describe_security_groups", "describe_security_group_rules"),
    "kms": ("list_keys", "list_aliases"),
    "sns": ("list_topics",),
    "logs": ("describe_log_groups",),
    "secretsmanager": ("list_secrets",),
}


def build(cloud):
    """Make one of everything that an export describes, in two regions; return the id of the key."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "caches"}])
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    client, cache = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("app", "cache")
    )
    rule = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379}
    ec2.authorize_security_group_ingress(
        GroupId=cache, IpPermissions=[{**rule, "UserIdGroupPairs": [{"GroupId": client, "Description": "the app"}]}]
    )
    ec2.authorize_security_group_ingress(
        GroupId=cache, IpPermissions=[{**rule, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    )
    kms = cloud.client("kms")
    key = kms.create_key(Description="caches", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/caches", TargetKeyId=key)
    topic = cloud.client("sns").create_topic(Name="alerts", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    cloud.client("logs").create_log_group(logGroupName="/slow", tags={"a": "b"})
    cloud.client("secretsmanager").create_secret(Name="token", SecretString="hunter2-hunter2", KmsKeyId=key)
    elasticache = cloud.client("elasticache")
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="private", CacheSubnetGroupDescription="x", SubnetIds=subnets
    )
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="mine", CacheParameterGroupFamily="valkey8", Description="x"
    )
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="mine",
        ParameterNameValues=[{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}],
    )
    elasticache.create_user(
        UserId="app", UserName="app", Engine="valkey", AccessString="on ~* +@read", Passwords=["correct-horse-battery"]
    )
    elasticache.create_user_group(UserGroupId="apps", Engine="valkey", UserIds=["app"])
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="x",
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.r7g.large",
        CacheParameterGroupName="mine",
        CacheSubnetGroupName="private",
        SecurityGroupIds=[cache],
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        AtRestEncryptionEnabled=True,
        KmsKeyId=key,
        NotificationTopicArn=topic,
        UserGroupIds=["apps"],
        Tags=[{"Key": "team", "Value": "shop"}],
        LogDeliveryConfigurations=[
            {
                "LogType": "slow-log",
                "LogFormat": "json",
                "DestinationType": "cloudwatch-logs",
                "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "/slow"}},
            }
        ],
    )
    elasticache.create_snapshot(SnapshotName="kept", ReplicationGroupId="main")
    elasticache.create_serverless_cache(ServerlessCacheName="less", Engine="valkey")
    elasticache.create_cache_cluster(
        CacheClusterId="mem", Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=2
    )
    elsewhere = cloud.client("elasticache", region="eu-west-1")
    elsewhere.create_cache_cluster(
        CacheClusterId="far", Engine="redis", CacheNodeType="cache.t4g.micro", NumCacheNodes=1
    )
    return key


def answers(cloud):
    """Return what every call answers, without the ids of the requests."""
    found = {}
    for service, calls in SHOWN.items():
        for call in calls:
            answer = getattr(cloud.client(service), call)()
            answer.pop("ResponseMetadata")
            found[service, call] = answer
    return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return a filled local AWS's answers, its export without and with values, and the id of its key."""
    home = tmp_path_factory.mktemp("first")
    cloud = Cloud(control.start(home).endpoint.url)
    key = build(cloud)
    answers(cloud)
    found = answers(cloud), control.export(home), control.export(home, secret_values=True), key
    control.stop(home)
    return found


@pytest.fixture(scope="module")
def seeded(exported, tmp_path_factory):
    """Return the home of a local AWS that started with the export without values, and itself."""
    home = tmp_path_factory.mktemp("second")
    file = home / "seed.json"
    file.write_text(json.dumps(exported[1].document))
    yield home, Cloud(control.start(home, seed=file).endpoint.url)
    control.stop(home)


def without_time(document):
    return {name: value for name, value in document.items() if name != "time"}


def test_the_same_answers(exported, seeded):
    """Every describe call gives what it gave, ids of subnets, security groups, rules and keys included."""
    before, after = exported[0], answers(seeded[1])
    for secret in (
        *before["secretsmanager", "list_secrets"]["SecretList"],
        *after["secretsmanager", "list_secrets"]["SecretList"],
    ):
        # The export holds no values, so there are no versions of them.
        secret.pop("SecretVersionsToStages", None)
    for call, answer in before.items():
        assert after[call] == answer, call


def test_the_same_export(exported, seeded):
    """An export of what was loaded is what was loaded."""
    assert without_time(control.export(seeded[0]).document) == without_time(exported[1].document)


def test_tags_and_aliases(exported, seeded):
    """Tags of every service are kept, and a key is found by its alias."""
    cloud = seeded[1]
    arn = "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:main"
    tags = cloud.client("elasticache").list_tags_for_resource(ResourceName=arn)["TagList"]
    assert tags == [{"Key": "team", "Value": "shop"}]
    assert cloud.client("kms").describe_key(KeyId="alias/caches")["KeyMetadata"]["KeyId"] == exported[3]
    topic = "arn:aws:sns:us-east-1:123456789012:alerts"
    assert cloud.client("sns").list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert cloud.client("logs").list_tags_log_group(logGroupName="/slow")["tags"] == {"a": "b"}


def test_what_was_loaded_can_be_used(seeded):
    """The loaded resources depend on each other as the first ones did."""
    cloud = seeded[1]
    client = cloud.client("elasticache")
    with pytest.raises(client.exceptions.CacheSubnetGroupInUse):
        client.delete_cache_subnet_group(CacheSubnetGroupName="private")
    group = client.describe_cache_clusters(CacheClusterId="main-001")["CacheClusters"][0]["SecurityGroups"][0]
    ec2 = cloud.client("ec2")
    with pytest.raises(ec2.exceptions.ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=group["SecurityGroupId"])


def test_values_of_secrets(exported):
    """They are in an export only on request; passwords of users are in none."""
    assert "hunter2" not in json.dumps(exported[1].document)
    assert "correct-horse" not in json.dumps(exported[2].document)
    assert json.dumps(exported[2].document).count("hunter2-hunter2") == 1


def test_secrets_with_and_without_values(exported, seeded, tmp_path):
    """A secret that was exported with its value has it again; one without has none, as AWS says of an empty one."""
    empty = seeded[1].client("secretsmanager")
    with pytest.raises(empty.exceptions.ResourceNotFoundException):
        empty.get_secret_value(SecretId="token")
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(exported[2].document))
    cloud = Cloud(control.start(tmp_path, seed=file).endpoint.url)
    assert cloud.client("secretsmanager").get_secret_value(SecretId="token")["SecretString"] == "hunter2-hunter2"
    assert without_time(control.export(tmp_path, secret_values=True).document) == without_time(exported[2].document)
    control.stop(tmp_path)


def test_what_is_not_described_is_told(cloud, tmp_path):
    """Kinds of resources that no export holds are counted beside it."""
    control.start(tmp_path)
    other = Cloud(control.status(tmp_path).endpoint.url)
    other.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    assert control.export(tmp_path).left_out == {"iam_roles": 1}
    control.stop(tmp_path)


def test_changes_under_way_are_refused(tmp_path):
    """An export waits for no change: it says which run."""
    cloud = Cloud(control.start(tmp_path, speed="1x").endpoint.url)
    cloud.client("elasticache").create_cache_cluster(
        CacheClusterId="one", Engine="redis", CacheNodeType="cache.t4g.micro", NumCacheNodes=1
    )
    with pytest.raises(CloudError) as caught:
        control.export(tmp_path)
    assert str(caught.value) == (
        "changes are under way (1 cache-cluster-create), which an export cannot hold: wait for them, or move the time"
        " with `cachewright local advance 1h`"
    )
    control.advance(tmp_path, "1h")
    assert control.export(tmp_path).document["accounts"]["123456789012"]["us-east-1"]["elasticache"]
    control.stop(tmp_path)


def test_an_empty_export(in_process):
    """Where nothing was made there is nothing to describe."""
    assert export.export()["accounts"] == {}


def test_what_waits_for_a_window(in_process):
    """What a maintenance window would have brought comes in the loaded one, too."""
    node = {"CacheNodeType": "cache.r7g.large"}
    in_process.call("CreateReplicationGroup", ReplicationGroupId="main", ReplicationGroupDescription="x", **node)
    in_process.call("CreateCacheCluster", CacheClusterId="mem", Engine="memcached", NumCacheNodes=1, **node)
    larger = {"CacheNodeType": "cache.r7g.xlarge", "ApplyImmediately": False}
    in_process.call("ModifyReplicationGroup", ReplicationGroupId="main", **larger)
    in_process.call("ModifyCacheCluster", CacheClusterId="mem", **larger)
    document = json.loads(json.dumps(export.export()))
    carrier.reset()
    seed.load(document)

    def node_types():
        answer = in_process.call("DescribeCacheClusters", ShowCacheNodeInfo=True)
        return {one["CacheClusterId"]: one["CacheNodeType"] for one in answer["CacheClusters"]}

    assert node_types() == {"main-001": "cache.r7g.large", "mem": "cache.r7g.large"}
    CLOCK.advance(8 * 86_400)
    assert node_types() == {"main-001": "cache.r7g.xlarge", "mem": "cache.r7g.xlarge"}


def test_the_time_of_a_seed(in_process):
    """A new instance is not earlier than what it starts with, nor later for an old seed."""
    CLOCK.advance(86_400)
    document = export.export()
    CLOCK.reset()
    before = CLOCK.now()
    seed.load(document)
    assert (CLOCK.now() - before).total_seconds() >= 86_400 - 5
    CLOCK.reset()
    seed.load(document | {"time": "2020-01-01T00:00:00+00:00"})
    assert (CLOCK.now() - before).total_seconds() < 3600


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "expected an object with format, version, time, accounts"),
        ({}, "format: expected 'cachewright-local', found None"),
        (
            {"format": "cachewright-local", "version": 2},
            "version: expected 1, found 2; export it anew with this version",
        ),
    ],
)
def test_other_documents(in_process, document, problem):
    """Another format or version is refused before anything else is read."""
    with pytest.raises(seed.SeedError) as caught:
        seed.load(document, "x.json")
    assert str(caught.value) == f"seed: x.json has one problem, and nothing of it was loaded:\n  {problem}"


def test_every_problem_by_its_place(in_process):
    """All that is wrong is told at once."""
    in_process.call("CreateUser", UserId="a", UserName="a", Engine="redis", AccessString="on", NoPasswordRequired=True)
    document = export.export()
    region = document["accounts"]["123456789012"]["us-east-1"]
    region["elasticache"]["parts"]["Users"]["by_id"]["a"]["status"] = 7
    region["elasticache"]["parts"]["Nonsense"] = {}
    region["elasticache"]["parts"]["User"] = {}
    region["elasticache"]["more"] = 1
    region["lambda"] = {}
    document["accounts"]["123456789012"]["mars-1"] = {}
    document["accounts"]["me"] = {}
    document["note"] = "x"
    carrier.reset()
    with pytest.raises(seed.SeedError) as caught:
        seed.load(document, "x.json")
    place = "accounts.123456789012.us-east-1"
    assert sorted(str(caught.value).splitlines()) == sorted(
        [
            "seed: x.json has 8 problems, and nothing of it was loaded:",
            "  note: expected one of format, version, time, accounts",
            f"  {place}.elasticache.more: expected one of tags, events, parts",
            f"  {place}.elasticache.parts.Users.by_id.a.status: expected a text, found 7",
            f"  {place}.elasticache.parts.Nonsense: ElastiCache keeps nothing of this name",
            f"  {place}.elasticache.parts.User: ElastiCache keeps nothing of this name",
            f"  {place}.lambda: expected one of ec2, kms, sns, logs, secretsmanager, elasticache",
            "  accounts.123456789012.mars-1: expected a region of AWS, with an object of services",
            "  accounts.me: expected the 12 digits of an account, with an object of regions",
        ]
    )
    assert export.export()["accounts"] == {}


def test_what_a_service_refuses(in_process):
    """A network that EC2 would not make is refused by its words, and nothing stays."""
    in_process.call("CreateUser", UserId="a", UserName="a", Engine="redis", AccessString="on", NoPasswordRequired=True)
    document = export.export()
    subnet = {"id": "subnet-1", "vpc_id": "vpc-none", "cidr_block": "10.0.0.0/24", "zone": "us-east-1a"}
    subnet |= {"default_for_zone": False, "public_addresses": False}
    document["accounts"]["123456789012"]["us-east-1"]["ec2"] = {"vpcs": [], "subnets": [subnet], "security_groups": []}
    carrier.reset()
    with pytest.raises(seed.SeedError, match="us-east-1.ec2: VpcID vpc-none does not exist"):
        seed.load(document)
    assert export.export()["accounts"] == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read (No such file or directory)"), ("{", "is no JSON (Expecting property name")],
)
def test_files_that_are_none(tmp_path, content, words):
    """A start with a file that is not there, or no JSON, says so and starts nothing."""
    file = tmp_path / "seed.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CloudError) as caught:
        control.start(tmp_path, seed=file)
    assert f"the local AWS did not start: seed: {file} {words}" in str(caught.value)
    assert control.status(tmp_path) is None


def test_a_running_one_takes_no_seed(tmp_path):
    """What runs keeps what it holds."""
    control.start(tmp_path)
    with pytest.raises(CloudError) as caught:
        control.start(tmp_path, seed=tmp_path / "seed.json")
    assert str(caught.value) == (
        f"seed: {tmp_path / 'seed.json'} was asked for, but the local AWS of {tmp_path} already runs, and a seed is"
        " what a new one starts with. Stop it first: `cachewright local stop`."
    )
    control.stop(tmp_path)


def places(document, path=()):
    """Return the path of every value in a document."""
    yield path
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield from places(value, (*path, key))


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_damaged_seed_is_half_loaded(exported, data):
    """Whatever one place of a document is replaced by, it is loaded whole or not at all."""
    document = copy.deepcopy(dict(exported[1].document))
    path = data.draw(st.sampled_from(list(places(document))[1:]))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(st.sampled_from([None, 5, "x", [], {}, {"$map": 1}, True]))
    carrier.install()
    carrier.reset()
    try:
        seed.load(document)
    except seed.SeedError as error:
        assert "nothing of it was loaded" in str(error)
        assert export.export()["accounts"] == {}
    finally:
        carrier.reset()
