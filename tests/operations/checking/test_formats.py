"""The forms of a report."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cachewright_ops.checking.baseline import Known
from cachewright_ops.checking.formats import json as json_format
from cachewright_ops.checking.formats import junit, markdown, sarif, text
from cachewright_ops.checking.places import Place
from cachewright_ops.checking.report import UnknownAs
from cachewright_ops.checking.waivers import Waiver
from cachewright_policies import registry
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level
from cachewright_policies.rule import Severity

SCHEMAS = Path(__file__).parent / "schemas"
SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text()))
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
WAIVER = Waiver(
    "W-1",
    ("cache-multi-az",),
    ("ReplicationGroup/sessions",),
    "One zone is enough.",
    "team-web",
    "OPS-1",
    date(2026, 11, 1),
    date(2027, 1, 30),
    compensating_control="The data is elsewhere, too.",
    line=2,
)
SAID = "W-1 (team-web, OPS-1, until 2027-01-30): One zone is enough. Meanwhile: The data is elsewhere, too."
NASTY = "</details> <script>alert(1)</script> | `x` *b* [l](http://x) @team\n# \x07\x00 \ud800 ${{ x }} ]]> & \"q\" 'a'"


@pytest.fixture
def mixed(finding, report):
    """Return a report with one finding of each status, in a project below the root of its repository."""
    return report(
        finding(),
        finding(policy="cache-tags", level=Level.ADVISORY, severity=Severity.LOW, property="tags", line=7),
        finding(policy="cache-port-exposure", severity=Severity.CRITICAL, name="orders", line=9, property="ingress"),
        finding(
            policy="cache-private-subnets", status=Status.UNKNOWN, name="orders", line=9, property="subnetGroupName"
        ),
        finding(policy="cache-multi-az", status=Status.WAIVED, reason=SAID, waiver="W-1", property="multiAzEnabled"),
        finding(policy="cache-final-snapshot", status=Status.BASELINE, severity=Severity.MEDIUM, property="x"),
        finding(
            policy="unused-waiver",
            urn="",
            type="",
            name="W-2",
            property="W-2.targets[0]",
            file="waivers.yaml",
            level=Level.ADVISORY,
            severity=Severity.LOW,
            line=12,
            effect="",
        ),
        waivers={"W-1": WAIVER},
        place=Place(folder="infra/caches", here="caches"),
        checked=tuple(one.name for one in registry.rules()),
        against_baseline=True,
        fixed=(Known(fingerprint="f", policy="cache-tags", urn="urn:pulumi:prod::shop::t::old"),),
    )


def results(report):
    """Return the run of a report's SARIF, and its results by rule; it is valid."""
    log = json.loads(sarif.render(report))
    SARIF.validate(log)
    (run,) = log["runs"]
    return run, {one["ruleId"]: one for one in run["results"]}


