"""`cachewright explain`, the list of rules, the completion of their names, and the page that is made from them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cachewright.catalog import resource_types
from cachewright_offline.errors import CachewrightError
from cachewright_ops import policy_docs
from cachewright_ops.checking import rule_list
from cachewright_ops.checking.own_policies import OWN_POLICIES
from cachewright_ops.checking.rule_text import effects, example
from cachewright_ops.explanations import for_machines, for_people, lookup
from cachewright_ops.generated_document import write_or_check
from cachewright_policies import registry
from cachewright_policies.rule import Environment, Rule

COMMAND = str(Path(sys.executable).with_name("cachewright"))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command outside of any project."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd="/",
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestLookup:
    """What a person may type."""

    @pytest.mark.parametrize(
        "text",
        [
            "aws:elasticache/replicationGroup:ReplicationGroup.nodeType",
            "ReplicationGroup.nodeType",
            "replicationGroup.nodeType",
            "replication_group.node_type",
            "elasticache.ReplicationGroup.nodeType",
            "aws.elasticache.ReplicationGroup.node_type",
            "aws_elasticache_replication_group.node_type",
        ],
    )
    def test_a_property_is_found_however_its_type_is_written(self, text):
        """As Pulumi, Python or Terraform has it."""
        (found,) = lookup.find(text)
        assert (found.type.token, found.property.name) == (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "nodeType",
        )

    def test_a_property_alone_is_that_of_every_type(self):
        """Caches come first."""
        found = lookup.find("node_type")
        assert [lookup.short_name(one.type) for one in found] == ["ReplicationGroup", "Cluster"]
        assert lookup.find("tags")[0].type.token.startswith("aws:elasticache/")

    def test_a_nested_property_is_found_by_its_path(self):
        """What happens is told where it is told: at the object that it is a part of."""
        (found,) = lookup.find("serverless_cache.cache_usage_limits.data_storage.maximum")
        assert found.property.name == "cacheUsageLimits.dataStorage.maximum"
        assert found.telling().name == "cacheUsageLimits"

    def test_rules_of_a_property_are_those_whose_fix_sets_it(self):
        """On that type only."""
        found = {lookup.short_name(one.type): one for one in lookup.find("multiAzEnabled")}
        assert [one.name for one in found["ReplicationGroup"].rules()] == ["cache-multi-az"]

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("cache-multi-azz", "there is no rule, type or property 'cache-multi-azz' (did you mean cache-multi-az?)"),
            ("nodetype", "there is no rule, type or property 'nodetype' (did you mean nodeType?)"),
            (
                "ReplicationGroup.nodeTyp",
                "ReplicationGroup has no property 'nodeTyp' (did you mean ReplicationGroup.nodeType?);"
                " `cachewright explain ReplicationGroup` lists them",
            ),
            ("", "there is no rule, type or property ''; `cachewright check --list` lists the rules"),
        ],
    )
    def test_what_is_not_known_is_told_with_the_nearest(self, text, hint):
        """And with where to look."""
        with pytest.raises(CachewrightError) as caught:
            lookup.find(text)
        assert str(caught.value).startswith(hint)

    def test_everything_that_is_offered_can_be_explained(self):
        """By a person and by a machine; nothing of it is wider than it may be, but addresses and code."""
        for name in lookup.names():
            subject = lookup.find(name)
            shown = for_people.render(subject, width=80)
            assert shown.splitlines()[0].startswith(name)
            assert json.loads(json.dumps(for_machines.document(subject)))["kind"] in {"rule", "type"}
            if not isinstance(subject, Rule):
                assert max(map(len, shown.splitlines())) <= 80


class TestTheCommand:
    """As a user runs it, anywhere."""

    def test_a_rule_is_told_whole(self):
        """What, why, severity, fix, effect, settings with defaults, frameworks and both examples."""
        done = run("explain", "cache-automatic-backups")
        assert done.returncode == 0, done.stderr
        rule = registry.by_name()["cache-automatic-backups"]
        words = " ".join(done.stdout.split())
        for part in (
            rule.title,
            rule.description,
            rule.remediation,
            "severity high",
            "off in dev, mandatory in staging, mandatory in prod",
            "AWS FSBP: ElastiCache.1",
            "minimumDays integer, 1 to 35; default 1 (prod: 7). For how many days snapshots are kept.",
            rule.url,
        ):
            assert " ".join(part.split()) in words
        for program in (rule.violating, rule.compliant):
            for line in example(program).splitlines():
                assert line in done.stdout

    def test_a_property_tells_what_changing_it_does_when_and_the_safe_path(self):
        """From the catalog."""
        shown = " ".join(run("explain", "replication_group.node_type").stdout.split())
        property = resource_types.find("aws:elasticache/replicationGroup:ReplicationGroup").properties["nodeType"]
        assert "changing it a blip: connections drop for a moment, or a node fails over; in the next" in shown
        assert f"what happens {property.explanation}" in shown
        assert f"safe path {property.safe_path}" in shown
        assert property.source in shown

    def test_a_machine_gets_one_json_object(self):
        """The rule's and the property's."""
        rule = json.loads(run("explain", "cache-has-replicas", "--json").stdout)
        assert (rule["kind"], rule["severity"], rule["concern"]) == ("rule", "high", "availability")
        assert rule["effects"].keys() == {"ReplicationGroup"}
        found = json.loads(run("explain", "nodeType", "--json").stdout)
        assert [one["effect"] for one in found["properties"]] == ["blip", "blip"]
        assert all(one["safePath"] for one in found["properties"])

    def test_an_unknown_name_is_a_usage_error(self):
        """One message, exit code 2."""
        done = run("explain", "cache-multi-azz")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: there is no rule, type or property 'cache-multi-azz' (did you mean")

    def test_the_list_needs_no_project(self):
        """With each rule's level in the environment that is asked for."""
        done = run("check", "--list", "--environment", "staging")
        assert done.returncode == 0, done.stderr
        assert re.search(r"^  cache-tags +low +advisory +Caches are tagged$", done.stdout, re.MULTILINE)
        assert done.stdout.endswith(
            f"\n{len(registry.rules())} rules, with their levels in staging;"
            " `cachewright explain RULE` tells all of one.\n"
        )

    def test_the_list_as_json_has_every_rule(self, tmp_path):
        """Levels follow the configuration."""
        config = tmp_path / "policy.json"
        config.write_text('{"cache-tags": "mandatory", "cache-multi-az": "disabled"}')
        document = json.loads(rule_list.render(Environment.PROD, config, "json", None))
        found = {one["name"]: one for one in document["rules"]}
        assert found.keys() == registry.by_name().keys()
        assert (found["cache-tags"]["level"], found["cache-multi-az"]["level"]) == ("mandatory", "off")
        assert found["cache-tags"]["levels"]["prod"] == "advisory"


