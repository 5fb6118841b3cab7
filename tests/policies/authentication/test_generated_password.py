"""Random passwords that become a cache's."""

from __future__ import annotations

import pytest

from cachewright_policies.authentication.generated_password import RULE
from cachewright_policies.tokens import RANDOM_PASSWORD, REPLICATION_GROUP, USER
from cachewright_policies.values import UNKNOWN

TOKEN = (REPLICATION_GROUP, "g", {}, {"authToken": ["p"]})
PASSWORD = (USER, "u", {}, {"authenticationMode": ["p"]})


@pytest.mark.parametrize(
    ("taker", "values", "expected"),
    [
        (TOKEN, {"length": 32}, ["p.special"]),
        (TOKEN, {"length": 32, "special": False}, []),
        (TOKEN, {"length": 32, "special": "false"}, []),
        (TOKEN, {"length": 32, "overrideSpecial": "!&#$^<>-"}, []),
        (TOKEN, {"length": 32, "overrideSpecial": "!@"}, ["p.overrideSpecial"]),
        (TOKEN, {"length": 15, "special": False}, ["p.length"]),
        (TOKEN, {"length": 16, "special": False}, []),
        (TOKEN, {"length": 129, "special": False}, ["p.length"]),
        (TOKEN, {"length": UNKNOWN, "special": False}, ["p.length?"]),
        (PASSWORD, {"length": 32}, []),
        (PASSWORD, {"length": 12}, ["p.length"]),
        ((USER, "u", {}, {"passwords": ["p"]}), {"length": 12}, ["p.length"]),
        ((USER, "u", {}, {"userId": ["p"]}), {"length": 8}, []),
    ],
)
def test_what_is_drawn_is_what_aws_takes(verdicts, taker, values, expected):
    """Both have a length; only a token has few special characters."""
    assert verdicts(RULE, (RANDOM_PASSWORD, "p", values), taker) == expected
