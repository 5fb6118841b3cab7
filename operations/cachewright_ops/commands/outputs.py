"""`cachewright outputs`: how a stack's caches are reached."""

from __future__ import annotations

from typing import Annotated

import typer

from cachewright_ops.options import Cwd, Engine, EngineChoice, Json, StackName, Target, TargetChoice

Name = Annotated[str | None, typer.Argument(help="Only this output, as it is.")]
ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Show secret values in clear text.")]


def outputs(
    name: Name = None,
    cwd: Cwd = None,
    stack: StackName = None,
    engine: EngineChoice = Engine.AUTO,
    target: TargetChoice = Target.LOCAL,
    json: Json = False,
    show_secrets: ShowSecrets = False,
) -> None:
    """Print a stack's outputs as the last `up` left them."""
    from cachewright_offline.errors import CachewrightError
    from cachewright_ops.display import console
    from cachewright_ops.display.values import MASK, masked, output_lines
    from cachewright_ops.session import open_stack, uses_pulumi

    if uses_pulumi(engine, target):
        from cachewright_ops.pulumi_update import read_outputs

        told = read_outputs(cwd, stack, target)
        found = {key: MASK if secret and not show_secrets else value for key, (value, secret) in told.items()}
    else:
        opened = open_stack(cwd, stack, cloud=None)
        found = {key: masked(value) for key, value in opened.outputs(show_secrets=show_secrets).items()}
    if name is not None:
        if name not in found:
            known = ", ".join(sorted(found)) or "none"
            msg = f"the output must be one of {known}, found {name!r}; run `cachewright outputs` for all"
            raise CachewrightError(msg)
        value = found[name]
        import json as encoder

        typer.echo(value if isinstance(value, str) and not json else encoder.dumps(value, indent=None if json else 2))
        return
    if json:
        import json as encoder

        typer.echo(encoder.dumps(found, indent=2, sort_keys=True))
        return
    for line in output_lines(found):
        console.output().print(line)
