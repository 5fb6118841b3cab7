"""Alarms: that they can fire, when they do, that they tell somebody, and that each cache has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import metrics
from cachewright_policies.configuration import Configuration
from cachewright_policies.finding import Status
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.levels import Level
from cachewright_policies.observability import alarm_actions, alarm_can_fire, alarm_threshold, essential_alarms
from cachewright_policies.rule import Environment
from cachewright_policies.topology.alarms import intended, owner

CACHES = """
plain = aws.elasticache.ReplicationGroup(
    "plain", replication_group_id="plain", description="Plain", engine="redis", num_cache_clusters=2
)
sharded = aws.elasticache.ReplicationGroup(
    "sharded", replication_group_id="sharded", description="Sharded", engine="valkey", num_node_groups=2,
    replicas_per_node_group=1,
)
pages = aws.elasticache.Cluster("pages", cluster_id="pages", engine="memcached", num_cache_nodes=3)
free = aws.elasticache.ServerlessCache("free", name="free", engine="valkey")
"""


def alarm(**changed: str) -> str:
    """Return the text of an alarm on the group `plain`; arguments are texts of Python."""
    arguments = {
        "namespace": '"AWS/ElastiCache"',
        "metric_name": '"EngineCPUUtilization"',
        "dimensions": '{"CacheClusterId": "plain-001"}',
        "comparison_operator": '"GreaterThanThreshold"',
        "statistic": '"Average"',
        "period": "60",
        "evaluation_periods": "5",
        "threshold": "90",
        **changed,
    }
    return f"aws.cloudwatch.MetricAlarm('one', {', '.join(f'{key}={value}' for key, value in arguments.items())})\n"


GOOD = {
    "the member of a group": '{"CacheClusterId": "plain-002"}',
    "the member and its node": '{"CacheClusterId": "plain-001", "CacheNodeId": "0001"}',
    "the member of a shard": '{"CacheClusterId": "sharded-0002-001"}',
    "a member by its id": '{"CacheClusterId": pulumi.Output.concat(plain.id, "-001")}',
    "a member by the list": '{"CacheClusterId": plain.member_clusters[0]}',
    "a cache of elsewhere": '{"CacheClusterId": "elsewhere-001"}',
    "a role, as auto scaling": '{"ReplicationGroupId": "plain", "Role": "Primary"}',
}


@pytest.mark.parametrize("dimensions", GOOD.values(), ids=GOOD)
def test_an_alarm_on_what_is_published_can_fire(checked, found, dimensions):
    """The dimensions that AWS publishes by are accepted, by value and by edge."""
    program = checked(CACHES + alarm(dimensions=dimensions))
    assert found(program.graph, alarm_can_fire.RULE) == []


GOOD_METRICS = {
    "memcached": {"metric_name": '"Evictions"', "dimensions": '{"CacheClusterId": pages.cluster_id}'},
    "memcached's third node": {
        "metric_name": '"CPUUtilization"',
        "dimensions": '{"CacheClusterId": "pages", "CacheNodeId": "0003"}',
    },
    "serverless": {"metric_name": '"ThrottledCmds"', "dimensions": '{"clusterId": free.name}'},
    "a namespace of one's own": {"namespace": '"Shop/Caches"', "dimensions": '{"Group": plain.id}'},
    "another service": {"namespace": '"AWS/RDS"', "dimensions": '{"DBInstanceIdentifier": "orders"}'},
}


@pytest.mark.parametrize("changed", GOOD_METRICS.values(), ids=GOOD_METRICS)
def test_an_alarm_on_another_engine_or_elsewhere_is_left_alone(checked, found, changed):
    """Memcached's and serverless metrics are known; what is not ElastiCache's is not judged."""
    program = checked(CACHES + alarm(**changed))
    assert found(program.graph, alarm_can_fire.RULE) == []


BAD = {
    "the group": (
        {"dimensions": '{"ReplicationGroupId": plain.id}'},
        "EngineCPUUtilization is published by node, not by ReplicationGroupId: the alarm never fires; name each member"
        " by CacheClusterId",
    ),
    "the group's id as a member": (
        {"dimensions": '{"CacheClusterId": plain.replication_group_id}'},
        "plain is the replication group plain, and metrics are its members', such as plain-001: the alarm never fires",
    ),
    "a shard of what has none": (
        {"dimensions": '{"CacheClusterId": "plain-0001-001"}'},
        "plain is not sharded, its members are called plain-001, not plain-0001-001: the alarm never fires",
    ),
    "no shard of what has some": (
        {"dimensions": '{"CacheClusterId": "sharded-001"}'},
        "sharded is sharded, its members are called sharded-0001-001, not sharded-001: the alarm never fires",
    ),
    "a third shard of two": (
        {"dimensions": '{"CacheClusterId": "sharded-0003-001"}'},
        "sharded has no member sharded-0003-001: the alarm never fires",
    ),
    "a third member of two": (
        {"dimensions": '{"CacheClusterId": "plain-003"}'},
        "plain has no member plain-003: the alarm never fires",
    ),
    "a second node of one": (
        {"dimensions": '{"CacheClusterId": "plain-001", "CacheNodeId": "0002"}'},
        "plain has no node 0002: the alarm never fires",
    ),
    "no dimension": (
        {"dimensions": "None"},
        "no dimension says which cache's EngineCPUUtilization is meant: the alarm never fires",
    ),
    "a dimension in another spelling": (
        {"dimensions": '{"CacheClusterID": "plain-001"}'},
        "EngineCPUUtilization is published by CacheClusterId and CacheNodeId, found CacheClusterID: the alarm never"
        " fires",
    ),
    "a misspelt metric": (
        {"metric_name": '"EngineCpuUtilization"'},
        "EngineCpuUtilization is no metric of a node of a cache (did you mean EngineCPUUtilization?): the alarm never"
        " fires",
    ),
    "a misspelt namespace": (
        {"namespace": '"AWS/Elasticache"'},
        "the namespace AWS/Elasticache holds no metric of a cache, ElastiCache publishes in AWS/ElastiCache: the alarm"
        " never fires",
    ),
    "another service's namespace": (
        {"namespace": '"AWS/RDS"'},
        "the namespace AWS/RDS holds no metric of a cache, ElastiCache publishes in AWS/ElastiCache: the alarm never"
        " fires",
    ),
    "a metric that Memcached has not": (
        {"dimensions": '{"CacheClusterId": pages.cluster_id}'},
        "EngineCPUUtilization is not published by memcached, which pages runs: the alarm never fires",
    ),
    "serverless by another dimension": (
        {"metric_name": '"ThrottledCmds"', "dimensions": '{"CacheClusterId": free.name}'},
        "a serverless cache publishes ThrottledCmds by clusterId alone, found CacheClusterId: the alarm never fires",
    ),
}


@pytest.mark.parametrize(("changed", "message"), BAD.values(), ids=BAD)
def test_an_alarm_on_what_nobody_publishes_is_found(checked, found, changed, message):
    """Whatever makes the alarm have no data for ever is told, and why."""
    program = checked(CACHES + alarm(**changed))
    findings = found(program.graph, alarm_can_fire.RULE)
    assert [(one.message, one.status) for one in findings] == [(message, Status.VIOLATION)]


def test_metrics_of_queries_are_looked_at_too(checked, found):
    """An alarm on an expression names its metrics in queries."""
    program = checked(
        CACHES
        + """
