"""A report as JUnit's XML, so that a CI server shows it among the tests.

A rule that finds nothing is a test that passes, and each finding is a test of its own: it fails where the check does,
and is skipped, with the reason, where it is advisory, undecided, waived or known before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from cachewright_ops.checking.report import title_of
from cachewright_policies.finding import Status
from cachewright_policies.registry import by_name, concern_of

if TYPE_CHECKING:
    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding

# XML 1.0 has no form for these at all.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN: Final = "check"


def render(report: Report) -> str:
    """Return the report as one `testsuites` element: a suite for each concern."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in report.findings:
        found[one.policy].append(one)
    suites: dict[str, list[str]] = defaultdict(list)
    for policy in dict.fromkeys((*report.checked, *found)):
        rule = by_name().get(policy)
        suites[_OWN if rule is None else concern_of(rule)].append(policy)
    failures = sum(report.is_failure(one) for one in report.findings)
    tests = sum(max(1, len(found[one])) for policies in suites.values() for one in policies)
    root = ET.Element(
        "testsuites",
        name=_clean(f"cachewright check: {report.subject}"),
        tests=str(tests),
        failures=str(failures),
        errors="0",
        time=f"{report.seconds:.3f}",
    )
    for concern, policies in suites.items():
        _suite(root, concern, policies, found, report)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(
    root: ET.Element, concern: str, policies: list[str], found: dict[str, list[Finding]], report: Report
) -> None:
    findings = [one for policy in policies for one in found[policy]]
    failed = sum(report.is_failure(one) for one in findings)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=concern,
        tests=str(sum(max(1, len(found[one])) for one in policies)),
        failures=str(failed),
        errors="0",
        skipped=str(len(findings) - failed),
    )
    for policy in policies:
        classname = f"cachewright.{concern}.{policy}"
        if not found[policy]:
            ET.SubElement(suite, "testcase", name=title_of(policy), classname=classname)
        for one in found[policy]:
            _case(suite, classname, one, report)


def _case(suite: ET.Element, classname: str, finding: Finding, report: Report) -> None:
    place = ".".join(part for part in (finding.name, finding.property) if part) if finding.urn else finding.property
    case = ET.SubElement(suite, "testcase", name=_clean(f"{title_of(finding.policy)}: {place}"), classname=classname)
    fails = report.is_failure(finding)
    why = finding.level.value if finding.status in {Status.VIOLATION, Status.EXPIRED_WAIVER} else finding.status.value
    verdict = ET.SubElement(
        case,
        "failure" if fails else "skipped",
        type=finding.severity.value,
        message=_clean(finding.message if fails else f"{why}: {finding.reason or finding.message}"),
    )
    path, line = report.path_of(finding)
    details = [finding.message, f"at {path}:{line}", f"resource: {finding.urn}" if finding.urn else ""]
    if finding.reason:
        details.append(f"waiver: {finding.reason}")
    details.append(f"fix: {finding.remediation}")
    details.append(f"effect of the fix: {finding.effect}" if finding.effect else "")
    verdict.text = _clean("\n".join(one for one in details if one))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
