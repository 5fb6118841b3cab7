"""Tests of Pulumi programs and of policies: a program runs in this process, and its resources can be looked at.

Users import it as `cachewright.testing`.
"""

from cachewright_offline.values import UNKNOWN, Secret
from cachewright_ops.testing.changes import Change, Changes, compare
from cachewright_ops.testing.program import run
from cachewright_ops.testing.resources import Resource
from cachewright_ops.testing.result import Run
from cachewright_ops.testing.violations import Violation

__all__ = ["UNKNOWN", "Change", "Changes", "Resource", "Run", "Secret", "Violation", "compare", "run"]
