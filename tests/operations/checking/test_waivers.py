"""Waivers: what a file may say, what it does to findings, and what is found about the waivers themselves."""

from __future__ import annotations

import re
import string
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.waivers import Fault, Waiver, WaiverFile, parse, reaches
from cachewright_ops.checking.waiving import Waiving
from cachewright_policies.finding import Status
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.levels import Level
from cachewright_policies.rule import Environment, Severity

TODAY = date(2026, 11, 23)
POLICIES = {
    "cache-port-exposure": Severity.CRITICAL,
    "cache-automatic-backups": Severity.HIGH,
    "cache-multi-az": Severity.HIGH,
    "cache-tags": Severity.LOW,
}
TYPE = "aws:elasticache/replicationGroup:ReplicationGroup"
WHOLE = {
    "id": "W-1",
    "policies": ["cache-automatic-backups"],
    "targets": ["ReplicationGroup/sessions"],
    "reason": "Sessions can be lost.",
    "owner": "team-web",
    "ticket": "OPS-1",
    "created": "2026-11-01",
    "expires": "2027-01-30",
}


def file_of(*entries):
    """Return the text of a file with these waivers."""
    return yaml.safe_dump({"waivers": list(entries)}, sort_keys=False)


def read(*entries, today=TODAY):
    """Return what a file with these waivers says."""
    return parse(file_of(*entries), "waivers.yaml", POLICIES, today)


def messages(found):
    """Return the faults as `field: message` lines."""
    return [f"{one.field}: {one.message}" for one in found.faults]


