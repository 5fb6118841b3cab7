"""Tests of Pulumi programs and policies, in this process: `from cachewright import testing`.

The one door from the components to what stands above them, for tests only: no component imports it. It needs the
embedded engine, which `pip install 'cachewright[local]'` brings.
"""

try:
    from cachewright_ops.testing import (
        UNKNOWN,
        Change,
        Changes,
        Resource,
        Run,
        Secret,
        Violation,
        compare,
        run,
    )
except ModuleNotFoundError as error:
    msg = f"cachewright.testing needs {error.name}: pip install 'cachewright[local]'"
    raise ModuleNotFoundError(msg, name=error.name) from error

__all__ = ["UNKNOWN", "Change", "Changes", "Resource", "Run", "Secret", "Violation", "compare", "run"]
