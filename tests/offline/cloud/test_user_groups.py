"""User groups, through HTTP."""

import pytest

from cachewright_offline.cloud.clock import CLOCK

PASSWORD = "correct-horse-battery"


@pytest.fixture
def users(elasticache):
    """Return the client of a cloud with one user of each kind that matters here."""
    for user_id, name, engine in (
        ("own-default", "default", "redis"),
        ("reader", "reader", "redis"),
        ("reader-2", "reader", "redis"),
        ("writer", "writer", "redis"),
        ("valkey-reader", "valkey-reader", "valkey"),
    ):
        elasticache.create_user(
            UserId=user_id, UserName=name, Engine=engine, AccessString="on ~* +@read", Passwords=[PASSWORD]
        )
    return elasticache


def test_user_group_lives(users, refused):
    """A group is made, changed and deleted; its users know of it for as long as it exists."""
    made = users.create_user_group(UserGroupId="Team", Engine="Redis", UserIds=["default", "reader"])
    assert made["Status"] == "creating"
    (group,) = users.describe_user_groups(UserGroupId="team")["UserGroups"]
    assert group == {
        "UserGroupId": "team",
        "Status": "active",
        "Engine": "redis",
        "UserIds": ["default", "reader"],
        "MinimumEngineVersion": "6.0",
        "ReplicationGroups": [],
        "ServerlessCaches": [],
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:usergroup:team",
    }
    assert users.describe_users(UserId="reader")["Users"][0]["UserGroupIds"] == ["team"]
    changed = users.modify_user_group(
        UserGroupId="team", UserIdsToAdd=["own-default", "reader-2"], UserIdsToRemove=["default", "reader"]
    )
    assert changed["Status"] == "modifying"
    assert changed["UserIds"] == ["default", "reader"]
    assert changed["PendingChanges"] == {
        "UserIdsToAdd": ["own-default", "reader-2"],
        "UserIdsToRemove": ["default", "reader"],
    }
    (group,) = users.describe_user_groups(UserGroupId="team")["UserGroups"]
    assert (group["Status"], group["UserIds"]) == ("active", ["own-default", "reader-2"])
    assert "PendingChanges" not in group
    assert users.delete_user_group(UserGroupId="team")["Status"] == "deleting"
    assert refused(users.describe_user_groups, UserGroupId="team") == ("UserGroupNotFound", "UserGroup team not found.")
    assert users.describe_users(UserId="reader-2")["Users"][0]["UserGroupIds"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"Engine": "redis", "UserIds": ["reader"]},
            "DefaultUserRequired",
            "Redis user group needs to contain a user with the user name default.",
        ),
        (
            {"Engine": "redis"},
            "DefaultUserRequired",
            "Redis user group needs to contain a user with the user name default.",
        ),
        (
            {"Engine": "redis", "UserIds": ["default", "own-default"]},
            "DuplicateUserName",
            "The user group would contain more than one user with name default.",
        ),
        (
            {"Engine": "redis", "UserIds": ["default", "reader", "reader-2"]},
            "DuplicateUserName",
            "The user group would contain more than one user with name reader.",
        ),
        ({"Engine": "redis", "UserIds": ["default", "nobody"]}, "UserNotFound", "User nobody not found."),
        (
            {"Engine": "redis", "UserIds": ["default", "valkey-reader"]},
            "InvalidParameterValue",
            "User of engine valkey valkey-reader cannot be added to user group with engine Redis",
        ),
        (
            {"Engine": "valkey", "UserIds": ["reader", "default"]},
            "InvalidParameterValue",
            "No password user default cannot be added to user group with engine Valkey",
        ),
        (
            {"Engine": "redis", "UserIds": ["default", "default"]},
            "InvalidParameterValue",
            "The list of user ids contains duplicates.",
        ),
        (
            {"Engine": "memcached"},
            "InvalidParameterValue",
            'Unknown parameter for Engine: "memcached", must be one of: redis, valkey',
        ),
    ],
)
def test_create_user_group_refuses(users, refused, arguments, code, message):
    """Each group that cannot be is refused with AWS's fault."""
    assert refused(users.create_user_group, UserGroupId="team", **arguments) == (code, message)
    assert users.describe_user_groups()["UserGroups"] == []


def test_valkey_group_needs_no_users(users):
    """Groups of engine valkey need neither a default user nor any at all."""
    group = users.create_user_group(UserGroupId="team", Engine="valkey")
    assert (group["UserIds"], group["MinimumEngineVersion"]) == ([], "7.2")


