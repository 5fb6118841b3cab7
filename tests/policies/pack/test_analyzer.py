"""The pack as the engine sees it: through Pulumi's own analyzer process."""

from __future__ import annotations

import textwrap
from os import environ

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from cachewright_policies import registry
from cachewright_policies.configuration import UNDECIDED
from cachewright_policies.levels import default_level
from cachewright_policies.pack.policies import decidable
from cachewright_policies.rule import Environment

RULES = decidable(registry.rules())
EXPECTED = "expected one of dev, staging, prod, found 'production'; correct it or leave it out"
GROUP = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", engine_version="8.1", node_type="cache.r7g.large", {more}
    )
"""


def level_names(info):
    """Return the level of each policy by its name."""
    return {one.name: analyzer_pb2.EnforcementLevel.Name(one.enforcementLevel).lower() for one in info.policies}


class TestWhatThePackTellsOfItself:
    """GetAnalyzerInfo."""

    def test_it_holds_every_rule_that_a_policy_can_decide(self, engine):
        """One policy for each rule, and one for what is undecided; what needs an update or a source is left out."""
        info = engine.info()
        assert info.name == "cachewright"
        assert [one.name for one in info.policies] == [*(rule.name for rule in RULES), UNDECIDED]
        assert {rule.name for rule in registry.rules()} - {rule.name for rule in RULES} == {
            rule.name for rule in registry.rules() if rule.of_change or rule.needs_sources
        }
        assert "literal-secret" not in level_names(info)

    def test_a_rule_that_follows_references_is_a_stack_policy(self, engine):
        """Every other one is a resource policy, which stops an update before the resource is touched."""
        kinds = {one.name: analyzer_pb2.PolicyType.Name(one.policy_type) for one in engine.info().policies}
        assert kinds == {
            UNDECIDED: "POLICY_TYPE_STACK",
            **{rule.name: f"POLICY_TYPE_{'STACK' if rule.needs_graph else 'RESOURCE'}" for rule in RULES},
        }

    def test_a_policy_tells_all_that_its_rule_does(self, engine):
        """Description, severity, steps, link, frameworks and thresholds: what a console shows."""
        found = next(one for one in engine.info().policies if one.name == "cache-automatic-backups")
        rule = registry.by_name()["cache-automatic-backups"]
        assert found.displayName == "A snapshot of every cache is taken daily"
        assert found.description == rule.description
        assert found.remediation_steps == rule.remediation
        assert found.url == rule.url
        assert found.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
        assert found.framework.name == "AWS FSBP"
        assert found.framework.reference == "ElastiCache.1"
        assert list(found.tags[:3]) == ["backup", "snapshots", "aws-fsbp:ElastiCache.1"]
        assert "nist-800-53-r5:CP-10" in found.tags
        assert json_format.MessageToDict(found.configSchema.properties) == {
            "minimumDays": {
                "type": "integer",
                "minimum": 1.0,
                "maximum": 35.0,
                "description": "For how many days snapshots are kept.",
                "default": 7.0,
            }
        }

    @pytest.mark.parametrize(
        ("stack", "environment"),
        [("dev", Environment.DEV), ("eu-staging", Environment.STAGING), ("main", Environment.PROD)],
    )
    def test_levels_and_thresholds_are_those_of_the_environment(self, stack, environment, engine):
        """Nothing stops a development stack, critical and high stop staging, and medium stops production."""
        engine.configure_stack(stack)
        info = engine.info()
        assert level_names(info) == {
            UNDECIDED: "advisory",
            **{
                rule.name: default_level(rule.severity, environment).value
                if rule.enabled and environment in rule.environments
                else "disabled"
                for rule in RULES
            },
        }
        backups = next(one for one in info.policies if one.name == "cache-automatic-backups")
        days = json_format.MessageToDict(backups.configSchema.properties)["minimumDays"]["default"]
        assert days == (7 if environment is Environment.PROD else 1)
        if environment is Environment.DEV:
            assert "mandatory" not in level_names(info).values()


class TestWhichEnvironmentHolds:
    """By the stack's name, unless something names the environment."""

    def test_the_configuration_of_the_stack_may_name_it(self, engine):
        """`cachewright:environment` beats the name."""
        engine.configure_stack("main", {"cachewright:environment": "dev"})
        assert "mandatory" not in level_names(engine.info()).values()

    def test_the_process_knows_it_from_the_start(self, start):
        """The engine may ask for the levels before it tells of the stack."""
        engine = start(environment={**environ, "PULUMI_STACK": "main", "CACHEWRIGHT_ENVIRONMENT": "dev"})
        assert "mandatory" not in level_names(engine.info()).values()
        engine.configure_stack("main")
        assert "mandatory" not in level_names(engine.info()).values()

    def test_a_name_that_is_none_is_refused(self, engine, start):
        """With what is expected, and without a traceback."""
        with pytest.raises(grpc.RpcError) as refused:
            engine.configure_stack("main", {"cachewright:environment": "production"})
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert refused.value.details() == f"cachewright:environment: {EXPECTED}"
        with pytest.raises(RuntimeError) as stopped:
            start(environment={**environ, "CACHEWRIGHT_ENVIRONMENT": "production"})
        assert str(stopped.value) == f"cachewright: CACHEWRIGHT_ENVIRONMENT: {EXPECTED}\n"


