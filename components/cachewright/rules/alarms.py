"""Rules over whom a cache's alarms tell."""

from collections.abc import Iterable

from cachewright.arguments import Values, rule
from cachewright.errors import Problem


@rule("alarm_topic_arn", "region")
def topic(values: Values) -> Iterable[Problem]:
    """Alarms tell a topic of their own region."""
    given, region = values["alarm_topic_arn"], values["region"]
    if given is None:
        return
    parts = given.split(":")
    if len(parts) < 6 or parts[0] != "arn" or parts[2] != "sns":
        example = f"arn:aws:sns:{region or 'us-east-1'}:111122223333:alerts"
        text = f"must be the ARN of an SNS topic, got {given!r}; write it like '{example}'"
        yield Problem("alarm_topic_arn", text)
    elif region is not None and parts[3] != region:
        text = f"must be a topic in the cache's region {region}, got one in {parts[3]}; use a topic of {region}"
        yield Problem("alarm_topic_arn", text)
