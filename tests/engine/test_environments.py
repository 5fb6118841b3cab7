"""The three environments of `stacks/` on both engines, each taking over what the other has made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conformance import comparison
from conformance.pulumi_cli import PASSPHRASE, PulumiProject, events

from cachewright_offline.engine.options import Options
from cachewright_offline.engine.project import Project
from cachewright_offline.engine.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.endpoint import CloudEndpoint


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_an_environment_moves_between_the_engines(
    name: str,
    pulumi_project: Callable[[], PulumiProject],
    shared_language_host: dict[str, str],
    local_aws: CloudEndpoint,
    tmp_path: Any,
) -> None:
    """Both foretell the same; what Pulumi makes the embedded engine finds as it is, changes, and hands back."""
    project = pulumi_project()
    project.environment |= shared_language_host

    def embedded() -> Stack:
        return Stack(Project.load(project.root), name, project.backend, lambda: PASSPHRASE, local_aws)

    plan = embedded().preview(Options())
    assert plan.errors == ()
    project.ok("stack", "init", name)
    log = tmp_path / "events.jsonl"
    project.ok("up", "--stack", name, "--yes", "--skip-preview", "--event-log", str(log))

    made = sorted(one["urn"] for one in pre_events(log) if one["op"] == "create" and not is_default(one["urn"]))
    assert made == sorted(step.urn for step in plan.steps if step.op == "create")
    again = embedded().preview(Options(refresh=True))
    assert [step for step in again.steps if step.op not in {"same", "refresh"}] == []
    state = comparison.state_of(project.backend, "caching", name)
    exported = project.export(name)["deployment"]["resources"]
    assert sorted(one["urn"] for one in exported) == sorted(one["urn"] for one in state["resources"])

    result = embedded().destroy(Options())
    assert result.result == "succeeded"
    result = embedded().up(Options())
    assert result.result == "succeeded"
    log.unlink()
    project.ok("preview", "--stack", name, "--event-log", str(log))
    assert {one["op"] for one in pre_events(log)} == {"same"}
    project.ok("destroy", "--stack", name, "--yes", "--skip-preview")
    assert comparison.state_of(project.backend, "caching", name)["resources"] == []


def pre_events(log: Any) -> list[Any]:
    """Return what began."""
    return [one["resourcePreEvent"]["metadata"] for one in events(log) if "resourcePreEvent" in one]


def is_default(urn: str) -> bool:
    """Tell whether a URN is that of a default provider."""
    return "::pulumi:providers:" in urn and urn.rpartition("::")[2].startswith("default")
