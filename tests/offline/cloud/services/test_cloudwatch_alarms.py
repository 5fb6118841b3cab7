"""Alarms that follow their data: their states, reasons and history, and what they tell a topic."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.cloud.services.cloudwatch import composite_rules, evaluation
from cachewright_offline.cloud.services.cloudwatch.evaluation import Rule

START = datetime(2026, 11, 24, tzinfo=UTC)
STATES = {"A": "ALARM", "O": "OK", "I": "INSUFFICIENT_DATA", None: None}


def evaluated(points, missing, to_alarm, periods=3):
    """Evaluate `- 0 X`: nothing, a value that does not breach, one that does; the most recent last."""
    moments = [START + timedelta(minutes=number) for number in range(len(points))]
    values = {"0": 10.0, "X": 90.0}
    series = {moment: values[point] for moment, point in zip(moments, points, strict=True) if point != "-"}
    rule = Rule("GreaterThanThreshold", 50.0, periods, to_alarm, missing)
    return evaluation.evaluate(rule, moments, series)


# The tables of "Configuring how CloudWatch alarms treat missing data" in Amazon CloudWatch's user guide.
@pytest.mark.parametrize(
    ("points", "to_alarm", "missing", "ignore", "breaching", "not_breaching"),
    [
        ("0-X-X", 3, "O", "O", "O", "O"),
        ("----0", 3, "O", "O", "O", "O"),
        ("-----", 3, "I", None, "A", "O"),
        ("0XX-X", 3, "A", "A", "A", "A"),
        ("--X--", 3, "A", None, "A", "O"),
        ("0-X-X", 2, "A", "A", "A", "A"),
        ("00X0X", 2, "A", "A", "A", "A"),
        ("0-X--", 2, "O", "O", "A", "O"),
        ("----0", 2, "O", "O", "A", "O"),
        ("----X", 2, "A", None, "A", "O"),
    ],
)
def test_missing_data(points, to_alarm, missing, ignore, breaching, not_breaching):
    """Missing datapoints are treated as AWS's tables show."""
    wanted = {"missing": missing, "ignore": ignore, "breaching": breaching, "notBreaching": not_breaching}
    found = {treatment: evaluated(points, treatment, to_alarm).state for treatment in wanted}
    assert found == {treatment: STATES[state] for treatment, state in wanted.items()}


def test_reasons():
    """The reason names the datapoints, the comparison and what the transition needs."""
    assert evaluated("--00X", "missing", 1).reason == (
        "Threshold Crossed: 1 out of the last 3 datapoints [90.0 (24/11/26 00:04:00)] was greater than the threshold "
        "(50.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert evaluated("0", "missing", 1, 1).reason == (
        "Threshold Crossed: 1 out of the last 1 datapoint [10.0 (24/11/26 00:00:00)] was not greater than the "
        "threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition)."
    )
    assert evaluated("---", "missing", 1).reason == "Insufficient Data: 3 datapoints were unknown."
    assert evaluated("---", "breaching", 1).reason == (
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as "
        "[Breaching]."
    )


@given(st.text(alphabet="-0X", min_size=5, max_size=5), st.integers(1, 3))
def test_missing_data_never_alarms_by_itself(points, to_alarm):
    """Whatever is missing, `notBreaching` gives ALARM only for as many breaching datapoints as are asked for."""
    known = [point for point in points if point != "-"][-3:]
    assert (evaluated(points, "notBreaching", to_alarm).state == "ALARM") == (known.count("X") >= to_alarm)


@pytest.fixture
def cloudwatch(cloud):
    return cloud.client("cloudwatch")


ALARM = {
    "AlarmName": "cpu",
    "Namespace": "AWS/ElastiCache",
    "MetricName": "EngineCPUUtilization",
    "Dimensions": [{"Name": "CacheClusterId", "Value": "main-001"}],
    "Statistic": "Average",
    "Period": 3600,
    "EvaluationPeriods": 1,
    "Threshold": 20.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture
def group(elasticache):
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
    )


def put(cloudwatch, value, name="EngineCPUUtilization", namespace="AWS/ElastiCache", dimensions=ALARM["Dimensions"]):
    data = {"MetricName": name, "Dimensions": dimensions, "Value": value}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[data])


def alarm(cloudwatch, name="cpu"):
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    (one,) = found["MetricAlarms"] + found["CompositeAlarms"]
    return one


def history(cloudwatch, **given):
    items = cloudwatch.describe_alarm_history(ScanBy="TimestampAscending", **given)["AlarmHistoryItems"]
    return [(item["HistoryItemType"], item["HistorySummary"]) for item in items]


@pytest.fixture
def topic(cloud):
    """Return a topic's ARN and what a queue that is subscribed to it receives."""
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    arn = sns.create_topic(Name="alarms")["TopicArn"]
    url = sqs.create_queue(QueueName="alarms")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)

    def received():
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return arn, received


