"""What would change between two versions of a program."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from cachewright import testing

REGION = {"aws:region": "eu-west-1"}


def version(*, more: bool = False, **arguments: Any) -> Any:
    """Return a version of a program: a cache with some arguments, and maybe a key beside it."""

    def program() -> None:
        subnets = aws.elasticache.SubnetGroup("caches", subnet_ids=["subnet-1"])
        aws.elasticache.ReplicationGroup(
            "sessions",
            description="Sessions",
            subnet_group_name=subnets.name,
            tags={"size": pulumi.Config().get("size") or "small"},
            **{"engine": "valkey", "node_type": "cache.r7g.large", **arguments},
        )
        if more:
            aws.kms.Key("caches")

    return program


def test_the_same_program_changes_nothing() -> None:
    """Names, ids and whatever AWS would have answered stay."""
    testing.compare(version(), version(), config=REGION).assert_nothing()


def test_a_change_is_told_with_the_properties_that_differ() -> None:
    """In place, by the provider's own Diff."""
    changes = testing.compare(version(), version(node_type="cache.r7g.xlarge"), config=REGION)

    (one,) = changes
    assert str(one) == "update ReplicationGroup sessions (nodeType)"
    changes.assert_exactly({"sessions": "update"})
    changes.assert_no_replacement()
    assert changes.before.resource("ReplicationGroup")["nodeType"] == "cache.r7g.large"
    assert changes.after.resource("ReplicationGroup")["nodeType"] == "cache.r7g.xlarge"
    with pytest.raises(
        AssertionError, match=r"^nothing was to change:\n  update ReplicationGroup sessions .nodeType.$"
    ):
        changes.assert_nothing()


def test_a_replacement_is_told_with_what_forces_it() -> None:
    """The provider's table knows which arguments are fixed at creation; the rules see what the update does."""
    encrypted, plain = (version(at_rest_encryption_enabled=one) for one in (True, False))
    changes = testing.compare(encrypted, plain, config=REGION)

    (one,) = changes.of("replace")
    assert one.forced_by == ("atRestEncryptionEnabled",)
    with pytest.raises(AssertionError) as caught:
        changes.assert_no_replacement(aws.elasticache.ReplicationGroup)
    assert str(caught.value).splitlines() == [
        "nothing was to be replaced or deleted:",
        "  replace ReplicationGroup sessions because of atRestEncryptionEnabled",
    ]
    changes.assert_no_replacement(aws.elasticache.SubnetGroup)
    changes.after.assert_finds("cache-replacement", "sessions")


def test_what_comes_and_goes_is_told() -> None:
    """Claims list what is not expected, and what does not happen."""
    changes = testing.compare(version(), version(more=True), config=REGION)
    changes.assert_exactly({"caches": "create"})
    with pytest.raises(AssertionError) as caught:
        changes.assert_exactly({"sessions": "update"})
    assert str(caught.value).splitlines() == [
        "the update does something else:",
        "  sessions: expected update, found no change",
        "  caches: not expected, found create Key caches",
    ]
    gone = testing.compare(version(more=True), version(), config=REGION)
    assert [str(one) for one in gone] == ["delete Key caches"]
    assert [one.op for one in gone.of_type(aws.kms.Key)] == ["delete"]


def test_one_program_can_be_compared_under_two_configurations() -> None:
    """What differs is the second one's."""
    changes = testing.compare(version(), version(), config=REGION, config_after={"size": "large"})

    changes.assert_exactly({"sessions": "update"})
    assert changes.after.resource("ReplicationGroup")["tags"] == {"size": "large"}
