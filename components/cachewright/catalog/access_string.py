"""Access strings: what a user of a user group may do, in the grammar of Redis ACLs.

`on ~checkout:* +@read -@dangerous` reads from left to right, a later rule over an earlier one. ElastiCache takes no
password, no reset and none of the commands that it keeps for itself in it. Sources: AWS's user guide, "Role-Based
Access Control (RBAC)" and "Restricted Valkey and Redis OSS commands".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cachewright.catalog.quoting import shown

# What is wrong with an access string, as ElastiCache tells it apart.
Kind: TypeAlias = Literal["password", "reset", "category", "command", "rule"]

CATEGORIES = (
    *("admin", "all", "bitmap", "blocking", "bloom", "connection", "dangerous", "fast", "geo", "hash", "hyperloglog"),
    *("json", "keyspace", "list", "pubsub", "read", "scripting", "search", "set", "slow", "sortedset", "stream"),
    *("string", "transaction", "write"),
)


_COMMAND = re.compile(r"[+-](@(?P<category>[a-z]+)|(?P<command>[a-zA-Z][a-zA-Z0-9_.-]*(\|[a-zA-Z0-9_.-]+)?))")
_KEY = re.compile(r"(~|%(R|W|RW|WR)~)\S*", re.IGNORECASE)
_SANITIZING = frozenset({"sanitize-payload", "skip-sanitize-payload"})
_WORDS = frozenset({"on", "off", "allkeys", "allchannels", "allcommands", "nocommands", "clearselectors"}) | _SANITIZING
_OF_THE_USER = frozenset({"on", "off", "clearselectors"}) | _SANITIZING
# Why ElastiCache refuses a word, and what to do instead.
_REFUSED: dict[str, tuple[Kind, str]] = {
    "nopass": ("password", "set the user's authentication to no-password-required instead"),
    "resetpass": ("password", "set the user's authentication instead"),
    "reset": ("reset", "write the whole access string anew"),
    "resetkeys": ("reset", "leave out the rules for keys before it instead"),
    "resetchannels": ("reset", "leave out the rules for channels before it instead"),
}
# What ElastiCache lets nobody run: a command, or one of its subcommands.
FORBIDDEN_COMMANDS = frozenset(
    {
        *("acl|deluser", "acl|load", "acl|save", "acl|setuser", "bgrewriteaof", "bgsave", "cluster|addslots"),
        *("cluster|addslotsrange", "cluster|bumpepoch", "cluster|delslots", "cluster|delslotsrange"),
        *("cluster|failover", "cluster|flushslots", "cluster|forget", "cluster|links", "cluster|meet"),
        *("cluster|setslot", "config", "debug", "migrate", "psync", "replicaof", "save", "shutdown", "slaveof", "sync"),
    }
)


@dataclass(frozen=True, slots=True)
class AccessString:
    """A parsed access string.

    Attributes:
        enabled: Whether the user is on.
        keys: The key patterns it may touch, as written; `*` for all.
        channels: The channel patterns it may use.
        commands: The rules for commands and categories, in order: `+@read`, `-flushall`.
        selectors: Further sets of rules, as written between parentheses.
    """

    enabled: bool
    keys: tuple[str, ...]
    channels: tuple[str, ...]
    commands: tuple[str, ...]
    selectors: tuple[str, ...]

    def allows_all_commands(self) -> bool:
        """Return whether every command is allowed."""
        return self.category_allowed("all")

    def category_allowed(self, category: str) -> bool:
        """Return whether a category is allowed as a whole, the last rule that speaks of it deciding."""
        allowed = False
        for one in self.commands:
            if one[1:] in {f"@{category}", "@all"}:
                allowed = one[0] == "+"
            elif category == "all" and one[0] == "-":
                allowed = False
        return allowed


def problem(text: str) -> str | None:
    """Return what is wrong with an access string, or None.

    >>> problem("on ~* +@raed")
    "must name known categories, got '+@raed'; use @read, @write or another of Redis's"
    """
    found = _problem(text)
    return found[1] if found else None


def kind_of_problem(text: str) -> Kind | None:
    """Return for which of its reasons ElastiCache refuses an access string, or None.

    >>> kind_of_problem("on ~* +@raed")
    'category'
    """
    found = _problem(text)
    return found[0] if found else None


def _problem(text: str) -> tuple[Kind, str] | None:
    tokens = _tokens(text)
    if tokens is None:
        # The text is not shown: a password may have been written into it.
        return "rule", "must close every parenthesis of a selector, got one left open; write it like '(~key:* +get)'"
    if not tokens:
        return "rule", "must not be empty; write it like 'on ~app:* +@read'"
    for token in tokens:
        found = _selector_problem(token) if token.startswith("(") else _token_problem(token)
        if found:
            return found
    return None


def parse(text: str) -> AccessString:
    """Return what an access string says.

    Raises:
        ValueError: It is malformed; the message is that of `problem`.
    """
    found = problem(text)
    if found:
        raise ValueError(found)
    enabled = False
    keys: list[str] = []
    channels: list[str] = []
    commands: list[str] = []
    selectors: list[str] = []
    for token in _tokens(text) or []:
        word = token.lower()
        if word in {"on", "off"}:
            enabled = word == "on"
        elif word in _SANITIZING:
            continue
        elif word in {"allkeys", "~*"}:
            keys = ["*"]
        elif word in {"allchannels", "&*"}:
            channels = ["*"]
        elif word in {"allcommands", "nocommands"}:
            commands.append("+@all" if word == "allcommands" else "-@all")
        elif word == "clearselectors":
            selectors = []
        elif token.startswith("("):
            selectors.append(token[1:-1].strip())
        elif token.startswith("&"):
            channels.append(token[1:])
        elif token[0] in "~%":
            keys.append(token.removeprefix("~"))
        else:
            commands.append(word)
    return AccessString(enabled, tuple(keys), tuple(channels), tuple(commands), tuple(selectors))


def normalise(text: str) -> str:
    """Return an access string as ElastiCache stores it, in the form of Redis's ACL LIST.

    `on` or `off` comes first, then keys, channels, commands and selectors; what a later rule makes void is left out. A
    user that is neither on nor off is off, and one without a rule for commands may use none. A string that `problem`
    refuses has no such form and is returned as it is.

    >>> normalise("+@READ  ~app:* on")
    'on ~app:* -@all +@read'
    """
    if problem(text):
        return text
    state = "off"
    sanitizing: list[str] = []
    keys: list[str] = []
    channels: list[str] = []
    commands: list[str] = ["-@all"]
    selectors: list[str] = []
    for token in _tokens(text) or []:
        word = token.lower()
        if word in {"on", "off"}:
            state = word
        elif word in _SANITIZING:
            sanitizing = [word]
        elif word in {"allkeys", "~*"}:
            keys = ["~*"]
        elif word in {"allchannels", "&*"}:
            channels = ["&*"]
        elif word in {"allcommands", "nocommands", "+@all", "-@all"}:
            commands = ["+@all" if word in {"allcommands", "+@all"} else "-@all"]
        elif word == "clearselectors":
            selectors = []
        elif token.startswith("("):
            selectors.append(token)
        elif token[0] in "+-":
            commands = [*(one for one in commands if one != word), word]
        else:
            (channels if token[0] == "&" else keys).append(token)
    return " ".join([state, *sanitizing, *keys, *channels, *commands, *selectors])


def _token_problem(token: str) -> tuple[Kind, str] | None:
    word = token.lower()
    if word in _REFUSED:
        kind, way_out = _REFUSED[word]
        return kind, f"must not hold {word!r}, which ElastiCache refuses; {way_out}"
    if token[0] in "<>#!":
        text = f"must not hold a password (a rule that begins with {token[0]!r}); use the user's passwords instead"
        return "password", text
    if word in _WORDS or _KEY.fullmatch(token) or (token[0] == "&" and len(token) > 1):
        return None
    match = _COMMAND.fullmatch(token if "@" not in token else word)
    if match is None:
        return "rule", f"must hold rules of Redis's ACL grammar, got {shown(token)}; write it like 'on ~app:* +@read'"
    if match["category"] and match["category"] not in CATEGORIES:
        return "category", f"must name known categories, got {shown(token)}; use @read, @write or another of Redis's"
    command = (match["command"] or "").lower()
    if {command, command.partition("|")[0]} & FORBIDDEN_COMMANDS:
        return "command", f"must not name commands that ElastiCache forbids, got {shown(token)}; remove it"
    return None


def _selector_problem(token: str) -> tuple[Kind, str] | None:
    """Return what is wrong with a selector: rules for keys, channels and commands, and no selector within it."""
    inner = token[1:-1].split()
    if not inner:
        return "rule", "must not hold an empty selector, got '()'; remove it"
    for one in inner:
        if one.startswith("(") or one.lower() in _OF_THE_USER:
            what = "another selector" if one.startswith("(") else shown(one.lower())
            text = f"must not hold {what} in a selector, which is for keys, channels and commands; remove it"
            return "rule", text
        found = _token_problem(one)
        if found:
            return found
    return None


def _tokens(text: str) -> list[str] | None:
    """Return the rules of a string, a selector being one; None when a parenthesis stays open."""
    found: list[str] = []
    selector: list[str] | None = None
    for part in text.split():
        if selector is None and part.startswith("("):
            selector = []
        if selector is None:
            found.append(part)
            continue
        selector.append(part)
        if part.endswith(")"):
            found.append(" ".join(selector))
            selector = None
    return found if selector is None else None