class TestTheFile:
    """What a file may say."""

    def test_a_whole_waiver_is_read_as_it_is_written(self):
        """Every field arrives, days as days."""
        found = read({**WHOLE, "stacks": ["prod-*"], "compensating_control": "Nobody notices."})
        assert found.faults == ()
        assert found.waivers == (
            Waiver(
                "W-1",
                ("cache-automatic-backups",),
                ("ReplicationGroup/sessions",),
                "Sessions can be lost.",
                "team-web",
                "OPS-1",
                date(2026, 11, 1),
                date(2027, 1, 30),
                ("prod-*",),
                "Nobody notices.",
                2,
            ),
        )

    @pytest.mark.parametrize("field", list(WHOLE))
    @pytest.mark.parametrize("empty", ["left out", None, "", " "], ids=["left out", "null", "empty", "blank"])
    def test_every_field_is_required(self, field, empty):
        """A field that is left out, null or blank makes the waiver waive nothing."""
        entry = {key: value for key, value in WHOLE.items() if key != field}
        if empty != "left out":
            entry[field] = empty
        found = read(entry)
        assert found.waivers == ()
        assert [one.field for one in found.faults] == [field]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"expires": "2027-01-31"},
                "expires: expected 2027-01-30 at the latest, 90 days after it was created (365 "
                "where every policy is of low severity), found 2027-01-31",
            ),
            (
                {"expires": "2026-10-31"},
                "expires: expected a day after 2026-11-01, when it was created, found 2026-10-31",
            ),
            ({"expires": "tomorrow"}, "expires: expected a day as YYYY-MM-DD, found 'tomorrow'"),
            ({"expires": "2027-02-30"}, "expires: expected a day of the calendar, found 2027-02-30"),
            (
                {"created": "2026-11-25", "expires": "2026-12-01"},
                "created: expected a day that has come, found 2026-11-25, and today is 2026-11-23",
            ),
            (
                {"policies": ["cache-multi-zz"]},
                "policies[0]: there is no policy 'cache-multi-zz' (did you mean "
                "cache-multi-az?); `cachewright check --list` lists them",
            ),
            ({"policies": []}, "policies: expected a list of the names of policies, found an empty one"),
            ({"policies": "cache-tags"}, "policies: expected a list of the names of policies, found 'cache-tags'"),
            (
                {"targets": ["sessions"]},
                "targets[0]: expected a URN or type/name, such as ReplicationGroup/sessions, found 'sessions'",
            ),
            (
                {"targets": ["*/*"]},
                "targets[0]: expected a target that names a type or a resource, found '*/*', which is everything",
            ),
            ({"targets": [["x"]]}, "targets[0]: expected a text, found a list"),
            ({"owner": {"team": "web"}}, "owner: expected a text, found an object"),
            (
                {"expire": "2026-12-01"},
                "expire: expected one of id, policies, targets, reason, owner, ticket, created, "
                "expires, stacks, compensating_control, accept_critical_risk, found 'expire' (did you mean expires?)",
            ),
        ],
    )
    def test_what_is_wrong_is_told_with_the_way_out(self, change, message):
        """The message names the field, what was expected and what was found."""
        found = read({**WHOLE, **change})
        assert found.waivers == ()
        assert messages(found) == [message]

    def test_all_faults_of_all_waivers_are_told_with_their_lines(self):
        """The lines are those of the fields, and the whole waivers beside them hold."""
        text = (
            "# reviewed by the platform team\n"
            "waivers:\n"
            "- {id: good, policies: [cache-tags], targets: [Cluster/x], reason: r, owner: o, ticket: t,"
            " created: 2026-11-01, expires: 2027-11-01}\n"
            "- id: bad\n"
            "  policies:\n"
            "  - cache-tags\n"
            "  - no-such\n"
            "  targets: [x]\n"
            "  reason: r\n"
            "  owner: o\n"
            "  created: 2026-11-01\n"
            "  expires: 2026-12-01\n"
            "- just a text\n"
        )
        found = parse(text, "waivers.yaml", POLICIES, TODAY)
        assert [one.id for one in found.waivers] == ["good"]
        assert [(one.waiver, one.field, one.line) for one in found.faults] == [
            ("bad", "policies[1]", 7),
            ("bad", "targets[0]", 8),
            ("bad", "ticket", 4),
            ("waivers[2]", "", 13),
        ]

    def test_two_waivers_may_not_share_an_id(self):
        """The second one waives nothing, and the first one's line is told."""
        found = read(WHOLE, {**WHOLE, "reason": "Again."})
        assert [one.reason for one in found.waivers] == ["Sessions can be lost."]
        assert messages(found) == ["id: expected an id of its own, found 'W-1', which line 2 has"]

    def test_a_key_that_stands_twice_is_a_fault(self):
        """YAML would take the last one silently."""
        text = file_of(WHOLE).replace("  owner: team-web\n", "  owner: team-web\n  owner: me\n")
        assert messages(parse(text, "waivers.yaml", POLICIES, TODAY)) == [
            "owner: expected it once, found it again in line 9"
        ]

    def test_a_critical_policy_asks_for_its_risk_to_be_accepted(self):
        """Both fields are needed, and a text is no acceptance."""
        critical = {**WHOLE, "policies": ["cache-port-exposure"]}
        assert messages(read(critical)) == [
            "accept_critical_risk: expected true, because cache-port-exposure is of critical severity, found nothing",
            "compensating_control: expected what holds the risk down, because cache-port-exposure is of critical"
            " severity, found nothing",
        ]
        assert messages(read({**critical, "accept_critical_risk": False, "compensating_control": "A firewall."})) == [
            "accept_critical_risk: expected true, because cache-port-exposure is of critical severity, found 'false'"
        ]
        accepted = read({**critical, "accept_critical_risk": True, "compensating_control": "A firewall."})
        assert accepted.faults == ()
        assert len(accepted.waivers) == 1

    def test_a_waiver_of_low_severity_may_last_a_year(self):
        """One policy of higher severity in it brings the limit down again."""
        year = {**WHOLE, "policies": ["cache-tags"], "expires": "2027-11-01"}
        assert read(year).faults == ()
        assert [one.field for one in read({**year, "policies": ["cache-tags", "cache-multi-az"]}).faults] == ["expires"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("- id: x\n", "waivers.yaml:1: expected an object with 'waivers', found a list"),
            ("\nwaiver: []\n", "waivers.yaml:2: expected 'waivers', found 'waiver'"),
            ("waivers: x\n", "waivers.yaml:1: expected a list of waivers, found 'x'"),
            ("waivers:\n  - id: [\n", "waivers.yaml:3: not YAML: expected the node content"),
            ("waivers: []\n---\nwaivers: []\n", "waivers.yaml:2: not YAML: but found another document"),
            ("waivers: \x01\n", "waivers.yaml: not YAML: unacceptable character #x0001"),
            ("[" * 20_000, "waivers.yaml: not YAML: it is nested too deeply"),
        ],
        ids=["list", "other key", "text", "broken", "two documents", "control character", "deep"],
    )
    def test_a_file_that_is_none_is_an_error_with_its_line(self, text, message):
        """Nothing can be decided with it: the command ends with exit code 2."""
        with pytest.raises(CachewrightError) as caught:
            parse(text, "waivers.yaml", POLICIES, TODAY)
        assert str(caught.value).startswith(f"--waivers: {message}")

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "waivers:\n", "waivers: []\n"])
    def test_an_empty_file_waives_nothing(self, text):
        """It is no error either."""
        assert parse(text, "waivers.yaml", POLICIES, TODAY) == WaiverFile("waivers.yaml")


