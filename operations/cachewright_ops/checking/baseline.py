"""A baseline: what was found one day, so that from then on only what is new stops a change."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cachewright_offline.errors import CachewrightError
from cachewright_policies.finding import Finding, Status, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_KEPT: Final = frozenset({Status.VIOLATION, Status.EXPIRED_WAIVER, Status.UNKNOWN})


class Known(BaseModel):
    """A finding of that day.

    Attributes:
        fingerprint: What it is recognized by.
        policy: The rule's name.
        urn: The resource.
        property: The property.
        count: How often it was found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)

    fingerprint: str
    policy: str
    urn: str
    property: str = ""
    count: int = 1


class Baseline(BaseModel):
    """What was found one day.

    Attributes:
        version: The form's version.
        findings: What was found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: Literal[1]
    findings: tuple[Known, ...]

    def apply(self, findings: Iterable[Finding]) -> tuple[list[Finding], tuple[Known, ...]]:
        """Return the findings with what is known marked, and what has been mended since."""
        left: Counter[str] = Counter()
        for known in self.findings:
            left[known.fingerprint] += known.count
        marked = []
        for one in findings:
            mark = fingerprint(one)
            if one.status in _KEPT and left[mark] > 0:
                left[mark] -= 1
                marked.append(replace(one, status=Status.BASELINE))
            else:
                if one.status is Status.WAIVED:
                    left[mark] -= 1
                marked.append(one)
        fixed = []
        for known in self.findings:
            if left[known.fingerprint] > 0:
                gone = min(left[known.fingerprint], known.count)
                left[known.fingerprint] -= gone
                fixed.append(known.model_copy(update={"count": gone}))
        return marked, tuple(fixed)


def of_findings(findings: Sequence[Finding]) -> tuple[str, int]:
    """Return the text of a baseline of these findings, and how many it holds; what is waived has its own file."""
    counted: dict[tuple[str, str, str, str], int] = {}
    for one in findings:
        if one.status in _KEPT or one.status is Status.BASELINE:
            key = (one.policy, one.urn, one.property, fingerprint(one))
            counted[key] = counted.get(key, 0) + 1
    entries: list[dict[str, Any]] = [
        {"fingerprint": mark, "policy": policy, "urn": urn, "property": property, "count": count}
        for (policy, urn, property, mark), count in sorted(counted.items())
    ]
    text = json.dumps({"version": 1, "findings": entries}, indent=2, ensure_ascii=False) + "\n"
    return text, sum(counted.values())


def read(file: Path) -> Baseline:
    """Return the baseline in a file.

    Raises:
        CachewrightError: The file cannot be read, or is no baseline.
    """
    way_out = "name what `cachewright check --write-baseline` wrote"
    try:
        return Baseline.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        msg = f"--baseline: cannot read {file}: {error.strerror}; {way_out}"
        raise CachewrightError(msg) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        msg = f"--baseline: {file} is no baseline: {place}: {first['msg']}; {way_out}"
        raise CachewrightError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"--baseline: {file} is not JSON: {error}; {way_out}"
        raise CachewrightError(msg) from error
