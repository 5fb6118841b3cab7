"""AWS refuses what the provider cannot know; what was made before stays, and the next run goes on."""

from conformance.scenario import Scenario, up
from conformance.side import Side


def take(side: Side) -> None:
    """Take the name."""
    side.client("elasticache").create_cache_parameter_group(
        CacheParameterGroupName="taken", CacheParameterGroupFamily="redis7", Description="in the way"
    )


PROGRAM = """
import pulumi_aws as aws
topic = aws.sns.Topic("topic", name="refusing")
aws.elasticache.ParameterGroup("group", name=%r, family="redis7", description=topic.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "taken", before=take, fails=True), up(PROGRAM % "free"))
