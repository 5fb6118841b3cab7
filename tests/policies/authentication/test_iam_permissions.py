"""What roles may do to caches."""

from __future__ import annotations

import json

import pytest

from cachewright_policies.authentication.iam_permissions import RULE
from cachewright_policies.tokens import IAM_POLICY, IAM_ROLE_POLICY, SERVERLESS_CACHE
from cachewright_policies.values import UNKNOWN

CACHE = (SERVERLESS_CACHE, "c", {})
ARN = "arn:aws:elasticache:eu-west-1:123456789012"
NAMED = [f"{ARN}:serverlesscache:carts", f"{ARN}:user:shop"]
SOME = {"StringEquals": {"aws:ResourceTag/team": "shop"}}


def policy(**changes):
    """A role's policy with one statement."""
    statement = {"Effect": "Allow", "Action": "elasticache:Connect", "Resource": NAMED, **changes}
    return (IAM_ROLE_POLICY, "p", {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, False),
        ({"Resource": "*"}, True),
        ({"Resource": [NAMED[0], f"{ARN}:user:*"]}, True),
        ({"Resource": "arn:aws:elasticache:*:*:*"}, True),
        ({"Resource": f"{ARN}:serverlesscache:shop-*"}, False),
        ({"Action": ["elasticache:con*"], "Resource": "*"}, True),
        ({"Action": "elasticache:Describe*", "Resource": "*"}, False),
        ({"Resource": "*", "Condition": SOME}, False),
        ({"Effect": "Deny", "Resource": "*"}, False),
        ({"Action": "elasticache:*"}, True),
        ({"Action": "elasticache:*", "Condition": SOME}, True),
        ({"Action": "*", "Resource": "*"}, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::reports/*"}, False),
        ({"Action": "s3:GetObject", "Resource": "*"}, False),
        ({"NotAction": "iam:*", "Action": None, "Resource": "*"}, False),
        ({"Resource": None, "NotResource": NAMED}, True),
    ],
)
def test_connecting_is_allowed_to_what_is_named(verdicts, changes, wrong):
    """Connect on everything, or everything on a cache; a condition says which caches Connect is meant for."""
    assert verdicts(RULE, CACHE, policy(**changes)) == (["p.policy"] if wrong else [])


def test_documents_that_are_not_known_or_no_documents_are_left_alone(verdicts):
    """A document is not known while it names resources that do not exist: then it names some."""
    for document in (UNKNOWN, "no document", "[]", json.dumps({"Statement": ["*"]})):
        assert verdicts(RULE, CACHE, (IAM_POLICY, "p", {"policy": document})) == []


def test_a_stack_without_caches_is_left_alone(verdicts):
    """What its roles may do is not about caches."""
    assert verdicts(RULE, policy(Resource="*")) == []
