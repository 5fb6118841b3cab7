"""The tree and the lines that a person sees while a run goes on."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

from rich.console import Console

from cachewright_offline.engine.events import ResourceDone, ResourcePre, Summary
from cachewright_offline.engine.plan import Step
from cachewright_offline.engine.resource import Resource
from cachewright_ops.display import console
from cachewright_ops.display.text import TextReporter
from cachewright_ops.update import Request

if TYPE_CHECKING:
    import pytest


def created(name: str) -> Step:
    urn = f"urn:pulumi:dev::shop::aws:sns/topic:Topic::{name}"
    return Step("create", urn, None, Resource(urn, "aws:sns/topic:Topic", custom=True))


def reporter_on(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, height: int = 6) -> tuple[TextReporter, Console]:
    """Return a reporter of a preview and the console it writes to."""
    screen = Console(
        file=io.StringIO(), force_terminal=terminal, no_color=True, width=100, height=height, soft_wrap=True
    )
    monkeypatch.setattr(console, "output", lambda: screen)
    stack = SimpleNamespace(cloud=None, name="dev", project=SimpleNamespace(name="shop"))
    return TextReporter(Request("preview", None, "dev"), stack), screen


def names(reporter: TextReporter) -> list[str]:
    """Return the resources in the tree."""
    screen = Console(file=io.StringIO(), width=100)
    screen.print(reporter._tree())
    return re.findall(r"aws\.sns\.Topic (\S+)", screen.file.getvalue())


def test_a_terminal_shows_what_runs_and_what_was_finished_last_then_everything(monkeypatch):
    """A run of more resources than the screen has lines drops the oldest finished ones until it has ended."""
    reporter, screen = reporter_on(monkeypatch, terminal=True)
    with reporter:
        reporter.on_event(ResourcePre(created("slow")))
        for number in range(10):
            reporter.on_event(ResourcePre(created(f"quick-{number}")))
            reporter.on_event(ResourceDone(created(f"quick-{number}"), 0.0))
        shown = names(reporter)
        reporter.on_event(ResourceDone(created("slow"), 0.0))
        reporter.on_event(Summary("succeeded", {"create": 11}, 1.0))

    assert shown == ["slow", "quick-5", "quick-6", "quick-7", "quick-8", "quick-9"]
    assert names(reporter) == ["slow", *(f"quick-{number}" for number in range(10))]
    assert "quick-0" in screen.file.getvalue()


def test_elsewhere_each_step_is_a_line_without_control_characters(monkeypatch):
    """A name cannot ring a bell or overwrite a line of a log."""
    reporter, screen = reporter_on(monkeypatch, terminal=False)
    with reporter:
        reporter.on_event(ResourceDone(created("one\a\r[bold]"), 0.0))
        reporter.on_event(Summary("succeeded", {"create": 1}, 1.0))

    assert screen.file.getvalue() == (
        "Previewing shop/dev\n +  aws.sns.Topic one[bold]  create\n\n1 to create in 1.0s\n"
    )
