"""Many clients over the same names: one wins each conflict, nothing is torn, nobody waits for ever."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

CLIENTS = 32
GROUP = {"ReplicationGroupDescription": "x", "CacheNodeType": "cache.t4g.micro", "NumCacheClusters": 2}
# What may be answered to a call that another client was quicker than.
BEATEN = {
    "ReplicationGroupAlreadyExists",
    "ReplicationGroupNotFoundFault",
    "InvalidReplicationGroupState",
    "NoOperationFault",
    "UserAlreadyExists",
    "UserNotFound",
    "InvalidUserState",
}


def outcome(function, **arguments):
    """Return the code of a refusal, or None for an answer."""
    try:
        function(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


@pytest.fixture
def clients(cloud):
    """Return as many clients as there are threads: each has its own connections."""
    return [cloud.client("elasticache") for _ in range(CLIENTS)]


def everywhere(clients, action):
    """Run an action with every client at once, and return what each returned."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(action, clients, range(CLIENTS), timeout=300))


def test_one_of_many_creates(clients):
    """Of 32 that create the same name, one does; the others are told that it exists."""
    codes = everywhere(
        clients, lambda client, _: outcome(client.create_replication_group, ReplicationGroupId="one", **GROUP)
    )
    assert sorted(codes, key=str) == sorted([None, *["ReplicationGroupAlreadyExists"] * (CLIENTS - 1)], key=str)
    assert [one["ReplicationGroupId"] for one in clients[0].describe_replication_groups()["ReplicationGroups"]] == [
        "one"
    ]


def test_one_of_many_deletes(clients):
    """Of 32 that delete it, one does; the others find it gone."""
    clients[0].create_replication_group(ReplicationGroupId="one", **GROUP)
    codes = everywhere(clients, lambda client, _: outcome(client.delete_replication_group, ReplicationGroupId="one"))
    assert codes.count(None) == 1
    assert set(codes) - {None} <= {"ReplicationGroupNotFoundFault", "InvalidReplicationGroupState"}
    assert clients[0].describe_replication_groups()["ReplicationGroups"] == []


def test_no_torn_state(clients):
    """While all create, change, read and delete the same few names, every answer is whole, and so is what stays."""
    names = itertools.cycle(["a", "b", "c"])
    plan = [[(next(names), step) for step in range(9)] for _ in range(CLIENTS)]

    def work(client, number):
        codes = set()
        for name, step in plan[number]:
            kind = (step + number) % 5
            if kind == 0:
                codes.add(outcome(client.create_replication_group, ReplicationGroupId=name, **GROUP))
            elif kind == 1:
                replicas = {"ReplicationGroupId": name, "NewReplicaCount": 2 + number % 3, "ApplyImmediately": True}
                codes.add(outcome(client.increase_replica_count, **replicas))
            elif kind == 2:
                codes.add(
                    outcome(
                        client.modify_replication_group,
                        ReplicationGroupId=name,
                        ReplicationGroupDescription=f"by {number}",
                        ApplyImmediately=True,
                    )
                )
            elif kind == 3:
                codes.add(outcome(client.delete_replication_group, ReplicationGroupId=name))
            else:
                check_whole(client)
        return codes

    codes = set().union(*everywhere(clients, work))
    # InvalidParameterValue: as many replicas as asked for are there already.
    assert codes <= {None, "InvalidParameterValue", "InvalidParameterCombination", *BEATEN}
    check_whole(clients[0])


def check_whole(client):
    """Hold that every group has its members, one of them primary, and that every member is a cluster of its own."""
    groups = client.describe_replication_groups()["ReplicationGroups"]
    for group in groups:
        members = [one for shard in group["NodeGroups"] for one in shard["NodeGroupMembers"]]
        assert sorted(one["CacheClusterId"] for one in members) == sorted(group["MemberClusters"])
        assert len(set(group["MemberClusters"])) == len(group["MemberClusters"])
        assert [one["CurrentRole"] for one in members].count("primary") == 1
    assert len({group["ReplicationGroupId"] for group in groups}) == len(groups)


def test_regions_and_services_at_once(cloud):
    """Clients of other regions and services keep to themselves."""

    def work(number):
        region = ("us-east-1", "eu-west-1", "ap-south-1", "us-west-2")[number % 4]
        client = cloud.client("elasticache", region=region)
        topic = cloud.client("sns", region=region).create_topic(Name=f"t{number}")["TopicArn"]
        client.create_user(
            UserId=f"u{number}", UserName="u", Engine="redis", AccessString="on", NoPasswordRequired=True
        )
        return topic.split(":")[3], {one["UserId"] for one in client.describe_users()["Users"]}

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(work, range(CLIENTS), timeout=300))
    for number, (region, users) in enumerate(answers):
        assert region == ("us-east-1", "eu-west-1", "ap-south-1", "us-west-2")[number % 4]
        assert f"u{number}" in users
        assert all(int(user[1:]) % 4 == number % 4 for user in users - {"default"})
