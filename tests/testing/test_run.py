"""A run of a program, and what can be claimed of its resources."""

from __future__ import annotations

import asyncio
import unittest
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
import pytest

import cachewright
from cachewright import testing
from cachewright.testing import UNKNOWN, Secret
from cachewright_offline.engine.errors import ProgramError

if TYPE_CHECKING:
    from pathlib import Path

REGION = {"aws:region": "eu-west-1"}


def sessions() -> None:
    """A component, and what a program does around it."""
    cache = cachewright.ReplicationGroup(
        "sessions",
        {
            "engine": "valkey",
            "engine_version": "8.1",
            "node_type": "cache.r7g.large",
            "vpc_id": "vpc-1",
            "subnet_ids": ["subnet-1", "subnet-2"],
            "tags": {"owner": "shop"},
        },
    )
    pulumi.export("endpoint", cache.endpoint)
    pulumi.export("token", pulumi.Output.secret("kept"))
    pulumi.log.warn("a word of warning")


@pytest.fixture(scope="module")
def run() -> testing.Run:
    """The program as a preview has it."""
    return testing.run(sessions, config=REGION)


class TestWhatTheEngineGives:
    """Inputs after Check, unknown values, secrets, places."""

    def test_inputs_are_those_after_check(self, run: testing.Run) -> None:
        """The provider has filled in its defaults and the automatic name."""
        group = run.resource(aws.elasticache.ReplicationGroup)

        assert group["multiAzEnabled"] is True
        assert group["replicationGroupId"].startswith("sessions-test-")
        assert group.region == "eu-west-1"
        assert group.op == "create"

    def test_what_an_update_alone_can_tell_is_unknown(self, run: testing.Run) -> None:
        """As an input, as an output, and as a truth value it is not."""
        group = run.resource(aws.elasticache.ReplicationGroup)

        assert group["securityGroupIds"] == [UNKNOWN]
        assert group.is_unknown("securityGroupIds")
        assert run.outputs["endpoint"] is UNKNOWN
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(run.outputs["endpoint"])

    def test_secrets_are_marked_and_can_be_opened(self, run: testing.Run) -> None:
        """A token is secret and not known; an exported secret is known, and shown by nothing."""
        group = run.resource(aws.elasticache.ReplicationGroup)

        assert group.is_secret("authToken")
        assert group.reveal("authToken") is UNKNOWN
        assert run.outputs["token"] == Secret("kept")
        assert "kept" not in repr(run.outputs)
        assert run.output("token") == "kept"

    def test_references_are_followed_though_no_value_is_known(self, run: testing.Run) -> None:
        """Pulumi tells for each property which resources it comes from."""
        group = run.resource(aws.elasticache.ReplicationGroup)

        assert [one.name for one in group.referred("securityGroupIds")] == ["sessions-test"]
        assert group.referred("engine") == ()

    def test_what_the_program_logs_is_kept(self, run: testing.Run) -> None:
        """Warnings are part of what a program does."""
        assert [(one.severity, one.message) for one in run.messages] == [("warning", "a word of warning")]

    def test_after_an_update_every_output_is_known_and_apply_is_called(self) -> None:
        """In a preview the function of an apply is not called; after an update it is."""
        called: list[str] = []

        def program() -> None:
            group = aws.ec2.SecurityGroup("cache", vpc_id="vpc-1")
            group.id.apply(called.append)

        testing.run(program, config=REGION)
        assert called == []
        updated = testing.run(program, config=REGION, phase="update")
        assert called == [updated.resource("SecurityGroup").outputs["id"]]


