"""Which calls an operation makes, in which order, with which arguments: answers are scripted, nothing is sent."""

import time
from typing import Any

import pytest

from cachewright_offline.provider import handlers, schema
from cachewright_offline.provider.call import Call
from cachewright_offline.provider.clients import Clients
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.protocol import PartialError, ProviderError
from cachewright_offline.provider.resource import ResourceHandler
from cachewright_offline.provider.settings import ProviderSettings

GROUP = {"description": "d", "automaticFailoverEnabled": False, "multiAzEnabled": False, "engine": "redis"}
ARN = "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:main"


class ScriptedCall(Call):
    """A call that records what it is asked for and answers from a table."""

    def __init__(self, answers: dict[str, Any]) -> None:
        settings = ProviderSettings()
        super().__init__(Clients(settings), settings, "us-east-1", time.monotonic() + 1)
        self.answers = answers
        self.made: list[tuple[str, dict[str, Any]]] = []

    def request(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        given = {key: value for key, value in arguments.items() if value is not None}
        if not operation.startswith(("describe", "list")):
            self.made.append((operation, given))
        answer = self.answers.get(operation, {})
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def pages(self, service: str, operation: str, key: str, /, **arguments: Any) -> list[Any]:
        return self.request(service, operation, **arguments).get(key, [])


def handler(token: str) -> ResourceHandler:
    """Return the handler of an ElastiCache type."""
    full = f"aws:elasticache/{token}"
    found, properties = handlers.find(full), schema.load(full)
    assert found is not None
    assert properties is not None
    return found(properties, ProviderSettings())


def group(nodes: int = 1, shards: int = 1, **more: Any) -> dict[str, Any]:
    """Return an available replication group as the API tells it."""
    members = [f"main-{number:03}" for number in range(1, nodes + 1)]
    per_shard = [{"CacheClusterId": member} for member in members[: max(nodes // shards, 1)]]
    layout = [{"NodeGroupId": f"{number:04}", "NodeGroupMembers": per_shard} for number in range(1, shards + 1)]
    told = {
        "ReplicationGroupId": "main",
        "ARN": ARN,
        "Description": "d",
        "Status": "available",
        "MemberClusters": members,
        "NodeGroups": layout,
    }
    return {"ReplicationGroups": [{**told, **more}]}


LOGS = [{"destination": "g", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}]
API_LOGS = [
    {
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "g"}},
        "DestinationType": "cloudwatch-logs",
        "LogFormat": "json",
        "LogType": "slow-log",
    }
]


def reads(told: dict[str, Any], **node: Any) -> dict[str, Any]:
    """Return what reading a replication group gets."""
    first = {"CacheClusterId": "main-001", "EngineVersion": "7.1.0", "Engine": "redis", **node}
    return {
        "describe_replication_groups": told,
        "describe_cache_clusters": {"CacheClusters": [first]},
        "list_tags_for_resource": {"TagList": []},
    }


def update(old: dict[str, Any], new: dict[str, Any], told: dict[str, Any] | None = None, **node: Any) -> list[Any]:
    """Return the calls of a replication group's update."""
    call = ScriptedCall(reads(told or group(), **node))
    handler("replicationGroup:ReplicationGroup").update(call, "main", {"arn": ARN}, {**GROUP, **old}, {**GROUP, **new})
    return call.made


def test_update_of_a_replication_group_follows_the_provider() -> None:
    """More replicas come first, fewer last, and the AUTH token goes alone."""
    common = {"snapshotRetentionLimit": 7, "authToken": "y" * 16, "authTokenUpdateStrategy": "ROTATE"}
    new = {"numCacheClusters": 3, "tags": {"a": "1"}, **common}
    assert update({"numCacheClusters": 2}, new, group(nodes=2)) == [
        ("increase_replica_count", {"ReplicationGroupId": "main", "NewReplicaCount": 2, "ApplyImmediately": True}),
        (
            "modify_replication_group",
            {
                "ReplicationGroupId": "main",
                "SnapshotRetentionLimit": 7,
                "SnapshottingClusterId": "main-001",
                "ApplyImmediately": False,
            },
        ),
        (
            "modify_replication_group",
            {
                "ReplicationGroupId": "main",
                "AuthToken": "y" * 16,
                "AuthTokenUpdateStrategy": "ROTATE",
                "ApplyImmediately": True,
            },
        ),
        ("add_tags_to_resource", {"ResourceName": ARN, "Tags": [{"Key": "a", "Value": "1"}]}),
    ]
    new = {"numCacheClusters": 2, "description": "e", "applyImmediately": True}
    fewer = update({"numCacheClusters": 3}, new, group(nodes=3))
    assert fewer == [
        (
            "modify_replication_group",
            {"ReplicationGroupId": "main", "ReplicationGroupDescription": "e", "ApplyImmediately": True},
        ),
        ("decrease_replica_count", {"ReplicationGroupId": "main", "NewReplicaCount": 1, "ApplyImmediately": True}),
    ]


def test_shards_go_from_the_highest_number() -> None:
    """Taking shards away names them; adding does not."""
    old, new = {"numNodeGroups": 4, "replicasPerNodeGroup": 1}, {"numNodeGroups": 2, "replicasPerNodeGroup": 2}
    fewer = update(old, new, group(nodes=8, shards=4))
    assert fewer == [
        (
            "modify_replication_group_shard_configuration",
            {
                "ReplicationGroupId": "main",
                "NodeGroupCount": 2,
                "NodeGroupsToRemove": ["0003", "0004"],
                "ApplyImmediately": True,
            },
        ),
        ("increase_replica_count", {"ReplicationGroupId": "main", "NewReplicaCount": 2, "ApplyImmediately": True}),
    ]
    more = update({}, {"numNodeGroups": 3}, group(nodes=4, shards=2))
    assert more == [
        (
            "modify_replication_group_shard_configuration",
            {"ReplicationGroupId": "main", "NodeGroupCount": 3, "ApplyImmediately": True},
        )
    ]


def test_upgrade_goes_before_the_logs_that_need_it() -> None:
    """A version that cannot log yet is left first, at once."""
    made = update(
        {"engineVersion": "5.0.6"},
        {"engineVersion": "7.1", "logDeliveryConfigurations": LOGS},
        EngineVersion="5.0.6",
    )
    assert [(name, sorted(arguments)) for name, arguments in made] == [
        ("modify_replication_group", ["ApplyImmediately", "EngineVersion", "ReplicationGroupId"]),
        ("modify_replication_group", ["ApplyImmediately", "LogDeliveryConfigurations", "ReplicationGroupId"]),
    ]
    assert made[0][1]["ApplyImmediately"] is True
    assert update({"logDeliveryConfigurations": LOGS}, {}, group(LogDeliveryConfigurations=API_LOGS)) == [
        (
            "modify_replication_group",
            {
                "ReplicationGroupId": "main",
                "LogDeliveryConfigurations": [{"Enabled": False, "LogType": "slow-log"}],
                "ApplyImmediately": False,
            },
        )
    ]


def test_token_leaves_in_the_call_that_brings_the_user_group() -> None:
    """AWS takes an AUTH token away only together with a user group."""
    made = update(
        {"authToken": "x" * 16},
        {"userGroupIds": ["team"], "authTokenUpdateStrategy": "DELETE", "applyImmediately": True},
        group(AuthTokenEnabled=True),
    )
    assert made == [
        (
            "modify_replication_group",
            {
                "ReplicationGroupId": "main",
                "UserGroupIdsToAdd": ["team"],
                "AuthTokenUpdateStrategy": "DELETE",
                "ApplyImmediately": True,
            },
        )
    ]


def test_emptied_security_groups_and_a_removed_topic() -> None:
    """The provider leaves security groups alone when they are emptied, and sends an empty topic."""
    groups = [{"SecurityGroupId": "sg-1"}]
    topic = {"TopicArn": "arn:t", "TopicStatus": "active"}
    assert update({"securityGroupIds": ["sg-1"]}, {"securityGroupIds": []}, SecurityGroups=groups) == []
    assert update({"notificationTopicArn": "arn:t"}, {}, NotificationConfiguration=topic) == [
        (
            "modify_replication_group",
            {"ReplicationGroupId": "main", "NotificationTopicArn": "", "ApplyImmediately": False},
        )
    ]


def test_update_that_was_cut_off_does_not_repeat_what_was_done() -> None:
    """The resource is looked at before it is changed: what it has already is not asked for again."""
    old, new = {"numCacheClusters": 2}, {"numCacheClusters": 3, "description": "e"}
    assert update(old, new, group(nodes=3)) == [
        (
            "modify_replication_group",
            {"ReplicationGroupId": "main", "ReplicationGroupDescription": "e", "ApplyImmediately": False},
        )
    ]
    assert update(old, new, group(nodes=3, Description="e")) == []


def test_update_of_what_is_gone_says_how_to_go_on() -> None:
    """Somebody deleted it: a refresh finds that out."""
    with pytest.raises(ProviderError) as gone:
        update({}, {"description": "e"}, {"ReplicationGroups": []})
    assert str(gone.value) == (
        "ReplicationGroup main is gone from the local AWS: run `cachewright refresh`, then update again"
    )


FULL = group(
    nodes=2,
    AtRestEncryptionEnabled=True,
    AutoMinorVersionUpgrade=True,
    AutomaticFailover="enabled",
    CacheNodeType="cache.m7g.large",
    ClusterMode="disabled",
    IpDiscovery="ipv4",
    LogDeliveryConfigurations=API_LOGS,
    MultiAZ="enabled",
    NetworkType="ipv4",
    SnapshotRetentionLimit=7,
    SnapshotWindow="03:00-05:00",
    TransitEncryptionEnabled=True,
    TransitEncryptionMode="required",
)
NODE = {
    "Engine": "redis",
    "EngineVersion": "7.1.0",
    "CacheParameterGroup": {"CacheParameterGroupName": "parameters"},
    "CacheSubnetGroupName": "subnets",
    "PreferredMaintenanceWindow": "mon:05:00-mon:07:00",
    "SecurityGroups": [{"SecurityGroupId": "sg-2"}, {"SecurityGroupId": "sg-1"}],
}
PROGRAM = {
    "description": "d",
    "nodeType": "cache.m7g.large",
    "replicationGroupId": "Main",
    "numCacheClusters": 2,
    "automaticFailoverEnabled": True,
    "multiAzEnabled": True,
    "securityGroupIds": ["sg-1", "sg-2"],
    "maintenanceWindow": "Mon:05:00-Mon:07:00",
    "snapshotRetentionLimit": 7,
    "logDeliveryConfigurations": LOGS,
    "transitEncryptionEnabled": True,
    "finalSnapshotIdentifier": "last",
    "__defaults": [],
}


def test_refresh_without_drift_keeps_the_inputs_as_they_are_written() -> None:
    """Order, case and what AWS filled in are no drift; what AWS does not tell is kept."""
    state = handler("replicationGroup:ReplicationGroup").read(ScriptedCall(reads(FULL, **NODE)), "main", PROGRAM, {})
    assert state is not None
    assert state.inputs == PROGRAM
    assert state.outputs["finalSnapshotIdentifier"] == "last"
    assert state.outputs["engineVersion"] == "7.1"
    assert state.outputs["engineVersionActual"] == "7.1.0"
    assert state.outputs["memberClusters"] == ["main-001", "main-002"]


def test_refresh_shows_drift() -> None:
    """What somebody changed, added or took away outside of the program is in the inputs."""
    drifted = group(nodes=3, Description="other", SnapshotRetentionLimit=0, UserGroupIds=["team"])
    state = handler("replicationGroup:ReplicationGroup").read(ScriptedCall(reads(drifted, **NODE)), "main", PROGRAM, {})
    assert state is not None
    changed = {
        name: state.inputs.get(name)
        for name in {*PROGRAM, *state.inputs}
        if state.inputs.get(name) != PROGRAM.get(name)
    }
    assert changed == {
        "description": "other",
        "numCacheClusters": 3,
        "snapshotRetentionLimit": 0,
        "automaticFailoverEnabled": False,
        "multiAzEnabled": False,
        "transitEncryptionEnabled": False,
        "nodeType": "",
        "userGroupIds": ["team"],
        "logDeliveryConfigurations": None,
    }


def test_import_gives_inputs_without_a_difference() -> None:
    """The inputs of an import compare equal to a program that says the same, and conflict with nothing."""
    imported = handler("replicationGroup:ReplicationGroup")
    state = imported.read(ScriptedCall(reads(FULL, **NODE)), "main", {}, {})
    assert state is not None
    program = {name: value for name, value in PROGRAM.items() if name not in {"finalSnapshotIdentifier", "__defaults"}}
    checked = imported.check("x", None, program, b"seed")
    assert checked.failures == ()
    assert dict(imported.diff(state.inputs, state.outputs, checked.inputs).detailed) == {}
    again = {name: value for name, value in state.inputs.items() if name != "__defaults"}
    assert imported.check("x", None, again, b"seed").failures == ()


def test_secondary_leaves_its_global_group_before_it_is_deleted() -> None:
    """Disassociation comes first and is waited for; the copied parameter group goes last."""
    info = {"GlobalReplicationGroupId": "ldgnf-main", "GlobalReplicationGroupMemberRole": "SECONDARY"}
    call = ScriptedCall(
        {
            "describe_replication_groups": [
                group(GlobalReplicationGroupInfo=info),
                group(GlobalReplicationGroupInfo=info),
                group(),
                group(Status="deleting"),
                AwsError("DescribeReplicationGroups", "ReplicationGroupNotFoundFault", "gone"),
            ]
        }
    )
    outputs = {"parameterGroupName": "global-datastore-main-1"}
    handler("replicationGroup:ReplicationGroup").delete(
        call, "main", {**GROUP, "finalSnapshotIdentifier": "last"}, outputs
    )
    assert call.made == [
        (
            "disassociate_global_replication_group",
            {
                "GlobalReplicationGroupId": "ldgnf-main",
                "ReplicationGroupId": "main",
                "ReplicationGroupRegion": "us-east-1",
            },
        ),
        ("delete_replication_group", {"ReplicationGroupId": "main", "FinalSnapshotIdentifier": "last"}),
        ("delete_cache_parameter_group", {"CacheParameterGroupName": "global-datastore-main-1"}),
    ]


GONE: list[tuple[str, str, str]] = [
    ("cluster:Cluster", "delete_cache_cluster", "CacheClusterNotFound"),
    (
        "globalReplicationGroup:GlobalReplicationGroup",
        "delete_global_replication_group",
        "GlobalReplicationGroupNotFoundFault",
    ),
    ("parameterGroup:ParameterGroup", "delete_cache_parameter_group", "CacheParameterGroupNotFound"),
    ("serverlessCache:ServerlessCache", "delete_serverless_cache", "ServerlessCacheNotFoundFault"),
    ("subnetGroup:SubnetGroup", "delete_cache_subnet_group", "CacheSubnetGroupNotFoundFault"),
    ("user:User", "delete_user", "UserNotFound"),
    ("userGroup:UserGroup", "delete_user_group", "UserGroupNotFound"),
]
READS = (
    "describe_cache_clusters",
    "describe_cache_parameter_groups",
    "describe_cache_subnet_groups",
    "describe_global_replication_groups",
    "describe_replication_groups",
    "describe_serverless_caches",
    "describe_user_groups",
    "describe_users",
)


@pytest.mark.parametrize(("token", "operation", "code"), GONE)
def test_what_is_gone_is_deleted_already(token: str, operation: str, code: str) -> None:
    """NotFound is no error of a delete, and reads as nothing."""
    missing = AwsError("Op", code, "gone")
    call = ScriptedCall({operation: missing, **dict.fromkeys(READS, missing)})
    handler(token).delete(call, "x", {}, {})
    assert [name for name, _ in call.made] == [operation]
    assert handler(token).read(call, "x", {}, {}) is None


def test_failure_after_the_creation_keeps_what_was_made() -> None:
    """A resource that exists is kept in the state, with the message of what failed."""
    call = ScriptedCall(
        {
            "create_cache_parameter_group": {"CacheParameterGroup": {"CacheParameterGroupName": "p"}},
            "modify_cache_parameter_group": AwsError("ModifyCacheParameterGroup", "InvalidParameterValue", "bad name"),
            "describe_cache_parameter_groups": {
                "CacheParameterGroups": [
                    {"ARN": "arn:p", "CacheParameterGroupName": "p", "CacheParameterGroupFamily": "redis7"}
                ]
            },
            "list_tags_for_resource": {"TagList": []},
        }
    )
    inputs = {"name": "p", "family": "redis7", "description": "d", "parameters": [{"name": "x", "value": "1"}]}
    with pytest.raises(PartialError) as failed:
        handler("parameterGroup:ParameterGroup").create(call, inputs)
    assert str(failed.value) == "ModifyCacheParameterGroup: InvalidParameterValue: bad name"
    assert failed.value.state.id == "p"
    assert failed.value.state.outputs["arn"] == "arn:p"


def test_parameters_are_set_twenty_at_a_time() -> None:
    """Removed parameters are reset first; the API takes twenty in a call."""
    read = {
        "describe_cache_parameter_groups": {
            "CacheParameterGroups": [
                {"ARN": "a", "CacheParameterGroupName": "p", "CacheParameterGroupFamily": "redis7"}
            ]
        },
        "describe_cache_parameters": {
            "Parameters": [{"ParameterName": name, "ParameterValue": "1"} for name in ("gone", "n00")]
        },
        "list_tags_for_resource": {"TagList": []},
    }
    call = ScriptedCall(read)
    inputs = {"name": "p", "family": "redis7", "description": "d"}
    old = {**inputs, "parameters": [{"name": "gone", "value": "1"}, {"name": "n00", "value": "1"}]}
    new = {**inputs, "parameters": [{"name": f"n{number:02}", "value": "1"} for number in range(42)]}
    handler("parameterGroup:ParameterGroup").update(call, "p", {"arn": "a"}, old, new)
    assert [(name, len(arguments["ParameterNameValues"])) for name, arguments in call.made] == [
        ("reset_cache_parameter_group", 1),
        ("modify_cache_parameter_group", 20),
        ("modify_cache_parameter_group", 20),
        ("modify_cache_parameter_group", 1),
    ]


def test_node_type_is_needed_outside_a_global_group() -> None:
    """The provider asks for it when it creates."""
    with pytest.raises(ProviderError, match="nodeType: a replication group that is in no global one needs it"):
        handler("replicationGroup:ReplicationGroup").create(ScriptedCall({}), {**GROUP, "replicationGroupId": "main"})


def test_tags_of_the_provider_and_of_others() -> None:
    """Default tags are set and are no tags of the resource; ignored ones are not seen."""
    token = "aws:elasticache/subnetGroup:SubnetGroup"
    properties = schema.load(token)
    assert properties is not None
    settings = ProviderSettings(default_tags={"team": "a", "own": "x"}, ignored_tags=("kept-by-*",))
    found = handlers.find(token)
    assert found is not None
    group_handler = found(properties, settings)
    inputs = {"tags": {"own": "1"}}
    assert group_handler.tags_for(inputs) == {"team": "a", "own": "1"}
    assert group_handler.tags_read({"team": "a", "own": "1", "kept-by-x": "1", "aws:x": "1"}, inputs) == {
        "tags": {"own": "1"},
        "tagsAll": {"team": "a", "own": "1"},
    }
