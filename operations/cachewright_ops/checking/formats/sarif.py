"""A report in SARIF 2.1.0, as GitHub's code scanning reads it.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from cachewright_ops.checking.own_policies import OWN_POLICIES
from cachewright_ops.checking.rule_text import rule_markdown
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level
from cachewright_policies.registry import concern_of, rules
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from cachewright_ops.checking.own_policies import OwnPolicy
    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding
    from cachewright_policies.rule import Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub refuses a run with more results or a rule with more tags, and cuts longer texts.
MOST_RESULTS: Final = 25_000
MOST_TAGS: Final = 20
LONGEST_TEXT: Final = 1024
_ROOT: Final = "%SRCROOT%"
# GitHub calls 9.0 and more critical, 7.0 and more high, 4.0 and more medium, and what is below low.
_SECURITY_SEVERITY: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
}
# Only a rule with this tag is shown with its security-severity.
_SECURITY: Final = "security"
_OF_SECURITY: Final = frozenset({"encryption", "authentication", "network"})
_LEVELS: Final = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}


def render(report: Report) -> str:
    """Return the report as one SARIF log with one run."""
    shown = report.findings[:MOST_RESULTS]
    own = sorted({one.policy for one in shown} & OWN_POLICIES.keys())
    described = [_rule(one) for one in rules()] + [_own_rule(name, OWN_POLICIES[name]) for name in own]
    index = {one["id"]: place for place, one in enumerate(described)}
    marks = report.fingerprints()
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if len(shown) < len(report.findings):
        text = f"{len(report.findings) - len(shown)} findings of {len(report.findings)} are left out, the mildest"
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {
            "driver": {
                "name": "cachewright",
                "semanticVersion": version("cachewright"),
                "informationUri": "https://github.com/cachewright/cachewright",
                "rules": described,
            }
        },
        "automationDetails": {
            "id": f"cachewright/{quote(report.stack)}/",
            "description": {"text": f"{report.subject}, held to the levels of {report.environment}"},
        },
        "invocations": [invocation],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, mark, index, report) for one, mark in zip(shown, marks, strict=False)],
        "properties": {"summary": report.summary()},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    concern = concern_of(rule)
    return {
        "id": rule.name,
        "name": _pascal(rule.name),
        "shortDescription": {"text": _cut(rule.title)},
        "fullDescription": {"text": _cut(rule.description)},
        "helpUri": rule.url,
        "help": {"text": f"{rule.description}\n\nFix: {rule.remediation}", "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.enabled},
        "properties": {
            "tags": _tags(concern, *rule.tags),
            "precision": "very-high",
            "problem.severity": _problem_severity(rule.severity),
            "security-severity": _SECURITY_SEVERITY[rule.severity],
        },
    }


def _own_rule(name: str, policy: OwnPolicy) -> dict[str, Any]:
    text = f"{policy.description}\n\nFix: {policy.remediation}"
    return {
        "id": name,
        "name": _pascal(name),
        "shortDescription": {"text": _cut(policy.title)},
        "fullDescription": {"text": _cut(policy.description)},
        "help": {"text": text, "markdown": f"{policy.description}\n\n**Fix:** {policy.remediation}"},
        "defaultConfiguration": {"level": _LEVELS[policy.severity], "enabled": True},
        "properties": {
            "tags": ["cachewright"],
            "precision": "very-high",
            "problem.severity": _problem_severity(policy.severity),
            "security-severity": _SECURITY_SEVERITY[policy.severity],
        },
    }


def _result(finding: Finding, mark: str, index: dict[str, int], report: Report) -> dict[str, Any]:
    uri, line = report.path_of(finding)
    if uri.startswith(("../", "/")):
        # What is outside the repository cannot be shown in it: the project's own file stands for it.
        uri, line = report.place.in_repository(report.place.entry), 1
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(uri), "uriBaseId": _ROOT},
            "region": {"startLine": line},
        }
    }
    if finding.urn:
        location["logicalLocations"] = [
            {"fullyQualifiedName": finding.urn, "name": finding.name, "kind": "resource"},
        ]
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": index[finding.policy],
        "kind": "open" if finding.status is Status.UNKNOWN else "fail",
        "level": _level(finding),
        "message": _message(finding),
        "locations": [location],
        "partialFingerprints": {"policyResourceProperty/v1": mark},
        "properties": {
            "level": finding.level.value,
            "severity": finding.severity.value,
            "status": finding.status.value,
            "property": finding.property,
        },
    }
    if finding.status is Status.WAIVED:
        result["suppressions"] = [_suppression(finding, report)]
    if report.against_baseline:
        result["baselineState"] = "unchanged" if finding.status is Status.BASELINE else "new"
    return result


def _level(finding: Finding) -> str:
    if finding.status is Status.UNKNOWN:
        return "none"
    if finding.status is Status.WAIVED:
        return "note"
    if finding.level is Level.MANDATORY:
        return "error"
    return "note" if finding.severity is Severity.LOW else "warning"


def _message(finding: Finding) -> dict[str, str]:
    """Return why, the fix and its effect; a bracket would begin a link."""
    subject = f"{finding.type.rsplit(':', 1)[-1]} {finding.name}: " if finding.urn else ""
    parts = [f"{subject}{finding.message}", f"Fix: {finding.remediation}"]
    if finding.effect:
        parts.append(f"Effect of the fix: {finding.effect}")
    if finding.status is Status.EXPIRED_WAIVER:
        parts.append(f"Its waiver has ended: {finding.reason}")
    text = "\n\n".join(parts)
    return {"text": text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")}


def _suppression(finding: Finding, report: Report) -> dict[str, Any]:
    waiver = report.waivers[finding.waiver]
    return {
        "kind": "external",
        "status": "accepted",
        "justification": finding.reason,
        "properties": {
            "id": waiver.id,
            "owner": waiver.owner,
            "ticket": waiver.ticket,
            "created": waiver.created.isoformat(),
            "expires": waiver.expires.isoformat(),
        },
    }


def _tags(concern: str, *more: str) -> list[str]:
    tags = [_SECURITY] if concern in _OF_SECURITY else []
    return list(dict.fromkeys([*tags, concern, *more]))[:MOST_TAGS]


def _problem_severity(severity: Severity) -> str:
    return {"error": "error", "warning": "warning", "note": "recommendation"}[_LEVELS[severity]]


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
