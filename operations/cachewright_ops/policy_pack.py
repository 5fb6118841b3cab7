"""Writes the policy pack as `pulumi policy publish` needs it: one folder with everything that the rules read.

Run as `python -m cachewright_ops.policy_pack FOLDER`. In the repository the pack reads the catalog of the components;
a published folder holds a copy of it, so that it asks for nothing but pulumi-policy.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

_SOURCE: Final = Path("policies")
_CATALOG: Final = Path("components") / "cachewright"
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


def write(root: Path, target: Path) -> None:
    """Write the pack to a folder, in place of an earlier one.

    Args:
        root: The repository.
        target: The folder, which is emptied if it holds a pack.

    Raises:
        FileExistsError: The folder holds something else.
    """
    if target.exists() and any(target.iterdir()) and not (target / "PulumiPolicy.yaml").is_file():
        msg = f"{target} holds something that is no policy pack; name an empty folder"
        raise FileExistsError(msg)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root / _SOURCE, target, ignore=_LEFT_OUT)
    package = target / _CATALOG.name
    shutil.copytree(root / _CATALOG / "catalog", package / "catalog", ignore=_LEFT_OUT)
    shutil.copy(root / _CATALOG / "__init__.py", package / "__init__.py")
    shutil.copy(root / "LICENSE", target / "LICENSE")


def main() -> None:
    """Write the pack to the folder that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m cachewright_ops.policy_pack FOLDER")
    try:
        write(Path.cwd(), Path(sys.argv[1]))
    except FileExistsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