class TestWhatAProgramGets:
    """Configuration, functions, other stacks, a folder."""

    def test_configuration_is_text_objects_secret_or_unknown(self) -> None:
        """Each form arrives as Pulumi hands it over."""

        def program() -> None:
            config = pulumi.Config()
            pulumi.export("plain", config.require("plain"))
            pulumi.export("object", config.require_object("object"))
            pulumi.export("secret", config.require_secret("secret"))
            aws.ec2.Vpc("vpc", cidr_block=config.require("unknown"))

        run = testing.run(
            program,
            config={"plain": "text", "object": {"nodes": 3}, "secret": Secret("hidden"), "unknown": UNKNOWN},
        )

        assert run.outputs == {"plain": "text", "object": {"nodes": 3}, "secret": Secret("hidden")}
        assert run.resource(aws.ec2.Vpc)["cidrBlock"] is UNKNOWN

    def test_functions_and_other_stacks_are_answered(self) -> None:
        """What is given is answered; what is not is unknown."""

        def program() -> None:
            network = pulumi.StackReference("acme/network/prod")
            group = aws.ec2.SecurityGroup("cache", vpc_id=aws.ec2.get_vpc(default=True).id)
            aws.elasticache.SubnetGroup("cache", subnet_ids=network.require_output("subnetIds"))
            aws.ec2.SecurityGroup("other", vpc_id=aws.ec2.get_security_group(name="x").vpc_id)
            del group

        run = testing.run(
            program,
            config=REGION,
            invokes={"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}},
            stack_references={"acme/network/prod": {"subnetIds": ["subnet-1"]}},
        )

        assert run.resource("SecurityGroup", "cache")["vpcId"] == "vpc-1"
        assert run.resource("SecurityGroup", "other")["vpcId"] is UNKNOWN
        assert run.resource(aws.elasticache.SubnetGroup)["subnetIds"] == ["subnet-1"]

    def test_a_project_folder_runs_with_its_stack_file(self, tmp_path: Path) -> None:
        """The folder's settings hold; what the test gives beats them."""
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (tmp_path / "Pulumi.prod.yaml").write_text("config:\n  shop:size: large\n  shop:owner: shop\n")
        (tmp_path / "__main__.py").write_text(
            "import pulumi\nconfig = pulumi.Config()\n"
            "pulumi.export('both', [config.require('size'), config.require('owner')])\n"
        )

        assert testing.run(tmp_path, stack="prod", config={"size": "small"}).output("both") == ["small", "shop"]

    def test_a_run_leaves_nothing_behind(self) -> None:
        """Pulumi's state of one run is not the next one's."""

        def program() -> None:
            pulumi.export("stack", pulumi.get_stack())

        assert [testing.run(program, stack=name).output("stack") for name in ("one", "two")] == ["one", "two"]

    def test_a_loop_of_the_test_is_left_alone(self) -> None:
        """A run has a loop of its own, so that it can be called from an asynchronous test."""

        async def test() -> testing.Run:
            await asyncio.sleep(0)
            return testing.run(lambda: pulumi.export("a", 1))

        assert asyncio.run(test()).output("a") == 1

    def test_a_program_that_fails_is_told_with_its_line(self) -> None:
        """The error is the engine's: file, line and what was raised."""

        def program() -> None:
            raise ValueError("no such size")  # the line that is named

        line = program.__code__.co_firstlineno + 1
        with pytest.raises(ProgramError, match=rf"test_run.py:{line}: ValueError: no such size"):
            testing.run(program)

    def test_refused_inputs_fail_the_test_and_all_are_told(self) -> None:
        """A preview would end there; a test of a refusal may ask for them."""

        def program() -> None:
            aws.elasticache.ReplicationGroup(
                "sessions", description="Sessions", automatic_failover_enabled=False, multi_az_enabled=True
            )

        with pytest.raises(AssertionError, match="the provider refuses inputs:\n  sessions.multiAzEnabled: "):
            testing.run(program, config=REGION)
        assert len(testing.run(program, config=REGION, allow_refusals=True).refusals) == 1

    def test_anything_else_is_no_program(self) -> None:
        """The message says what is."""
        with pytest.raises(TypeError, match="must be a function or a project's folder, found int"):
            testing.run(3)  # type: ignore[arg-type]


class TestClaims:
    """Assertions that tell what is there instead."""

    def test_resources_are_found_by_token_by_its_end_and_by_class(self, run: testing.Run) -> None:
        """A component's class is not mistaken for the resource of the same name."""
        inner = run.resource("aws:elasticache/replicationGroup:ReplicationGroup")
        outer = run.resource(cachewright.ReplicationGroup)

        assert run.resource(aws.elasticache.ReplicationGroup) is inner
        assert [one.type for one in run.of_type("ReplicationGroup")] == [outer.type, inner.type]
        assert inner.parent is outer
        assert outer.is_component
        with pytest.raises(AssertionError, match="there are 2 resources ReplicationGroup"):
            run.resource("ReplicationGroup")
        with pytest.raises(AssertionError, match="there is no Vpc .there are resources of the types "):
            run.resource(aws.ec2.Vpc)
        with pytest.raises(AssertionError, match=r"there is no SubnetGroup named 'x' \(there are sessions, sessions"):
            run.resource("SubnetGroup", "x")

    def test_children_are_counted_or_named(self, run: testing.Run) -> None:
        """Every difference is told, and what was not expected."""
        group = run.resource(cachewright.SecurityGroup)
        group.assert_children(
            {
                "SecurityGroup": ["sessions-test", "sessions-client-test"],
                "SecurityGroupIngressRule": 1,
                "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
            }
        )

        with pytest.raises(AssertionError) as caught:
            group.assert_children({"SecurityGroup": ["sessions"], "SecurityGroupIngressRule": 2})
        assert str(caught.value).splitlines()[1:] == [
            "  SecurityGroup: expected sessions, found sessions-test, sessions-client-test",
            "  SecurityGroupIngressRule: expected 2, found 1: sessions-client",
            "  SecurityGroupEgressRule: not expected, found sessions-client",
        ]

    def test_tags_count_the_providers_default_tags_in(self) -> None:
        """A resource's own tag beats the provider's."""

        def program() -> None:
            provider = aws.Provider("eu", region="eu-west-1", default_tags={"tags": {"owner": "a", "team": "b"}})
            aws.ec2.Vpc(
                "vpc", cidr_block="10.0.0.0/16", tags={"owner": "c"}, opts=pulumi.ResourceOptions(provider=provider)
            )

        vpc = testing.run(program).resource(aws.ec2.Vpc)

        vpc.assert_tags({"owner": "c", "team": "b"}, exactly=True)
        with pytest.raises(AssertionError) as caught:
            vpc.assert_tags({"owner": "a", "stage": "d"}, exactly=True)
        assert str(caught.value).splitlines()[1:] == [
            "  owner: expected 'a', found 'c'",
            "  stage: expected 'd'",
            "  team: not expected",
        ]

    def test_inputs_are_compared_at_once_and_secrets_by_what_they_hold(self) -> None:
        """No message shows a secret; a name in Python's spelling is pointed to the one on the wire."""

        def program() -> None:
            aws.elasticache.ReplicationGroup(
                "sessions",
                description="Sessions",
                auth_token=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1"),
                transit_encryption_enabled=True,
            )

        group = testing.run(program, config=REGION).resource(aws.elasticache.ReplicationGroup)

        group.assert_inputs(authToken="kT7-wq2Zr9!mP4xL8vB1", transitEncryptionEnabled=True, nodeType=None)
        with pytest.raises(AssertionError) as caught:
            group.assert_inputs({"authToken": "other", "auth_token": "x", "multiAzEnabled": True})
        assert str(caught.value).splitlines()[1:] == [
            "  authToken: expected 'other', found [secret]",
            "  auth_token: expected 'x', found nothing (inputs have their names on the wire: authToken)",
            "  multiAzEnabled: expected True, found False",
        ]
        with pytest.raises(AssertionError, match=r"has no input 'authTokn' \(did you mean authToken\?\)"):
            _ = group["authTokn"]

    def test_outputs_of_the_stack_are_asked_for_by_name(self, run: testing.Run) -> None:
        """The message names those there are."""
        with pytest.raises(AssertionError, match="the program exports no 'x' .it exports endpoint, token"):
            run.output("x")


class TestInUnittest(unittest.TestCase):
    """Nothing needs pytest."""

    def test_it_runs(self) -> None:
        """The claims are plain AssertionErrors."""
        with self.assertRaises(AssertionError):  # noqa: PT027 - this is unittest's own style
            testing.run(lambda: None).resource(aws.ec2.Vpc)
