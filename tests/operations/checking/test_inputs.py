"""`cachewright check` on a program: what it may ask of AWS, of other stacks and of its configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking import fixtures, unknown_answers
from cachewright_policies.values import UNKNOWN, Secret

CACHEWRIGHT = Path(sys.executable).parent / "cachewright"
GROUP = """
import pulumi
import pulumi_aws as aws
{before}
aws.elasticache.SubnetGroup("caches", name="caches", subnet_ids={subnets})
"""


@pytest.fixture
def project(tmp_path):
    """Write a project with a program, and files beside it."""

    def write(program: str, **files: str) -> Path:
        (tmp_path / "Pulumi.yaml").write_text(
            "name: shop\nruntime: python\nconfig:\n  aws:region: {value: eu-west-1}\n"
        )
        (tmp_path / "__main__.py").write_text(program)
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def check(folder: Path, *options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "AWS_"))}
    return subprocess.run(
        [CACHEWRIGHT, "check", "--stack", "prod", *options],
        cwd=folder,
        env={**clean, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def graph_of(folder: Path, **given):
    """Run the program in this process and return its resources by name."""
    from cachewright_offline.engine.project import Project
    from cachewright_ops.checking.program import run

    checked = run(Project.load(folder), "prod", **given)
    return {one.name: one for one in checked.graph.resources.values()}


class TestFunctions:
    """Functions that only AWS could answer."""

    def test_what_an_unanswered_function_gives_is_unknown_in_resources(self, project):
        """A loop and an index over its answer work, and the inputs it reaches are unknown, not refused."""
        folder = project(
            GROUP.format(
                before=(
                    "found = aws.ec2.get_subnets(filters=[{'name': 'vpc-id', 'values': ['vpc-1']}])\n"
                    "ids = [one for one in found.ids]\n"
                    "ami = aws.ec2.get_ami(most_recent=True)\n"
                ),
                subnets="[ids[0], ids[1], 'subnet-0123456789abcdef0', ami.id + '-x']",
            )
        )
        group = graph_of(folder)["caches"]
        assert group.values["subnetIds"] == [UNKNOWN, UNKNOWN, "subnet-0123456789abcdef0", UNKNOWN]

    def test_fixtures_answer_functions_by_their_arguments(self, project):
        """The first entry that fits is taken, whether the program asks plainly or for an output."""
        folder = project(
            GROUP.format(before="ids = aws.ec2.get_subnets_output(tags={'tier': 'private'}).ids", subnets="ids")
        )
        given = fixtures.Fixtures.model_validate(
            {
                "invokes": [
                    {
                        "token": "aws:ec2/getSubnets:getSubnets",
                        "arguments": {"tags": {"tier": "public"}},
                        "result": {"ids": ["subnet-1"]},
                    },
                    {
                        "token": "aws:ec2/getSubnets:getSubnets",
                        "arguments": {"tags": {"tier": "private"}},
                        "result": {"ids": ["subnet-2"]},
                    },
                ]
            }
        )
        assert graph_of(folder, fixtures=given)["caches"].values["subnetIds"] == ["subnet-2"]

    def test_functions_that_follow_from_their_arguments_are_answered(self, project):
        """Zones, region, partition and policy documents need no AWS."""
        folder = project(
            "import pulumi_aws as aws\n"
            "zones = aws.get_availability_zones(state='available')\n"
            "aws.ec2.Subnet('one', vpc_id='vpc-0123456789abcdef0', cidr_block='10.0.0.0/24',"
            " availability_zone=zones.names[1])\n"
        )
        assert graph_of(folder)["one"].values["availabilityZone"] == "eu-west-1b"

    def test_a_stand_in_has_the_types_that_the_result_class_names(self):
        """Texts, numbers, lists and nested objects are what a program expects of them."""
        answer = unknown_answers.answer("aws:ec2/getAmi:getAmi")
        assert answer["id"] == unknown_answers.UNKNOWN_TEXT
        assert answer["mostRecent"] is False
        assert [sorted(one) for one in answer["blockDeviceMappings"]] == [
            ["deviceName", "ebs", "noDevice", "virtualName"]
        ] * 3
        restored = unknown_answers.restored(answer)
        assert restored["id"] is unknown_answers.UNKNOWN
        assert unknown_answers.answer("nothing:at/all:here") == {}

    def test_a_number_of_an_unknown_answer_is_unknown_again(self):
        """Whole numbers come back as unknown values, too."""
        answer = unknown_answers.answer("aws:rds/getInstance:getInstance")
        assert unknown_answers.restored({"size": answer["allocatedStorage"]}) == {"size": unknown_answers.UNKNOWN}


class TestStackReferences:
    """Outputs of other stacks."""

    PROGRAM = GROUP.format(
        before="network = pulumi.StackReference('acme/network/prod')", subnets="network.require_output('subnetIds')"
    )

    def test_without_a_fixture_they_are_unknown(self, project):
        """The check goes on with an unknown value."""
        assert graph_of(project(self.PROGRAM))["caches"].values["subnetIds"] is UNKNOWN

    def test_a_fixture_gives_them(self, project):
        """The outputs are those of the file."""
        given = fixtures.Fixtures.model_validate(
            {"stackReferences": {"acme/network/prod": {"subnetIds": ["subnet-7"]}}}
        )
        assert graph_of(project(self.PROGRAM), fixtures=given)["caches"].values["subnetIds"] == ["subnet-7"]


class TestConfiguration:
    """The stack's configuration."""

    PROGRAM = """
import pulumi
import pulumi_aws as aws
config = pulumi.Config()
aws.elasticache.ReplicationGroup("sessions", description=config.get("about") or "none", engine="redis",
    node_type="cache.r7g.large", auth_token=config.require_secret("token"), transit_encryption_enabled=True)
"""
    STACK = "encryptionsalt: v1:abc:v1:def:ghi\nconfig:\n  shop:token:\n    secure: v1:x:y\n"

    def test_without_a_passphrase_secrets_are_unknown_secrets(self, project):
        """The program runs, and the value is a secret that nobody knows."""
        folder = project(self.PROGRAM, **{"Pulumi.prod.yaml": self.STACK})
        assert graph_of(folder)["sessions"].values["authToken"] == Secret(UNKNOWN)

    def test_secrets_of_a_cloud_provider_are_unknown_secrets(self, project):
        """What KMS has encrypted needs no KMS."""
        stack = (
            "secretsprovider: awskms://alias/pulumi\nencryptedkey: abc\nconfig:\n  shop:token:\n    secure: v1:x:y\n"
        )
        folder = project(self.PROGRAM, **{"Pulumi.prod.yaml": stack})
        assert graph_of(folder)["sessions"].values["authToken"] == Secret(UNKNOWN)

    def test_a_wrong_passphrase_is_told(self, project):
        """A passphrase that is given has to fit."""
        folder = project(self.PROGRAM, **{"Pulumi.prod.yaml": self.STACK})
        run = check(folder, env={"PULUMI_CONFIG_PASSPHRASE": "wrong"})
        assert run.returncode == 2
        assert "config.shop:token: " in run.stderr
        assert "Traceback" not in run.stderr

    def test_values_on_the_command_line_beat_the_file(self, project):
        """`--config` needs no stack file."""
        folder = project(self.PROGRAM)
        group = graph_of(folder, config={"about": "from here", "token": "t" * 20})["sessions"]
        assert group.values["description"] == "from here"

    @pytest.mark.parametrize("text", ["about", "=x"])
    def test_a_value_without_a_key_is_refused(self, text):
        """The message shows the form."""
        with pytest.raises(CachewrightError) as caught:
            fixtures.assignments([text])
        assert str(caught.value) == (
            f"--config: expected key=value, found {text!r}; write it as in --config aws:region=eu-west-1"
        )


