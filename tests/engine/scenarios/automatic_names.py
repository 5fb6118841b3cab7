"""An automatic name is kept over updates, and a new one chosen for a replacement."""

from conformance.scenario import Scenario, up

PROGRAM = """
import pulumi_aws as aws
topic = aws.sns.Topic("topic", display_name=%r, fifo_topic=%r)
group = aws.elasticache.ParameterGroup("group", family=%r)
"""

SCENARIO = Scenario(
    up(PROGRAM % ("a", False, "redis7")), up(PROGRAM % ("b", False, "redis7")), up(PROGRAM % ("b", False, "valkey8"))
)
