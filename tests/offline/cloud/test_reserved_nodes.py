"""Reserved nodes and their offerings, through HTTP."""

from datetime import timedelta

import pytest

from cachewright_offline.cloud.clock import CLOCK

SMALL = {"CacheNodeType": "cache.t3.small", "ProductDescription": "redis", "Duration": "1"}


@pytest.fixture
def offering(elasticache):
    (found,) = elasticache.describe_reserved_cache_nodes_offerings(**SMALL, OfferingType="Partial Upfront")[
        "ReservedCacheNodesOfferings"
    ]
    return found


def test_offering(offering):
    """An offering costs what AWS's example says: a part at once, and a part by the hour."""
    assert offering | {"ReservedCacheNodesOfferingId": ""} == {
        "ReservedCacheNodesOfferingId": "",
        "CacheNodeType": "cache.t3.small",
        "Duration": 31536000,
        "FixedPrice": 97.0,
        "UsagePrice": 0.0,
        "ProductDescription": "redis",
        "OfferingType": "Partial Upfront",
        "RecurringCharges": [{"RecurringChargeAmount": 0.011, "RecurringChargeFrequency": "Hourly"}],
    }


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (SMALL, 3),
        (SMALL | {"Duration": "94608000"}, 3),
        (SMALL | {"OfferingType": "No Upfront"}, 1),
        (SMALL | {"OfferingType": "Heavy Utilization"}, 0),
        (SMALL | {"CacheNodeType": "cache.none"}, 0),
        ({"CacheNodeType": "cache.t3.small"}, 18),
        ({"CacheNodeType": "cache.r8g.large"}, 6),
    ],
)
def test_offerings_are_filtered(elasticache, filters, count):
    """Offerings are found by node type, engine, duration and type; what runs one engine only is offered for it."""
    assert len(elasticache.describe_reserved_cache_nodes_offerings(**filters)["ReservedCacheNodesOfferings"]) == count


def test_offerings_are_paged(elasticache):
    """All offerings come in pages, each once."""
    pages = elasticache.get_paginator("describe_reserved_cache_nodes_offerings").paginate()
    ids = [one["ReservedCacheNodesOfferingId"] for page in pages for one in page["ReservedCacheNodesOfferings"]]
    assert len(ids) > 1000
    assert len(set(ids)) == len(ids)


def test_purchase(elasticache, offering, refused):
    """What is bought is pending at first, then active, has an ARN and tags, and is found by what it is."""
    id = offering["ReservedCacheNodesOfferingId"]
    bought = elasticache.purchase_reserved_cache_nodes_offering(
        ReservedCacheNodesOfferingId=id,
        ReservedCacheNodeId="Mine",
        CacheNodeCount=3,
        Tags=[{"Key": "team", "Value": "checkout"}],
    )["ReservedCacheNode"]
    assert (bought["ReservedCacheNodeId"], bought["State"], bought["CacheNodeCount"]) == ("mine", "payment-pending", 3)
    assert (bought["FixedPrice"], bought["Duration"]) == (97.0, 31536000)
    arn = "arn:aws:elasticache:us-east-1:123456789012:reserved-instance:mine"
    assert bought["ReservationARN"] == arn
    (found,) = elasticache.describe_reserved_cache_nodes(**SMALL, ReservedCacheNodesOfferingId=id)["ReservedCacheNodes"]
    assert found == bought | {"State": "active"}
    assert elasticache.describe_reserved_cache_nodes(Duration="3")["ReservedCacheNodes"] == []
    assert elasticache.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "team", "Value": "checkout"}]
    again = {"ReservedCacheNodesOfferingId": id, "ReservedCacheNodeId": "MINE"}
    assert refused(elasticache.purchase_reserved_cache_nodes_offering, **again) == (
        "ReservedCacheNodeAlreadyExists",
        "Reserved cache node mine already exists.",
    )


def test_purchase_without_an_id(elasticache, offering):
    """A reservation that is given no id gets one, and is for one node."""
    id = offering["ReservedCacheNodesOfferingId"]
    bought = elasticache.purchase_reserved_cache_nodes_offering(ReservedCacheNodesOfferingId=id)["ReservedCacheNode"]
    assert bought["ReservedCacheNodeId"].startswith("ri-20")
    assert bought["CacheNodeCount"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"CacheNodeCount": 0}, "InvalidParameterValue"),
        ({"CacheNodeCount": 301}, "ReservedCacheNodeQuotaExceeded"),
        ({"ReservedCacheNodeId": "a--b"}, "InvalidParameterValue"),
        ({"Tags": [{"Key": "aws:x", "Value": "y"}]}, "InvalidParameterValue"),
        (
            {"ReservedCacheNodesOfferingId": "438012d3-4052-4cc7-b2e3-8d3372e0e706"},
            "ReservedCacheNodesOfferingNotFound",
        ),
    ],
)
def test_purchase_refuses(elasticache, offering, refused, arguments, code):
    """A purchase that cannot be buys nothing."""
    base = {"ReservedCacheNodesOfferingId": offering["ReservedCacheNodesOfferingId"]}
    assert refused(elasticache.purchase_reserved_cache_nodes_offering, **base | arguments)[0] == code
    assert elasticache.describe_reserved_cache_nodes()["ReservedCacheNodes"] == []


def test_what_is_refused(elasticache, refused):
    """Reservations, offerings, durations and types that do not exist are refused."""
    assert refused(elasticache.describe_reserved_cache_nodes, ReservedCacheNodeId="x") == (
        "ReservedCacheNodeNotFound",
        "Reserved cache node x not found.",
    )
    assert refused(elasticache.describe_reserved_cache_nodes_offerings, ReservedCacheNodesOfferingId="x") == (
        "ReservedCacheNodesOfferingNotFound",
        "Offering x not found.",
    )
    assert refused(elasticache.describe_reserved_cache_nodes_offerings, Duration="2") == (
        "InvalidParameterValue",
        "Invalid value for Duration: 2. Must be one of: 1, 3, 31536000, 94608000.",
    )
    assert refused(elasticache.describe_reserved_cache_nodes, OfferingType="Free")[0] == "InvalidParameterValue"


def test_reservation_ends(in_process):
    """After its time a reservation is retired, and its nodes no longer count; also in what starts with an export."""
    (found,) = in_process.call("DescribeReservedCacheNodesOfferings", **SMALL, OfferingType="No Upfront")[
        "ReservedCacheNodesOfferings"
    ]
    arguments = {"ReservedCacheNodesOfferingId": found["ReservedCacheNodesOfferingId"], "CacheNodeCount": 300}
    in_process.call("PurchaseReservedCacheNodesOffering", **arguments)
    in_process.start_again()
    assert [one["State"] for one in in_process.call("DescribeReservedCacheNodes")["ReservedCacheNodes"]] == ["active"]
    CLOCK.advance(timedelta(days=366).total_seconds())
    assert [one["State"] for one in in_process.call("DescribeReservedCacheNodes")["ReservedCacheNodes"]] == ["retired"]
    in_process.call("PurchaseReservedCacheNodesOffering", **arguments)