def test_alarm_follows_a_cache(cloudwatch, group, topic):
    """An alarm is OK on a calm cache, goes off under load, tells its topic, and is OK again after it."""
    arn, received = topic
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[arn], OKActions=[arn])
    assert alarm(cloudwatch)["StateValue"] == "OK"
    assert [message["Subject"] for message in received()] == ['OK: "cpu" in US East (N. Virginia)']
    put(cloudwatch, 99.0)
    (message,) = received()
    told = json.loads(message["Message"])
    assert message["Subject"] == 'ALARM: "cpu" in US East (N. Virginia)'
    assert (told["AlarmName"], told["OldStateValue"], told["NewStateValue"]) == ("cpu", "OK", "ALARM")
    assert told["Trigger"]["Dimensions"] == [{"value": "main-001", "name": "CacheClusterId"}]
    found = alarm(cloudwatch)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoint [")
    assert found["StateReason"] == told["NewStateReason"]
    put(cloudwatch, -300.0)
    assert alarm(cloudwatch)["StateValue"] == "OK"
    assert history(cloudwatch, AlarmName="cpu") == [
        ("ConfigurationUpdate", 'Alarm "cpu" created'),
        ("StateUpdate", "Alarm updated from INSUFFICIENT_DATA to OK"),
        ("Action", f"Successfully executed action {arn}"),
        ("StateUpdate", "Alarm updated from OK to ALARM"),
        ("Action", f"Successfully executed action {arn}"),
        ("StateUpdate", "Alarm updated from ALARM to OK"),
        ("Action", f"Successfully executed action {arn}"),
    ]
    assert history(cloudwatch, HistoryItemType="ConfigurationUpdate") == [
        ("ConfigurationUpdate", 'Alarm "cpu" created')
    ]


def test_history_in_pages(cloudwatch):
    """The newest items come first, in pages; a made-up token is refused."""
    cloudwatch.put_metric_alarm(**ALARM)
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName="cpu", StateValue=state, StateReason="test")
    cloudwatch.delete_alarms(AlarmNames=["cpu"])
    pages = cloudwatch.get_paginator("describe_alarm_history").paginate(PaginationConfig={"PageSize": 2})
    items = [[item["HistorySummary"] for item in page["AlarmHistoryItems"]] for page in pages]
    assert items == [
        ['Alarm "cpu" deleted', "Alarm updated from ALARM to OK"],
        ["Alarm updated from INSUFFICIENT_DATA to ALARM", 'Alarm "cpu" created'],
    ]
    with pytest.raises(cloudwatch.exceptions.ClientError, match="NextToken is invalid"):
        cloudwatch.describe_alarm_history(NextToken="x")


def test_actions_that_are_not_done(cloudwatch, topic):
    """Disabled actions are not carried out; an action that fails is told in the history."""
    arn, received = topic
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[arn], ActionsEnabled=False)
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="ALARM", StateReason="test")
    assert received() == []
    gone = f"{arn}-gone"
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[arn], OKActions=[gone])
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="OK", StateReason="test")
    assert history(cloudwatch, HistoryItemType="Action") == [
        ("Action", f'Failed to execute action {gone}. Received error: "Resource: Topic does not exist"')
    ]


def test_state_that_a_client_set(cloudwatch, group):
    """A state set by hand is told and stays until the data say something else than before."""
    cloudwatch.put_metric_alarm(**ALARM)
    assert alarm(cloudwatch)["StateValue"] == "OK"
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="ALARM", StateReason="drill")
    assert (alarm(cloudwatch)["StateValue"], alarm(cloudwatch)["StateReason"]) == ("ALARM", "drill")
    put(cloudwatch, 300.0)
    assert alarm(cloudwatch)["StateValue"] == "ALARM"
    put(cloudwatch, -2000.0)
    assert alarm(cloudwatch)["StateValue"] == "OK"


def test_alarm_on_a_percentile(cloudwatch, group):
    """An alarm on p99 goes off when the slowest requests are slow."""
    cloudwatch.put_metric_alarm(
        **{key: value for key, value in ALARM.items() if key != "Statistic"} | {"MetricName": "GetTypeCmdsLatency"},
        ExtendedStatistic="p99",
    )
    for value in (1.0, 1.0, 1.0, 1.0, 1.0, 5000.0):
        put(cloudwatch, value, "GetTypeCmdsLatency")
    assert alarm(cloudwatch)["StateValue"] == "ALARM"
    cloudwatch.put_metric_alarm(
        **{key: value for key, value in ALARM.items() if key != "Statistic"} | {"MetricName": "GetTypeCmdsLatency"},
        ExtendedStatistic="p50",
    )
    assert alarm(cloudwatch)["StateValue"] == "OK"


