"""The names of arguments as other languages write them."""

import re
from collections.abc import Iterable, Mapping

from pulumi.provider.experimental.util import camel_case

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
# Python's own names of what every other language writes in small letters.
_CONSTANTS = {"True": "true", "False": "false"}
_CONSTANT = re.compile(rf"\b({'|'.join(_CONSTANTS)})\b")


class Spelling:
    """Writes the arguments in a text as other languages do.

    Args:
        names: The names in Python; what else looks like one, such as an engine's parameter, is left as it is.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._written: Mapping[str, str] = {name: camel_case(name) for name in names}

    def __call__(self, text: str) -> str:
        """Return the text with the names replaced.

        >>> Spelling({"num_cache_clusters"})("'num_cache_clusters' must be 1 to 6, not maxmemory_policy")
        "'numCacheClusters' must be 1 to 6, not maxmemory_policy"
        """
        text = _SNAKE_CASE.sub(lambda found: self._written.get(found[0], found[0]), text)
        return _CONSTANT.sub(lambda found: _CONSTANTS[found[0]], text)
