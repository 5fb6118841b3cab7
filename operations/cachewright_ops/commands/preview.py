"""`cachewright preview`: tell what an `up` would do."""

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
)


def preview(
    cwd: Cwd = None,
    stack: StackName = None,
    engine: EngineChoice = Engine.AUTO,
    target: TargetChoice = Target.LOCAL,
    json: Json = False,
    diff: Diff = False,
    refresh: Refresh = False,
    urns: Urns = None,
    dependents: Dependents = False,
    parallel: Parallel = 10,
    debug: Debug = False,
) -> None:
    """Tell what an `up` would do. Nothing is changed, and the local AWS need not run."""
    from cachewright_ops.update import Request, carry_out

    request = Request(
        command="preview",
        cwd=cwd,
        stack=stack,
        engine=engine,
        target=target,
        json=json,
        diff=diff,
        debug=debug,
        parallel=parallel,
        refresh=refresh,
        urns=tuple(urns or ()),
        dependents=dependents,
    )
    carry_out(request, needs_cloud=False, perform=lambda one, options: one.preview(options))
