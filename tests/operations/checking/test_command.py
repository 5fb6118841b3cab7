"""`cachewright check` as a user runs it: files, waivers, baselines, exit codes, and programs that are broken."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cachewright_offline.engine.secrets import Crypter

CACHEWRIGHT = Path(sys.executable).parent / "cachewright"
PROJECT = "name: shop\nruntime: python\nmain: app\nconfig:\n  aws:region: {value: eu-west-1}\n"
OPEN = """import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
group = aws.ec2.SecurityGroup("sessions", vpc_id=vpc.id)
aws.vpc.SecurityGroupIngressRule(
    "sessions", security_group_id=group.id, ip_protocol="tcp", from_port=6379, to_port=6379, cidr_ipv4="0.0.0.0/0"
)
aws.elasticache.ReplicationGroup(
    "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
)
"""
ONLY = '{"all": "disabled", "cache-port-exposure": "mandatory", "cache-automatic-backups": "mandatory"}'
WAIVER = """waivers:
- id: W-1
  policies: [cache-automatic-backups]
  targets: [ReplicationGroup/sessions]
  reason: Sessions can be lost.
  owner: team-web
  ticket: OPS-1
  created: 2026-11-01
  expires: 2027-01-30
"""


@pytest.fixture
def project(tmp_path):
    """Write a project below the root of a repository, with its program in a folder of its own."""

    def write(program: str = OPEN, **files: str) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)
        root = tmp_path / "infra"
        (root / "app").mkdir(parents=True, exist_ok=True)
        (root / "Pulumi.yaml").write_text(PROJECT)
        (root / "app" / "__main__.py").write_text(program)
        (root / "only.json").write_text(ONLY)
        for name, text in files.items():
            (root / name).write_text(text)
        return root

    return write


def statuses(text: str) -> dict[str, str]:
    """Return the statuses of a JSON report by policy."""
    return {one["policy"]: one["status"] for one in json.loads(text)["findings"]}


class TestReports:
    """What is printed and written."""

    def test_several_reports_are_written_in_one_run(self, project, command):
        """Beside the one on standard output; paths in them are from the repository's root."""
        root = project()
        done = command(
            root.parent, "check", "infra", "--stack", "prod", "--policy-config", "infra/only.json",
            "-o", "report.sarif", "-o", "report.json", "-o", "junit=report", "-o", "report.md", "-o", "report.txt",
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        assert "    at      infra/app/__main__.py:5  sessions.cidrIpv4\n" in done.stdout
        log = json.loads((root.parent / "report.sarif").read_text())
        assert [
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]
        ] == ["infra/app/__main__.py"] * 2
        assert json.loads((root.parent / "report.json").read_text())["summary"]["mandatory"] == 2
        assert 'failures="2"' in (root.parent / "report").read_text()
        assert (root.parent / "report.md").read_text().startswith("<!-- cachewright check: shop, stack prod -->\n")
        without_time = re.compile(r"in \d+\.\ds")
        assert without_time.sub("", (root.parent / "report.txt").read_text()) == without_time.sub("", done.stdout)

    def test_json_is_one_document_and_excludes_another_form(self, project, command):
        """`--json` is `--format json`."""
        root = project("print('hello')\n")
        done = command(root, "check", "--stack", "prod", "--json")
        assert (done.returncode, json.loads(done.stdout)["findings"], done.stderr) == (0, [], "hello\n")
        done = command(root, "check", "--stack", "prod", "--json", "--format", "sarif")
        assert (done.returncode, done.stderr) == (2, "error: --json and --format sarif exclude each other; give one\n")

    def test_what_cannot_be_written_is_told_before_the_program_runs(self, project, command):
        """The program would have told that it ran."""
        root = project("print('I ran')\n")
        done = command(root, "check", "--stack", "prod", "-o", "nowhere/report.json")
        assert done.returncode == 2
        assert done.stderr.startswith("error: --output: cannot write nowhere/report.json: the folder ")
        assert "I ran" not in done.stderr

    def test_a_terminal_gets_colour_and_its_width_and_a_wheel_that_goes(self, project):
        """On standard error the wheel turns, and is wiped away; NO_COLOR leaves colour out."""
        root = project()
        for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
            shown = _on_a_terminal(root, columns=60, environment=environment)
            assert "Running the program of shop, stack prod" in shown
            report = shown[shown.index("shop, stack prod, held") :].replace("\r", "")
            assert (re.search("\x1b\\[[0-9;]*3[0-9]m", report) is not None) is coloured
            plain = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", report)
            assert max(map(len, plain.splitlines())) <= 60


