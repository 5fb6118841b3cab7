"""A report as Markdown for a comment on a pull request: it fits GitHub's limit, whatever was found."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from cachewright_ops.checking.report import title_of
from cachewright_policies.finding import Status
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding

# GitHub refuses a comment of more characters.
MOST_CHARACTERS: Final = 65_536
# Room for the closing of what is open and for the line that tells what is left out.
_RESERVE: Final = 600
_SPECIAL: Final = re.compile(r"[\\`*_\[\]~|$]|^(?=[-+#>=])")
_MARKS: Final = {Severity.CRITICAL: "🔴", Severity.HIGH: "🟠", Severity.MEDIUM: "🟡", Severity.LOW: "🔵"}
_QUIET: Final = {Status.UNKNOWN: "❔", Status.WAIVED: "⚪", Status.BASELINE: "⚪"}


def render(report: Report) -> str:
    """Return the report; the first line, hidden, tells a workflow which comment to renew."""
    parts = [f"<!-- cachewright check: {_comment(report.subject)} -->\n{_head(report)}"]
    length = len(parts[0])
    left_out = 0
    for heading, findings in report.groups():
        opening = f"\n#### {_text(heading)}\n"
        for one in findings:
            piece = f"{opening}\n{_finding(one, report)}"
            if left_out or length + len(piece) > MOST_CHARACTERS - _RESERVE:
                left_out += 1
                continue
            opening = ""
            parts.append(piece)
            length += len(piece)
    if left_out:
        parts.append(f"\n_{left_out} more findings do not fit here: see the job's full report._\n")
    elif report.fixed:
        parts.append(_fixed(report, MOST_CHARACTERS - _RESERVE - length))
    return "".join(parts)


def _head(report: Report) -> str:
    counts = report.summary()
    verdict = "❌" if report.fails else "✅"
    names = [key for key in counts if key != "resources"]
    return (
        f"### {verdict} cachewright: {_text(report.subject)}\n\n"
        f"{_verdict(report)} {counts['resources']} resources, held to the levels of **{report.environment}**.\n\n"
        f"| {' | '.join(names)} |\n|{'---:|' * len(names)}\n| {' | '.join(str(counts[one]) for one in names)} |\n"
    )


def _verdict(report: Report) -> str:
    failures = sum(report.is_failure(one) for one in report.findings)
    if failures:
        return f"**{failures} finding{'s' if failures > 1 else ''} to mend before this can go on.**"
    return "**Nothing here stops the change.**"


def _finding(finding: Finding, report: Report) -> str:
    mark = _QUIET.get(finding.status) or _MARKS[finding.severity]
    what = finding.level.value if finding.status is Status.VIOLATION else finding.status.value
    place = ".".join(part for part in (finding.name, finding.property) if part) if finding.urn else finding.property
    path, line = report.path_of(finding)
    summary = (
        f"{mark} <b>{finding.severity.value}, {what}</b>: {html.escape(title_of(finding.policy), quote=False)}"
        f" (<code>{html.escape(place, quote=False)}</code>)"
    )
    rows = [_text(finding.message)]
    if finding.reason:
        rows.append(f"**Waiver:** {_text(finding.reason)}")
    if finding.status is not Status.WAIVED:
        rows.append(f"**Fix:** {_text(finding.remediation)}")
        if finding.effect:
            rows.append(f"**Effect of the fix:** {_text(finding.effect)}")
    rows.append(f"**Where:** {_code(f'{path}:{line}')} · **Rule:** {_code(finding.policy)}")
    is_open = " open" if report.is_failure(finding) and finding.severity is Severity.CRITICAL else ""
    body = "\n\n".join(rows)
    return f"<details{is_open}><summary>{summary}</summary>\n\n{body}\n\n</details>\n"


def _fixed(report: Report, room: int) -> str:
    lines = [f"- {_code(one.policy)} on {_code(one.urn.rsplit('::', 1)[-1])}" for one in report.fixed]
    text = "\n#### Mended since the baseline\n\n" + "\n".join(lines) + "\n"
    return text if len(text) <= room else f"\n{len(lines)} findings of the baseline are mended.\n"


def _text(text: str) -> str:
    """Return a text of which nothing is taken for Markdown, HTML or the mention of a person."""
    return html.escape(_SPECIAL.sub(r"\\\g<0>", " ".join(text.split())), quote=False).replace("@", "&#64;")


def _code(text: str) -> str:
    plain = " ".join(text.split())
    longest = max((len(one) for one in re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def _comment(text: str) -> str:
    return re.sub("-{2,}|>", "-", text)
