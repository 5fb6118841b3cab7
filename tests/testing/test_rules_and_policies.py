"""Rules of cachewright, and policies of Pulumi's own kind, held against a run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from cachewright import testing

REGION = {"aws:region": "eu-west-1"}


def plain() -> None:
    """A cache that anybody may read on the way."""
    subnets = aws.elasticache.SubnetGroup("caches", subnet_ids=["subnet-1"])
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="redis",
        num_cache_clusters=2,
        subnet_group_name=subnets.name,
        auth_token=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1"),
        kms_key_id=aws.kms.Key("caches").arn,
    )


@pytest.fixture(scope="module")
def run() -> testing.Run:
    """The program as a preview has it."""
    return testing.run(plain, config=REGION)


class TestRules:
    """cachewright's own rules."""

    def test_a_violation_is_returned(self, run: testing.Run) -> None:
        """By the rule's name, and where it is."""
        group = run.resource(aws.elasticache.ReplicationGroup)

        found = run.assert_finds("cache-transit-encryption", group)

        assert (found.property, found.line) == ("transitEncryptionEnabled", group.line)

    def test_a_claim_that_fails_tells_what_is_found_instead(self, run: testing.Run) -> None:
        """With file, line, rule and resource."""
        with pytest.raises(
            AssertionError, match="cache-transit-encryption finds no violation in other; it finds:\n"
        ) as one:
            run.assert_finds("cache-transit-encryption", "other")
        assert "test_rules_and_policies.py:" in str(one.value)
        with pytest.raises(AssertionError, match="^2 findings:\n"):
            run.assert_policies("cache-transit-encryption", "cache-at-rest-encryption")

    def test_what_cannot_be_decided_counts_unless_it_is_left_out(self, run: testing.Run) -> None:
        """An undecided rule is no passed one."""
        with pytest.raises(AssertionError, match=r"route tables are not known \(undecided\)"):
            run.assert_policies("cache-private-subnets")
        run.assert_policies("cache-private-subnets", unknown=False)

    def test_a_rule_that_does_not_exist_is_named_with_the_nearest(self, run: testing.Run) -> None:
        """A misspelt rule must not pass for one that finds nothing."""
        with pytest.raises(
            AssertionError, match=r"no rule 'cache-tls' |no rule 'cache-taggs' .did you mean cache-tags"
        ):
            run.assert_policies("cache-taggs")

    def test_environment_settings_and_day_are_the_tests(self) -> None:
        """Thresholds and dates hold as they are given."""

        def program() -> None:
            aws.elasticache.ReplicationGroup(
                "sessions", description="Sessions", engine="redis", engine_version="6.2", snapshot_retention_limit=3
            )

        run = testing.run(program, config=REGION)
        run.assert_policies("engine-end-of-support", day=date(2027, 1, 31))
        run.assert_finds("engine-end-of-support", day=date(2027, 2, 1))
        run.assert_policies("cache-automatic-backups", environment="staging")
        run.assert_finds("cache-automatic-backups", environment="prod")
        run.assert_policies("cache-automatic-backups", config={"cache-automatic-backups": {"minimumDays": 3}})


class TestPoliciesOfPulumi:
    """pulumi_policy's own policies, run by pulumi_policy's own code."""

    def test_a_resource_policy_gets_inputs_after_check_and_its_configuration(self, run: testing.Run) -> None:
        """Defaults of the schema are filled in, as the CLI does."""

        def validate(args: Any, report: Any) -> None:
            if args.resource_type != "aws:elasticache/replicationGroup:ReplicationGroup":
                return
            assert args.props["replicationGroupId"].startswith("sessions-")
            if args.props["numCacheClusters"] < args.get_config()["least"]:
                report("too few nodes")

        policy = ResourceValidationPolicy(
            "nodes",
            "Caches have nodes.",
            validate,
            EnforcementLevel.MANDATORY,
            PolicyConfigSchema({"least": {"type": "integer", "default": 3}}),
        )

        found = run.assert_violates(policy, "sessions")
        assert (found.policy, found.level, found.message) == ("nodes", "mandatory", "Caches have nodes.\ntoo few nodes")
        run.assert_complies(policy, config={"nodes": {"least": 2}})
        with pytest.raises(
            AssertionError, match=r"^1 violations:\n  nodes sessions: Caches have nodes.\ntoo few nodes"
        ):
            run.assert_complies(policy)

    def test_a_policy_that_reads_an_unknown_value_decides_nothing(self, run: testing.Run) -> None:
        """It is Pulumi's own advisory message, and no pass."""

        def validate(args: Any, report: Any) -> None:
            if args.props.get("kmsKeyId") == "x":
                report("wrong key")

        policy = ResourceValidationPolicy("key", "A key.", validate, EnforcementLevel.MANDATORY)

        (one,) = run.violations(policy)
        assert (one.could_not_run, one.level) == (True, "advisory")
        with pytest.raises(AssertionError, match="can't run policy 'key'"):
            run.assert_complies(policy)
        with pytest.raises(AssertionError, match="key reports no violation; it reports:"):
            run.assert_violates(policy)
        testing.run(plain, config=REGION, phase="update").assert_complies(policy)

    def test_secrets_are_plain_for_a_policy(self, run: testing.Run) -> None:
        """So they are in Pulumi: a message that prints one leaks it, which a test can hold."""
        policy = ResourceValidationPolicy(
            "leak",
            "Leaks.",
            lambda args, report: report(args.props["authToken"]) if "authToken" in args.props else None,
        )

        assert run.assert_violates(policy).message == "Leaks.\nkT7-wq2Zr9!mP4xL8vB1"

    def test_a_stack_policy_sees_every_resource_and_how_they_refer_to_each_other(self, run: testing.Run) -> None:
        """Parents, dependencies by property, URNs that can be reported."""

        def validate(args: Any, report: Any) -> None:
            for one in args.resources:
                for other in one.property_dependencies.get("subnetGroupName", []):
                    report(f"{one.name} is in {other.name}", one.urn)

        policy = StackValidationPolicy("place", "Place.", validate)

        assert run.assert_violates(policy, "sessions").message == "Place.\nsessions is in caches"

    def test_configuration_of_a_policy_that_is_not_there_is_refused(self, run: testing.Run) -> None:
        """A misspelt name must not be a threshold that nobody reads."""
        policy = StackValidationPolicy("place", "Place.", lambda args, report: None)

        with pytest.raises(AssertionError, match=r"no policy 'plaec' to configure \(there are place\)"):
            run.violations(policy, config={"plaec": {}})
