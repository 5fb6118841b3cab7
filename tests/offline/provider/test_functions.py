"""Functions that are answered without a call."""

import json
from typing import Any

import pytest

from cachewright_offline.provider import functions
from cachewright_offline.provider.protocol import Provider, ProviderError, UnknownTypeError


def ask(provider: Provider, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    answer, failures = provider.invoke(token, arguments, preview=True)
    assert failures == ()
    return answer


def test_identity_region_and_partition(aws: Provider) -> None:
    """The account is always the same made-up one."""
    assert ask(aws, "aws:index/getCallerIdentity:getCallerIdentity", {}) == {
        "accountId": "123456789012",
        "arn": "arn:aws:iam::123456789012:user/cachewright",
        "id": "123456789012",
        "userId": "AIDACACHEWRIGHTLOCAL",
    }
    assert ask(aws, "aws:index/getRegion:getRegion", {})["name"] == "us-east-1"
    assert ask(aws, "aws:index/getPartition:getPartition", {"region": "cn-north-1"}) == {
        "dnsSuffix": "amazonaws.com.cn",
        "id": "aws-cn",
        "partition": "aws-cn",
        "region": "cn-north-1",
        "reverseDnsPrefix": "cn.com.amazonaws",
    }


def test_zones_can_be_excluded(aws: Provider) -> None:
    """Zones of the catalog are told, without the excluded ones."""
    arguments = {"state": "available", "excludeNames": ["eu-west-1b"], "region": "eu-west-1"}
    answer = ask(aws, "aws:index/getAvailabilityZones:getAvailabilityZones", arguments)
    assert answer["names"] == ["eu-west-1a", "eu-west-1c"]
    assert answer["zoneIds"] == ["euw1-az1", "euw1-az3"]
    assert answer["id"] == "eu-west-1"


def test_policy_document_is_written_as_the_aws_provider_writes_it(aws: Provider) -> None:
    """One value is a string, several are a list; principals of everybody are a star; sources merge by Sid."""
    source = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Deny"}]})
    answer = ask(
        aws,
        "aws:iam/getPolicyDocument:getPolicyDocument",
        {
            "sourcePolicyDocuments": [source],
            "statements": [
                {
                    "sid": "a",
                    "actions": ["elasticache:Connect"],
                    "resources": ["arn:1", "arn:2"],
                    "principals": [{"type": "*", "identifiers": ["*"]}],
                    "conditions": [
                        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
                        {"test": "StringEquals", "variable": "aws:SourceArn", "values": ["2", "1"]},
                    ],
                }
            ],
        },
    )
    assert json.loads(answer["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "a",
                "Effect": "Allow",
                "Action": "elasticache:Connect",
                "Resource": ["arn:2", "arn:1"],
                "Principal": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": "1", "aws:SourceArn": ["2", "1"]}},
            }
        ],
    }
    assert json.loads(answer["minifiedJson"]) == json.loads(answer["json"])


def test_policy_document_refuses_a_version_of_its_own(aws: Provider) -> None:
    """IAM has two versions of its language."""
    with pytest.raises(ProviderError, match=r"version: expected 2012-10-17 or 2008-10-17, found '2026-01-01'"):
        ask(aws, "aws:iam/getPolicyDocument:getPolicyDocument", {"version": "2026-01-01"})


def test_networks_have_stand_ins_where_no_local_aws_is(aws: Provider) -> None:
    """A program that looks up its network can be previewed and checked without one."""
    vpc = ask(aws, "aws:ec2/getVpc:getVpc", {"default": True})
    assert (vpc["id"], vpc["cidrBlock"], vpc["default"]) == ("vpc-00000000000000000", "10.0.0.0/16", True)
    assert ask(aws, "aws:ec2/getSubnets:getSubnets", {})["ids"] == [
        "subnet-00000000000000000",
        "subnet-00000000000000001",
    ]
    assert ask(aws, "aws:ec2/getSubnet:getSubnet", {"id": "subnet-1"})["id"] == "subnet-1"
    assert ask(aws, "aws:ec2/getSecurityGroup:getSecurityGroup", {"name": "web"})["name"] == "web"


def test_unknown_function_says_how_to_add_it(aws: Provider) -> None:
    """A function that nobody answers fails by its name."""
    with pytest.raises(UnknownTypeError) as refused:
        ask(aws, "aws:s3/getBucket:getBucket", {})
    assert str(refused.value) == (
        "the local provider has no function aws:s3/getBucket:getBucket. Add "
        "cachewright_offline/provider/functions/s3_get_bucket.py with `answer(call, arguments)` and name it in a table "
        "of provider/functions/tables/; or run the program on real AWS (`--target aws`)."
    )


@pytest.mark.parametrize("token", sorted(functions.table()))
def test_every_function_of_the_tables_exists(token: str) -> None:
    """Each token leads to something that answers."""
    assert functions.find(token) is not None
