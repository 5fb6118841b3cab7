"""The metrics that caches publish, what clients put in their place, and the statistics of both."""

from datetime import UTC, datetime, timedelta

import pytest

NODE = [{"Name": "CacheClusterId", "Value": "main-001"}, {"Name": "CacheNodeId", "Value": "0001"}]
REPLICAS = [{"Name": "ReplicationGroupId", "Value": "main"}, {"Name": "Role", "Value": "Replica"}]


@pytest.fixture
def cloudwatch(cloud):
    return cloud.client("cloudwatch")


@pytest.fixture
def group(elasticache):
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
    )


def listed(cloudwatch, **given):
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace="AWS/ElastiCache", **given)
    return [metric for page in pages for metric in page["Metrics"]]


def around_now():
    now = datetime.now(UTC)
    return {"StartTime": now - timedelta(minutes=10), "EndTime": now + timedelta(minutes=1)}


def statistics(cloudwatch, name, dimensions, **given):
    asked = {"Namespace": "AWS/ElastiCache", "MetricName": name, "Dimensions": dimensions, "Period": 3600}
    if not given:
        given = {"Statistics": ["Average", "Maximum", "Minimum", "SampleCount", "Sum"]}
    points = cloudwatch.get_metric_statistics(**asked, **around_now(), **given)["Datapoints"]
    # An hour may end while the test runs: what its two periods say is put together.
    joined = {name: value for point in points for name, value in point.items() if name != "Timestamp"}
    for kind, join in {"Sum": sum, "SampleCount": sum, "Maximum": max, "Minimum": min}.items():
        if kind in joined:
            joined[kind] = join(point[kind] for point in points)
    return joined


def test_metrics_of_members(cloudwatch, group):
    """Each node publishes its engine's metrics by node and by cluster; roles together those that scaling follows."""
    found = [
        {pair["Name"]: pair["Value"] for pair in one["Dimensions"]}
        for one in listed(cloudwatch, MetricName="EngineCPUUtilization")
    ]
    assert sorted(found, key=str) == sorted(
        [
            *({"CacheClusterId": f"main-00{number}", "CacheNodeId": "0001"} for number in (1, 2, 3)),
            *({"CacheClusterId": f"main-00{number}"} for number in (1, 2, 3)),
            *({"ReplicationGroupId": "main", "Role": role} for role in ("Primary", "Replica")),
        ],
        key=str,
    )
    lagging = {one["Dimensions"][0]["Value"] for one in listed(cloudwatch, MetricName="ReplicationLag")}
    assert lagging == {"main-002", "main-003"}
    names = {one["MetricName"] for one in listed(cloudwatch)}
    assert "CacheHitRate" in names
    assert not names & {"CmdGet", "CPUCreditBalance", "ElastiCacheProcessingUnits", "NumItemsReadFromDisk"}


def test_metrics_of_other_kinds(cloudwatch, elasticache):
    """Memcached nodes and serverless caches publish their own metrics; deleted caches none."""
    elasticache.create_cache_cluster(
        CacheClusterId="sessions", Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=2
    )
    elasticache.create_serverless_cache(ServerlessCacheName="burst", Engine="valkey")
    nodes = [one["Dimensions"] for one in listed(cloudwatch, MetricName="CmdGet")]
    assert [{"Name": "CacheClusterId", "Value": "sessions"}] in nodes
    assert {pair["Value"] for pairs in nodes for pair in pairs if pair["Name"] == "CacheNodeId"} == {"0001", "0002"}
    assert [
        pair for one in listed(cloudwatch, MetricName="ElastiCacheProcessingUnits") for pair in one["Dimensions"]
    ] == [{"Name": "clusterId", "Value": "burst"}]
    assert listed(cloudwatch, MetricName="CPUCreditBalance")
    assert listed(cloudwatch, MetricName="EngineCPUUtilization") == []
    elasticache.delete_cache_cluster(CacheClusterId="sessions")
    elasticache.delete_serverless_cache(ServerlessCacheName="burst")
    elasticache.describe_cache_clusters()
    assert listed(cloudwatch) == []


