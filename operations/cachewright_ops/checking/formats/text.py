"""A report for a person: by cache, the worst first, each finding with why, how to mend it and what that does."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Final

from cachewright_ops.checking.report import title_of
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from cachewright_ops.checking.report import Report
    from cachewright_policies.finding import Finding

_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_WIDTH: Final = 100
_INDENT: Final = 4


def render(report: Report, *, colour: bool = False, width: int = _WIDTH) -> str:
    """Return the report as lines; without colour it holds no control codes."""
    from rich.console import Console

    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(f"{report.subject}, held to the levels of {report.environment}", style="bold")
    for cache, findings in _by_cache(report):
        console.print()
        name, type = report.names.get(cache, ("", ""))
        console.print(f"{type} {name}" if cache else "Around the caches", style="bold")
        for one in findings:
            _print(console, one)
    console.print()
    console.print(_summary(report), style="bold red" if report.fails else "bold green")
    return stream.getvalue()


def _by_cache(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    """Group the findings by cache, in the order of each cache's worst one; what belongs to no cache comes last."""
    place: dict[str, int] = {}
    for index, one in enumerate(report.findings):
        place.setdefault(report.caches.get(one.urn, ""), index)
    if "" in place:
        place[""] = len(report.findings)

    def cache_of(finding: Finding) -> str:
        return report.caches.get(finding.urn, "")

    for cache, findings in groupby(sorted(report.findings, key=lambda one: place[cache_of(one)]), cache_of):
        yield cache, list(findings)


def _print(console: Console, finding: Finding) -> None:
    from rich.padding import Padding
    from rich.text import Text

    mark, style = _mark(finding)
    head = Text(f"  {mark} ", style=style)
    head.append(f"{finding.severity.value} ", style=style)
    head.append(finding.policy, style="bold")
    head.append(f"  {title_of(finding.policy)}")
    console.print(head)
    lines = [("", finding.message)]
    place = f"{finding.file}:{finding.line}" if finding.file else ""
    lines.append(("at", " ".join(part for part in (place, f"{finding.name}.{finding.property}".rstrip(".")) if part)))
    if finding.status in {Status.WAIVED, Status.EXPIRED_WAIVER}:
        lines.append(("waiver", finding.reason))
    if finding.status is not Status.WAIVED:
        lines.append(("fix", finding.remediation))
        lines.append(("effect", finding.effect))
    for label, text in lines:
        if text:
            content = Text(f"{label}: " if label else "", style="dim").append(Text(text, style=""))
            console.print(Padding(content, (0, 0, 0, _INDENT)))


def _mark(finding: Finding) -> tuple[str, str]:
    if finding.status is Status.WAIVED:
        return "○ waived", "dim"
    if finding.status is Status.UNKNOWN:
        return "? unknown", "magenta"
    mark = "✗ mandatory" if finding.level is Level.MANDATORY else "! advisory"
    return mark, _STYLES[finding.severity]


def _summary(report: Report) -> str:
    counts = report.summary()
    parts = [f"{counts[key]} {key}" for key in ("mandatory", "advisory", "unknown", "waived") if counts[key]]
    found = ", ".join(parts) or "nothing found"
    return f"{counts['resources']} resources checked in {report.seconds:.1f}s: {found}"
