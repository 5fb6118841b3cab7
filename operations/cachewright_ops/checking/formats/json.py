"""A report for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cachewright_ops.checking.report import title_of
from cachewright_policies.finding import fingerprint

if TYPE_CHECKING:
    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding


def render(report: Report) -> str:
    """Return the report as one JSON object."""
    document: dict[str, Any] = {
        "subject": report.subject,
        "environment": report.environment,
        "summary": report.summary(),
        "findings": [_finding(one, report) for one in report.findings],
    }
    if report.against_baseline:
        document["fixed"] = [one.model_dump() for one in report.fixed]
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "policy": finding.policy,
        "title": title_of(finding.policy),
        "level": finding.level.value,
        "severity": finding.severity.value,
        "status": finding.status.value,
        "urn": finding.urn,
        "type": finding.type,
        "name": finding.name,
        "cache": report.caches.get(finding.urn, ""),
        "property": finding.property,
        "message": finding.message,
        "remediation": finding.remediation,
        "effect": finding.effect,
        "file": finding.file,
        "line": finding.line,
        "reason": finding.reason,
        "fingerprint": fingerprint(finding),
    }
    waiver = report.waivers.get(finding.waiver)
    if waiver is not None:
        found["waiver"] = {
            "id": waiver.id,
            "reason": waiver.reason,
            "owner": waiver.owner,
            "ticket": waiver.ticket,
            "created": waiver.created.isoformat(),
            "expires": waiver.expires.isoformat(),
            "compensatingControl": waiver.compensating_control,
        }
    return found
