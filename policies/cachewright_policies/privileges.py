"""What an access string lets a user do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Commands that empty, stop or reconfigure a cache, or stall it, and that no application needs.
# Source: https://valkey.io/topics/acl (categories @admin and @dangerous)
DANGEROUS: Final = frozenset(
    {
        "acl",
        "bgrewriteaof",
        "bgsave",
        "config",
        "debug",
        "failover",
        "flushall",
        "flushdb",
        "keys",
        "migrate",
        "module",
        "monitor",
        "psync",
        "replicaof",
        "save",
        "shutdown",
        "slaveof",
        "swapdb",
        "sync",
    }
)
_SELECTOR: Final = re.compile(r"\(([^()]*)\)")
_CATEGORIES: Final = ("admin", "dangerous")


@dataclass(frozen=True, slots=True)
class Privileges:
    """What one set of permissions allows: the root's, or a selector's.

    Attributes:
        every_key: Whether it may read and write every key.
        categories: Which of `admin` and `dangerous` are allowed.
        commands: Which dangerous commands are allowed one by one.
    """

    every_key: bool
    categories: tuple[str, ...]
    commands: tuple[str, ...]


def root_of(text: str) -> list[str]:
    """Return the rules of an access string that stand in no selector.

    A string that AWS refuses has them, too: what it would allow is worth a word before AWS's.

    >>> root_of("on ~orders:* +@read (~reports:* +get)")
    ['on', '~orders:*', '+@read']
    """
    return _SELECTOR.sub(" ", text).split()


def selectors_of(text: str) -> list[list[str]]:
    """Return the rules of each selector of an access string.

    >>> selectors_of("on ~orders:* +@read (~reports:* +get)")
    [['~reports:*', '+get']]
    """
    return [one.split() for one in _SELECTOR.findall(text)]


def is_enabled(text: str) -> bool:
    """Tell whether an access string leaves its user on: the last word on it decides.

    >>> is_enabled("on off"), is_enabled("off ~* on"), is_enabled("~* +@all")
    (False, True, False)
    """
    said = [one.lower() for one in root_of(text) if one.lower() in {"on", "off"}]
    return bool(said) and said[-1] == "on"


def privileges(tokens: tuple[str, ...] | list[str]) -> Privileges:
    """Work permissions out in their order: a later one beats an earlier one.

    >>> privileges(["~*", "+@all", "-@dangerous"]).categories
    ()
    """
    every_key = False
    categories = dict.fromkeys(_CATEGORIES, False)
    commands: dict[str, bool] = {}
    for token in (one.lower() for one in tokens):
        if token in {"~*", "allkeys", "%rw~*"}:
            every_key = True
        elif token in {"resetkeys", "reset"}:
            every_key = False
        if token in {"+@all", "allcommands"}:
            categories = dict.fromkeys(_CATEGORIES, True)
            commands.clear()
        elif token in {"-@all", "nocommands", "reset"}:
            categories = dict.fromkeys(_CATEGORIES, False)
            commands.clear()
        elif token[1:2] == "@" and token[2:] in categories:
            categories[token[2:]] = token[0] == "+"
            if token == "-@dangerous":  # nearly every administrative command is dangerous, too
                categories["admin"] = False
                commands.clear()
        elif token[:1] in {"+", "-"} and token[1:].split("|")[0] in DANGEROUS:
            commands[token[1:].split("|")[0]] = token[0] == "+"
    return Privileges(
        every_key,
        tuple(name for name, allowed in categories.items() if allowed),
        tuple(name for name, allowed in commands.items() if allowed),
    )
