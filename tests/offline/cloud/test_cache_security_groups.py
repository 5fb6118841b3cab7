"""Cache security groups of EC2-Classic, through HTTP."""

import pytest


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("create_cache_security_group", {"CacheSecurityGroupName": "a", "Description": "a"}),
        ("delete_cache_security_group", {"CacheSecurityGroupName": "a"}),
        ("describe_cache_security_groups", {}),
        (
            "authorize_cache_security_group_ingress",
            {"CacheSecurityGroupName": "a", "EC2SecurityGroupName": "b", "EC2SecurityGroupOwnerId": "c"},
        ),
        (
            "revoke_cache_security_group_ingress",
            {"CacheSecurityGroupName": "a", "EC2SecurityGroupName": "b", "EC2SecurityGroupOwnerId": "c"},
        ),
    ],
)
def test_classic_security_groups_are_refused(elasticache, refused, call, arguments):
    """Groups of EC2-Classic are refused as in every account of today."""
    assert refused(getattr(elasticache, call), **arguments) == (
        "InvalidParameterValue",
        "Use of cache security groups is not permitted in this API version for your account.",
    )
