"""The rooms import downwards only: read from the source, so that an import inside a function counts, too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# room: (its folder, what it must not import, exceptions)
ROOMS = {
    "catalog": (
        "components/cachewright/catalog",
        (
            "pulumi",
            "pulumi_aws",
            "pulumi_random",
            "pydantic",
            "boto3",
            "botocore",
            "moto",
            "cachewright",
            "cachewright_",
        ),
        ("cachewright.catalog",),
    ),
    "components": (
        "components/cachewright",
        ("boto3", "botocore", "moto", "cachewright_offline", "cachewright_ops", "cachewright_policies"),
        (),
    ),
    "cloud": (
        "offline/cachewright_offline/cloud",
        (
            "pulumi",
            "pulumi_aws",
            "cachewright",
            "cachewright_ops",
            "cachewright_offline.engine",
            "cachewright_offline.provider",
            "cachewright_offline.plugin",
        ),
        ("cachewright.catalog",),
    ),
    "provider": (
        "offline/cachewright_offline/provider",
        (
            "pulumi",
            "pulumi_aws",
            "moto",
            "cachewright",
            "cachewright_ops",
            "cachewright_offline.engine",
            "cachewright_offline.cloud",
            "cachewright_offline.plugin",
        ),
        ("cachewright.catalog",),
    ),
    "engine": (
        "offline/cachewright_offline/engine",
        (
            "pulumi_aws",
            "boto3",
            "botocore",
            "moto",
            "cachewright",
            "cachewright_ops",
            "cachewright_offline.cloud",
            "cachewright_offline.provider",
            "cachewright_offline.plugin",
        ),
        ("cachewright_offline.provider.protocol", "cachewright_offline.provider.registry", "cachewright.catalog"),
    ),
    "plugin": (
        "offline/cachewright_offline/plugin",
        ("pulumi_aws", "boto3", "botocore", "moto", "cachewright", "cachewright_ops", "cachewright_offline.cloud"),
        (),
    ),
    "operations": ("operations/cachewright_ops", ("moto",), ()),
    "stacks": ("stacks", ("boto3", "moto", "cachewright_offline", "cachewright_ops"), ()),
    "policies": (
        "policies",
        ("boto3", "moto", "cachewright", "cachewright_offline", "cachewright_ops"),
        ("cachewright.catalog",),
    ),
}


# The door for tests: users know `cachewright` only, and what they test with runs the engine and the rules.
TESTING = ROOT / "components/cachewright/testing.py"


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            assert node.module is not None
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def under(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.") or (package.endswith("_") and name.startswith(package))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_below_it(room: str) -> None:
    """A room that reaches up makes every room depend on every other."""
    folder, forbidden, allowed = ROOMS[room]
    files = sorted(set((ROOT / folder).rglob("*.py")) - {TESTING})
    assert files or room == "policies"

    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in sorted(imports(path))
        if any(under(name, package) for package in forbidden) and not any(under(name, package) for package in allowed)
    ]

    assert found == []


def test_only_tests_go_through_the_door_for_tests() -> None:
    """`cachewright.testing` passes on one package, and no module of ours imports it."""
    assert {name.rpartition(".")[0] for name in imports(TESTING)} == {"cachewright_ops.testing"}

    rooms = ("components", "offline", "operations", "policies", "stacks")
    users = [
        path
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if any(under(name, "cachewright.testing") for name in imports(path))
    ]
    assert users == []


def test_no_module_is_named_for_nothing() -> None:
    """A module called utils, common or misc gathers what has no place."""
    names = {
        path.stem
        for folder in ("components", "offline", "operations", "policies", "stacks")
        for path in (ROOT / folder).rglob("*.py")
    }

    assert names.isdisjoint({"utils", "util", "common", "misc", "helpers", "helper"})
