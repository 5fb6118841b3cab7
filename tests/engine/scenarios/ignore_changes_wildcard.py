"""`*` in a path ignores every element."""

from conformance.scenario import Scenario, up

PROGRAM = """
Thing("first", values=[{"size": %r, "name": "x"}, {"size": %r, "name": %r}],
      opts=pulumi.ResourceOptions(ignore_changes=["values[*].size"]))
"""

SCENARIO = Scenario(up(PROGRAM % (1, 1, "y")), up(PROGRAM % (2, 3, "y")), up(PROGRAM % (2, 3, "z")))
