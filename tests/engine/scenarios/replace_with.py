"""A thing is replaced because another one is, where `replace_with` says so."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", key=%r)
Thing("second", value=1, opts=pulumi.ResourceOptions(replace_with=[first]))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"))
