"""Where Pulumi's own engine works: the project's stack on the local AWS, or the user's own on real AWS."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from cachewright_offline.endpoint import is_loopback
from cachewright_offline.errors import CachewrightError
from cachewright_ops import session
from cachewright_ops.passphrase import read_passphrase
from cachewright_ops.project_folder import choose_stack, find_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pulumi.automation import Stack

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.engine.stack import Stack as OwnStack
    from cachewright_ops.pulumi_cli import Cli

PROVIDERS = "PULUMI_DEBUG_PROVIDERS"


class Workspace:
    """One stack under Pulumi's CLI.

    Attributes:
        stack: The stack, as the Automation API has it.
        config_file: The settings the CLI is to take instead of the project's, or None.
        moved: Whether the state was made on another local AWS than the one that runs, so that it must be refreshed.
    """

    def __init__(self, stack: Stack, *, config_file: str | None = None, moved: bool = False) -> None:
        self.stack = stack
        self.config_file = config_file
        self.moved = moved


@contextlib.contextmanager
def on_real_aws(cli: Cli, cwd: Path | None, stack: str | None) -> Iterator[Workspace]:
    """Open the user's stack: with the user's credentials, backend and secrets provider, as the environment has them.

    Raises:
        CachewrightError: The environment leads to this machine, or there is no such stack.
    """
    _refuse_local(os.environ)
    yield Workspace(_select(cli, find_root(cwd), choose_stack(stack, cwd), {}))


def _refuse_local(environment: Mapping[str, str]) -> None:
    for name, value in sorted(environment.items()):
        at_home = name.startswith("AWS_ENDPOINT_URL") and is_loopback(urlsplit(value).hostname or "")
        if at_home or (name == PROVIDERS and value):
            msg = (
                f"the environment must lead to real AWS for --target aws, found {name}={value}, which leads to this"
                f" machine; unset {name}, or leave --target out"
            )
            raise CachewrightError(msg)


@contextlib.contextmanager
def on_local_aws(
    cli: Cli, cwd: Path | None, stack: str | None, cloud: CloudEndpoint | None, *, changes: bool
) -> Iterator[Workspace]:
    """Open a local stack, the same that the embedded engine has, with the local provider attached.

    Args:
        cli: Pulumi's CLI.
        cwd: The folder to look for the project from.
        stack: The stack's name, or None for the project's only one.
        cloud: The local AWS, or None where nothing reaches it.
        changes: Whether the stack is to be changed, so that its state will be one of this local AWS.

    Raises:
        CachewrightError: There is no project, no stack is named, or its state cannot be read.
    """
    from cachewright_offline.plugin.server import PluginServer

    root = find_root(cwd)
    own = session.open_stack(cwd, stack, cloud=cloud, any_runtime=True)
    home = root / session.HOME
    moved = own.has_moved
    with own.state.lock("up"):
        snapshot = own.state.load()
        if own.state.recovered or not own.state.exists:
            own.state.save(snapshot)
    config_file = _config_file(own, home / "pulumi")
    backend = own.backend.root
    with PluginServer(cloud) as server:
        environment = {
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": read_passphrase(home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            PROVIDERS: server.debug_providers,
        }
        selected = _select(cli, root, own.name, environment)
        if changes and cloud is not None:
            own.state.instance_id = cloud.instance_id
        yield Workspace(selected, config_file=str(config_file), moved=moved)


def _select(cli: Cli, root: Path, name: str, environment: dict[str, str]) -> Stack:
    from pulumi.automation import CommandError, LocalWorkspace, Stack, StackNotFoundError

    workspace = LocalWorkspace(work_dir=str(root), env_vars=environment, pulumi_command=cli)
    try:
        return Stack.select(name, workspace)
    except StackNotFoundError:
        msg = (
            f"the stack {name!r} must exist for --target aws, found none in Pulumi's backend; create it with"
            f" `pulumi stack init {name}` (and --secrets-provider, if its secrets are not kept by a passphrase)"
        )
        raise CachewrightError(msg) from None
    except CommandError as error:
        raise CachewrightError(f"Pulumi's CLI cannot select the stack {name!r}: {_last_words(error)}") from error


def _last_words(error: Exception) -> str:
    """Return what the CLI said on standard error, without the command's other output."""
    said = str(error).partition("stderr: ")[2].strip() or str(error).strip()
    return said.removeprefix("error: ")


def _config_file(own: OwnStack, folder: Path) -> Path:
    """Write the stack's settings for the CLI, which writes its salt into the file it reads: the project's stays clean.

    A secrets provider in the cloud is left out: the local state's secrets are kept by the passphrase.
    """
    source = own.project.stack_file(own.name)
    settings = yaml.safe_load(source.read_text()) if source.exists() else {}
    settings = {key: value for key, value in (settings or {}).items() if key not in {"secretsprovider", "encryptedkey"}}
    settings.setdefault("encryptionsalt", own.state.crypter.salt)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"Pulumi.{own.name}.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path
