"""ModifyReplicationGroup: encryption in transit, AUTH tokens and user groups, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "valkey",
    "EngineVersion": "8.1",
    "CacheNodeType": "cache.t4g.micro",
}
TOKEN, OTHER = "a-token-of-sixteen-characters", "another-token-of-some-length"
COMBINATION, VALUE = "InvalidParameterCombination", "InvalidParameterValue"


def described(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return group


def change(elasticache, **arguments):
    """Change the group at once and return what it is then."""
    elasticache.modify_replication_group(ReplicationGroupId="main", ApplyImmediately=True, **arguments)
    return described(elasticache)


@pytest.fixture
def plain(elasticache):
    elasticache.create_replication_group(**GROUP)
    return elasticache


@pytest.fixture
def encrypted(elasticache):
    elasticache.create_replication_group(**GROUP, TransitEncryptionEnabled=True)
    return elasticache


@pytest.fixture
def team(elasticache):
    """Return the id of a user group."""
    elasticache.create_user(
        UserId="ann", UserName="ann", Engine="valkey", AccessString="on ~* +@all", Passwords=["a" * 16]
    )
    elasticache.create_user_group(UserGroupId="team", Engine="valkey", UserIds=["ann"])
    return "team"


def test_encryption_in_two_steps(plain, refused):
    """Encryption in transit is turned on, and off, by way of the mode that takes both kinds of connection."""
    needs_preferred = "To enable encryption in transit, set the mode to preferred first."
    for mode in ({}, {"TransitEncryptionMode": "required"}):
        assert refused(change, elasticache=plain, TransitEncryptionEnabled=True, **mode) == (
            COMBINATION,
            needs_preferred,
        )
    answer = plain.modify_replication_group(
        ReplicationGroupId="main",
        TransitEncryptionEnabled=True,
        TransitEncryptionMode="preferred",
        ApplyImmediately=True,
    )["ReplicationGroup"]
    assert answer["PendingModifiedValues"] == {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred"}
    group = described(plain)
    assert (group["TransitEncryptionEnabled"], group["TransitEncryptionMode"]) == (True, "preferred")
    assert change(plain, TransitEncryptionMode="required")["TransitEncryptionMode"] == "required"
    assert refused(change, elasticache=plain, TransitEncryptionEnabled=False) == (
        COMBINATION,
        "To disable encryption in transit, set the mode to preferred first.",
    )
    assert change(plain, TransitEncryptionMode="preferred")["TransitEncryptionMode"] == "preferred"
    group = change(plain, TransitEncryptionEnabled=False)
    assert group["TransitEncryptionEnabled"] is False
    assert "TransitEncryptionMode" not in group


def test_encryption_of_an_old_version(elasticache, refused):
    """Before Redis OSS 7 encryption in transit is decided at creation."""
    elasticache.create_replication_group(**GROUP | {"Engine": "redis", "EngineVersion": "6.2"})
    arguments = {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred"}
    assert refused(change, elasticache=elasticache, **arguments) == (
        COMBINATION,
        "This engine version does not support changing encryption in transit.",
    )


def test_first_token(encrypted, refused):
    """The first token is set at once or, without a strategy or with ROTATE, offered beside connecting without one."""
    assert change(encrypted, AuthToken=TOKEN, AuthTokenUpdateStrategy="ROTATE")["AuthTokenEnabled"] is True
    group = change(encrypted, AuthToken=TOKEN, AuthTokenUpdateStrategy="SET")
    assert group["AuthTokenEnabled"] is True
    assert group["AuthTokenLastModifiedDate"] > group["ReplicationGroupCreateTime"]
    assert refused(change, elasticache=encrypted, AuthToken=OTHER, AuthTokenUpdateStrategy="SET") == (
        COMBINATION,
        "The update strategy SET is allowed only after ROTATE.",
    )


@pytest.mark.parametrize(
    ("strategy", "status"), [({}, "ROTATING"), ({"AuthTokenUpdateStrategy": "ROTATE"}, "ROTATING")]
)
def test_token_is_rotated(elasticache, strategy, status):
    """While a token is changed the answer tells how; ROTATE is what happens without a strategy."""
    elasticache.create_replication_group(**GROUP, TransitEncryptionEnabled=True, AuthToken=TOKEN)
    answer = elasticache.modify_replication_group(
        ReplicationGroupId="main", AuthToken=OTHER, ApplyImmediately=True, **strategy
    )["ReplicationGroup"]
    assert answer["PendingModifiedValues"] == {"AuthTokenStatus": status}
    answer = elasticache.modify_replication_group(
        ReplicationGroupId="main", AuthToken=OTHER, AuthTokenUpdateStrategy="SET", ApplyImmediately=True
    )["ReplicationGroup"]
    assert answer["PendingModifiedValues"] == {"AuthTokenStatus": "SETTING"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        *(
            (
                {"AuthToken": token, "AuthTokenUpdateStrategy": strategy},
                VALUE,
                "Invalid AuthToken provided. It must be 16 to 128 printable characters.",
            )
            for token, strategy in (("short", "ROTATE"), ("", "SET"))
        ),
        (
            {"AuthTokenUpdateStrategy": "SET"},
            COMBINATION,
            "The update strategy SET must be given together with an AUTH token.",
        ),
        (
            {"AuthToken": TOKEN, "AuthTokenUpdateStrategy": "FORGET"},
            VALUE,
            "Invalid AuthTokenUpdateStrategy: FORGET. Must be SET, ROTATE or DELETE.",
        ),
        (
            {"AuthTokenUpdateStrategy": "DELETE"},
            COMBINATION,
            "Replication group main has no AUTH token to delete.",
        ),
        ({"UserGroupIdsToAdd": ["none"]}, "UserGroupNotFound", "UserGroup none not found."),
        ({"UserGroupIdsToRemove": ["none"]}, "UserGroupNotFound", "UserGroup none not found."),
        (
            {"TransitEncryptionMode": "off"},
            VALUE,
            "Invalid TransitEncryptionMode: off. Must be preferred or required.",
        ),
    ],
)
def test_refusals(encrypted, refused, arguments, code, message):
    """Each bad change is refused with its own fault, and nothing is changed."""
    before = described(encrypted)
    assert refused(change, elasticache=encrypted, **arguments) == (code, message)
    assert described(encrypted) == before


def test_token_without_encryption(plain, refused):
    """A token is for encrypted connections only."""
    assert refused(change, elasticache=plain, AuthToken=TOKEN) == (
        COMBINATION,
        "The AUTH token is only supported when encryption-in-transit is enabled",
    )


def test_preferred_excludes_access_control(elasticache, refused):
    """As long as some clients connect in the clear there is no access control, and the other way round."""
    message = "Transit encryption preferred is not supported with redis access control."
    elasticache.create_replication_group(**GROUP, TransitEncryptionEnabled=True, AuthToken=TOKEN)
    assert refused(change, elasticache=elasticache, TransitEncryptionMode="preferred") == (COMBINATION, message)


def test_user_group(encrypted, team, refused):
    """A user group is added and removed, by its id or as all there are, and a second one is refused."""
    answer = encrypted.modify_replication_group(
        ReplicationGroupId="main", UserGroupIdsToAdd=["TEAM"], ApplyImmediately=True
    )["ReplicationGroup"]
    assert answer["PendingModifiedValues"] == {
        "UserGroups": {"UserGroupIdsToAdd": ["team"], "UserGroupIdsToRemove": []}
    }
    assert described(encrypted)["UserGroupIds"] == ["team"]
    assert encrypted.describe_user_groups(UserGroupId="team")["UserGroups"][0]["ReplicationGroups"] == ["main"]
    assert refused(change, elasticache=encrypted, UserGroupIdsToAdd=["team"]) == (
        VALUE,
        "User group team is associated with replication group main already.",
    )
    assert refused(change, elasticache=encrypted, AuthToken=TOKEN)[0] == COMBINATION
    assert "UserGroupIds" not in change(encrypted, UserGroupIdsToRemove=["team"])
    change(encrypted, UserGroupIdsToAdd=["team"])
    assert "UserGroupIds" not in change(encrypted, RemoveUserGroups=True)


def test_encryption_of_a_group_with_users(encrypted, team, refused):
    """With a user group encryption in transit is not modified, not even to what it is."""
    change(encrypted, UserGroupIdsToAdd=[team])
    for arguments in ({"TransitEncryptionEnabled": True}, {"TransitEncryptionMode": "required"}):
        assert refused(change, elasticache=encrypted, **arguments) == (
            COMBINATION,
            "Modification of transit encryption is not supported for access control enabled clusters.",
        )


def test_from_a_token_to_a_user_group(elasticache, team, refused):
    """The token is deleted in exchange for a user group, in one request."""
    elasticache.create_replication_group(**GROUP, TransitEncryptionEnabled=True, AuthToken=TOKEN)
    assert refused(change, elasticache=elasticache, UserGroupIdsToAdd=["team"]) == (
        COMBINATION,
        "A user group cannot be given together with an AUTH token.",
    )
    assert refused(change, elasticache=elasticache, AuthTokenUpdateStrategy="DELETE") == (
        COMBINATION,
        "The AUTH token can be deleted only together with adding a user group.",
    )
    group = change(elasticache, UserGroupIdsToAdd=["team"], AuthTokenUpdateStrategy="DELETE")
    assert (group["AuthTokenEnabled"], group["UserGroupIds"]) == (False, ["team"])
