"""Access strings: what a user of a user group may do, in the grammar of Redis ACLs.

`on ~checkout:* +@read -@dangerous` reads from left to right, a later rule over an earlier one. ElastiCache takes no
password and no `reset` in it. Source: AWS's user guide, "Authenticating users with Role-Based Access Control".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cachewright.catalog.quoting import shown

CATEGORIES = (
    *("admin", "all", "bitmap", "blocking", "bloom", "connection", "dangerous", "fast", "geo", "hash", "hyperloglog"),
    *("json", "keyspace", "list", "pubsub", "read", "scripting", "search", "set", "slow", "sortedset", "stream"),
    *("string", "transaction", "write"),
)


_COMMAND = re.compile(r"[+-](@(?P<category>[a-z]+)|(?P<command>[a-zA-Z][a-zA-Z0-9_.-]*(\|[a-zA-Z0-9_.-]+)?))")
_KEY = re.compile(r"(~|%(R|W|RW|WR)~)\S*", re.IGNORECASE)
_WORDS = frozenset(
    {"on", "off", "allkeys", "resetkeys", "allchannels", "resetchannels", "allcommands", "nocommands", "clearselectors"}
)
_OF_THE_USER = frozenset({"on", "off", "clearselectors"})
_REFUSED = {
    "nopass": "set the user's authentication to no-password-required instead",
    "resetpass": "set the user's authentication instead",
    "reset": "write the whole access string anew",
    "sanitize-payload": "remove it",
    "skip-sanitize-payload": "remove it",
}


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
    tokens = _tokens(text)
    if tokens is None:
        # The text is not shown: a password may have been written into it.
        return "must close every parenthesis of a selector, got one left open; write it like '(~key:* +get)'"
    if not tokens:
        return "must not be empty; write it like 'on ~app:* +@read'"
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
        elif word in {"allkeys", "~*"}:
            keys = ["*"]
        elif word == "resetkeys":
            keys = []
        elif word in {"allchannels", "&*"}:
            channels = ["*"]
        elif word == "resetchannels":
            channels = []
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
    keys: list[str] = []
    channels: list[str] = []
    commands: list[str] = ["-@all"]
    selectors: list[str] = []
    for token in _tokens(text) or []:
        word = token.lower()
        if word in {"on", "off"}:
            state = word
        elif word in {"allkeys", "~*", "resetkeys"}:
            keys = [] if word == "resetkeys" else ["~*"]
        elif word in {"allchannels", "&*", "resetchannels"}:
            channels = [word if word == "resetchannels" else "&*"]
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
    return " ".join([state, *keys, *channels, *commands, *selectors])


def _token_problem(token: str) -> str | None:
    word = token.lower()
    if word in _REFUSED:
        return f"must not hold {word!r}, which ElastiCache refuses; {_REFUSED[word]}"
    if token[0] in "<>#!":
        return f"must not hold a password (a rule that begins with {token[0]!r}); use the user's passwords instead"
    if word in _WORDS or _KEY.fullmatch(token) or (token[0] == "&" and len(token) > 1):
        return None
    match = _COMMAND.fullmatch(token if "@" not in token else word)
    if match is None:
        return f"must hold rules of Redis's ACL grammar, got {shown(token)}; write it like 'on ~app:* +@read'"
    if match["category"] and match["category"] not in CATEGORIES:
        return f"must name known categories, got {shown(token)}; use @read, @write or another of Redis's"
    return None


def _selector_problem(token: str) -> str | None:
    """Return what is wrong with a selector: rules for keys, channels and commands, and no selector within it."""
    inner = token[1:-1].split()
    if not inner:
        return "must not hold an empty selector, got '()'; remove it"
    for one in inner:
        if one.startswith("(") or one.lower() in _OF_THE_USER:
            what = "another selector" if one.startswith("(") else shown(one.lower())
            return f"must not hold {what} in a selector, which is for keys, channels and commands; remove it"
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