def _on_a_terminal(root: Path, columns: int, environment: dict[str, str]) -> str:
    """Run the check on a terminal and return all that it was sent."""
    clean = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    master, slave = pty.openpty()
    running = subprocess.Popen(
        [CACHEWRIGHT, "check", "--stack", "prod", "--policy-config", "only.json"],
        cwd=root,
        env={**clean, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(master)
    assert running.wait(60) == 1
    return b"".join(parts).decode()


def test_no_report_holds_a_secret(project, command):
    """One of the configuration, decrypted with the passphrase, in no form of report and in no baseline."""
    crypter = Crypter(lambda: "correct horse")
    sealed = crypter.encrypt("sevenletters-hunter2-hunter2")
    program = (
        "import pulumi\nimport pulumi_aws as aws\ntoken = pulumi.Config().require_secret('token')\n"
        "aws.elasticache.ReplicationGroup('sessions', description=token, engine='redis', node_type='cache.r7g.large',"
        " auth_token=token, transit_encryption_enabled=True, tags={'owner': token})\n"
    )
    stack = f"encryptionsalt: {crypter.salt}\nconfig:\n  shop:token:\n    secure: {sealed}\n"
    root = project(program, **{"Pulumi.prod.yaml": stack})
    done = command(
        root, "check", "--stack", "prod", "-o", "r.sarif", "-o", "r.json", "-o", "r.xml", "-o", "r.md",
        "--write-baseline", "r.known", PULUMI_CONFIG_PASSPHRASE="correct horse",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files = [one.read_text() for one in root.glob("r.*")]
    assert len(files) == 5
    assert not [one for one in (done.stdout, done.stderr, *files) if "hunter2" in one]
    assert "cache-automatic-backups" in done.stdout


class TestWaiversAndBaselines:
    """What lets a check pass although something is found."""

    def test_the_projects_own_waivers_hold_by_default(self, project, command):
        """Another file can be named; the day is `--today`'s."""
        root = project(**{"waivers.yaml": WAIVER})
        options = ("check", "--stack", "prod", "--json", "--policy-config", "only.json")
        done = command(root, *options, "--today", "2026-11-23")
        assert statuses(done.stdout) == {"cache-port-exposure": "violation", "cache-automatic-backups": "waived"}
        done = command(root, *options, "--today", "2027-03-01")
        assert statuses(done.stdout) == {
            "cache-port-exposure": "violation",
            "cache-automatic-backups": "expired-waiver",
            "expired-waiver": "violation",
        }
        (root / "none.yaml").write_text("waivers: []\n")
        done = command(root, *options, "--waivers", "none.yaml")
        assert set(statuses(done.stdout).values()) == {"violation"}

    def test_a_broken_file_of_waivers_is_exit_code_2_with_its_line(self, project, command):
        """And so is one that is named and missing."""
        root = project(**{"waivers.yaml": "waivers:\n  - id: [\n"})
        done = command(root, "check", "--stack", "prod")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: --waivers: waivers.yaml:3: not YAML: ")
        done = command(root, "check", "--stack", "prod", "--waivers", "none.yaml")
        assert done.stderr == (
            "error: --waivers: cannot read none.yaml: No such file or directory; name a readable file\n"
        )

    def test_only_what_is_new_since_the_baseline_fails(self, project, command):
        """Writing it passes; a line that moves is not new; what is mended is told; a new fault fails."""
        root = project()
        options = ("check", "--stack", "prod", "--json", "--policy-config", "only.json")
        written = command(root, *options, "--write-baseline", "known.json")
        assert (written.returncode, written.stderr) == (
            0,
            "2 findings written to known.json; with --baseline only new ones fail\n",
        )
        (root / "app" / "__main__.py").write_text("\n\n" + OPEN.replace("0.0.0.0/0", "10.0.0.0/16"))
        known = command(root, *options, "--baseline", "known.json")
        assert known.returncode == 0
        assert statuses(known.stdout) == {"cache-automatic-backups": "baseline"}
        assert [one["policy"] for one in json.loads(known.stdout)["fixed"]] == ["cache-port-exposure"]
        (root / "app" / "__main__.py").write_text(OPEN.replace('"sessions", d', '"orders", d'))
        new = command(root, *options, "--baseline", "known.json")
        assert new.returncode == 1
        assert json.loads(new.stdout)["summary"] == {
            "resources": 4,
            "mandatory": 1,
            "advisory": 0,
            "unknown": 0,
            "waived": 0,
            "baseline": 1,
            "fixed": 1,
        }


class TestBrokenPrograms:
    """Exit code 2 and one message, whatever a program does."""

    @pytest.mark.parametrize(
        ("program", "message"),
        [
            ("import pulumi\nx = (\n", "app/__main__.py:2: SyntaxError: '(' was never closed"),
            ("import no_such_module\n", "app/__main__.py:1: ModuleNotFoundError: No module named 'no_such_module'"),
            ("import sys\nsys.exit(3)\n", "app/__main__.py:2: the program called sys.exit(3)"),
            (
                "import pulumi\npulumi.Output.from_input(1).apply(lambda one: one / 0)\n",
                "app/__main__.py:2: ZeroDivisionError: division by zero",
            ),
            (
                "import pulumi_aws as aws\naws.sqs.Queue('q')\naws.sqs.Queue('q')\n",
                "Duplicate resource URN 'urn:pulumi:prod::shop::aws:sqs/queue:Queue::q'; try giving it a unique name",
            ),
        ],
        ids=["syntax", "import", "exit", "apply", "duplicate"],
    )
    def test_its_fault_is_told_with_file_and_line(self, project, command, program, message):
        """There is no traceback, and no report that could be taken for a pass."""
        done = command(project(program), "check", "--stack", "prod", "--json")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"error: {message}\n"

    def test_a_program_that_ends_itself_in_good_order_is_checked(self, project, command):
        """`sys.exit(0)` is no fault."""
        done = command(project(f"{OPEN}\nimport sys\nsys.exit(0)\n"), "check", "--stack", "prod", "--json")
        assert "cache-port-exposure" in statuses(done.stdout)

    def test_another_runtime_is_told_with_the_way_out(self, project, command):
        """Every Pulumi language can be checked, through what Pulumi's own engine writes."""
        root = project(**{"Pulumi.yaml": "name: shop\nruntime: nodejs\n"})
        done = command(root, "check", "--stack", "prod")
        assert done.returncode == 2
        assert done.stderr == (
            f"error: {root / 'Pulumi.yaml'}: runtime: the embedded engine runs python only, found 'nodejs'; run this"
            " project with --engine pulumi, and check what `pulumi preview --json` writes with `cachewright check"
            " --preview FILE`\n"
        )

    def test_a_program_that_never_ends_can_be_interrupted(self, project):
        """Whatever it prints meanwhile: exit code 130, and nothing is left behind."""
        root = project("import time\nwhile True:\n    print('on and on', flush=True)\n    time.sleep(0.01)\n")
        left = root.parent / "temporary"
        left.mkdir()
        running = subprocess.Popen(
            [CACHEWRIGHT, "check", "--stack", "prod"],
            cwd=root,
            env={**os.environ, "TMPDIR": str(left)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        try:
            assert running.stderr.readline() == "on and on\n"
            running.send_signal(signal.SIGINT)
            stdout, _ = running.communicate(timeout=30)
        finally:
            running.kill()
        assert (running.returncode, stdout) == (130, "")
        assert list(left.glob("cachewright-check-*")) == []

    def test_nothing_is_reached_over_the_network(self, project, command, tmp_path):
        """With every connection refused, a program that asks AWS and other stacks is checked all the same."""
        (tmp_path / "cut").mkdir()
        (tmp_path / "cut" / "sitecustomize.py").write_text(
            "import socket\n"
            "def refused(self, address, *_):\n    raise AssertionError(f'reached for {address}')\n"
            "socket.socket.connect = socket.socket.connect_ex = refused\n"
            "socket.getaddrinfo = lambda host, *_, **__: refused(None, host)\n"
        )
        program = (
            "import pulumi\nimport pulumi_aws as aws\n"
            "net = pulumi.StackReference('acme/net/prod')\n"
            "ami = aws.ec2.get_ami(most_recent=True)\n"
            "me = aws.get_caller_identity()\n"
            "aws.elasticache.SubnetGroup('caches', subnet_ids=net.require_output('ids'), description=ami.id)\n"
        )
        path = os.pathsep.join([str(tmp_path / "cut"), os.environ.get("PYTHONPATH", "")])
        done = command(project(program), "check", "--stack", "prod", "--json", PYTHONPATH=path)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["summary"]["resources"] == 2

    def test_a_rule_that_fails_is_a_finding_and_the_others_are_held(self, project, tmp_path, monkeypatch):
        """The run goes on, and the message holds nothing of the resource."""
        from dataclasses import replace

        from cachewright_offline.engine.project import Project
        from cachewright_ops.checking import checks, program
        from cachewright_policies import registry

        def broken(subject, scope):
            msg = f"oops {subject.values}"
            raise KeyError(msg)

        rules = tuple(
            replace(one, check=broken) if one.name == "cache-automatic-backups" else one for one in registry.rules()
        )
        monkeypatch.setattr(registry, "rules", lambda: rules)
        root = project()
        report = checks.check(program.run(Project.load(root), "prod"), "prod", "shop", checks.Demand())
        found = {one.policy: one for one in report.findings}
        assert "cache-port-exposure" in found
        assert re.fullmatch(
            r"the rule cache-automatic-backups failed on this resource with KeyError in line \d+ of broken: nothing is"
            r" decided",
            found["rule-failed"].message,
        )


def test_a_check_of_a_state_has_its_findings_at_the_project(project, command):
    """SARIF needs a file in the repository for every result."""
    root = project()
    state = {
        "version": 3,
        "deployment": {
            "resources": [
                {
                    "urn": "urn:pulumi:prod::shop::aws:elasticache/replicationGroup:ReplicationGroup::sessions",
                    "type": "aws:elasticache/replicationGroup:ReplicationGroup",
                    "custom": True,
                    "id": "sessions",
                    "inputs": {"description": "x", "engine": "redis", "nodeType": "cache.r7g.large"},
                }
            ]
        },
    }
    (root / "state.json").write_text(json.dumps(state))
    done = command(
        root, "check", "--state", "state.json", "--format", "sarif", "--policy-config", "only.json", "--stack", "prod"
    )
    assert done.returncode == 1, done.stderr
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/Pulumi.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1},
    }
