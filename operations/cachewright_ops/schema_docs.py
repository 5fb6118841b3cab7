"""Writes docs/schema.json, the package's schema for other Pulumi languages; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.schema_docs`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cachewright.hosting import schema
from cachewright.version import VERSION
from cachewright_ops.generated_document import write_or_check

TARGET = Path("docs") / "schema.json"


def render() -> str:
    """Return the whole document."""
    return json.dumps(schema.document(schema.analyze(), VERSION), indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, render, "the components"))
