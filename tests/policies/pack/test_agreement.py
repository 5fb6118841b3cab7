"""`cachewright check` and the pack find the same: rule, resource and message."""

from __future__ import annotations

from pathlib import Path

import pytest

from cachewright_offline.engine.project import Project
from cachewright_policies import registry
from cachewright_policies.configuration import UNDECIDED, Configuration
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level, environment_of
from cachewright_policies.pack.policies import decidable

ROOT = Path(__file__).resolve().parents[3]
RULES = decidable(registry.rules())


def by_check(checked, stack, *mandatory):
    """Return what the command finds of a program, with the levels of the stack's environment and some others."""
    configuration = Configuration(environment_of(stack), dict.fromkeys(mandatory, Level.MANDATORY))
    findings = Evaluation(RULES, configuration, region=checked.region).findings(checked.graph)
    return {(one.policy, one.urn, one.message, one.status is Status.VIOLATION, one.level.value) for one in findings}


def by_pack(reported):
    """Return what the analyzer reports, in the same form; what is undecided names its rule in the message."""
    return {
        (one.policy, one.urn, one.message, True, one.level) if one.policy != UNDECIDED else (*_named(one), one.level)
        for one in reported
    }


def _named(one):
    rule, message = one.message.split(": ", 1)
    return rule, one.urn, message, False


def without_levels(found):
    """Leave the levels out: what is undecided is advisory in the pack, whatever the rule is."""
    return {one[:4] for one in found}


def violations(found):
    """Return the violations, with their levels."""
    return {one for one in found if one[3]}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_they_find_the_same_in_the_examples_of_every_rule(rule, previewed, engine):
    """Both examples of a rule, held against every rule at production's levels."""
    engine.configure({rule.name: "mandatory"})
    for text in (rule.violating, rule.compliant):
        program = previewed(text)
        expected = by_check(program.checked, "main", rule.name)
        found = by_pack(engine.preview(program))
        assert without_levels(found) == without_levels(expected)
        assert violations(found) == violations(expected)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_they_find_the_same_in_the_environments_of_this_project(stack, previewed, engine):
    """The stacks of this repository, each with the levels of its environment."""
    program = previewed(project=Project.load(ROOT), stack=stack)
    engine.configure_stack(stack, {})
    engine.configure()
    found = by_pack(engine.preview(program))
    expected = by_check(program.checked, stack)
    assert without_levels(found) == without_levels(expected)
    assert violations(found) == violations(expected)


def test_they_find_the_same_where_providers_tell_region_and_tags(previewed, engine):
    """The default provider's tags come from the configuration, another provider's from its arguments."""
    program = previewed(
        """
        west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"team": "shop"}})
        for name, opts in (("here", None), ("there", pulumi.ResourceOptions(provider=west))):
            aws.elasticache.ReplicationGroup(
                name, description="Sessions", engine="valkey", maintenance_window="wed:18:00-wed:19:00", opts=opts
            )
        """,
        config={"aws:region": "eu-west-1", "aws:defaultTags": '{"tags": {"owner": "me"}}'},
    )
    engine.configure({"cache-tags": {"requiredKeys": ["owner", "team"]}})
    found = {(one.policy, one.name, one.message) for one in engine.preview(program)}
    assert {one for one in found if one[0] in {"cache-tags", "cache-maintenance-window"}} == {
        ("cache-tags", "here", "here lacks the tag team"),
        ("cache-tags", "there", "there lacks the tag owner"),
        (
            "cache-maintenance-window",
            "there",
            "the maintenance window wed:18:00-wed:19:00 (UTC) lies in the working day of us-west-2",
        ),
    }
    chosen = Configuration(chosen={"cache-tags": {"requiredKeys": ["owner", "team"]}})
    expected = Evaluation(RULES, chosen, region=program.checked.region).findings(program.checked.graph)
    assert found == {
        (one.policy, one.name, one.message)
        if one.status is Status.VIOLATION
        else (UNDECIDED, one.name, f"{one.policy}: {one.message}")
        for one in expected
    }


def test_they_find_the_same_in_a_configuration_of_handbook_size(previewed, engine):
    """Raw resources in several regions, with providers of their own, at production's levels."""
    handbook = ROOT / "tests" / "policies" / "handbook" / "program"
    config = {"aws:region": "us-east-1"}
    program = previewed(project=Project.load(handbook), stack="prod", config=config)
    engine.configure_stack("prod", config)
    engine.configure()
    found = by_pack(engine.preview(program))
    expected = by_check(program.checked, "prod")
    assert without_levels(found) == without_levels(expected)
    assert violations(found) == violations(expected)


def test_they_find_the_same_where_only_the_environment_tells_the_region(previewed, start, monkeypatch):
    """As in most CI jobs: what the default provider takes then, the pack takes, too."""
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    program = previewed(
        """
        vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
        subnet = aws.ec2.Subnet(
            "a", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="eu-west-1a", region="eu-west-1"
        )
        group = aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
        aws.elasticache.ReplicationGroup(
            "sessions", description="Sessions", engine="valkey", subnet_group_name=group.name
        )
        """,
        config={},
    )
    engine = start()
    engine.configure_stack("main", {})
    engine.configure()
    found = by_pack(engine.preview(program))
    expected = by_check(program.checked, "main")
    assert without_levels(found) == without_levels(expected)
    assert violations(found) == violations(expected)
    assert ("cache-region", "caches is in us-west-2, and its a is in eu-west-1: AWS refuses it") in {
        (one[0], one[2]) for one in found
    }
