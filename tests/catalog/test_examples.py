"""The examples in the catalog's docstrings are what the functions answer."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import cachewright.catalog

MODULES = [one.name for one in pkgutil.iter_modules(cachewright.catalog.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    """A docstring that shows an answer shows the right one."""
    assert doctest.testmod(import_module(f"cachewright.catalog.{name}")).failed == 0