class TestConfiguration:
    """Levels and thresholds, as `--policy-pack-config` gives them."""

    def test_a_level_holds(self, previewed, engine):
        """Mandatory, advisory and disabled, and the severity travels with the finding."""
        program = previewed(GROUP.format(more="auto_minor_version_upgrade=False"))
        for level in ("mandatory", "advisory"):
            engine.configure({"all": "disabled", "cache-auto-minor-upgrade": level})
            (found,) = engine.preview(program)
            assert (found.policy, found.level, found.name) == ("cache-auto-minor-upgrade", level, "sessions")
            assert found.severity == registry.by_name()["cache-auto-minor-upgrade"].severity.value
        engine.configure({"all": "disabled"})
        assert engine.preview(program) == []

    @pytest.mark.parametrize(
        ("days", "expected"), [(3.0, []), (14.0, ["snapshots are kept for 3 days, and 14 are asked for"])]
    )
    def test_a_threshold_holds_though_it_arrives_as_a_float(self, days, expected, previewed, engine):
        """No message says 14.0."""
        program = previewed(GROUP.format(more="snapshot_retention_limit=3"))
        engine.configure(
            {"all": "disabled", "cache-automatic-backups": {"enforcementLevel": "mandatory", "minimumDays": days}}
        )
        assert [one.message for one in engine.preview(program)] == expected

    @pytest.mark.parametrize("rule", ["cache-at-rest-encryption", "cache-private-subnets", UNDECIDED])
    def test_remediate_is_refused_where_there_is_no_remediation(self, rule, engine):
        """One message names the policy, and those that can mend something."""
        with pytest.raises(grpc.RpcError) as refused:
            engine.configure({rule: "remediate"})
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert refused.value.details() == (
            f"nothing can be remediated by {rule}; set mandatory or advisory, and remediate only for"
            " cache-apply-immediately, cache-auto-minor-upgrade, cache-automatic-backups, cache-final-snapshot,"
            " cache-log-delivery, cache-maintenance-window, cache-notification-topic, cache-snapshot-window, cache-tags"
        )


class TestUnknownValues:
    """What a preview cannot tell is neither a pass nor a violation."""

    PROGRAM = GROUP.format(
        more='maintenance_window=aws.ssm.Parameter("window", type="String", value="x").insecure_value'
    )

    @pytest.mark.parametrize("level", ["advisory", "mandatory"])
    def test_it_is_reported_at_a_level_of_its_own(self, level, previewed, engine):
        """The message names the rule and the property; the rule's own level stops nothing."""
        program = previewed(self.PROGRAM)
        engine.configure({"all": "disabled", "cache-maintenance-window": "mandatory", UNDECIDED: level})
        (found,) = engine.preview(program)
        assert (found.policy, found.level, found.name) == (UNDECIDED, level, "sessions")
        assert found.message == ("cache-maintenance-window: maintenanceWindow is known only after the update")

    def test_it_can_be_ignored(self, previewed, engine):
        """Disabled, it says nothing."""
        program = previewed(self.PROGRAM)
        engine.configure({"all": "disabled", "cache-maintenance-window": "mandatory"})
        assert engine.preview(program) == []

    def test_a_new_run_knows_nothing_of_an_earlier_one(self, previewed, engine):
        """The rule that could not decide is off in the second run."""
        program = previewed(self.PROGRAM)
        engine.configure({"all": "disabled", "cache-maintenance-window": "mandatory", UNDECIDED: "advisory"})
        assert [one.policy for one in engine.preview(program)] == [UNDECIDED]
        engine.configure_stack("main")
        engine.configure({"all": "disabled", UNDECIDED: "advisory"})
        assert engine.preview(program) == []

    def test_it_does_not_hide_what_other_resources_do(self, previewed, engine):
        """A resource after the one with the unknown value is checked all the same, by both kinds of policies."""
        program = previewed(
            """
            vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
            parameter = aws.ssm.Parameter("window", type="String", value="x")
            for name, window in (("a", parameter.insecure_value), ("b", "wed:11:00-wed:12:00")):
                aws.elasticache.ReplicationGroup(
                    name, description="Sessions", engine="valkey", maintenance_window=window, subnet_group_name=name
                )
            """
        )
        engine.configure({"all": "disabled", "cache-maintenance-window": "mandatory", UNDECIDED: "advisory"})
        assert {(one.policy, one.name) for one in engine.preview(program)} == {
            (UNDECIDED, "a"),
            ("cache-maintenance-window", "b"),
        }


