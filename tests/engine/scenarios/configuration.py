"""Settings of every kind, secret ones included, and what an object's change does."""

from conformance.scenario import Scenario, up

PROGRAM = """
config = pulumi.Config()
Thing("first", value=config.require("text"), tags=config.require_object("tags"), values=[config.get_int("number")],
      key=config.require_secret("hidden"))
pulumi.export("flag", config.get_bool("flag"))
"""

SETTINGS = {"text": "x", "tags": {"a": 1, "b": [True]}, "number": 3, "flag": True, "hidden": {"secret": "unseen"}}

SCENARIO = Scenario(up(PROGRAM, config=SETTINGS), up(), up(config={"text": "y", "hidden": {"secret": "new"}}))