def test_alarm_on_metric_math(cloudwatch):
    """An alarm on an expression follows the metrics in it."""

    def metric(id, name):
        stat = {"Metric": {"Namespace": "App", "MetricName": name}, "Period": 3600, "Stat": "Sum"}
        return {"Id": id, "MetricStat": stat, "ReturnData": False}

    cloudwatch.put_metric_alarm(
        AlarmName="cpu",
        Metrics=[
            metric("hits", "Hits"),
            metric("misses", "Misses"),
            {"Id": "rate", "Expression": "100 * hits / (hits + misses)", "ReturnData": True},
        ],
        EvaluationPeriods=1,
        Threshold=80.0,
        ComparisonOperator="LessThanThreshold",
    )
    assert alarm(cloudwatch)["StateValue"] == "INSUFFICIENT_DATA"
    put(cloudwatch, 90.0, "Hits", "App", [])
    put(cloudwatch, 10.0, "Misses", "App", [])
    assert alarm(cloudwatch)["StateValue"] == "OK"
    put(cloudwatch, 90.0, "Misses", "App", [])
    assert alarm(cloudwatch)["StateValue"] == "ALARM"


def test_composite_alarm(cloudwatch, refused, topic):
    """A composite alarm follows its rule, tells its topic, and is shown when it is asked for."""
    arn, received = topic
    for name in ("cpu", "memory"):
        cloudwatch.put_metric_alarm(**ALARM | {"AlarmName": name})
    rule = f'ALARM("cpu") AND NOT ALARM({alarm(cloudwatch, "memory")["AlarmArn"]})'
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=rule, AlarmActions=[arn])
    assert alarm(cloudwatch, "both")["StateValue"] == "OK"
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="ALARM", StateReason="test")
    found = alarm(cloudwatch, "both")
    assert (found["StateValue"], found["AlarmRule"]) == ("ALARM", rule)
    assert [json.loads(message["Message"])["AlarmRule"] for message in received()] == [rule]
    cloudwatch.set_alarm_state(AlarmName="memory", StateValue="ALARM", StateReason="test")
    assert alarm(cloudwatch, "both")["StateValue"] == "OK"
    assert [one["AlarmName"] for one in cloudwatch.describe_alarms()["MetricAlarms"]] == ["cpu", "memory"]
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    cloudwatch.delete_alarms(AlarmNames=["both"])
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []
    assert refused(cloudwatch.put_composite_alarm, AlarmName="x", AlarmRule="ALARM(nothing)") == (
        "ValidationError",
        "Error in AlarmRule: the alarm nothing does not exist",
    )
    assert refused(cloudwatch.put_composite_alarm, AlarmName="cpu", AlarmRule="TRUE") == (
        "ValidationError",
        "cpu is the name of a metric alarm.",
    )
    assert refused(cloudwatch.put_composite_alarm, AlarmName="x", AlarmRule="TRUE", ActionsSuppressor="cpu") == (
        "ValidationError",
        "ActionsSuppressor is not supported by the local AWS.",
    )


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("TRUE", True),
        ("FALSE OR TRUE AND FALSE", False),
        ("(FALSE OR TRUE) AND NOT FALSE", True),
        ("NOT NOT OK(a)", True),
        ('INSUFFICIENT_DATA("b c") AND OK(a)', True),
        ("ALARM(a)", False),
    ],
)
def test_composite_rules(rule, holds):
    """AND binds more tightly than OR, NOT most tightly of all."""
    assert composite_rules.evaluate(rule, {"a": "OK", "b c": "INSUFFICIENT_DATA"}) is holds


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("", "unexpected the end"),
        ("TRUE TRUE", "unexpected TRUE"),
        ("(TRUE", "expected ), found the end"),
        ("TRUE AND", "unexpected the end"),
        ("maybe", "unexpected 'maybe'"),
        ("NOT " * 60 + "TRUE", "the rule is nested too deeply"),
        ("(" * 60, "the rule is nested too deeply"),
    ],
)
def test_composite_rules_that_cannot_be(rule, problem):
    """A malformed rule is refused with the place."""
    with pytest.raises(composite_rules.RuleError) as caught:
        composite_rules.evaluate(rule, {})
    assert str(caught.value) == problem


def test_several_conditions(cloudwatch):
    """DescribeAlarms shows the alarms that meet all conditions."""
    for name in ("cache-a", "cache-b", "web-a"):
        cloudwatch.put_metric_alarm(**ALARM | {"AlarmName": name})
    cloudwatch.set_alarm_state(AlarmName="cache-a", StateValue="ALARM", StateReason="test")
    cloudwatch.set_alarm_state(AlarmName="web-a", StateValue="ALARM", StateReason="test")
    found = cloudwatch.describe_alarms(AlarmNamePrefix="cache-", StateValue="ALARM")["MetricAlarms"]
    assert [one["AlarmName"] for one in found] == ["cache-a"]