class TestSecrets:
    """A secret stands in no message, whatever the rule that reads it."""

    @pytest.mark.parametrize(
        ("rule", "more", "message"),
        [
            (
                "cache-maintenance-window",
                'maintenance_window=pulumi.Output.secret("wed:11:00-wed:12:00")',
                "the maintenance window [secret] (UTC) lies in the working day of eu-west-1",
            ),
        ],
    )
    def test_a_resource_policy_prints_none(self, rule, more, message, previewed, engine):
        """pulumi_policy hands secrets over unmarked: the pack marks them itself."""
        program = previewed(GROUP.format(more=more))
        engine.configure({"all": "disabled", rule: "mandatory"})
        assert [one.message for one in engine.preview(program)] == [message]

    def test_a_stack_policy_prints_none(self, previewed, engine):
        """Nor does a rule that looks at the whole stack, nor one that gets outputs only."""
        program = previewed(
            """
            vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
            group = aws.ec2.SecurityGroup("sessions", vpc_id=vpc.id)
            aws.vpc.SecurityGroupIngressRule(
                "world", security_group_id=group.id, ip_protocol="tcp", from_port=6379, to_port=6379,
                cidr_ipv4=pulumi.Output.secret("0.0.0.0/0"),
            )
            aws.elasticache.ReplicationGroup(
                "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large",
                security_group_ids=[group.id],
            )
            """
        )
        engine.configure({"all": "disabled", "cache-port-exposure": "mandatory"})
        for inputs_too in (True, False):
            engine.configure_stack("main")
            found = engine.preview(program, inputs_too=inputs_too)
            assert [one.policy for one in found] == ["cache-port-exposure"]
            assert "[secret]" in found[0].message
            assert "0.0.0.0/0" not in found[0].message

    def test_no_message_of_any_rule_holds_one(self, previewed, engine):
        """Every policy at once, on a cache whose texts are all secret."""
        program = previewed(
            """
            def hidden(text):
                return pulumi.Output.secret("hidden-" + text)

            aws.elasticache.ReplicationGroup(
                "sessions", description=hidden("a"), engine="valkey", node_type=hidden("b"), auth_token=hidden("c"),
                maintenance_window=hidden("d"), snapshot_window=hidden("e"), subnet_group_name=hidden("f"),
                security_group_ids=[hidden("g")], kms_key_id=hidden("h"), parameter_group_name=hidden("i"),
                notification_topic_arn=hidden("j"), tags={"owner": hidden("k")}, snapshot_retention_limit=3,
                user_group_ids=[hidden("l")], final_snapshot_identifier=hidden("m"),
            )
            aws.elasticache.User(
                "sessions", user_id=hidden("n"), user_name=hidden("o"), engine="valkey", access_string=hidden("p"),
                passwords=[hidden("q")],
            )
            """
        )
        engine.configure({"all": "mandatory"})
        found = engine.preview(program)
        assert len(found) > 5
        assert [one.message for one in found if "hidden-" in one.message] == []


class TestWithoutInputs:
    """`pulumi policy analyze` and resources that are only read: the stack's outputs are all that there is."""

    @pytest.mark.parametrize("rule", ["cache-private-subnets", "cache-security-group-attached", "cache-authentication"])
    def test_what_only_aws_gives_leaves_nothing_undecided(self, rule, previewed, engine):
        """An unknown output that no program gives is not taken for an argument."""
        program = previewed(registry.by_name()[rule].violating)
        engine.configure({"all": "disabled", rule: "mandatory", UNDECIDED: "advisory"})
        engine.configure_stack("main")
        with_inputs = engine.preview(program)
        engine.configure_stack("main")
        assert engine.preview(program, inputs_too=False) == with_inputs
        assert {one.policy for one in with_inputs} == {rule}


