"""`cachewright up`: bring a stack to what its program says."""

from __future__ import annotations

from cachewright_ops.options import (
    Cwd,
    Debug,
    Dependents,
    Diff,
    Engine,
    EngineChoice,
    Json,
    Parallel,
    Refresh,
    StackName,
    Target,
    TargetChoice,
    Urns,
    Yes,
)


def up(
    cwd: Cwd = None,
    stack: StackName = None,
    engine: EngineChoice = Engine.AUTO,
    target: TargetChoice = Target.LOCAL,
    yes: Yes = False,
    json: Json = False,
    diff: Diff = False,
    refresh: Refresh = False,
    urns: Urns = None,
    dependents: Dependents = False,
    parallel: Parallel = 10,
    debug: Debug = False,
) -> None:
    """Bring a stack to what its program says; the local AWS is started if it does not run."""
    from cachewright_ops.update import Request, carry_out

    request = Request(
        command="up",
        cwd=cwd,
        stack=stack,
        engine=engine,
        target=target,
        yes=yes,
        json=json,
        diff=diff,
        debug=debug,
        parallel=parallel,
        refresh=refresh,
        urns=tuple(urns or ()),
        dependents=dependents,
    )
    carry_out(request, needs_cloud=True, perform=lambda one, options: one.up(options))
