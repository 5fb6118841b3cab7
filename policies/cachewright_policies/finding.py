"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cachewright_policies.levels import Level
    from cachewright_policies.rule import Severity


class Status(StrEnum):
    """What became of a finding."""

    VIOLATION = "violation"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    EXPIRED_WAIVER = "expired-waiver"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict that is not a pass.

    Attributes:
        policy: The rule's name.
        level: Whether it stops an update: `mandatory` or `advisory`.
        severity: How bad it is.
        status: A violation, or one that cannot be decided, is waived or was known before.
        urn: The resource.
        type: Its type.
        name: Its name in the program.
        message: What is found.
        remediation: What to do.
        property: The property to look at; empty where none is meant.
        effect: What mending it does to a running cache; empty where the catalog does not know.
        file: The file of the program that creates the resource; empty where it is not known.
        line: The line in it; 0 where it is not known.
        reason: Why it is waived; empty where it is not.
        waiver: The id of the waiver that does, or did until it ended; empty where there is none.
    """

    policy: str
    level: Level
    severity: Severity
    status: Status
    urn: str
    type: str
    name: str
    message: str
    remediation: str
    property: str = ""
    effect: str = ""
    file: str = ""
    line: int = 0
    reason: str = ""
    waiver: str = ""


def fingerprint(finding: Finding) -> str:
    """Return what stays the same between two runs, whatever lines move: rule, resource and property."""
    return sha256(f"{finding.policy}\0{finding.urn}\0{finding.property}".encode()).hexdigest()[:32]