NAMES = st.text(string.ascii_letters + string.digits + "-_.[]/ü", min_size=1, max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates()
JSON = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=6), one, max_size=3)
)


class TestEveryFile:
    """What holds whatever a file says."""

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(st.dictionaries(st.sampled_from([*WHOLE, "stacks", "accept_critical_risk", "x"]), JSON), max_size=3)
    )
    def test_an_entry_is_a_waiver_or_has_a_fault(self, entries):
        """Nothing raises, and what is not whole never waives."""
        found = read(*entries)
        faulty = {one.waiver for one in found.faults}
        assert len(found.waivers) + len(faulty) >= bool(entries)
        assert not faulty & {one.id for one in found.waivers if [e.get("id") for e in entries].count(one.id) == 1}
        for one in found.waivers:
            assert one.created <= one.expires <= one.created + timedelta(days=365)

    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=60))
    def test_any_text_is_read_or_refused_with_one_message(self, text):
        """No other exception comes out."""
        try:
            parse(text, "waivers.yaml", POLICIES, TODAY)
        except CachewrightError as error:
            assert str(error).startswith("--waivers: waivers.yaml")

    @given(st.dates(date(2026, 1, 1), date(2026, 11, 24)), st.integers(-5, 400), st.booleans())
    def test_a_waiver_holds_as_long_as_it_may(self, created, days, low):
        """From the day it is created to 90 days later, or 365 where every policy is of low severity."""
        policy = "cache-tags" if low else "cache-multi-az"
        expires = created + timedelta(days=days)
        found = read({**WHOLE, "policies": [policy], "created": created, "expires": expires})
        assert (len(found.waivers) == 1) == (0 <= days <= (365 if low else 90))

    @given(NAMES)
    def test_a_target_without_a_star_means_that_resource_only(self, name):
        """Brackets and slashes in a name are just characters."""
        urn = f"urn:pulumi:prod::shop::{TYPE}::{name}"
        for target in (urn, f"{TYPE}/{name}", f"ReplicationGroup/{name}"):
            assert reaches(target, urn, TYPE, name)
            assert not reaches(target, f"{urn}x", TYPE, f"{name}x")
        assert not reaches(f"Cluster/{name}", urn, TYPE, name)

    @given(NAMES, NAMES)
    def test_a_star_stands_for_any_text(self, start, rest):
        """In a name and in a URN alike."""
        if "[" in start:
            start = start.replace("[", "")
        name = f"{start}{rest}"
        urn = f"urn:pulumi:prod::shop::{TYPE}::{name}"
        assert reaches(f"ReplicationGroup/{start}*", urn, TYPE, name)
        assert reaches(f"*/{start}*", urn, TYPE, name)
        assert reaches(f"urn:pulumi:*::{start}*", urn, TYPE, name)


@pytest.fixture
def waiving():
    """Return what applies waivers to the findings of a stack with `sessions` and `orders`."""

    def make(*entries, stack="prod", today=TODAY, environment=Environment.PROD, checked=frozenset(POLICIES)):
        graph = Graph(Resource(f"urn:pulumi:prod::shop::{TYPE}::{name}", TYPE, {}) for name in ("sessions", "orders"))
        return Waiving(read(*entries, today=today), graph, stack, environment, today, checked)

    return make


