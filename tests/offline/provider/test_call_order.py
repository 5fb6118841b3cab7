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


def group(**more: Any) -> dict[str, Any]:
    """Return an available replication group as the API tells it."""
    return {
        "ReplicationGroups": [
            {"ReplicationGroupId": "main", "ARN": ARN, "Status": "available", "MemberClusters": ["main-001"], **more}
        ]
    }


def answers(**more: Any) -> dict[str, Any]:
    """Return what a replication group's update reads."""
    return {
        "describe_replication_groups": group(),
        "describe_cache_clusters": {
            "CacheClusters": [{"CacheClusterId": "main-001", "EngineVersion": "7.1.0", "Engine": "redis"}]
        },
        "list_tags_for_resource": {"TagList": []},
        **more,
    }


def update(old: dict[str, Any], new: dict[str, Any], outputs: dict[str, Any] | None = None) -> list[Any]:
    """Return the calls of a replication group's update."""
    call = ScriptedCall(answers())
    handler("replicationGroup:ReplicationGroup").update(
        call, "main", {"arn": ARN, **(outputs or {})}, {**GROUP, **old}, {**GROUP, **new}
    )
    return call.made


def test_update_of_a_replication_group_follows_the_provider() -> None:
    """More replicas come first, fewer last, and the AUTH token goes alone."""
    common = {"snapshotRetentionLimit": 7, "authToken": "y" * 16, "authTokenUpdateStrategy": "ROTATE"}
    assert update({"numCacheClusters": 2}, {"numCacheClusters": 3, "tags": {"a": "1"}, **common}) == [
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
    fewer = update({"numCacheClusters": 3}, {"numCacheClusters": 2, "description": "e", "applyImmediately": True})
    assert fewer == [
        (
            "modify_replication_group",
            {"ReplicationGroupId": "main", "ReplicationGroupDescription": "e", "ApplyImmediately": True},
        ),
        ("decrease_replica_count", {"ReplicationGroupId": "main", "NewReplicaCount": 1, "ApplyImmediately": True}),
    ]


def test_shards_go_from_the_highest_number() -> None:
    """Taking shards away names them; adding does not."""
    fewer = update({"numNodeGroups": 4, "replicasPerNodeGroup": 1}, {"numNodeGroups": 2, "replicasPerNodeGroup": 2})
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
    more = update({}, {"numNodeGroups": 3}, {"numNodeGroups": 2})
    assert more == [
        (
            "modify_replication_group_shard_configuration",
            {"ReplicationGroupId": "main", "NodeGroupCount": 3, "ApplyImmediately": True},
        )
    ]


def test_upgrade_goes_before_the_logs_that_need_it() -> None:
    """A version that cannot log yet is left first, at once."""
    logs = [{"destination": "g", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}]
    made = update({"engineVersion": "5.0.6"}, {"engineVersion": "7.1", "logDeliveryConfigurations": logs})
    assert [(name, sorted(arguments)) for name, arguments in made] == [
        ("modify_replication_group", ["ApplyImmediately", "EngineVersion", "ReplicationGroupId"]),
        ("modify_replication_group", ["ApplyImmediately", "LogDeliveryConfigurations", "ReplicationGroupId"]),
    ]
    assert made[0][1]["ApplyImmediately"] is True
    assert update({"logDeliveryConfigurations": logs}, {}) == [
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
    assert update({"securityGroupIds": ["sg-1"]}, {"securityGroupIds": []}) == []
    assert update({"notificationTopicArn": "arn:t"}, {}) == [
        (
            "modify_replication_group",
            {"ReplicationGroupId": "main", "NotificationTopicArn": "", "ApplyImmediately": False},
        )
    ]


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
