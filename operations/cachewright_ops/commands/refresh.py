"""`cachewright refresh`: bring a stack's state to what is there."""

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
    StackName,
    Target,
    TargetChoice,
    Urns,
    Yes,
)


def refresh(
    cwd: Cwd = None,
    stack: StackName = None,
    engine: EngineChoice = Engine.AUTO,
    target: TargetChoice = Target.LOCAL,
    yes: Yes = False,
    json: Json = False,
    diff: Diff = False,
    urns: Urns = None,
    dependents: Dependents = False,
    parallel: Parallel = 10,
    debug: Debug = False,
) -> None:
    """Bring a stack's state to what is there, without changing any of it."""
    from cachewright_ops.update import Request, carry_out

    request = Request(
        command="refresh",
        cwd=cwd,
        stack=stack,
        engine=engine,
        target=target,
        yes=yes,
        json=json,
        diff=diff,
        debug=debug,
        parallel=parallel,
        urns=tuple(urns or ()),
        dependents=dependents,
    )
    carry_out(request, needs_cloud=True, perform=lambda one, options: one.refresh(options))
