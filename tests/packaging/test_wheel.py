"""The built wheel, in a clean virtual environment: importable, typed, complete."""

import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import cachewright
from cachewright.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built wheel."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_table_and_every_package(wheel: Path) -> None:
    """Tables, templates and type markers are data files: they are easily forgotten."""
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {
        str(path.relative_to(room))
        for room in (ROOT / "components", ROOT / "offline", ROOT / "operations")
        for path in room.rglob("*.csv")
    }

    assert tables <= names
    assert {
        "cachewright/py.typed",
        "cachewright_offline/py.typed",
        "cachewright_ops/py.typed",
        "cachewright_ops/templates/components.md.j2",
        "cachewright_ops/main.py",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "stacks/", "benchmarks/"))]


def test_a_clean_environment_imports_the_components_and_checks_a_program(wheel: Path, tmp_path: Path) -> None:
    """Nothing but the wheel and what it asks for is installed; another team's program passes mypy --strict with it."""
    venv.create(tmp_path / "venv", with_pip=False, system_site_packages=False)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv" / "lib").glob("python*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The dependencies are those of this environment: the registry need not be asked again for what is here.
    own = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (site / "dependencies.pth").write_text(f"{own}\n")
    script = (
        "import cachewright, pathlib\n"
        f"assert pathlib.Path(cachewright.__file__).is_relative_to({str(site)!r}), cachewright.__file__\n"
        "print(*sorted(name for name in cachewright.__all__ if getattr(cachewright, name)))"
    )
    printed = subprocess.run([python, "-c", script], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert printed.split() == sorted(cachewright.__all__)

    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "--config-file", ""),
            *("--cache-dir", str(tmp_path / "cache"), str(Path(__file__).with_name("consumer.py"))),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert checked.stdout == "Success: no issues found in 1 source file\n", checked.stdout + checked.stderr


def test_the_plugin_asks_for_what_the_components_need() -> None:
    """Pulumi installs a plugin's requirements.txt: it is the list of the package itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert (ROOT / "components" / "requirements.txt").read_text().splitlines() == project["dependencies"]


def test_there_is_one_version() -> None:
    """The wheel's version is the one that the code knows."""
    assert metadata.version("cachewright") == VERSION