class TestSarif:
    """SARIF 2.1.0, as GitHub's code scanning reads it."""

    def test_a_result_is_at_its_line_from_the_root_of_the_repository(self, mixed):
        """The path is relative to the repository, whatever folder the project is in."""
        run, found = results(mixed)
        (location,) = found["cache-port-exposure"]["locations"]
        assert location == {
            "physicalLocation": {
                "artifactLocation": {"uri": "infra/caches/__main__.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 9},
            },
            "logicalLocations": [
                {
                    "fullyQualifiedName": "urn:pulumi:prod::shop::"
                    "aws:elasticache/replicationGroup:ReplicationGroup::orders",
                    "name": "orders",
                    "kind": "resource",
                }
            ],
        }
        assert "%SRCROOT%" in run["originalUriBaseIds"]
        assert run["automationDetails"]["id"] == "cachewright/prod/"

    def test_level_kind_and_baseline_follow_the_status(self, mixed):
        """What is undecided is open, what is waived is a note with its suppression."""
        _, found = results(mixed)
        assert {name: (one["level"], one["kind"], one["baselineState"]) for name, one in found.items()} == {
            "cache-port-exposure": ("error", "fail", "new"),
            "cache-automatic-backups": ("error", "fail", "new"),
            "cache-tags": ("note", "fail", "new"),
            "unused-waiver": ("note", "fail", "new"),
            "cache-private-subnets": ("none", "open", "new"),
            "cache-final-snapshot": ("error", "fail", "unchanged"),
            "cache-multi-az": ("note", "fail", "new"),
        }
        assert {name for name, one in found.items() if "suppressions" in one} == {"cache-multi-az"}
        assert found["cache-multi-az"]["suppressions"] == [
            {
                "kind": "external",
                "status": "accepted",
                "justification": SAID,
                "properties": {
                    "id": "W-1",
                    "owner": "team-web",
                    "ticket": "OPS-1",
                    "created": "2026-11-01",
                    "expires": "2027-01-30",
                },
            }
        ]

    def test_every_rule_tells_its_severity_its_fix_and_its_effect(self, mixed):
        """The texts are as long, and the tags as many, as GitHub takes."""
        run, _ = results(mixed)
        described = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
        assert described.keys() == {*(one.name for one in registry.rules()), "unused-waiver"}
        for one in described.values():
            assert len(one["name"]) <= 255
            assert len(one["shortDescription"]["text"]) <= 1024
            assert len(one["fullDescription"]["text"]) <= 1024
            assert 1 <= len(one["properties"]["tags"]) <= 20
            assert 0 < float(one["properties"]["security-severity"]) < 10
            assert "**Fix:** " in one["help"]["markdown"]
        exposure = described["cache-port-exposure"]
        assert exposure["name"] == "CachePortExposure"
        assert exposure["properties"]["security-severity"] == "9.5"
        assert exposure["properties"]["tags"][:2] == ["security", "network"]
        assert "security" not in described["cache-tags"]["properties"]["tags"]
        assert "Effect of the fix on a running cache" in described["cache-has-replicas"]["help"]["markdown"]

    def test_a_fingerprint_stays_when_lines_and_words_move(self, report, finding):
        """Two findings of one property have two."""
        _, before = results(report(finding()))
        _, after = results(report(finding(line=99, message="worded anew")))
        mark = before["cache-automatic-backups"]["partialFingerprints"]
        assert mark == after["cache-automatic-backups"]["partialFingerprints"]
        run, _ = results(report(finding(message="a"), finding(message="b")))
        marks = [one["partialFingerprints"]["policyResourceProperty/v1"] for one in run["results"]]
        assert [one.rsplit(":", 1)[1] for one in marks] == ["1", "2"]
        assert len({one.rsplit(":", 1)[0] for one in marks}) == 1

    def test_what_has_no_file_in_the_repository_is_at_the_project(self, report, finding):
        """GitHub shows no result without a place in the repository; a path is written as a URI."""
        place = Place(folder="a b", entry="Pulumi.yaml")
        found = [finding(file="", line=0), finding(file="../../elsewhere.py", name="x"), finding(file="ü.py", name="y")]
        run, _ = results(report(*found, place=place))
        places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
        assert [(one["artifactLocation"]["uri"], one["region"]["startLine"]) for one in places] == [
            ("a%20b/Pulumi.yaml", 1),
            ("a%20b/Pulumi.yaml", 1),
            ("a%20b/%C3%BC.py", 7),
        ]

    def test_more_results_than_github_takes_are_cut_and_told(self, report, finding, monkeypatch):
        """The worst are kept."""
        monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
        found = [finding(severity=Severity.LOW, level=Level.ADVISORY), finding(name="a"), finding(name="b")]
        run, _ = results(report(*found))
        assert [one["properties"]["severity"] for one in run["results"]] == ["high", "high"]
        (invocation,) = run["invocations"]
        assert invocation["toolExecutionNotifications"] == [
            {"level": "warning", "message": {"text": "1 findings of 3 are left out, the mildest"}}
        ]

    def test_an_empty_report_is_valid(self, report):
        """With every rule and no result."""
        run, found = results(report())
        assert found == {}
        assert len(run["tool"]["driver"]["rules"]) == len(registry.rules())


class TestJunit:
    """JUnit's XML."""

    def test_what_fails_the_check_fails_and_everything_else_is_skipped(self, mixed):
        """A rule that finds nothing passes: there are as many tests as rules and further findings."""
        root = ET.fromstring(junit.render(mixed))
        JUNIT.validate(root)
        failed = {one.get("classname") for one in root.iter("testcase") if one.find("failure") is not None}
        skipped = {
            one.get("classname").rsplit(".", 1)[1]: one.find("skipped").get("message")
            for one in root.iter("testcase")
            if one.find("skipped") is not None
        }
        assert failed == {
            "cachewright.backup.cache-automatic-backups",
            "cachewright.network.cache-port-exposure",
        }
        assert skipped == {
            "cache-tags": "advisory: no automatic snapshot is taken",
            "cache-private-subnets": "unknown: no automatic snapshot is taken",
            "cache-multi-az": f"waived: {SAID}",
            "cache-final-snapshot": "baseline: no automatic snapshot is taken",
            "unused-waiver": "advisory: no automatic snapshot is taken",
        }
        cases = list(root.iter("testcase"))
        assert (root.get("tests"), root.get("failures")) == (str(len(cases)), "2")
        assert len(cases) == len(registry.rules()) + 1
        for key in ("tests", "failures"):
            assert sum(int(one.get(key)) for one in root) == int(root.get(key))
        assert root.find(".//failure").text.splitlines()[1] == "at infra/caches/__main__.py:9"

    def test_undecided_findings_fail_where_they_are_to(self, report, finding):
        """As `--unknown fail` makes the check do."""
        root = ET.fromstring(junit.render(report(finding(status=Status.UNKNOWN), unknown_as=UnknownAs.FAIL)))
        assert root.get("failures") == "1"

    def test_characters_that_xml_has_not_are_replaced(self, report, finding):
        """Names and reasons come from programs and files."""
        text = junit.render(report(finding(message=NASTY, name=NASTY)))
        root = ET.fromstring(text.encode())
        JUNIT.validate(root)
        assert "\ufffd\ufffd \ufffd ${{ x }} ]]> &" in root.find(".//failure").get("message")


class TestMarkdown:
    """A comment on a pull request."""

    def test_it_begins_with_a_hidden_mark_and_the_verdict(self, mixed):
        """A workflow finds the comment again by the mark, and the worst is what a person sees first."""
        lines = markdown.render(mixed).splitlines()
        assert lines[:8] == [
            "<!-- cachewright check: shop, stack prod -->",
            "### ❌ cachewright: shop, stack prod",
            "",
            "**2 findings to mend before this can go on.** 4 resources, held to the levels of **prod**.",
            "",
            "| mandatory | advisory | unknown | waived | baseline | fixed |",
            "|---:|---:|---:|---:|---:|---:|",
            "| 2 | 2 | 1 | 1 | 1 | 1 |",
        ]
        headings = [one for one in lines if one.startswith("####")]
        assert headings == [
            "#### ReplicationGroup orders",
            "#### ReplicationGroup sessions",
            "#### Waivers",
            "#### Mended since the baseline",
        ]
        assert markdown.render(mixed).count("<details open>") == 1

    def test_a_clean_report_says_so(self, report):
        """In one line."""
        assert "### ✅ cachewright: shop, stack prod\n\n**Nothing here stops the change.**" in markdown.render(report())

    def test_nothing_in_a_text_is_taken_for_markup(self, report, finding):
        """Rendered, the words of a program are words: no element, no link, no mention."""
        source = markdown.render(report(finding(message=NASTY, remediation="# not a heading", property="a`b")))
        shown = MarkdownIt("gfm-like", {"linkify": False}).render(source)
        assert "<script>" not in shown
        assert "<em>" not in shown
        assert 'href="http://x"' not in shown
        assert shown.count("<details>") + shown.count("<details open>") == shown.count("</details>") == 1
        assert "@" not in source

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(count=st.integers(1, 900), length=st.integers(0, 3000))
    def test_it_fits_whatever_was_found(self, finding, report, count, length):
        """What is left out is counted, and every part is whole."""
        found = [finding(name=f"cache-{index}", message="@" * length) for index in range(count)]
        source = markdown.render(report(*found, resources=count))
        assert len(source) <= markdown.MOST_CHARACTERS
        shown = source.count("</details>")
        assert source.count("<details") == shown
        left = re.search(r"_(\d+) more findings do not fit here", source)
        assert shown + int(left[1] if left else 0) == count


class TestText:
    """A report for a person."""

    def test_it_is_grouped_by_cache_the_worst_first(self, mixed):
        """Each finding tells why, where, how to mend it and what that does; the path is from here."""
        assert text.render(mixed) == (
            "shop, stack prod, held to the levels of prod\n"
            "\n"
            "ReplicationGroup orders\n"
            "  ✗ mandatory critical cache-port-exposure  The internet cannot reach a cache's ports\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:9  orders.ingress\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "    effect  snapshotRetentionLimit: online.\n"
            "  ? unknown high cache-private-subnets  Caches are in private subnets\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:9  orders.subnetGroupName\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "    effect  snapshotRetentionLimit: online.\n"
            "\n"
            "ReplicationGroup sessions\n"
            "  ✗ mandatory high cache-automatic-backups  A snapshot of every cache is taken daily\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:7  sessions.snapshotRetentionLimit\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "    effect  snapshotRetentionLimit: online.\n"
            "  ! advisory low cache-tags  Caches are tagged\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:7  sessions.tags\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "    effect  snapshotRetentionLimit: online.\n"
            "  ○ known medium cache-final-snapshot  Production caches leave a final snapshot\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:7  sessions.x\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "    effect  snapshotRetentionLimit: online.\n"
            "  ○ waived high cache-multi-az  Replication groups are spread over zones\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/__main__.py:7  sessions.multiAzEnabled\n"
            "    waiver  W-1 (team-web, OPS-1, until 2027-01-30): One zone is enough. Meanwhile: The data is\n"
            "            elsewhere, too.\n"
            "\n"
            "Waivers\n"
            "  ! advisory low unused-waiver  Every waiver waives something\n"
            "    why     no automatic snapshot is taken\n"
            "    at      caches/waivers.yaml:12\n"
            "    fix     Set snapshotRetentionLimit.\n"
            "\n"
            "Mended since the baseline\n"
            "  ✓ cache-tags  old\n"
            "\n"
            "4 resources checked in 1.2s: 2 mandatory, 2 advisory, 1 unknown, 1 waived, 1 known before, 1 mended\n"
            "More on a rule: cachewright explain cache-port-exposure\n"
        )

    @pytest.mark.parametrize("width", [60, 80, 140])
    def test_no_line_is_wider_than_the_terminal(self, mixed, width):
        """Colour is control codes and takes no room."""
        plain = re.sub("\x1b\\[[0-9;]*m", "", text.render(mixed, colour=True, width=width))
        assert max(map(len, plain.splitlines())) <= width

    def test_colour_stands_there_only_when_it_is_asked_for(self, mixed):
        """A file or a pipe gets none."""
        assert "\x1b[" not in text.render(mixed)
        assert "\x1b[1;31m" in text.render(mixed, colour=True)

    def test_a_clean_report_is_two_lines(self, report):
        """What was checked, and that nothing was found."""
        assert text.render(report()) == (
            "shop, stack prod, held to the levels of prod\n\n4 resources checked in 1.2s: nothing found\n"
        )

    def test_an_ended_waiver_is_told_beside_the_fix(self, report, finding):
        """The finding counts again."""
        shown = text.render(report(finding(status=Status.EXPIRED_WAIVER, reason=SAID, waiver="W-1")))
        assert "✗ mandatory high cache-automatic-backups" in shown
        assert "    waiver  ended: W-1 (team-web" in shown


class TestJson:
    """A report for machines."""

    def test_it_holds_every_field_and_the_waiver(self, mixed):
        """The fields of the summary and of a finding are a contract."""
        document = json.loads(json_format.render(mixed))
        assert document["summary"] == {
            "resources": 4,
            "mandatory": 2,
            "advisory": 2,
            "unknown": 1,
            "waived": 1,
            "baseline": 1,
            "fixed": 1,
        }
        assert [one["policy"] for one in document["fixed"]] == ["cache-tags"]
        (waived,) = [one for one in document["findings"] if one["status"] == "waived"]
        assert waived["waiver"] == {
            "id": "W-1",
            "reason": "One zone is enough.",
            "owner": "team-web",
            "ticket": "OPS-1",
            "created": "2026-11-01",
            "expires": "2027-01-30",
            "compensatingControl": "The data is elsewhere, too.",
        }
        assert set(document["findings"][0]) == {
            "policy", "title", "level", "severity", "status", "urn", "type", "name", "cache", "property", "message",
            "remediation", "effect", "file", "line", "reason", "fingerprint",
        }  # fmt: skip

    def test_without_a_baseline_its_counts_are_left_out(self, report):
        """The summary is then the five counts."""
        assert list(json.loads(json_format.render(report()))["summary"]) == [
            "resources",
            "mandatory",
            "advisory",
            "unknown",
            "waived",
        ]
