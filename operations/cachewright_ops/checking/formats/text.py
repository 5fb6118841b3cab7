"""A report for a person: by cache, the worst first, each finding with why, how to mend it and what that does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from cachewright_ops.checking.report import title_of
from cachewright_ops.display.string_console import WIDTH, string_console
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from rich.console import Console

    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding

_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_QUIET: Final = {
    Status.WAIVED: ("○ waived", "dim"),
    Status.BASELINE: ("○ known", "dim"),
    Status.UNKNOWN: ("? unknown", "magenta"),
}
_INDENT: Final = 4
_LABEL: Final = 7


def render(report: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """Return the report as lines; without colour it holds no control codes."""
    stream = io.StringIO()
    console = string_console(stream, colour=colour, width=width)
    console.print(f"{report.subject}, held to the levels of {report.environment}", style="bold")
    for heading, findings in report.groups():
        console.print()
        console.print(heading, style="bold underline" if colour else None)
        for one in findings:
            _print(console, one, report)
    _print_fixed(console, report)
    console.print()
    console.print(_summary(report), style="bold red" if report.fails else "bold green")
    first = next((one.policy for one in report.findings if report.is_failure(one)), None)
    if first is not None:
        console.print(f"More on a rule: cachewright explain {first}", style="dim")
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _print(console: Console, finding: Finding, report: Report) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark, style = _mark(finding)
    head = Text(f"{mark} ", style=style)
    head.append(f"{finding.severity.value} ", style=style)
    head.append(finding.policy, style="bold")
    head.append(f"  {title_of(finding.policy)}")
    console.print(Padding(head, (0, 0, 0, 2)))
    lines = Table.grid(padding=(0, 1))
    lines.add_column(width=_LABEL, no_wrap=True)
    lines.add_column(overflow="fold")
    for label, text in _lines(finding, report):
        lines.add_row(Text(label, style="dim"), Text(text, style=""))
    console.print(Padding(lines, (0, 0, 0, _INDENT)))


def _lines(finding: Finding, report: Report) -> list[tuple[str, str]]:
    lines = [("why", finding.message)]
    place = f"{report.place.from_here(finding.file)}:{finding.line}" if finding.file else ""
    what = ".".join(part for part in (finding.name, finding.property) if part) if finding.urn else ""
    lines.append(("at", "  ".join(part for part in (place, what) if part)))
    if finding.status is Status.WAIVED:
        lines.append(("waiver", finding.reason))
        return lines
    if finding.reason:
        lines.append(("waiver", f"ended: {finding.reason}"))
    lines += [("fix", finding.remediation), ("effect", finding.effect)]
    return [(label, text) for label, text in lines if text]


def _mark(finding: Finding) -> tuple[str, str]:
    quiet = _QUIET.get(finding.status)
    if quiet is not None:
        return quiet
    mark = "✗ mandatory" if finding.level is Level.MANDATORY else "! advisory"
    return mark, _STYLES[finding.severity]


def _print_fixed(console: Console, report: Report) -> None:
    if not report.fixed:
        return
    console.print()
    console.print("Mended since the baseline")
    for one in report.fixed:
        console.print(f"  ✓ {one.policy}  {one.urn.rsplit('::', 1)[-1]}", style="green")


def _summary(report: Report) -> str:
    counts = report.summary()
    words = {"baseline": "known before", "fixed": "mended"}
    parts = [f"{count} {words.get(key, key)}" for key, count in counts.items() if key != "resources" and count]
    found = ", ".join(parts) or "nothing found"
    resources = "1 resource" if counts["resources"] == 1 else f"{counts['resources']} resources"
    return f"{resources} checked in {report.seconds:.1f}s: {found}"