class TestTheCommand:
    """The command as a user runs it."""

    def test_resources_without_a_handler_pass_through_with_their_inputs(self, project):
        """A queue is nothing to the local provider, and a program may have one."""
        folder = project("import pulumi_aws as aws\naws.sqs.Queue('logs', fifo_queue=True)\n")
        assert graph_of(folder)["logs"].values == {"fifoQueue": True}

    def test_what_the_program_prints_does_not_stand_in_the_report(self, project):
        """Standard output holds one JSON document."""
        folder = project("import pulumi_aws as aws\nprint('hello')\naws.sqs.Queue('logs')\n")
        run = check(folder, "--format", "json")
        assert json.loads(run.stdout)["summary"] == {
            "resources": 1,
            "mandatory": 0,
            "advisory": 0,
            "unknown": 0,
            "waived": 0,
        }
        assert run.stderr == "hello\n"
        assert run.returncode == 0

    def test_packages_of_the_projects_own_environment_can_be_imported(self, project):
        """Pulumi's SDK stays that of this process; an environment of another version of Python is left alone."""
        folder = project("import pulumi\nimport shop_parts\nimport pulumi_aws as aws\naws.sqs.Queue(shop_parts.NAME)\n")
        (folder / "Pulumi.yaml").write_text(
            "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n"
            "config:\n  aws:region: {value: eu-west-1}\n"
        )
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = folder / "venv" / "lib" / version / "site-packages"
        packages.mkdir(parents=True)
        (packages / "shop_parts.py").write_text("NAME = 'logs'\n")
        (packages / "pulumi.py").write_text("raise ValueError('the wrong one')\n")
        before = list(sys.path)
        assert "logs" in graph_of(folder)
        assert sys.path == before
        del sys.modules["shop_parts"]
        packages.parent.rename(packages.parent.with_name("python2.7"))
        with pytest.raises(CachewrightError, match="ModuleNotFoundError: No module named 'shop_parts'"):
            graph_of(folder)

    @pytest.mark.parametrize("library", ["parts", "venv/lib/python3.11/site-packages"])
    def test_what_a_component_makes_is_found_where_the_program_uses_it(self, project, library, monkeypatch):
        """The line of a library, beside the program or installed, says nothing to who uses it."""
        folder = project("import pulumi\n")
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: program/\n")
        (folder / library).mkdir(parents=True)
        (folder / library / "shop_component.py").write_text(
            "import pulumi\nimport pulumi_aws as aws\n\n\n"
            "class Queues(pulumi.ComponentResource):\n"
            "    def __init__(self, name):\n"
            "        super().__init__('shop:index:Queues', name)\n"
            "        aws.sqs.Queue(f'{name}-logs', opts=pulumi.ResourceOptions(parent=self))\n"
        )
        (folder / "program").mkdir()
        (folder / "program" / "__main__.py").write_text(
            "import pulumi_aws as aws\nimport shop_component\n\naws.sqs.Queue('own')\nshop_component.Queues('made')\n"
        )
        monkeypatch.syspath_prepend(str(folder / library))
        monkeypatch.delitem(sys.modules, "shop_component", raising=False)
        found = graph_of(folder)
        assert {name: (found[name].file, found[name].line) for name in ("own", "made", "made-logs")} == {
            "own": ("program/__main__.py", 4),
            "made": ("program/__main__.py", 5),
            "made-logs": ("program/__main__.py", 5),
        }

    def test_a_refused_input_is_a_finding_with_its_line(self, project):
        """The check goes on with every other resource."""
        folder = project(
            "import pulumi_aws as aws\n"
            "aws.ec2.SecurityGroup('empty', name='sg-x')\n"
            "aws.elasticache.ReplicationGroup('open', description='x', node_type='cache.r7g.large', engine='redis')\n"
        )
        run = check(folder, "--format", "json")
        findings = {
            (one["policy"], one["name"], one["file"], one["line"]) for one in json.loads(run.stdout)["findings"]
        }
        assert ("invalid-input", "empty", "__main__.py", 2) in findings
        assert ("cache-at-rest-encryption", "open", "__main__.py", 3) in findings
        assert run.returncode == 1

    def test_a_program_that_fails_is_told_with_its_line(self, project):
        """The exit code is that of a wrong program, and there is no traceback."""
        run = check(project("import pulumi\n\nraise ValueError('no such zone')\n"))
        assert run.returncode == 2
        assert run.stderr == "error: __main__.py:3: ValueError: no such zone\n"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{", "cannot be parsed: Expecting property name enclosed in double quotes"),
            (
                '{"invoke": []}',
                "is wrong; it holds `invokes` and `stackReferences`:\n  invoke: Extra inputs are not permitted",
            ),
            ('{"invokes": [{"token": "a:b:c"}]}', "  invokes[0].result: Field required"),
        ],
        ids=["no JSON", "unknown key", "no result"],
    )
    def test_a_wrong_fixture_file_is_told(self, tmp_path, text, told):
        """The message names the file and the place in it."""
        file = tmp_path / "fixtures.json"
        file.write_text(text)
        with pytest.raises(CachewrightError) as caught:
            fixtures.read(file)
        assert str(caught.value).startswith(f"--fixtures: {file} ")
        assert told in str(caught.value)

    def test_a_fixture_file_may_be_yaml_and_must_exist(self, tmp_path):
        """YAML by its suffix; a missing file is told."""
        file = tmp_path / "fixtures.yaml"
        file.write_text("stackReferences:\n  net: {vpcId: vpc-1}\n")
        assert fixtures.read(file).stack_references == {"net": {"vpcId": "vpc-1"}}
        with pytest.raises(CachewrightError, match=r"cannot read .*missing\.json: No such file or directory"):
            fixtures.read(tmp_path / "missing.json")


