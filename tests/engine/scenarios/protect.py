"""What is protected is neither deleted nor replaced; without the protection it is."""

from conformance.scenario import Scenario, destroy, preview, up

PROTECTED = """
first = Thing("first", key=%r, opts=pulumi.ResourceOptions(protect=True))
Thing("second", value=1, opts=pulumi.ResourceOptions(depends_on=[first]))
"""

SCENARIO = Scenario(
    up(PROTECTED % "a"),
    preview(PROTECTED % "b", fails=True),
    up(PROTECTED % "b", fails=True),
    up("""Thing("second", value=1)""", fails=True),
    destroy(fails=True),
    up("""Thing("first", key="b")"""),
)
