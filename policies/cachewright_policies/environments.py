"""What a stack is for, as its owners say: it decides the levels that hold when nothing is configured."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from cachewright_policies.levels import environment_of
from cachewright_policies.rule import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "CACHEWRIGHT_ENVIRONMENT"
KEY: Final = "cachewright:environment"


class EnvironmentNameError(Exception):
    """Something names an environment that there is not; `str()` tells what, and the way out."""


def chosen(stack: str, config: Mapping[str, str]) -> Environment:
    """Return what a stack is for: what the variable says, else its configuration, else its name.

    Args:
        stack: The stack's name; empty where there is no stack, which counts as production.
        config: The stack's configuration.

    Raises:
        EnvironmentNameError: The variable or the configuration names no environment.
    """
    for source, value in ((VARIABLE, os.environ.get(VARIABLE)), (KEY, config.get(KEY))):
        if not value:
            continue
        try:
            return Environment(value)
        except ValueError:
            msg = f"{source}: expected one of {', '.join(Environment)}, found {value!r}; correct it or leave it out"
            raise EnvironmentNameError(msg) from None
    return environment_of(stack)