class TestTheDefaultProvider:
    """What the stack's configuration says of the provider that every program has."""

    def test_its_region_and_tags_are_those_of_each_resource_without_a_provider(self, project):
        """Rules that compare regions, or ask for tags, see them; a resource's own region and provider beat them."""
        folder = project(
            "import pulumi\nimport pulumi_aws as aws\n"
            "west = aws.Provider('west', region='us-west-2')\n"
            "aws.sns.Topic('here')\n"
            "aws.sns.Topic('own', region='eu-central-1')\n"
            "aws.sns.Topic('there', opts=pulumi.ResourceOptions(provider=west))\n"
        )
        found = graph_of(folder, config={"aws:defaultTags": '{"tags": {"owner": "shop"}}'})
        assert [(name, found[name].region, found[name].default_tags) for name in ("here", "own", "there")] == [
            ("here", "eu-west-1", {"owner": "shop"}),
            ("own", "eu-central-1", {"owner": "shop"}),
            ("there", "us-west-2", {}),
        ]


class TestWhatHolds:
    """Levels and unknown values, as the configuration says: the same as for the policy pack."""

    PROGRAM = """
        import pulumi_aws as aws

        hour = aws.ssm.Parameter("hour", type="String", value="03:00-04:00")
        aws.elasticache.ReplicationGroup(
            "sessions", description="Sessions", engine="valkey", snapshot_retention_limit=7,
            snapshot_window=hour.insecure_value, auto_minor_version_upgrade=False,
        )
    """

    def summary(self, project, policies, *options):
        """Return the exit code and the counts of a check with only two rules."""
        only = {"all": "disabled", "cache-snapshot-window": "mandatory", **policies}
        folder = project(textwrap.dedent(self.PROGRAM), **{"policies.json": json.dumps(only)})
        done = check(folder, "--format", "json", "--policy-config", "policies.json", *options)
        return done.returncode, json.loads(done.stdout)["summary"]["unknown"]

    def test_the_configuration_says_what_becomes_of_unknown_values(self, project):
        """`undecided` is `--unknown` in a file; the option beats it."""
        assert self.summary(project, {}) == (0, 1)
        assert self.summary(project, {"undecided": "mandatory"}) == (1, 1)
        assert self.summary(project, {"undecided": "disabled"}) == (0, 0)
        assert self.summary(project, {"undecided": "mandatory"}, "--unknown", "report") == (0, 1)

    def test_the_stacks_configuration_says_what_it_is_for(self, project):
        """`cachewright:environment` beats the stack's name, and `--environment` beats both."""
        folder = project(textwrap.dedent(self.PROGRAM))
        given = ("--format", "json", "--config", "cachewright:environment=dev")
        assert check(folder, *given).returncode == 0
        assert check(folder, *given, "--environment", "prod").returncode == 1
        done = check(folder, "--config", "cachewright:environment=live")
        assert done.returncode == 2
        assert "cachewright:environment: expected one of dev, staging, prod, found 'live'" in done.stderr
