"""JSON documents: policies and dashboards."""

from __future__ import annotations

import json


def same_document(first: object, second: object) -> bool:
    """Tell whether two JSON texts say the same; a text that is no JSON equals only itself."""
    if not isinstance(first, str) or not isinstance(second, str):
        return first == second
    try:
        return bool(json.loads(first) == json.loads(second))
    except ValueError:
        return first == second
