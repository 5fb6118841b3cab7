"""The examples of docs/testing.md."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_page_has_examples() -> None:
    """Programs, rules, policies of Pulumi's own kind, two versions."""
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_passes(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its test functions pass as a reader would have them, in a file of their own."""
    file = tmp_path / f"test_example_{number}.py"
    file.write_text(EXAMPLES[number])
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, file.stem, module)
    spec.loader.exec_module(module)
    tests = [value for name, value in vars(module).items() if name.startswith("test_")]

    assert tests
    for test in tests:
        test()
