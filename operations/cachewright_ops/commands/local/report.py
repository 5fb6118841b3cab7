"""How a running local AWS is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_offline.cloud.control import Running

_MIB = 1024 * 1024


def report(running: Running, *, as_json: bool) -> None:
    """Print what runs, what it holds and how it is reached."""
    if as_json:
        typer.echo(json.dumps(_document(running)))
        return
    typer.echo(f"The local AWS runs at {running.endpoint.url} (pid {running.pid}).")
    memory = f"{running.memory_bytes / _MIB:.0f} MiB"
    typer.echo(f"Its speed is {running.speed}, its time {running.time}, and it takes {memory} of memory.")
    for line in _held(running.regions):
        typer.echo(line)
    typer.echo("Point any AWS SDK, the AWS CLI or Terraform at it:")
    for name, value in _environment(running).items():
        typer.echo(f"  export {name}={value}")


def _document(running: Running) -> dict[str, Any]:
    return {
        "running": True,
        "endpoint": running.endpoint.url,
        "pid": running.pid,
        "port": running.port,
        "instance_id": running.endpoint.instance_id,
        "speed": running.speed,
        "time": running.time,
        "memory_bytes": running.memory_bytes,
        "environment": _environment(running),
        "resources": dict(running.resources),
        "regions": running.regions,
    }


def _environment(running: Running) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": running.endpoint.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }


def _held(regions: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[str]:
    if not regions:
        yield "It holds nothing."
        return
    yield "It holds:"
    for account_id, of_account in regions.items():
        for region, counts in of_account.items():
            kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
            yield f"  {account_id} {region}: {kinds}"
