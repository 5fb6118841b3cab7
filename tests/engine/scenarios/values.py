"""Values of every kind go through unchanged."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        Thing("first", value="ü\\n\\t\\\"'", values=[0, -1, 1.5, 1e21, 2**53, True, False, "", [], {}],
              tags={"": "empty", "a.b": "dotted", "c[0]": "bracketed", "deep": {"deeper": [{"deepest": None}]}})
    """),
    up(),
    up("""Thing("first", value="", values=[0, -1, 1.5], tags={"a.b": "changed", "c[0]": "too"})"""),
)