def test_calm_values(cloudwatch, group):
    """The values are plausible, have the metric's unit, and are the same each time."""
    found = statistics(cloudwatch, "EngineCPUUtilization", NODE)
    assert 4 <= found["Minimum"] <= found["Average"] <= found["Maximum"] <= 8
    assert found["Unit"] == "Percent"
    again = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {
                "Id": "m1",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/ElastiCache",
                        "MetricName": "EngineCPUUtilization",
                        "Dimensions": NODE,
                    },
                    "Period": 3600,
                    "Stat": "Minimum",
                },
            }
        ],
        **around_now(),
    )["MetricDataResults"][0]
    assert (again["Label"], again["StatusCode"]) == ("EngineCPUUtilization Minimum", "Complete")
    assert min(again["Values"]) <= found["Minimum"]
    memory = statistics(cloudwatch, "FreeableMemory", NODE)
    assert 0.5 < memory["Average"] / (13.07 * 1024**3) < 0.7
    roles = [statistics(cloudwatch, "IsMaster", [{"Name": "CacheClusterId", "Value": f"main-00{n}"}]) for n in (1, 2)]
    assert [one["Maximum"] for one in roles] == [1.0, 0.0]


def put(cloudwatch, name, dimensions, *values, **given):
    data = [{"MetricName": name, "Dimensions": dimensions, "Value": value, **given} for value in values]
    cloudwatch.put_metric_data(Namespace="AWS/ElastiCache", MetricData=data)


def test_a_load_is_not_averaged_with_the_calm_before_it(cloudwatch, group):
    """Nothing made up is added to the period in which a client's first value is, however late in it that is."""
    put(cloudwatch, "EngineCPUUtilization", NODE, 95.0)
    assert statistics(cloudwatch, "EngineCPUUtilization", NODE)["Average"] == 95.0


def test_put_values_take_the_place(cloudwatch, group):
    """From a client's first value on nothing is made up, and the load is seen in the cluster and the role."""
    early = datetime.now(UTC) - timedelta(minutes=5)
    put(cloudwatch, "EngineCPUUtilization", NODE, 90.0, Timestamp=early)
    put(cloudwatch, "EngineCPUUtilization", NODE, 70.0, 80.0)
    found = statistics(cloudwatch, "EngineCPUUtilization", NODE)
    assert (found["SampleCount"], found["Sum"], found["Maximum"]) == (3, 240.0, 90.0)
    assert statistics(cloudwatch, "EngineCPUUtilization", NODE[:1])["Sum"] == 240.0
    primary = [REPLICAS[0], {"Name": "Role", "Value": "Primary"}]
    assert statistics(cloudwatch, "EngineCPUUtilization", primary)["Sum"] == 240.0
    assert statistics(cloudwatch, "EngineCPUUtilization", REPLICAS)["Maximum"] < 10
    put(cloudwatch, "EngineCPUUtilization", REPLICAS, 66.0, Timestamp=early)
    assert statistics(cloudwatch, "EngineCPUUtilization", REPLICAS)["Maximum"] == 66.0


def test_percentiles(cloudwatch):
    """Percentiles lie between the values; of summaries whose values are not known there are none."""
    own = [{"Name": "CacheClusterId", "Value": "elsewhere"}]
    put(cloudwatch, "GetTypeCmdsLatency", own, *(float(number) for number in range(1, 101)))
    found = statistics(cloudwatch, "GetTypeCmdsLatency", own, ExtendedStatistics=["p99", "p50", "p0", "p100", "p99.9"])
    assert {name: round(value, 3) for name, value in found["ExtendedStatistics"].items()} == {
        "p0": 1.0,
        "p50": 50.5,
        "p99": 99.01,
        "p99.9": 99.901,
        "p100": 100.0,
    }
    summary = {"SampleCount": 4.0, "Sum": 10.0, "Minimum": 1.0, "Maximum": 4.0}
    data = [{"MetricName": "Lag", "StatisticValues": summary}]
    cloudwatch.put_metric_data(Namespace="AWS/ElastiCache", MetricData=data)
    assert statistics(cloudwatch, "Lag", [])["Average"] == 2.5
    assert statistics(cloudwatch, "Lag", [], ExtendedStatistics=["p90"]) == {}


