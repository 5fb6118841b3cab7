"""Waivers: findings that somebody has decided to live with for a while, kept as a file that is reviewed like code.

    waivers:
      - id: W-17
        policies: [cache-replicas]
        targets: [ReplicationGroup/reports-*]
        reason: The reports are computed anew every night.
        owner: team-data
        ticket: OPS-4711
        created: 2026-11-02
        expires: 2027-01-15

A target is a URN or `type/name`, where the type is the whole token or its last word, and `*` stands for any text.
`stacks` limits a waiver to some stacks. A policy of critical severity asks for `accept_critical_risk: true` and
`compensating_control` besides. A waiver that is wrong waives nothing.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import yaml

from cachewright_offline.errors import CachewrightError
from cachewright_policies.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cachewright_policies.finding import Finding

DEFAULT_FILE: Final = "waivers.yaml"
LONGEST: Final = timedelta(days=90)
LONGEST_FOR_LOW: Final = timedelta(days=365)
_REQUIRED: Final = ("id", "policies", "targets", "reason", "owner", "ticket", "created", "expires")
_OPTIONAL: Final = ("stacks", "compensating_control", "accept_critical_risk")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
# Days are compared by UTC: where a waiver is written, it may be tomorrow already.
_CLOCKS_APART: Final = timedelta(days=1)
_NULL: Final = "tag:yaml.org,2002:null"
_MERGE: Final = "tag:yaml.org,2002:merge"
_BOOLEAN: Final = "tag:yaml.org,2002:bool"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One decision to live with findings.

    Attributes:
        id: Its name.
        policies: The policies that are waived.
        targets: The resources: URNs, or globs of URNs or of `type/name`.
        reason: Why.
        owner: Who answers for it.
        ticket: Where it was decided.
        created: The day it was written.
        expires: The last day it holds.
        stacks: Globs of the stacks it is for; empty for every stack.
        compensating_control: What holds the risk down meanwhile; empty where nothing is named.
        line: Where it stands in the file.
    """

    id: str
    policies: tuple[str, ...]
    targets: tuple[str, ...]
    reason: str
    owner: str
    ticket: str
    created: date
    expires: date
    stacks: tuple[str, ...] = ()
    compensating_control: str = ""
    line: int = 0

    def is_for(self, stack: str) -> bool:
        """Tell whether it is for a stack, given by its name or as `organization/project/stack`."""
        names = {stack, stack.rsplit("/", 1)[-1]}
        return not self.stacks or any(fnmatchcase(name, one) for one in self.stacks for name in names)

    def covers(self, finding: Finding) -> bool:
        """Tell whether it names a finding's policy and resource, whatever the day."""
        return finding.policy in self.policies and any(
            reaches(one, finding.urn, finding.type, finding.name) for one in self.targets
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a waiver waives nothing.

    Attributes:
        waiver: The waiver's id, or its place in the file, such as `waivers[2]`.
        field: The field that is wrong, or empty.
        message: What was expected and what was found.
        line: Where it stands in the file.
    """

    waiver: str
    field: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What a file of waivers says.

    Attributes:
        name: The file, as reports name it.
        waivers: Those that are well formed.
        faults: Why the others waive nothing.
    """

    name: str = DEFAULT_FILE
    waivers: tuple[Waiver, ...] = ()
    faults: tuple[Fault, ...] = ()


def reaches(target: str, urn: str, type: str, name: str) -> bool:
    """Tell whether a target means a resource.

    >>> reaches("ReplicationGroup/web-*", "", "aws:elasticache/replicationGroup:ReplicationGroup", "web-1")
    True
    """
    if target.startswith("urn:"):
        return target == urn or fnmatchcase(urn, target)
    return any(
        target == one or fnmatchcase(one, target) for one in (f"{type}/{name}", f"{type.rsplit(':', 1)[-1]}/{name}")
    )


def read(file: Path, name: str, policies: Mapping[str, Severity], today: date) -> WaiverFile:
    """Return what a file says.

    Args:
        file: The file.
        name: How reports are to name it.
        policies: The severity of every policy that can be waived.
        today: The day; a waiver of a later day is wrong.

    Raises:
        CachewrightError: The file cannot be read, or is no list of waivers.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"--waivers: cannot read {file}: {error.strerror}; name a readable file"
        raise CachewrightError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"--waivers: {name} is no UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"
        raise CachewrightError(msg) from error
    return parse(text, name, policies, today)


def parse(text: str, name: str, policies: Mapping[str, Severity], today: date) -> WaiverFile:
    """Return what a file's text says; whatever is wrong with single waivers is among its faults.

    Raises:
        CachewrightError: The text is no YAML, or no list of waivers.
    """
    entries = _entries(text, name)
    reading = [_Reading(node, index, policies, today) for index, node in enumerate(entries)]
    first: dict[str, int] = {}
    for one in reading:
        if not one.id:
            continue
        if one.id in first:
            one.fault("id", f"expected an id of its own, found {one.id!r}, which line {first[one.id]} has", "id")
        first.setdefault(one.id, one.line)
    waivers = [waiver for one in reading if (waiver := one.waiver()) is not None]
    faults = [fault for one in reading for fault in one.faults]
    return WaiverFile(name, tuple(waivers), tuple(faults))


def _entries(text: str, name: str) -> list[yaml.Node]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        msg = f"--waivers: {place}: not YAML: {error.problem or error.context}; correct it"
        raise CachewrightError(msg) from error
    except (yaml.YAMLError, RecursionError) as error:
        detail = " ".join(str(error).split()) if isinstance(error, yaml.YAMLError) else "it is nested too deeply"
        msg = f"--waivers: {name}: not YAML: {detail}; correct it"
        raise CachewrightError(msg) from error
    if root is None:
        return []
    way_out = "write `waivers:` with a list below it"
    if not isinstance(root, yaml.MappingNode):
        msg = f"--waivers: {_place(name, root)}: expected an object with 'waivers', found {_kind(root)}; {way_out}"
        raise CachewrightError(msg)
    found: list[yaml.Node] = []
    for key, value in root.value:
        if key.value != "waivers":
            msg = f"--waivers: {_place(name, key)}: expected 'waivers', found {_shown(key)}; {way_out}"
            raise CachewrightError(msg)
        if value.tag == _NULL:
            continue
        if not isinstance(value, yaml.SequenceNode):
            msg = f"--waivers: {_place(name, value)}: expected a list of waivers, found {_kind(value)}; {way_out}"
            raise CachewrightError(msg)
        found += value.value
    return found


@dataclass
class _Reading:
    """One entry while it is read.

    Attributes:
        node: The entry.
        index: Its place in the list.
        policies: The severity of every policy that can be waived.
        today: The day.
        faults: What is wrong with it.
    """

    node: yaml.Node
    index: int
    policies: Mapping[str, Severity]
    today: date
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = self.node.start_mark.line + 1
        self._fields: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        self._known_fields()
        found = self._fields.get("id")
        self.id = found.value.strip() if isinstance(found, yaml.ScalarNode) and found.tag != _NULL else ""

    def fault(self, where: str, message: str, line_of: str = "") -> None:
        """Remember what is wrong."""
        line = self._lines.get(line_of or where, self.line)
        self.faults.append(Fault(getattr(self, "id", "") or f"waivers[{self.index}]", where, message, line))

    def waiver(self) -> Waiver | None:
        """Return the waiver, or None when something is wrong with it."""
        if not isinstance(self.node, yaml.MappingNode):
            return None
        waiver_id = self._text("id")
        policies = self._texts("policies", "the names of policies", self._policy_problem)
        targets = self._texts("targets", "URNs or type/name globs", _target_problem)
        reason, owner, ticket = (self._text(one) for one in ("reason", "owner", "ticket"))
        created, expires = self._day("created"), self._day("expires")
        stacks = self._texts("stacks", "names of stacks", lambda _: None) if "stacks" in self._fields else ()
        control = self._text("compensating_control") if "compensating_control" in self._fields else ""
        self._check_critical(policies, control)
        self._check_days(created, expires, policies)
        if self.faults or created is None or expires is None:
            return None
        return Waiver(waiver_id, policies, targets, reason, owner, ticket, created, expires, stacks, control, self.line)

    def _known_fields(self) -> None:
        if not isinstance(self.node, yaml.MappingNode):
            self.fault("", f"expected an object with {', '.join(_REQUIRED)}, found {_kind(self.node)}")
            return
        for key, value in self.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            line = key.start_mark.line + 1
            if key.tag == _MERGE or name not in _REQUIRED + _OPTIONAL:
                self._lines.setdefault(name, line)
                near = _nearest(name, _REQUIRED + _OPTIONAL)
                self.fault(name, f"expected one of {', '.join(_REQUIRED + _OPTIONAL)}, found {_shown(key)}{near}")
            elif name in self._fields:
                self.fault(name, f"expected it once, found it again in line {line}")
            else:
                self._fields[name], self._lines[name] = value, line

    def _given(self, name: str, expected: str) -> yaml.Node | None:
        found = self._fields.get(name)
        if found is None or found.tag == _NULL:
            self.fault(name, f"expected {expected}, found nothing")
            return None
        return found

    def _text(self, name: str) -> str:
        found = self._given(name, "a text")
        if found is None:
            return ""
        if not isinstance(found, yaml.ScalarNode):
            self.fault(name, f"expected a text, found {_kind(found)}")
            return ""
        text = " ".join(found.value.split())
        if not text:
            self.fault(name, "expected a text, found only blanks")
        return text

    def _texts(self, name: str, expected: str, problem: Callable[[str], str | None]) -> tuple[str, ...]:
        found = self._given(name, f"a list of {expected}")
        if found is None:
            return ()
        if not isinstance(found, yaml.SequenceNode):
            self.fault(name, f"expected a list of {expected}, found {_kind(found)}")
            return ()
        if not found.value:
            self.fault(name, f"expected a list of {expected}, found an empty one")
        texts = []
        for index, one in enumerate(found.value):
            where = f"{name}[{index}]"
            self._lines[where] = one.start_mark.line + 1
            if not isinstance(one, yaml.ScalarNode) or one.tag == _NULL or not one.value.strip():
                self.fault(where, f"expected a text, found {_kind(one)}")
                continue
            text = one.value.strip()
            wrong = problem(text)
            if wrong:
                self.fault(where, wrong)
            texts.append(text)
        return tuple(texts)

    def _day(self, name: str) -> date | None:
        found = self._given(name, "a day as YYYY-MM-DD")
        if found is None:
            return None
        if isinstance(found, yaml.ScalarNode) and _DAY.fullmatch(found.value.strip()):
            try:
                return date.fromisoformat(found.value.strip())
            except ValueError:
                self.fault(name, f"expected a day of the calendar, found {found.value}")
                return None
        self.fault(name, f"expected a day as YYYY-MM-DD, found {_shown(found)}")
        return None

    def _policy_problem(self, name: str) -> str | None:
        if name in self.policies:
            return None
        near = _nearest(name, tuple(self.policies))
        return f"there is no policy {name!r}{near}; `cachewright check --list` lists them"

    def _check_critical(self, policies: tuple[str, ...], control: str) -> None:
        accepted = self._fields.get("accept_critical_risk")
        is_accepted = (
            accepted is not None and accepted.tag == _BOOLEAN and accepted.value.lower() in {"true", "yes", "on"}
        )
        if accepted is not None and accepted.tag != _BOOLEAN:
            self.fault("accept_critical_risk", f"expected true or false, found {_shown(accepted)}")
        critical = [one for one in policies if self.policies.get(one) is Severity.CRITICAL]
        if not critical:
            return
        if not is_accepted:
            self.fault(
                "accept_critical_risk",
                f"expected true, because {critical[0]} is of critical severity, found"
                f" {'nothing' if accepted is None else _shown(accepted)}",
            )
        if not control and "compensating_control" not in self._fields:
            self.fault(
                "compensating_control",
                f"expected what holds the risk down, because {critical[0]} is of critical severity, found nothing",
            )

    def _check_days(self, created: date | None, expires: date | None, policies: tuple[str, ...]) -> None:
        if created is not None and created > self.today + _CLOCKS_APART:
            self.fault("created", f"expected a day that has come, found {created}, and today is {self.today}")
        if created is None or expires is None:
            return
        low = bool(policies) and all(self.policies.get(one) is Severity.LOW for one in policies)
        longest = LONGEST_FOR_LOW if low else LONGEST
        if expires < created:
            self.fault("expires", f"expected a day after {created}, when it was created, found {expires}")
        elif expires - created > longest:
            hint = "" if low else f" ({LONGEST_FOR_LOW.days} where every policy is of low severity)"
            self.fault(
                "expires",
                f"expected {created + longest} at the latest, {longest.days} days after it was created{hint}, found"
                f" {expires}",
            )


def _target_problem(target: str) -> str | None:
    if target.startswith("urn:"):
        return None
    type, slash, name = target.rpartition("/")
    if not slash or not type or not name:
        return f"expected a URN or type/name, such as ReplicationGroup/sessions, found {target!r}"
    if not target.replace("*", "").replace("/", "").replace("?", ""):
        return f"expected a target that names a type or a resource, found {target!r}, which is everything"
    return None


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "an object"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "nothing" if node.tag == _NULL or not str(node.value).strip() else repr(node.value)


def _shown(node: yaml.Node) -> str:
    return repr(node.value) if isinstance(node, yaml.ScalarNode) else _kind(node)


def _place(name: str, node: yaml.Node) -> str:
    return f"{name}:{node.start_mark.line + 1}"


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""
