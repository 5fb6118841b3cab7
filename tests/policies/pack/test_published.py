"""The pack as `pulumi policy publish` takes it: one folder, in an environment that has nothing of ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

from cachewright.version import VERSION
from cachewright_ops import policy_pack
from cachewright_policies import registry
from cachewright_policies.configuration import UNDECIDED

ROOT = Path(__file__).resolve().parents[3]
PACK = ROOT / "policies"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return an interpreter that has pulumi-policy, and nothing of this project."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    site = next((folder / "lib").glob("python*")) / "site-packages"
    # A path file is not followed to the editable installation that stands beside the dependencies.
    own = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "dependencies.pth").write_text(f"{own}\n")
    executable = folder / "bin" / "python"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    imported = subprocess.run(
        [executable, "-c", "import cachewright"],
        env=environment,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "ModuleNotFoundError: No module named 'cachewright'" in imported.stderr
    return executable


@pytest.fixture
def alone(python, start):
    """Start a pack with that interpreter."""
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return lambda folder: start(folder, environment={**environment, "PULUMI_STACK": "main"}, executable=str(python))


@pytest.fixture
def folder(tmp_path):
    """Return the pack as `make policy-pack` writes it."""
    target = tmp_path / "elsewhere" / "pack"
    policy_pack.write(ROOT, target)
    return target


def test_the_folder_holds_what_the_rules_read(folder):
    """The catalog comes along, with every table, and the components do not."""
    assert {one.name for one in folder.iterdir()} == {
        "LICENSE",
        "PulumiPolicy.yaml",
        "__main__.py",
        "cachewright",
        "cachewright_policies",
        "requirements.txt",
    }
    tables = ROOT / "components" / "cachewright" / "catalog"
    assert {one.relative_to(tables) for one in tables.rglob("*.csv")} == {
        one.relative_to(folder / "cachewright" / "catalog") for one in folder.rglob("*.csv")
    }
    assert {one.name for one in (folder / "cachewright").iterdir()} == {"__init__.py", "catalog"}
    assert not list(folder.rglob("__pycache__"))


def test_it_finds_the_same_as_in_the_repository(folder, alone, engine, previewed):
    """Copied elsewhere, with an environment that only has what requirements.txt names."""
    program = previewed(registry.by_name()["cache-private-subnets"].violating)
    copied = alone(folder)
    copied.configure_stack("main")
    copied.configure()
    found = copied.preview(program)
    assert found == engine.preview(program)
    assert "cache-private-subnets" in {one.policy for one in found}
    assert [one.name for one in copied.info().policies] == [one.name for one in engine.info().policies]


def test_the_folder_in_the_repository_needs_no_installation_either(alone):
    """`pulumi preview --policy-pack policies` finds the catalog beside the pack."""
    assert [one.name for one in alone(PACK).info().policies][-1] == UNDECIDED


def test_only_a_pack_is_written_over(tmp_path, folder):
    """A folder with something else in it is left alone."""
    policy_pack.write(ROOT, folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").write_text("")
    with pytest.raises(FileExistsError, match="holds something that is no policy pack; name an empty folder"):
        policy_pack.write(ROOT, other)
    assert (other / "kept").exists()


def test_version_and_bounds_are_the_projects():
    """Two files of the pack repeat what pyproject.toml says, because Pulumi reads them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    described = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    assert described["version"] == VERSION
    assert described["runtime"] == "python"
    lines = (PACK / "requirements.txt").read_text().splitlines()
    required = {one for one in lines if not one.startswith("#")}
    pulumi = next(one for one in project["dependencies"] if re.match(r"pulumi[>=]", one))
    assert required == {pulumi, *project["optional-dependencies"]["policies"]}
