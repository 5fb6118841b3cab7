"""Values of the package random are made once, kept, and made anew when a keeper changes."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
import pulumi_random as random
id = random.RandomId("id", byte_length=4, keepers={"version": %r})
password = random.RandomPassword("password", length=20)
pulumi.export("length", id.hex.apply(len))
pulumi.export("password_length", password.result.apply(len))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "a"), preview(PROGRAM % "b"))
