"""Pulumi's own engine for tests: its CLI, projects it works on, and the local provider it attaches to."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import language_host
from conformance import pulumi_cli
from conformance.pulumi_cli import ROOT, PulumiProject

from cachewright_offline.cloud import control
from cachewright_offline.plugin.server import PluginServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cachewright_offline.endpoint import CloudEndpoint


@pytest.fixture(scope="session")
def pulumi_executable() -> Path:
    """Return Pulumi's CLI; without it a test is skipped, and fails in CI."""
    found = pulumi_cli.find()
    if isinstance(found, Path):
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(found)
    pytest.skip(found)


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home for the CLI: what it keeps between runs never leaves the tests."""
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudEndpoint]:
    """Return a local AWS that the tests of one worker share: names must not clash."""
    home = tmp_path_factory.mktemp("local-aws")
    yield control.start(home).endpoint
    control.stop(home)


@pytest.fixture(scope="session")
def local_provider(local_aws: CloudEndpoint) -> Iterator[PluginServer]:
    """Serve the local provider on the shared local AWS."""
    with PluginServer(local_aws) as server:
        yield server


@pytest.fixture(scope="session")
def shared_language_host(pulumi_executable: Path) -> Iterator[dict[str, str]]:
    """Return the environment in which the CLI attaches to one language host, instead of starting one each time.

    Only where the host is ours: an installed CLI has its own.
    """
    if pulumi_executable != pulumi_cli.BUILT:
        yield {}
        return
    host = language_host.LanguageHost("", language_host.program_runner())
    server, port = language_host.serve(host)
    yield {"PULUMI_DEBUG_LANGUAGES": f"python:{port}"}
    host.children.end()
    server.stop(None)


@pytest.fixture
def pulumi_project(
    tmp_path: Path, pulumi_executable: Path, pulumi_home: Path, local_provider: PluginServer
) -> Callable[[str], PulumiProject]:
    """Return a maker of projects: of a program's text, or, without one, of the repository's own environments."""

    def make(program: str = "") -> PulumiProject:
        root = tmp_path / "project"
        root.mkdir()
        if program:
            (root / "Pulumi.yaml").write_text("name: conformance\nruntime: python\n")
            (root / "__main__.py").write_text(program)
        else:
            shutil.copy(ROOT / "Pulumi.yaml", root)
            shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
        project = PulumiProject(pulumi_executable, root, pulumi_home)
        if not program:
            project.use_virtual_environment()
        project.environment["PULUMI_DEBUG_PROVIDERS"] = local_provider.debug_providers
        return project

    return make
