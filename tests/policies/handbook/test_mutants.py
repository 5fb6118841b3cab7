"""Single faults, planted in the clean configuration one at a time: each is found by the rule meant for it, alone."""

from __future__ import annotations

from cachewright_policies import registry
from cachewright_policies.configuration import Configuration
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.levels import Level

DESIGN = {"cache-cluster-mode", "auth-token-write-only"}
LEVELS = dict.fromkeys(DESIGN, Level.MANDATORY)


def test_the_fault_is_found_by_its_rule_and_by_no_other(mutant, handbook, planted, findings):
    """What is found is exactly what the table says."""
    sources = {mutant.entry.get("file", "planted.py"): mutant.entry["source"]} if "source" in mutant.entry else None
    assert findings(planted(handbook.graph, mutant), handbook, sources) == mutant.expected(handbook.graph)


def test_no_two_mutants_have_one_name(all_mutants, mutants):
    """A fault is told apart by its name."""
    assert len(mutants) == len(all_mutants) > 400


def test_every_rule_has_a_mutant(all_mutants, handbook):
    """There is no rule that no fault is planted for, but the two that ask for another design."""
    seen = {one.partition(":")[0] for mutant in all_mutants for one in mutant.expected(handbook.graph)}
    assert {rule.name for rule in registry.rules()} - seen == DESIGN


def test_the_rules_that_ask_for_another_design_see_all_that_has_this_one(handbook):
    """Groups without shards, and tokens and passwords that the state keeps, are found where that is asked for."""
    evaluation = Evaluation([rule for rule in registry.rules() if rule.name in DESIGN], Configuration(levels=LEVELS))
    assert sorted(f"{one.policy}: {one.name}" for one in evaluation.findings(handbook.graph)) == [
        "auth-token-write-only: catalogue",
        "auth-token-write-only: order-writer",
        "auth-token-write-only: sessions",
        "cache-cluster-mode: catalogue",
        "cache-cluster-mode: sessions",
    ]