aws.cloudwatch.MetricAlarm(
    "one", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=1,
    metric_queries=[
        {"id": "m1", "metric": {"namespace": "AWS/ElastiCache", "metric_name": "CPUUtilization", "period": 60,
         "stat": "Average", "dimensions": {"ReplicationGroupId": plain.id}}},
        {"id": "e1", "expression": "m1 * 2", "return_data": True},
    ],
)
"""
    )
    assert [one.property for one in found(program.graph, alarm_can_fire.RULE)] == ["metricQueries[0].metric.dimensions"]


THRESHOLDS = {
    "above a hundred percent": ({"threshold": "900"}, "threshold"),
    "more than a hundred percent": ({"threshold": "100"}, "threshold"),
    "zero percent": ({"threshold": "0"}, "threshold"),
    "below zero": ({"threshold": "-1"}, "threshold"),
    "the wrong side": ({"comparison_operator": '"LessThanThreshold"'}, "comparisonOperator"),
    "free memory high": ({"metric_name": '"FreeableMemory"', "threshold": "1000000"}, "comparisonOperator"),
    "connections above the most": ({"metric_name": '"CurrConnections"', "threshold": "70000"}, "threshold"),
    "evictions of zero or more": (
        {"metric_name": '"Evictions"', "threshold": "0", "comparison_operator": '"GreaterThanOrEqualToThreshold"'},
        "threshold",
    ),
    "samples": ({"statistic": '"SampleCount"'}, "statistic"),
    "a sum of percentages": ({"statistic": '"Sum"', "period": "300"}, "statistic"),
    "ten seconds": ({"period": "10"}, "period"),
    "another unit": ({"unit": '"Count"'}, "unit"),
    "a fraction of a hundred": ({"threshold": "0.9"}, "threshold"),
    "megabytes": (
        {"metric_name": '"FreeableMemory"', "threshold": "500", "comparison_operator": '"LessThanThreshold"'},
        "threshold",
    ),
    "a day late": ({"period": "86400", "evaluation_periods": "1"}, "period"),
    "two hours late": ({"evaluation_periods": "120"}, "period"),
}


@pytest.mark.parametrize(("changed", "property"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_a_senseless_threshold_is_found(checked, found, changed, property):
    """An alarm that never fires, or always, is told by the property to change."""
    program = checked(CACHES + alarm(**changed))
    assert [one.property for one in found(program.graph, alarm_threshold.RULE)] == [property]


SOUND = {
    "percent": {},
    "at a hundred or more": {"threshold": "100", "comparison_operator": '"GreaterThanOrEqualToThreshold"'},
    "any eviction": {"metric_name": '"Evictions"', "threshold": "0", "statistic": '"Sum"'},
    "little memory": {
        "metric_name": '"FreeableMemory"',
        "threshold": "100000000",
        "comparison_operator": '"LessThanThreshold"',
    },
    "few connections": {
        "metric_name": '"CurrConnections"',
        "threshold": "1",
        "comparison_operator": '"LessThanThreshold"',
    },
    "any swap": {"metric_name": '"SwapUsage"', "threshold": "0"},
    "an hour": {"evaluation_periods": "60"},
    "a few minutes of a day": {"evaluation_periods": "1440", "datapoints_to_alarm": "5"},
    "a low hit rate over a day": {
        "metric_name": '"CacheHitRate"',
        "threshold": "80",
        "comparison_operator": '"LessThanThreshold"',
        "period": "86400",
    },
    "its own unit": {"unit": '"Percent"'},
    "another namespace": {"namespace": '"Shop"', "threshold": "-1"},
}


@pytest.mark.parametrize("changed", SOUND.values(), ids=SOUND)
def test_a_sound_threshold_passes(checked, found, changed):
    """What fires when there is trouble passes."""
    program = checked(CACHES + alarm(**changed))
    assert found(program.graph, alarm_threshold.RULE) == []


ACTIONS = {
    "none": ({}, "alarmActions is empty: the alarm goes off and nobody is told"),
    "an empty list": ({"alarm_actions": "[]"}, "alarmActions is empty: the alarm goes off and nobody is told"),
    "only when it is over": (
        {"ok_actions": '["arn:aws:sns:eu-west-1:123456789012:on-call"]'},
        "alarmActions is empty: the alarm goes off and nobody is told",
    ),
    "switched off": (
        {"alarm_actions": '["arn:aws:sns:eu-west-1:123456789012:on-call"]', "actions_enabled": "False"},
        "actionsEnabled is false: the alarm goes off and nobody is told",
    ),
}


@pytest.mark.parametrize(("changed", "message"), ACTIONS.values(), ids=ACTIONS)
def test_an_alarm_that_tells_nobody_is_found(checked, found, changed, message):
    """Actions must be there and switched on."""
    program = checked(CACHES + alarm(**changed))
    assert [one.message for one in found(program.graph, alarm_actions.RULE)] == [message]


TOLD = {
    "a topic of the stack": alarm(alarm_actions='[aws.sns.Topic("on-call").arn]'),
    "not a cache's": alarm(namespace='"AWS/RDS"', dimensions='{"DBInstanceIdentifier": "orders"}'),
    "a composite alarm": "one = "
    + alarm()
    + """aws.cloudwatch.CompositeAlarm(
    "all", alarm_name="all", alarm_rule=one.arn.apply(lambda arn: f'ALARM("{arn}")'),
    alarm_actions=["arn:aws:sns:eu-west-1:123456789012:on-call"],
)
""",
}


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_an_alarm_that_somebody_hears_of_passes(checked, found, text):
    """A topic, known or not, is enough; a composite alarm may tell for its parts."""
    assert found(checked(CACHES + text).graph, alarm_actions.RULE) == []


def test_a_composite_alarm_must_tell_somebody_itself(checked, found):
    """The parts leave it to the composite alarm, which has no action."""
    program = checked(
        CACHES + "one = " + alarm() + 'aws.cloudwatch.CompositeAlarm("all", alarm_name="all",'
        ' alarm_rule=pulumi.Output.concat("ALARM(", one.name, ")"))'
    )
    assert [one.name for one in found(program.graph, alarm_actions.RULE)] == ["all"]


def names(findings):
    """Return the resources that something is found on."""
    return sorted(one.name for one in findings)


def test_every_cache_without_an_alarm_is_found_but_members_and_secondaries(checked, found):
    """Each kind of cache needs its own; what belongs to another cache does not."""
    program = checked(
        CACHES + 'aws.elasticache.Cluster("member", cluster_id="plain-003", replication_group_id=plain.id)\n'
        'aws.elasticache.ReplicationGroup("second", description="S", global_replication_group_id="abcde-x")\n'
    )
    assert names(found(program.graph, essential_alarms.RULE)) == ["free", "pages", "plain", "sharded"]


def test_alarms_count_by_name_by_edge_and_even_when_they_cannot_fire(checked, found):
    """That an alarm cannot fire is said of the alarm alone."""
    text = CACHES
    for number, (metric, dimensions) in enumerate(
        [
            ("EngineCpuUtilization", '{"CacheClusterId": "plain-001"}'),
            ("DatabaseMemoryUsagePercentage", '{"ReplicationGroupId": plain.id}'),
            ("CPUUtilization", '{"CacheClusterId": "sharded-0001-001"}'),
            ("Evictions", '{"CacheClusterId": pages.id}'),
            ("ThrottledCmds", '{"clusterId": free.name}'),
        ]
    ):
        text += alarm(metric_name=f'"{metric}"', dimensions=dimensions).replace("'one'", f"'alarm{number}'")
    findings = found(checked(text).graph, essential_alarms.RULE)
    assert [(one.name, one.message) for one in findings] == [
        (
            "sharded",
            "no alarm of this stack watches sharded on DatabaseMemoryUsagePercentage or"
            " DatabaseMemoryUsageCountedForEvictPercentage or DatabaseCapacityUsagePercentage or"
            " DatabaseCapacityUsageCountedForEvictPercentage or FreeableMemory or BytesUsedForCache or Evictions:"
            " clients notice the trouble first",
        )
    ]


def test_the_metrics_asked_for_are_a_setting(checked, found):
    """A user may ask for more, and for less."""
    rule = essential_alarms.RULE
    chosen = {rule.name: {"nodes": ["ReplicationLag"], "memcached": [], "serverless": []}}
    configuration = Configuration(Environment.PROD, {rule.name: Level.MANDATORY}, None, chosen)
    findings = found(checked(CACHES).graph, rule, configuration=configuration)
    assert names(findings) == ["plain", "sharded"]


@given(st.sampled_from(sorted({one.name for one in metrics.metrics()})))
def test_a_metric_means_itself_in_any_case(name):
    """A right name is never taken for another one."""
    assert intended(name) == name
    assert intended(name.upper()) == name


@given(st.integers(1, 999), st.integers(1, 500))
def test_a_member_leads_to_its_group(node, shard):
    """Both forms of a member's id lead to the group, whatever its numbers."""
    group = Resource("urn::a::b::g", "aws:elasticache/replicationGroup:ReplicationGroup", {"replicationGroupId": "g-1"})
    graph = Graph([group])
    assert owner(graph, f"g-1-{node:03}") is group
    assert owner(graph, f"g-1-{shard:04}-{node:03}") is group
    assert owner(graph, f"h-1-{node:03}") is None