BROKEN = """
import os
from dataclasses import replace

from pulumi_policy import EnforcementLevel, PolicyPack

from cachewright_policies import registry
from cachewright_policies.pack import analyzer, policies
from cachewright_policies.rule import Environment


def fails(subject, scope):
    raise ValueError(f"cannot read {subject.values}")
    yield


def remediation_fails(properties, subject, settings):
    properties["description"] = "half mended"
    raise ValueError(f"cannot mend {properties['authToken']}")


rules = registry.by_name()
mending = rules["cache-auto-minor-upgrade"]
analyzer.install()
PolicyPack(
    name="broken",
    policies=policies.policies(
        Environment.PROD,
        [
            replace(rules["cache-at-rest-encryption"], check=fails),
            replace(rules["cache-private-subnets"], name="broken-graph", check=fails, types=mending.types),
            replace(mending, remediate=remediation_fails),
            rules["cache-tags"],
        ],
    ),
)
"""


OTHERS = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy, StackValidationPolicy

from cachewright_policies import registry
from cachewright_policies.pack import analyzer, policies
from cachewright_policies.rule import Environment


def names_engine(args, report):
    if "engine" in args.props:
        report(args.props["engine"])


def counts(args, report):
    report(str(len([one for one in args.resources if "engine" in one.props])))


{install}
rules = registry.by_name()
PolicyPack(
    name="acme",
    policies=[
        *policies.policies(Environment.PROD, [rules["cache-auto-minor-upgrade"], rules["cache-authentication"]]),
        ResourceValidationPolicy(name="acme-engine", description="Acme", validate=names_engine),
        StackValidationPolicy(name="acme-count", description="Acme", validate=counts),
    ],
)
"""


class TestInAPackOfSomebodyElse:
    """Our policies beside others, with our analyzer or with pulumi_policy's."""

    @pytest.mark.parametrize("install", ["analyzer.install()", ""])
    def test_each_finds_what_it_looks_for(self, install, start, tmp_path, previewed):
        """The others get their properties as ever, and ours find the same either way."""
        folder = tmp_path / "pack"
        folder.mkdir()
        (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
        (folder / "__main__.py").write_text(OTHERS.format(install=install))
        acme = start(folder)
        acme.configure_stack("main")
        acme.configure()
        program = previewed(GROUP.format(more="auto_minor_version_upgrade=False"))
        assert {(one.policy, one.message) for one in acme.preview(program)} == {
            ("cache-auto-minor-upgrade", "minor versions, which mend security holes, are not taken"),
            (
                "cache-authentication",
                "neither a user group nor a token is set: whoever reaches the cache may do everything",
            ),
            ("acme-engine", "valkey"),
            ("acme-count", "1"),
        }


class TestDefects:
    """A rule's own defect."""

    @pytest.fixture
    def broken(self, start, tmp_path):
        """Start a pack with rules that raise."""
        folder = tmp_path / "pack"
        folder.mkdir()
        (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
        (folder / "__main__.py").write_text(textwrap.dedent(BROKEN))
        engine = start(folder)
        engine.configure_stack("main")
        return engine

    PROGRAM = GROUP.format(
        more='auto_minor_version_upgrade=False, auth_token=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1")'
    )

    def test_it_breaks_neither_the_preview_nor_other_rules(self, broken, previewed):
        """It is a finding of its own, which names the rule and the place and no value."""
        broken.configure()
        found = {one.policy: one.message for one in broken.preview(previewed(self.PROGRAM))}
        assert found.keys() == {"cache-at-rest-encryption", "broken-graph", "cache-auto-minor-upgrade", "cache-tags"}
        assert found["cache-at-rest-encryption"].startswith(
            "the rule cache-at-rest-encryption failed on this resource with ValueError in line "
        )
        assert found["broken-graph"].startswith(
            "the rule broken-graph failed on this resource with ValueError in line "
        )
        assert "kT7" not in "".join(found.values())

    def test_a_remediation_that_fails_leaves_the_resource_as_it_was(self, broken, previewed):
        """Nothing is half mended, and the reason is told without a value."""
        broken.configure({"cache-auto-minor-upgrade": "remediate"})
        (told,) = broken.remediate(previewed(self.PROGRAM).request("sessions")).remediations
        assert not told.HasField("properties")
        assert told.diagnostic.endswith("it failed with ValueError, and the resource is left as it was")
        assert "kT7" not in told.diagnostic
