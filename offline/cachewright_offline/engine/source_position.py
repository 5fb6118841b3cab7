"""Source positions as the state keeps them: relative to the project's root.

Source: Pulumi's pkg/resource/deploy/source_eval.go (sourcePositions).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path


class SourcePositions:
    """Turns the SDK's absolute positions into `project:///<file>#<line>`; each file is worked out once."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._known: dict[str, str] = {}

    def project_position(self, position: Any) -> str:
        """Return the position of a request, or empty where it has none in a file."""
        uri = position.uri
        if not uri:
            return ""
        known = self._known.get(uri)
        if known is None:
            parts = urlsplit(uri)
            known = ""
            if parts.scheme == "file":
                known = "project:///" + quote(os.path.relpath(unquote(parts.path), self._root))
            self._known[uri] = known
        if not known:
            return ""
        column = f",{position.column}" if position.column else ""
        return f"{known}#{position.line}{column}"
