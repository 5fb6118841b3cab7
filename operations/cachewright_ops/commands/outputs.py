"""`cachewright outputs`: how a stack's caches are reached."""

from __future__ import annotations

from typing import Annotated

import typer

from cachewright_ops.options import Cwd, Json, StackName

Name = Annotated[str | None, typer.Argument(help="Only this output, as it is.")]
ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Show secret values in clear text.")]


def outputs(
    name: Name = None, cwd: Cwd = None, stack: StackName = None, json: Json = False, show_secrets: ShowSecrets = False
) -> None:
    """Print a stack's outputs as the last `up` left them."""
    from cachewright_offline.errors import CachewrightError
    from cachewright_ops.display import console
    from cachewright_ops.display.values import masked, output_lines
    from cachewright_ops.session import open_stack

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
