"""What holds for every rule, whatever values a program has: unknown, secret, missing, of the wrong kind."""

from __future__ import annotations

from typing import Any

import pytest

from cachewright_policies import registry
from cachewright_policies.configuration import parse
from cachewright_policies.evaluation import RULE_FAILED
from cachewright_policies.finding import Status
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.rule import Environment
from cachewright_policies.values import UNKNOWN, Secret

RULES = registry.rules()
# Rules that look at what is given and not at what it is: a value that is not known yet is given.
DECIDED_BY_PRESENCE = {
    "auth-token-write-only",
    "cache-customer-key",
    "cache-final-snapshot",
    "cache-log-encryption",
    "cache-not-single-cluster",
    "cache-notification-topic",
    "cache-secret-encryption",
    "cache-security-group-attached",
    "cache-topic-protection",
    "security-group-description",
    "security-group-rule-style",
    # A value that is not known stands in no source.
    "literal-secret",
    # Where a cache's network is, when it comes from nowhere, is for the rules on the network to say.
    "cache-one-vpc",
    "cache-region",
    # Another rule tells that the same value is not known: cache-port-exposure, alarm-threshold.
    "cache-port-reachable",
    "cache-security-group-narrow",
    "alarm-capacity",
    # What is not known yet is made from something: the names of the caches that a policy or a snapshot is for.
    "cache-iam-permissions",
    "cache-final-snapshot-name",
}
# Rules about properties that have nothing to do with a resource's inputs.
ABOUT_OPTIONS = {"cache-protection", "cache-replacement"}


def changed(graph: Graph, urn: str, **values: Any) -> Graph:
    """Return the graph with some inputs of one resource in the place of its own; None takes one away."""
    return Graph([with_values(one, values) if one.urn == urn else one for one in graph.resources.values()])


def with_values(one: Resource, values: dict[str, Any]) -> Resource:
    """Return a resource with some inputs in the place of its own, which come from nowhere."""
    merged = {key: value for key, value in {**one.values, **values}.items() if value is not None}
    edges = {key: urns for key, urns in one.property_dependencies.items() if key not in values}
    return copied(one, merged, edges)


def copied(one: Resource, values: dict[str, Any], edges: dict[str, Any] | None = None) -> Resource:
    """Return a resource with other inputs."""
    return Resource(
        one.urn,
        one.type,
        values,
        id=one.id,
        outputs=one.outputs.values,
        property_dependencies=one.property_dependencies if edges is None else edges,
        dependencies=one.dependencies,
        parent=one.parent,
        region=one.region,
        default_tags=one.default_tags,
        protect=one.protect,
        op=one.op,
        replace_keys=one.replace_keys,
        file=one.file,
        line=one.line,
    )


def sealed(value: Any) -> Any:
    """Return a value with every text, number and truth value in it secret."""
    if isinstance(value, dict):
        return {key: sealed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [sealed(one) for one in value]
    return value if value.__class__ is Secret else Secret(value)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """Run each rule's violating example once."""
    import textwrap

    from cachewright import testing

    known: dict[str, testing.Run] = {}

    def run(rule):
        if rule.name not in known:
            root = tmp_path_factory.mktemp(rule.name)
            (root / "Pulumi.yaml").write_text("name: example\nruntime: python\n")
            header = "import json\n\nimport pulumi\nimport pulumi_aws as aws\n\n"
            (root / "__main__.py").write_text(header + textwrap.dedent(rule.violating))
            known[rule.name] = testing.run(root, stack="main", config={"aws:region": "eu-west-1"}, allow_refusals=True)
            if rule.of_change:
                for resource in known[rule.name].graph.resources.values():
                    resource.op = "replace"
        return known[rule.name]

    return run


def settings(rule):
    """The rule switched on, at production's thresholds."""
    return parse({rule.name: {"enforcementLevel": "mandatory"}}, RULES, Environment.PROD)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
class TestEveryRule:
    """Each rule on its own violating example, with a value changed."""

    def test_a_value_that_is_not_known_is_never_a_pass(self, rule, examples, found):
        """What decides the violation, made unknown, leaves it undecided at best; nothing crashes."""
        program = examples(rule)
        for finding in found(program.graph, rule, configuration=settings(rule), sources=program.sources):
            name = finding.property.split(".")[0].split("[")[0]
            if not name or rule.name in ABOUT_OPTIONS:
                continue
            graph = changed(program.graph, finding.urn, **{name: UNKNOWN})
            left = found(graph, rule, configuration=settings(rule), sources=program.sources)
            assert {one.policy for one in left} <= {rule.name}
            if rule.name not in DECIDED_BY_PRESENCE:
                assert left, f"{name} is not known, and the rule passes"

    def test_no_property_that_is_unknown_or_gone_breaks_it(self, rule, examples, found):
        """A rule decides, or says that it cannot: it never fails."""
        program = examples(rule)
        for one in program.graph.resources.values():
            for name in one.values:
                for value in (UNKNOWN, None, [UNKNOWN], {"": UNKNOWN}, "", "x", 1, True, []):
                    graph = changed(program.graph, one.urn, **{name: value})
                    findings = found(graph, rule, configuration=settings(rule), sources=program.sources)
                    assert RULE_FAILED not in {finding.policy for finding in findings}, (one.name, name, value)

    def test_secrets_are_judged_as_what_they_hold_and_shown_by_nobody(self, rule, examples, found):
        """Marking every value secret changes no verdict, and no message has one of them."""
        program = examples(rule)
        graph = Graph(
            copied(one, {key: sealed(value) for key, value in one.values.items()})
            for one in program.graph.resources.values()
        )
        plain = found(program.graph, rule, configuration=settings(rule), sources=program.sources)
        secret = found(graph, rule, configuration=settings(rule), sources=program.sources)

        assert [(one.policy, one.urn, one.property) for one in secret] == [
            (one.policy, one.urn, one.property) for one in plain
        ]
        texts = [text for text in graph.secrets() if len(text) >= 8]
        assert not [(text, one.message) for one in secret for text in texts if text in one.message]

    def test_truth_values_and_numbers_may_be_texts(self, rule, examples, found):
        """Pulumi hands some of them over as text: the verdict is the same."""
        program = examples(rule)
        graph = Graph(copied(one, as_texts(one.values)) for one in program.graph.resources.values())

        def verdicts(graph):
            findings = found(graph, rule, configuration=settings(rule), sources=program.sources)
            return [(one.urn, one.property, one.status) for one in findings]

        assert verdicts(graph) == verdicts(program.graph)

    def test_it_can_be_switched_off(self, rule, examples, found):
        """A rule that is disabled says nothing."""
        off = parse({rule.name: "disabled"}, RULES, Environment.PROD)
        assert found(examples(rule).graph, rule, configuration=off) == []

    def test_what_it_finds_is_a_violation_at_the_level_that_is_configured(self, rule, examples, found):
        """Mandatory where it is set so, whatever its severity."""
        program = examples(rule)
        findings = found(program.graph, rule, configuration=settings(rule), sources=program.sources)
        assert {(one.status, one.level.value) for one in findings} == {(Status.VIOLATION, "mandatory")}


def as_texts(value: Any) -> Any:
    """Return a value with truth values and numbers written as text."""
    if isinstance(value, dict):
        return {key: as_texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value
