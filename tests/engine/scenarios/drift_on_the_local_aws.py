"""Drift that boto3 makes on the local AWS is found by a refresh and put right by an update."""

from conformance.scenario import Scenario, refresh, up
from conformance.side import Side


def drift(side: Side) -> None:
    """Rename the topic's display, and delete the log group."""
    topic = side.client("sns").create_topic(Name="drifting")["TopicArn"]
    side.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="drifted")
    side.client("logs").delete_log_group(logGroupName="/drifting")


PROGRAM = """
import pulumi_aws as aws
aws.sns.Topic("topic", name="drifting", display_name="as written")
aws.cloudwatch.LogGroup("group", name="/drifting", retention_in_days=7)
"""

SCENARIO = Scenario(up(PROGRAM), refresh(before=drift), up())
