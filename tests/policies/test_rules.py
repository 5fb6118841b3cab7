"""What holds for every rule: its two examples, and what it tells of itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cachewright_policies import registry
from cachewright_policies.finding import Status

RULES = registry.rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
class TestEveryRule:
    """Each rule by itself."""

    def test_its_violating_example_is_found_and_nothing_is_left_undecided(self, rule, checked, found):
        """The violating example runs, and the rule finds something in it."""
        program = checked(rule.violating)
        if rule.of_change:
            _replace_everything(program.graph)
        findings = found(program.graph, rule, sources=program.sources)
        assert program.refusals == ()
        assert findings, "nothing is found"
        assert {(one.policy, one.status) for one in findings} == {(rule.name, Status.VIOLATION)}

    def test_its_compliant_example_passes(self, rule, checked, found):
        """The mended program passes, and nothing in it is undecided."""
        program = checked(rule.compliant)
        if rule.of_change:
            _replace_everything(program.graph)
        assert program.refusals == ()
        assert found(program.graph, rule, sources=program.sources) == []

    def test_it_can_be_found_by_its_file_and_read(self, rule):
        """The name is kebab case, the file is called after what it is about, and every text is there."""
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.name)
        file = Path(rule.check.__code__.co_filename)
        assert set(file.stem.split("_")) & set(rule.name.split("-")), file.stem
        for text in (rule.title, rule.description, rule.remediation):
            assert text == text.strip()
            assert text[0].isupper()
        assert rule.description.endswith(".")
        assert rule.remediation.endswith(".")
        assert not rule.title.endswith(".")
        assert rule.url.startswith("https://")
        assert rule.types


def _replace_everything(graph):
    """Make the graph that of an update which replaces every resource."""
    for resource in graph.resources.values():
        resource.op = "replace"


def test_no_two_rules_share_a_name():
    """A waiver or a level names one rule."""
    assert len(registry.by_name()) == len(RULES)
