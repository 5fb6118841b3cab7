"""The configuration of the rules: one document for `check --policy-config` and Pulumi's `--policy-pack-config`."""

from __future__ import annotations

import pytest

from cachewright_policies import registry
from cachewright_policies.configuration import PolicyConfigurationError, parse
from cachewright_policies.environments import EnvironmentNameError, chosen
from cachewright_policies.levels import Level
from cachewright_policies.rule import Environment

RULES = registry.rules()


def test_a_level_for_all_is_one_for_the_rules_that_are_off_by_default_too():
    """So does Pulumi; what is configured by itself has its own."""
    found = parse({"all": "mandatory", "vpc-flow-logs": "disabled"}, RULES, Environment.DEV)
    levels = {rule.name: found.level(rule) for rule in RULES}
    assert levels.pop("vpc-flow-logs") is None
    assert set(levels.values()) == {Level.MANDATORY}
    assert not all(rule.enabled and Environment.DEV in rule.environments for rule in RULES)


@pytest.mark.parametrize("entry", ["mandatory", {"enforcementLevel": "mandatory"}])
def test_what_is_undecided_has_a_level_of_its_own(entry):
    """It is no rule, and `all` does not set it."""
    assert parse({"undecided": entry}, RULES, Environment.PROD).undecided is Level.MANDATORY
    assert parse({"all": "mandatory"}, RULES, Environment.PROD).undecided is None


def test_remediate_is_refused_where_there_is_no_remediation():
    """All at once; a rule with one is held as a mandatory one by a check, which changes nothing."""
    with pytest.raises(PolicyConfigurationError) as refused:
        parse(
            {
                "all": "remediate",
                "undecided": "remediate",
                "cache-private-subnets": {"enforcementLevel": "remediate"},
                "cache-tags": "remediate",
            },
            RULES,
            Environment.PROD,
        )
    assert str(refused.value).splitlines() == [
        f"{name}: expected a level of what cannot be remediated (advisory, mandatory, disabled), found 'remediate'"
        for name in ("all", "undecided", "cache-private-subnets")
    ]
    found = parse({"cache-tags": "remediate"}, RULES, Environment.DEV)
    assert found.level(registry.by_name()["cache-tags"]) is Level.MANDATORY


def test_a_number_that_pulumi_hands_over_is_whole():
    """Every number of a policy pack's configuration is a float."""
    found = parse({"cache-automatic-backups": {"minimumDays": 14.0}}, RULES, Environment.PROD)
    (days,) = found.settings(registry.by_name()["cache-automatic-backups"]).values()
    assert (days, type(days)) == (14, int)


class TestEnvironments:
    """What a stack is for."""

    def test_the_variable_beats_the_configuration_and_that_the_name(self, monkeypatch):
        """From the most particular to the most general."""
        monkeypatch.delenv("CACHEWRIGHT_ENVIRONMENT", raising=False)
        assert chosen("eu-staging", {}) is Environment.STAGING
        assert chosen("eu-staging", {"cachewright:environment": "prod"}) is Environment.PROD
        monkeypatch.setenv("CACHEWRIGHT_ENVIRONMENT", "dev")
        assert chosen("eu-staging", {"cachewright:environment": "prod"}) is Environment.DEV

    def test_a_name_that_is_none_is_told(self, monkeypatch):
        """With where it stands and what is expected."""
        monkeypatch.delenv("CACHEWRIGHT_ENVIRONMENT", raising=False)
        with pytest.raises(EnvironmentNameError) as told:
            chosen("main", {"cachewright:environment": "live"})
        assert str(told.value) == (
            "cachewright:environment: expected one of dev, staging, prod, found 'live'; correct it or leave it out"
        )
