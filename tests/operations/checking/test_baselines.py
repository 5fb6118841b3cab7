"""Baselines: what was found one day counts no more, and what is mended is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking import baseline
from cachewright_policies.finding import Finding, Status, fingerprint
from cachewright_policies.levels import Level
from cachewright_policies.rule import Severity


def kept(tmp_path, *findings):
    """Return the baseline of some findings, through a file."""
    file = tmp_path / "baseline.json"
    file.write_text(baseline.of_findings(findings)[0])
    return baseline.read(file)


def test_only_what_is_new_counts(tmp_path, finding):
    """What is known is marked, even when its line and message have moved."""
    base = kept(tmp_path, finding())
    marked, fixed = base.apply([finding(line=99, message="worded anew"), finding(name="orders")])
    assert [one.status for one in marked] == [Status.BASELINE, Status.VIOLATION]
    assert fixed == ()


def test_what_is_mended_is_told(tmp_path, finding):
    """With its policy and resource."""
    marked, fixed = kept(tmp_path, finding(), finding(name="orders")).apply([finding()])
    assert [one.status for one in marked] == [Status.BASELINE]
    assert [(one.policy, one.urn.rsplit("::", 1)[-1], one.count) for one in fixed] == [
        ("cache-automatic-backups", "orders", 1)
    ]


def test_a_second_finding_of_the_same_property_is_new(tmp_path, finding):
    """Findings are counted, not only recognized."""
    base = kept(tmp_path, finding(message="port 6379"))
    marked, _ = base.apply([finding(message="port 6379"), finding(message="port 6380")])
    assert [one.status for one in marked] == [Status.BASELINE, Status.VIOLATION]
    _, fixed = kept(tmp_path, finding(), finding(), finding()).apply([finding()])
    assert [one.count for one in fixed] == [2]


def test_what_is_waived_is_neither_known_nor_mended(tmp_path, finding):
    """A waiver has its own file; one that is given later does not make the finding look mended."""
    assert kept(tmp_path, finding(status=Status.WAIVED)).findings == ()
    marked, fixed = kept(tmp_path, finding()).apply([finding(status=Status.WAIVED)])
    assert [one.status for one in marked] == [Status.WAIVED]
    assert fixed == ()


def test_a_baseline_is_the_same_text_whatever_the_order(finding):
    """It is kept in version control."""
    one, two = finding(), finding(name="orders")
    assert baseline.of_findings([one, two]) == baseline.of_findings([two, one])
    assert baseline.of_findings([one, two])[1] == 2
    assert json.loads(baseline.of_findings([one])[0]) == {
        "version": 1,
        "findings": [
            {
                "fingerprint": fingerprint(one),
                "policy": "cache-automatic-backups",
                "urn": one.urn,
                "property": "snapshotRetentionLimit",
                "count": 1,
            }
        ],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON: Expecting property name"),
        ("[" * 100_000, "is not JSON: "),
        ("[]", "is no baseline: the file: Input should be"),
        ('{"findings": []}', "is no baseline: version: Field required"),
        ('{"version": 2, "findings": []}', "is no baseline: version: Input should be 1"),
        (
            '{"version": 1, "findings": [{"fingerprint": 3, "policy": "x", "urn": "y"}]}',
            "is no baseline: findings.0.fingerprint: Input should be a valid string",
        ),
    ],
    ids=["broken", "deep", "list", "no version", "other version", "number"],
)
def test_a_corrupt_file_is_told(tmp_path, text, told):
    """With the file, the place in it, and where a good one comes from."""
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(CachewrightError) as caught:
        baseline.read(file)
    assert str(caught.value).startswith(f"--baseline: {file} {told}")
    assert str(caught.value).endswith("; name what `cachewright check --write-baseline` wrote")


def test_a_missing_file_is_told(tmp_path):
    """The same way."""
    with pytest.raises(CachewrightError, match=r"--baseline: cannot read .*: No such file or directory; name what"):
        baseline.read(tmp_path / "none.json")


FINDINGS = st.lists(
    st.builds(
        lambda policy, name, status: Finding(
            policy, Level.MANDATORY, Severity.HIGH, status, f"urn:{name}", "t", name, "m", "r"
        ),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from([Status.VIOLATION, Status.UNKNOWN, Status.EXPIRED_WAIVER]),
    ),
    max_size=8,
)


@given(FINDINGS, FINDINGS)
def test_known_new_and_mended_add_up(before, after):
    """Nothing is lost: what was found before is known or mended, what is found now is known or new."""
    base = baseline.Baseline.model_validate_json(baseline.of_findings(before)[0])
    marked, fixed = base.apply(after)
    known = sum(one.status is Status.BASELINE for one in marked)
    assert len(marked) == len(after)
    assert known + sum(one.count for one in fixed) == len(before)
    assert {one.status for one in base.apply(before)[0]} <= {Status.BASELINE}
