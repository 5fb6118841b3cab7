"""Caches as the Resource Groups Tagging API finds and tags them, with all others."""

import pytest

ARN = "arn:aws:elasticache:us-east-1:123456789012:{}"


@pytest.fixture
def tagging(cloud, elasticache):
    tags = [{"Key": "team", "Value": "checkout"}]
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.t4g.small",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        Tags=tags,
    )
    elasticache.create_user(
        UserId="reader",
        UserName="reader",
        Engine="redis",
        AccessString="on ~* +@read",
        NoPasswordRequired=True,
        Tags=[{"Key": "team", "Value": "search"}],
    )
    elasticache.create_user_group(UserGroupId="plain", Engine="valkey")
    return cloud.client("resourcegroupstaggingapi")


def found(tagging, **arguments):
    pages = tagging.get_paginator("get_resources").paginate(**arguments)
    return {
        one["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        for page in pages
        for one in page["ResourceTagMappingList"]
    }


def test_resources_are_found_by_type_and_tag(tagging):
    """Every kind is found by its type and its tags; members carry those of their group; what has none is not found."""
    group, reader = ARN.format("replicationgroup:main"), ARN.format("user:reader")
    members = {ARN.format(f"cluster:main-00{number}"): {"team": "checkout"} for number in (1, 2)}
    everything = {group: {"team": "checkout"}, reader: {"team": "search"}, **members}
    assert found(tagging) == everything
    assert found(tagging, ResourceTypeFilters=["elasticache"]) == everything
    assert found(tagging, ResourceTypeFilters=["elasticache:cluster"]) == members
    assert found(tagging, TagFilters=[{"Key": "team", "Values": ["search"]}]) == {reader: {"team": "search"}}
    assert tagging.get_tag_keys()["TagKeys"] == ["team"]
    assert sorted(tagging.get_tag_values(Key="team")["TagValues"]) == ["checkout", "search"]


def test_tags_of_several_resources(tagging, elasticache):
    """Tags are set and removed on several resources; those that refuse are named, and the others have them."""
    reader, gone = ARN.format("user:reader"), ARN.format("user:gone")
    failed = {
        gone: {"StatusCode": 404, "ErrorCode": "InvalidParameterException", "ErrorMessage": "gone is not present"}
    }
    assert tagging.tag_resources(ResourceARNList=[gone, reader], Tags={"tier": "1"})["FailedResourcesMap"] == failed
    assert found(tagging, TagFilters=[{"Key": "tier"}]) == {reader: {"team": "search", "tier": "1"}}
    tagging.untag_resources(ResourceARNList=[reader], TagKeys=["tier", "none"])
    assert elasticache.list_tags_for_resource(ResourceName=reader)["TagList"] == [{"Key": "team", "Value": "search"}]
