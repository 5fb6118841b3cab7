"""Which findings stop an update, by environment."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from cachewright_policies.rule import Environment, Severity


class Level(StrEnum):
    """What a violation does, in Pulumi's words."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
    REMEDIATE = "remediate"
    DISABLED = "disabled"


# The mildest severity that is mandatory; nothing is in a development environment.
_MANDATORY_FROM: Final = {Environment.STAGING: Severity.HIGH, Environment.PROD: Severity.MEDIUM}

_WORDS: Final = {
    Environment.DEV: {"dev", "develop", "development", "test", "sandbox", "local", "preview", "review", "ci"},
    Environment.STAGING: {"staging", "stage", "stg", "preprod", "uat", "qa"},
}


def environment_of(stack: str) -> Environment:
    """Return what a stack is for, from a word of its name; what has no such word is held to production's levels.

    >>> environment_of("acme/caching/eu-dev").value
    'dev'
    >>> environment_of("main").value
    'prod'
    """
    words = set(re.split(r"[^a-z]+", stack.rsplit("/", 1)[-1].lower()))
    return next((environment for environment, known in _WORDS.items() if words & known), Environment.PROD)


def default_level(severity: Severity, environment: Environment) -> Level:
    """Return the level of a rule that nothing is configured for.

    >>> default_level(Severity.MEDIUM, Environment.STAGING).value
    'advisory'
    """
    mildest = _MANDATORY_FROM.get(environment)
    return Level.MANDATORY if mildest is not None and severity.rank <= mildest.rank else Level.ADVISORY