class TestCompletion:
    """The shell's completion protocol, as the installed script speaks it."""

    def test_bash_completes_the_names_of_rules(self):
        """One a line."""
        done = run(_CACHEWRIGHT_COMPLETE="complete_bash", COMP_WORDS="cachewright explain cache-m", COMP_CWORD="2")
        expected = {one for one in registry.by_name() if one.startswith("cache-m")}
        assert len(expected) > 1
        assert set(done.stdout.split()) == expected

    def test_properties_are_completed_after_their_type(self):
        """With the type, as it is written."""
        done = run(
            _CACHEWRIGHT_COMPLETE="complete_bash",
            COMP_WORDS="cachewright explain ReplicationGroup.multi",
            COMP_CWORD="2",
        )
        assert done.stdout.split() == ["ReplicationGroup.multiAzEnabled"]

    def test_zsh_and_fish_complete_as_well(self):
        """Each in its own protocol."""
        zsh = run(_CACHEWRIGHT_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="cachewright explain malformed-")
        assert "malformed-waiver" in zsh.stdout
        fish = run(
            _CACHEWRIGHT_COMPLETE="complete_fish",
            _TYPER_COMPLETE_ARGS="cachewright explain malformed-",
            _TYPER_COMPLETE_FISH_ACTION="get-args",
        )
        assert fish.stdout.split() == ["malformed-waiver"]

    def test_the_forms_of_the_report_are_completed(self):
        """As values of their option."""
        done = run(_CACHEWRIGHT_COMPLETE="complete_bash", COMP_WORDS="cachewright check --format s", COMP_CWORD="3")
        assert done.stdout.split() == ["sarif"]

    def test_completion_loads_neither_pulumi_nor_boto3(self):
        """It is asked at every key."""
        script = (
            "import sys\nfrom cachewright_ops.commands.explain import _subjects\n_subjects('cache-')\n"
            "slow = {'pulumi', 'pulumi_aws', 'boto3', 'botocore', 'moto', 'jinja2', 'rich'}\n"
            "print(sorted(slow & set(sys.modules)))"
        )
        assert (
            subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"
        )


class TestThePage:
    """docs/policies.md; `make lint` tells whether it is up to date."""

    def test_every_rule_is_there_with_all_that_is_known_of_it(self):
        """Under its concern, with a link from the index."""
        page = policy_docs.render()
        for concern in registry.CONCERNS:
            assert f"\n## {concern.capitalize()}\n" in page
        for rule in registry.rules():
            part = page.split(f"\n### {rule.name}\n", 1)[1].split("\n### ", 1)[0]
            assert f"[`{rule.name}`](#{rule.name})" in page
            for text in (rule.title, rule.description, rule.remediation, rule.url, *effects(rule).values()):
                assert text in part
            for one in rule.frameworks:
                assert f"- **{one.name}:** {', '.join(one.controls)}" in part
            for setting in rule.settings:
                assert f"| `{setting.name}` |" in part
            for program in (rule.violating, rule.compliant):
                assert f"```python\n{example(program)}\n```" in part
        for name in OWN_POLICIES:
            assert f"| `{name}` |" in page

    def test_a_page_that_is_not_what_the_rules_say_is_told(self, tmp_path, monkeypatch, capsys):
        """With what to do; written anew it is up to date."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "docs").mkdir()

        def run() -> int:
            return write_or_check(policy_docs.TARGET, lambda: "made\n", "the rules")

        monkeypatch.setattr(sys, "argv", ["policy_docs", "--check"])
        assert run() == 1
        assert capsys.readouterr().err == (
            "error: docs/policies.md is not what the rules say; run `make docs` and commit it\n"
        )
        monkeypatch.setattr(sys, "argv", ["policy_docs"])
        assert run() == 0
        monkeypatch.setattr(sys, "argv", ["policy_docs", "--check"])
        assert run() == 0
