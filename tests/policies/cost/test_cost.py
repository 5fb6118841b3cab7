"""What caches cost, and who pays."""

from __future__ import annotations

import pytest

from cachewright_policies.configuration import Configuration
from cachewright_policies.cost import cache_tags, graviton_node, monthly_cost, node_cap, serverless_usage_limits
from cachewright_policies.graph import Resource
from cachewright_policies.levels import Level
from cachewright_policies.rule import Environment
from cachewright_policies.tokens import REPLICATION_GROUP


def group(name: str = "s", **arguments: str) -> str:
    """Return the text of a replication group."""
    given = {"description": '"S"', **arguments}
    return f"aws.elasticache.ReplicationGroup('{name}', {', '.join(f'{key}={one}' for key, one in given.items())})\n"


def free(limits: str) -> str:
    """Return the text of a serverless cache."""
    return f'aws.elasticache.ServerlessCache("f", name="f", engine="valkey"{limits})'


STORAGE = '"data_storage": {"maximum": 10, "unit": "GB"}'
UNITS = '"ecpu_per_seconds": [{"maximum": 5000}]'
NO_STORAGE = "nothing limits the data it stores: a runaway client runs up the bill"
NO_UNITS = "nothing limits the ECPUs it uses each second: a runaway client runs up the bill"
PROVIDER = 'other = aws.Provider("other", region="eu-west-1", default_tags={"tags": {"owner": "shop"}})\n'

CASES = {
    "no limits": (serverless_usage_limits, free(""), [NO_STORAGE, NO_UNITS]),
    "storage alone": (serverless_usage_limits, free(f", cache_usage_limits={{{STORAGE}}}"), [NO_UNITS]),
    "units alone": (serverless_usage_limits, free(f", cache_usage_limits={{{UNITS}}}"), [NO_STORAGE]),
    "minima alone": (
        serverless_usage_limits,
        free(', cache_usage_limits={"data_storage": {"minimum": 10, "unit": "GB"}, ' + UNITS + "}"),
        [NO_STORAGE],
    ),
    "AWS's own limit": (
        serverless_usage_limits,
        free(', cache_usage_limits={"data_storage": {"maximum": 5000, "unit": "GB"}, ' + UNITS + "}"),
        ["the data it stores may reach 5000, AWS's own limit: that is no limit"],
    ),
    "both": (serverless_usage_limits, free(f", cache_usage_limits={{{STORAGE}, {UNITS}}}"), []),
    "no tag": (cache_tags, group(), ["s has no tag: nobody can tell whose it is, nor who pays for it"]),
    "empty tags": (cache_tags, group(tags="{}"), ["s has no tag: nobody can tell whose it is, nor who pays for it"]),
    "a tag": (cache_tags, group(tags='{"owner": "shop"}'), []),
    "a provider's tag": (cache_tags, PROVIDER + group(opts="pulumi.ResourceOptions(provider=other)"), []),
    "an unknown tag": (cache_tags, group(tags='{"vpc": aws.ec2.Vpc("v", cidr_block="10.0.0.0/16").id}'), []),
    "a large node": (
        node_cap,
        group(node_type='"cache.r7g.16xlarge"'),
        ["cache.r7g.16xlarge is larger than 8xlarge, the cap of prod"],
    ),
    "many nodes": (
        node_cap,
        group(num_node_groups="50", replicas_per_node_group="2"),
        ["150 nodes are more than the 60 that a cache of prod may have"],
    ),
    "few": (node_cap, group(num_node_groups="3", replicas_per_node_group="2", node_type='"cache.r7g.2xlarge"'), []),
    "intel": (
        graviton_node,
        group(node_type='"cache.r5.large"'),
        ["cache.r5.large is no AWS Graviton: the same work costs less on one"],
    ),
    "graviton": (graviton_node, group(node_type='"cache.r7g.large"'), []),
}


@pytest.mark.parametrize(("module", "text", "messages"), CASES.values(), ids=CASES)
def test_cost(checked, found, module, text, messages):
    """What costs without limit, or nobody can account for, is told."""
    assert [one.message for one in found(checked(text).graph, module.RULE)] == messages


def hold(found, graph, rule, chosen, environment=Environment.PROD):
    """Hold a graph against a rule with some settings."""
    configuration = Configuration(environment, {rule.name: Level.MANDATORY}, None, {rule.name: chosen})
    return [one.message for one in found(graph, rule, configuration=configuration)]


def test_required_tags_are_a_setting(checked, found):
    """Every key that is asked for must be there, the provider's counted in."""
    graph = checked(PROVIDER + group(tags='{"team": "a"}', opts="pulumi.ResourceOptions(provider=other)")).graph
    assert hold(found, graph, cache_tags.RULE, {"requiredKeys": ["owner", "team"]}) == []
    assert hold(found, graph, cache_tags.RULE, {"requiredKeys": ["owner", "cost", "unit"]}) == [
        "s lacks the tags cost, unit"
    ]


def test_missing_tags_are_added_and_nothing_is_overwritten():
    """The remediation adds what is configured, in place."""
    cache = Resource("urn:pulumi:main::example::t::sessions", REPLICATION_GROUP, {})
    properties = {"tags": {"owner": "shop"}}
    settings = {"requiredKeys": [], "values": {"owner": "nobody", "cost": "1"}}
    assert cache_tags.remediate(properties, cache, settings)
    assert properties == {"tags": {"owner": "shop", "cost": "1"}}
    assert not cache_tags.remediate(properties, cache, settings)
    bare: dict[str, object] = {}
    assert cache_tags.remediate(bare, cache, settings)
    assert bare == {"tags": {"owner": "nobody", "cost": "1"}}


def test_caps_differ_by_environment_and_by_setting(checked, found):
    """Development has smaller nodes; a family can be ruled out."""
    graph = checked(group(node_type='"cache.r7g.xlarge"')).graph
    assert hold(found, graph, node_cap.RULE, {}, Environment.DEV) == [
        "cache.r7g.xlarge is larger than large, the cap of dev"
    ]
    assert hold(found, graph, node_cap.RULE, {"forbiddenFamilies": ["r7g"]}) == [
        "cache.r7g.xlarge is of the family r7g, which is not allowed"
    ]


def test_the_dearest_cache_is_told_when_the_stack_is_above_its_budget(checked, found):
    """The sum counts, every node by its engine's price, for 730 hours; one finding tells it."""
    text = group("a", node_type='"cache.r7g.large"', num_cache_clusters="2") + group(
        "b", node_type='"cache.r7g.large"', num_cache_clusters="3"
    )
    graph = checked(text).graph
    assert found(graph, monthly_cost.RULE) == []
    assert hold(found, graph, monthly_cost.RULE, {"maximumDollars": 700}) == [
        "the nodes of this stack cost about 799 dollars a month, more than the 700 of prod; b alone costs 480"
    ]