def test_refused_statistics(cloudwatch, refused):
    """Unknown statistics, no statistic, an empty range and too many datapoints are refused."""
    now = datetime.now(UTC)
    asked = {
        "Namespace": "AWS/ElastiCache",
        "MetricName": "CPUUtilization",
        "Period": 60,
        "StartTime": now - timedelta(days=2),
        "EndTime": now,
    }
    call = cloudwatch.get_metric_statistics
    assert refused(call, **asked) == (
        "InvalidParameterCombination",
        "Must specify either Statistics or ExtendedStatistics",
    )
    assert refused(call, **asked, ExtendedStatistics=["p101"]) == (
        "InvalidParameterValue",
        "The value p101 for parameter ExtendedStatistics is not supported.",
    )
    assert refused(call, **asked, Statistics=["Average"]) == (
        "InvalidParameterCombination",
        "You have requested up to 2,880 datapoints, which exceeds the limit of 1,440. "
        "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    )
    assert refused(call, **asked | {"EndTime": asked["StartTime"]}, Statistics=["Sum"])[0] == "InvalidParameterValue"


def math(cloudwatch, expression):
    def metric(id, name):
        stat = {"Metric": {"Namespace": "App", "MetricName": name}, "Period": 60, "Stat": "Sum"}
        return {"Id": id, "MetricStat": stat, "ReturnData": False}

    asked = [metric("hits", "Hits"), metric("misses", "Misses"), {"Id": "e1", "Expression": expression}]
    (found,) = cloudwatch.get_metric_data(MetricDataQueries=asked, ScanBy="TimestampAscending", **around_now())[
        "MetricDataResults"
    ]
    return found["Values"]


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("100 * hits / (hits + misses)", [90.0, 75.0]),
        ("-hits + 2 ^ 3 * 2", [-74.0, -59.0]),
        ("IF(hits > 80, 1, 0)", [1.0, 0.0]),
        ("hits > 80 AND misses < 11", [1.0, 0.0]),
        ("SUM(METRICS())", [100.0, 100.0]),
        ("MAX([hits, misses])", [90.0, 75.0]),
        ("hits - AVG(hits)", [7.5, -7.5]),
        ("RATE(hits)", [-0.25]),
        ("CEIL(ABS(DIFF(hits)) / 2)", [8.0]),
        ("misses / (hits - hits)", []),
    ],
)
def test_metric_math(cloudwatch, expression, values):
    """Expressions are computed period by period."""
    now = datetime.now(UTC)
    for name, pair in {"Hits": (90.0, 75.0), "Misses": (10.0, 25.0)}.items():
        data = [
            {"MetricName": name, "Value": value, "Timestamp": now - timedelta(minutes=back)}
            for value, back in zip(pair, (3, 2), strict=True)
        ]
        cloudwatch.put_metric_data(Namespace="App", MetricData=data)
    assert math(cloudwatch, expression) == pytest.approx(values)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("hits +", "expected an operand, found 'the end'"),
        ("other", "unknown identifier 'other'"),
        ("hits ~ 1", "unexpected '~'"),
        ("1 + 1", "the expression must return a time series, not a number"),
        ("[hits, misses]", "the expression must return one time series"),
        ("ANOMALY_DETECTION_BAND(hits)", "the function ANOMALY_DETECTION_BAND is not known to the local AWS"),
        ("(" * 60 + "hits" + ")" * 60, "the expression is nested too deeply"),
        ("e1 + 1", "unknown identifier 'e1'"),
    ],
)
def test_math_that_cannot_be(cloudwatch, refused, expression, problem):
    """An expression that cannot be computed is refused with the reason."""
    assert refused(math, cloudwatch=cloudwatch, expression=expression) == (
        "ValidationError",
        f"Error in expression 'e1' [{problem}]",
    )
