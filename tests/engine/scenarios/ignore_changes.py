"""What is ignored keeps its value, at the top and inside; the rest is updated."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
Thing("first", value=%r, tags={"a": %r, "b": %r}, values=[%r, "same"],
      opts=pulumi.ResourceOptions(ignore_changes=["value", "tags.a", "values[0]"]))
"""

SCENARIO = Scenario(
    up(PROGRAM % (1, 1, 1, 1)), preview(PROGRAM % (2, 2, 2, 2)), up(), up("""Thing("first", value=3, tags={"b": 2})""")
)