class TestFindings:
    """What waivers do to findings."""

    def test_what_is_waived_stays_visible_with_its_reason(self, waiving, finding):
        """Its level is as it was; other resources' findings count as before."""
        waived, other = waiving(WHOLE).apply([finding(), finding(name="orders")])
        assert (waived.status, waived.level, waived.waiver) == (Status.WAIVED, Level.MANDATORY, "W-1")
        assert waived.reason == "W-1 (team-web, OPS-1, until 2027-01-30): Sessions can be lost."
        assert other == finding(name="orders")

    def test_a_finding_that_nobody_can_decide_can_be_waived(self, waiving, finding):
        """Otherwise `--unknown fail` would leave no way out."""
        (waived,) = waiving(WHOLE).apply([finding(status=Status.UNKNOWN)])
        assert waived.status is Status.WAIVED

    def test_a_waiver_holds_on_its_last_day_and_not_on_the_next(self, waiving, finding):
        """What it waived then counts again, and the waiver itself is a finding."""
        holding, soon = waiving(WHOLE, today=date(2027, 1, 30)).apply([finding()])
        assert holding.status is Status.WAIVED
        assert (soon.policy, soon.message) == ("expiring-waiver", "the waiver W-1: it ends today, on 2027-01-30")
        ended, own = waiving(WHOLE, today=date(2027, 1, 31)).apply([finding()])
        assert (ended.status, ended.waiver) == (Status.EXPIRED_WAIVER, "W-1")
        assert (own.policy, own.level, own.message, own.file, own.line, own.property) == (
            "expired-waiver",
            Level.MANDATORY,
            "the waiver W-1: it ended on 2027-01-30",
            "waivers.yaml",
            2,
            "W-1.expires",
        )

    def test_two_weeks_before_its_end_a_waiver_is_told(self, waiving, finding):
        """Fifteen days before, it is not."""
        assert [one.policy for one in waiving(WHOLE, today=date(2027, 1, 15)).apply([finding()])] == [
            "cache-automatic-backups"
        ]
        _, soon = waiving(WHOLE, today=date(2027, 1, 16)).apply([finding()])
        assert (soon.policy, soon.level) == ("expiring-waiver", Level.ADVISORY)
        assert soon.message == "the waiver W-1: it ends in 14 days, on 2027-01-30"

    def test_one_that_holds_beats_one_that_has_ended(self, waiving, finding):
        """Whatever their order."""
        old = {**WHOLE, "id": "W-0", "created": "2026-08-01", "expires": "2026-09-01"}
        found = waiving(old, WHOLE).apply([finding()])
        assert (found[0].status, found[0].waiver) == (Status.WAIVED, "W-1")

    def test_a_malformed_waiver_waives_nothing_and_is_a_finding(self, waiving, finding):
        """It stops a change where medium severity does."""
        still, own = waiving({**WHOLE, "ticket": ""}).apply([finding()])
        assert still == finding()
        assert (own.policy, own.level, own.name, own.property, own.message) == (
            "malformed-waiver",
            Level.MANDATORY,
            "W-1",
            "W-1.ticket",
            "the waiver W-1: ticket: expected a text, found only blanks",
        )
        _, advisory = waiving({**WHOLE, "ticket": ""}, environment=Environment.STAGING).apply([finding()])
        assert advisory.level is Level.ADVISORY

    def test_what_is_not_used_is_a_finding(self, waiving, finding):
        """A target that is no resource, with the nearest one, and a policy that finds nothing on the targets."""
        (target,) = waiving({**WHOLE, "targets": ["ReplicationGroup/sesions"]}).apply([])
        assert (target.policy, target.level) == ("unused-waiver", Level.ADVISORY)
        assert target.message == (
            "the waiver W-1: ReplicationGroup/sesions is no resource of this stack (did you mean"
            " ReplicationGroup/sessions?)"
        )
        other, policy = waiving(WHOLE).apply([finding(name="orders")])
        assert other.status is Status.VIOLATION
        assert policy.message == (
            "the waiver W-1: cache-automatic-backups finds nothing on its targets, only on other resources: there is"
            " nothing to waive"
        )

    def test_what_cannot_be_judged_here_is_not_called_unused(self, waiving):
        """A waiver of another stack, a URN of another stack, a rule that this environment does not check."""
        assert waiving({**WHOLE, "stacks": ["dev"]}).apply([]) == []
        assert waiving({**WHOLE, "targets": [f"urn:pulumi:dev::shop::{TYPE}::sessions"]}).apply([]) == []
        assert waiving(WHOLE, checked=frozenset()).apply([]) == []

    def test_a_waiver_for_another_stack_waives_nothing_here(self, waiving, finding):
        """A stack is matched by its name, with or without organization and project."""
        entry = {**WHOLE, "stacks": ["prod"]}
        assert waiving(entry, stack="acme/shop/prod").apply([finding()])[0].status is Status.WAIVED
        assert waiving(entry, stack="acme/shop/dev").apply([finding()])[0].status is Status.VIOLATION


def test_a_fault_names_the_entry_by_its_place_where_it_has_no_id():
    """Entries are counted from 0."""
    assert read({key: value for key, value in WHOLE.items() if key != "id"}).faults == (
        Fault("waivers[0]", "id", "expected a text, found nothing", 2),
    )


def test_the_readmes_example_is_whole():
    """What users copy holds, also with what stands there as a comment."""
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text()
    (example,) = [one for one in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if one.startswith("waivers:")]
    known = {"cache-has-replicas": Severity.HIGH}
    found = parse(example, "waivers.yaml", known, date(2026, 11, 23))
    assert ([one.id for one in found.waivers], found.faults) == (["W-17"], ())
    with_comments = parse(
        re.sub(r"^    # (\w+:)", r"    \1", example, flags=re.MULTILINE), "x", known, date(2026, 11, 23)
    )
    assert [one.message for one in with_comments.faults] == []
    assert with_comments.waivers[0].stacks == ("staging",)
