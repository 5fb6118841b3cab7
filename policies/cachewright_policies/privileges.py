"""What an access string lets a user do."""

from __future__ import annotations

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
        elif token[:1] in {"+", "-"} and token[1:] in DANGEROUS:
            commands[token[1:]] = token[0] == "+"
    return Privileges(
        every_key,
        tuple(name for name, allowed in categories.items() if allowed),
        tuple(name for name, allowed in commands.items() if allowed),
    )