def test_valkey_group_takes_users_of_redis_that_authenticate(users, refused):
    """A user of redis with a password may be in a group of valkey, and must keep its password there."""
    users.create_user_group(UserGroupId="team", Engine="valkey", UserIds=["reader", "valkey-reader"])
    assert users.describe_user_groups()["UserGroups"][0]["UserIds"] == ["reader", "valkey-reader"]
    assert refused(users.modify_user, UserId="reader", NoPasswordRequired=True) == (
        "InvalidParameterCombination",
        "User reader is in the user group team of the engine valkey, which it would not fit.",
    )
    users.modify_user(UserId="reader", AuthenticationMode={"Type": "iam"})


def test_users_change_their_engine_before_their_group(users, refused):
    """A group goes over to another engine after its users have; until then it takes other users as before."""
    users.create_user_group(UserGroupId="team", Engine="redis", UserIds=["own-default", "reader"])
    for user_id in ("own-default", "reader"):
        users.modify_user(UserId=user_id, AuthenticationMode={"Type": "password", "Passwords": [PASSWORD]})
        users.modify_user(UserId=user_id, Engine="valkey")
    assert users.describe_user_groups()["UserGroups"][0]["MinimumEngineVersion"] == "7.2"
    users.modify_user_group(UserGroupId="team", UserIdsToAdd=["writer"])
    assert refused(users.modify_user_group, UserGroupId="team", UserIdsToAdd=["valkey-reader"]) == (
        "InvalidParameterValue",
        "User of engine valkey valkey-reader cannot be added to user group with engine Redis",
    )
    users.modify_user_group(UserGroupId="team", UserIdsToRemove=["writer"], Engine="valkey")
    (group,) = users.describe_user_groups()["UserGroups"]
    assert (group["Engine"], group["UserIds"]) == ("valkey", ["own-default", "reader"])
    assert refused(users.modify_user_group, UserGroupId="team", Engine="redis") == (
        "InvalidParameterValue",
        "User of engine valkey own-default cannot be added to user group with engine Redis",
    )
    for user_id in ("own-default", "reader"):
        users.modify_user(UserId=user_id, Engine="redis")
    users.modify_user_group(UserGroupId="team", Engine="redis")
    assert users.describe_user_groups()["UserGroups"][0]["Engine"] == "redis"


