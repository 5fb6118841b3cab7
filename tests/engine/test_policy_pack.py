"""`pulumi preview --policy-pack policies`, with Pulumi's own engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conformance import pulumi_cli

from cachewright_offline.engine.project import Project
from cachewright_ops import policy_pack
from cachewright_ops.checking import program as checking
from cachewright_policies import registry
from cachewright_policies.configuration import UNDECIDED, Configuration
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.finding import Status
from cachewright_policies.levels import environment_of
from cachewright_policies.pack.policies import decidable

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies"
RULES = decidable(registry.rules())

PROGRAM = """
import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("way-out", vpc_id=vpc.id)
subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="eu-west-1a")
table = aws.ec2.RouteTable("a", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("a", subnet_id=subnet.id, route_table_id=table.id)
aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
group = aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
hour = aws.ssm.Parameter("hour", type="String", value="03:00-04:00")
aws.elasticache.ReplicationGroup(
    "sessions",
    replication_group_id="sessions",
    description="Sessions",
    engine="valkey",
    node_type="cache.r7g.large",
    auto_minor_version_upgrade=False,
    subnet_group_name=group.name,
    maintenance_window=pulumi.Output.secret("wed:11:00-wed:12:00"),
    snapshot_retention_limit=1,
    snapshot_window=hour.insecure_value,
    tags={"owner": pulumi.Output.secret("hidden-owner")},
)
"""


@pytest.fixture
def preview(pulumi_project, tmp_path):
    """Preview a program, or the repository's own, with the pack; return the project, what was done and the events."""

    def run(program, stack, policies=None, pack=PACK, **config):
        project = pulumi_project(program)
        project.ok("stack", "init", stack)
        for key, value in config.items():
            project.ok("config", "set", key.replace("__", ":"), value, "--stack", stack)
        file, log = tmp_path / "policies.json", tmp_path / "events.json"
        file.write_text(json.dumps(policies or {}))
        done = project.run(
            *("preview", "--stack", stack, "--diff", "--event-log", str(log)),
            *("--policy-pack", str(pack), "--policy-pack-config", str(file)),
        )
        return project, done, pulumi_cli.events(log)

    return run


def violations(events):
    """Return what the engine reports, as `check` words it."""
    found = set()
    for one in (event["policyEvent"] for event in events if "policyEvent" in event):
        message = one["message"].strip().split("\n", 1)[1]
        policy, decided = one["policyName"], one["policyName"] != UNDECIDED
        if not decided:
            policy, message = message.split(": ", 1)
        found.add((policy, one["resourceUrn"], message, decided, one["enforcementLevel"] if decided else ""))
    return found


def by_check(root, stack, config):
    """Return what the command finds."""
    program = checking.run(Project.load(root), stack, pulumi_cli.PASSPHRASE, config)
    findings = Evaluation(RULES, Configuration(environment_of(stack)), region=program.region).findings(program.graph)
    return {
        (one.policy, one.urn, one.message, decided, one.level.value if decided else "")
        for one in findings
        for decided in [one.status is Status.VIOLATION]
    }


def test_the_engine_reports_what_check_finds(preview):
    """The same rules, resources, messages and levels; a secret is in neither."""
    project, done, events = preview(PROGRAM, "main", aws__region="eu-west-1")
    found = violations(events)
    assert found == by_check(project.root, "main", {})
    assert {"cache-private-subnets", "cache-maintenance-window", "cache-snapshot-window"} <= {one[0] for one in found}
    assert done.returncode != 0
    assert "wed:11:00" not in done.stdout + done.stderr
    assert "hidden-owner" not in done.stdout + done.stderr


def test_a_development_stack_is_told_and_not_stopped(preview):
    """The stack's configuration says what it is for."""
    _, done, events = preview(PROGRAM, "main", aws__region="eu-west-1", cachewright__environment="dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {one[4] for one in violations(events) if one[3]} == {"advisory"}


def test_a_remediation_reaches_the_update(preview):
    """What is mended is what would be created; secrets and unknown values go through it as they are."""
    _, done, events = preview(
        PROGRAM,
        "main",
        {
            "all": "disabled",
            "cache-auto-minor-upgrade": "remediate",
            "cache-automatic-backups": {"enforcementLevel": "remediate", "minimumDays": 9},
            "cache-snapshot-window": "remediate",
            "cache-tags": {"enforcementLevel": "remediate", "requiredKeys": ["team"], "values": {"team": "shop"}},
        },
        aws__region="eu-west-1",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    mended = [event["policyRemediationEvent"]["policyName"] for event in events if "policyRemediationEvent" in event]
    assert mended == ["cache-automatic-backups", "cache-auto-minor-upgrade", "cache-tags"]
    shown = {line.strip() for line in done.stdout.splitlines()}
    assert "autoMinorVersionUpgrade : true" in shown
    assert "snapshotRetentionLimit  : 9" in shown
    assert "snapshotWindow          : [unknown]" in shown
    assert "hidden-owner" not in done.stdout
    assert violations(events) == set()


def test_a_level_that_a_rule_cannot_have_stops_the_preview(preview):
    """Nothing is previewed with a configuration that means nothing."""
    _, done, _ = preview(PROGRAM, "main", {"cache-private-subnets": "remediate"}, aws__region="eu-west-1")
    assert done.returncode != 0
    assert "nothing can be remediated by cache-private-subnets; set mandatory or advisory" in done.stdout + done.stderr


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_an_environment_of_this_project_gets_the_same_verdict(preview, stack):
    """The components of the repository, with dozens of resources; none is stopped."""
    project, done, events = preview("", stack)
    found = violations(events)
    assert found == by_check(project.root, stack, {})
    assert {one[4] for one in found} <= {"advisory"}
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mandatory_violation_stops_the_update(preview):
    """The cache that violates it is not made, and the update fails."""
    project, _, _ = preview(PROGRAM, "main", aws__region="eu-west-1")
    done = project.run("up", "--stack", "main", "--yes", "--skip-preview", "--policy-pack", str(PACK))
    assert done.returncode != 0
    made = {one["type"] for one in project.export("main")["deployment"]["resources"]}
    assert "aws:elasticache/replicationGroup:ReplicationGroup" not in made
    project.ok("destroy", "--stack", "main", "--yes", "--skip-preview")


def test_a_broken_rule_breaks_nothing(preview, tmp_path):
    """Its failure is a finding of its own, and every other rule finds what it finds."""
    pack = tmp_path / "pack"
    policy_pack.write(ROOT, pack)
    rule = pack / "cachewright_policies" / "lifecycle" / "auto_minor_upgrade.py"
    rule.write_text(rule.read_text() + "\n\nRULE = dataclasses.replace(RULE, check=lambda *_: 1 / 0)\n")
    rule.write_text(rule.read_text().replace("import annotations\n", "import annotations\n\nimport dataclasses\n", 1))

    _, done, events = preview(PROGRAM, "main", pack=pack, aws__region="eu-west-1", cachewright__environment="dev")

    assert done.returncode == 0, done.stdout + done.stderr
    found = violations(events)
    assert any("failed on this resource with ZeroDivisionError" in one[2] for one in found)
    assert "cache-private-subnets" in {one[0] for one in found}
