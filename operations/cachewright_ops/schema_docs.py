"""Writes docs/schema.json, the package's schema for other Pulumi languages; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.schema_docs`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cachewright.hosting import schema
from cachewright.version import VERSION

TARGET = Path("docs") / "schema.json"


def render() -> str:
    """Return the whole document."""
    return json.dumps(schema.document(schema.analyze(), VERSION), indent=2) + "\n"


def main() -> int:
    """Write the document, or with `--check` tell whether it is up to date."""
    text = render()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"error: {TARGET} is not what the components say; run `make docs` and commit it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