def test_caches_are_modified_with_their_users(in_process):
    """While a user or a group changes, so do the groups that have the user and the caches that have the group."""
    CLOCK.speed = 1
    user = {"UserId": "reader", "UserName": "reader", "Engine": "redis", "AccessString": "on ~* +@read"}
    in_process.call("CreateUser", **user, Passwords=[PASSWORD])
    in_process.call("CreateUserGroup", UserGroupId="team", Engine="redis", UserIds=["default"])
    CLOCK.advance(30)
    in_process.call(
        "CreateReplicationGroup",
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="redis",
        CacheNodeType="cache.t4g.small",
        TransitEncryptionEnabled=True,
        UserGroupIds=["team"],
    )
    CLOCK.advance(600)

    def statuses():
        (group,) = in_process.call("DescribeUserGroups")["UserGroups"]
        (cache,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
        return group["Status"], cache["Status"]

    assert statuses() == ("active", "available")
    in_process.call("ModifyUserGroup", UserGroupId="team", UserIdsToAdd=["reader"])
    assert statuses() == ("modifying", "modifying")
    for action, arguments, change in (
        ("ModifyUserGroup", {"UserIdsToRemove": ["reader"]}, "modified"),
        ("DeleteUserGroup", {}, "deleted"),
    ):
        assert in_process.refused(action, UserGroupId="team", **arguments) == (
            "InvalidUserGroupState",
            f"User group team has status modifying. Only active user groups can be {change}.",
        )
    CLOCK.advance(60)
    assert statuses() == ("active", "available")
    assert in_process.call("ModifyUser", UserId="reader", AppendAccessString="+@write")["Status"] == "modifying"
    assert statuses() == ("modifying", "modifying")
    assert in_process.refused("DeleteUser", UserId="reader") == (
        "InvalidUserState",
        "User reader has status modifying. Only active users can be deleted.",
    )
    CLOCK.advance(30)
    assert statuses() == ("active", "available")


def test_quotas(users, refused):
    """A group has at most 100 users, and a region at most 100 groups."""
    for number in range(101):
        users.create_user(
            UserId=f"u{number}", UserName=f"u{number}", Engine="valkey", AccessString="on", Passwords=[PASSWORD]
        )
    many = [f"u{number}" for number in range(101)]
    assert refused(users.create_user_group, UserGroupId="team", Engine="valkey", UserIds=many) == (
        "UserGroupQuotaExceeded",
        "The number of users exceeds the user group limit of 100.",
    )
    users.create_user_group(UserGroupId="team", Engine="valkey", UserIds=many[:100])
    assert refused(users.modify_user_group, UserGroupId="team", UserIdsToAdd=many[100:]) == (
        "InvalidParameterValue",
        "A user group can have at most 100 users, but it would have 101.",
    )
    for number in range(99):
        users.create_user_group(UserGroupId=f"team-{number}", Engine="valkey")
    assert refused(users.create_user_group, UserGroupId="one-more", Engine="valkey") == (
        "UserGroupQuotaExceeded",
        "Quota of 100 user groups exceeded.",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {},
            "InvalidParameterCombination",
            "At least one of UserIdsToAdd, UserIdsToRemove and Engine must be given.",
        ),
        (
            {"UserIdsToAdd": ["reader-2"], "UserIdsToRemove": ["reader-2"]},
            "InvalidParameterCombination",
            "User reader-2 cannot be both added and removed.",
        ),
        ({"UserIdsToAdd": ["reader"]}, "InvalidParameterValue", "User reader is already a member of user group team."),
        (
            {"UserIdsToRemove": ["reader-2"]},
            "InvalidParameterValue",
            "User reader-2 is not a member of user group team.",
        ),
        (
            {"UserIdsToRemove": ["gone"], "UserIdsToAdd": ["writer"]},
            "InvalidParameterValue",
            "User gone is not a member of user group team.",
        ),
        (
            {"UserIdsToRemove": ["default"]},
            "DefaultUserRequired",
            "Redis user group needs to contain a user with the user name default.",
        ),
        (
            {"UserIdsToAdd": ["reader-2"]},
            "DuplicateUserName",
            "The user group would contain more than one user with name reader.",
        ),
    ],
)
def test_modify_user_group_refuses(users, refused, arguments, code, message):
    """A modification is refused as a whole."""
    users.create_user_group(UserGroupId="team", Engine="redis", UserIds=["default", "reader"])
    assert refused(users.modify_user_group, UserGroupId="team", **arguments) == (code, message)
    assert users.describe_user_groups()["UserGroups"][0]["UserIds"] == ["default", "reader"]


def test_deleting_users_of_groups(users, refused):
    """A group loses a user that is deleted; the default user of a redis group cannot be."""
    users.create_user_group(UserGroupId="team", Engine="redis", UserIds=["own-default", "reader"])
    users.delete_user(UserId="reader")
    assert users.describe_user_groups()["UserGroups"][0]["UserIds"] == ["own-default"]
    assert refused(users.delete_user, UserId="own-default") == (
        "DefaultUserAssociatedToUserGroup",
        "User is associated to user group(s) as a default user and can't be deleted.",
    )


def test_group_in_use_is_not_deleted(users, refused):
    """A group that a replication group uses is named by it, and stays until it is detached."""
    users.create_user_group(UserGroupId="team", Engine="redis", UserIds=["default"])
    users.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="redis",
        CacheNodeType="cache.t4g.small",
        TransitEncryptionEnabled=True,
        UserGroupIds=["team"],
    )
    assert users.describe_user_groups()["UserGroups"][0]["ReplicationGroups"] == ["main"]
    assert refused(users.delete_user_group, UserGroupId="team") == (
        "InvalidUserGroupState",
        "User group team is associated with main and cannot be deleted.",
    )
    users.modify_replication_group(ReplicationGroupId="main", UserGroupIdsToRemove=["team"], ApplyImmediately=True)
    assert users.describe_user_groups()["UserGroups"][0]["ReplicationGroups"] == []
    users.delete_user_group(UserGroupId="team")


def test_second_group_of_an_id_is_refused(users, refused):
    """An id is taken whatever its case."""
    users.create_user_group(UserGroupId="team", Engine="valkey")
    assert refused(users.create_user_group, UserGroupId="TEAM", Engine="valkey") == (
        "UserGroupAlreadyExists",
        "UserGroup team already exists.",
    )
