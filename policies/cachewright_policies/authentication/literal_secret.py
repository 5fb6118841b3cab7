"""Secrets that stand in the program."""

from __future__ import annotations

import ast
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP, SECRET_VERSION, SSM_PARAMETER, USER
from cachewright_policies.values import UNKNOWN, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_PROPERTIES: Final = {
    REPLICATION_GROUP: ("authToken", "authTokenWo"),
    USER: ("passwords", "authenticationMode", "passwordsWo"),
    SECRET_VERSION: ("secretString", "secretStringWo"),
    SSM_PARAMETER: ("value", "valueWo"),
}
# A plain value of a settings file; an encrypted one stands behind `secure:`, and is another text.
_SETTING: Final = re.compile(
    r"""^[ \t-]*[^#\s][^\n]*?:[ \t]+(?P<quote>["']?)(?P<value>[^\n]+?)(?P=quote)[ \t]*$""", re.MULTILINE
)
# What else the parameter store holds is configuration.
_SECURE: Final = "SecureString"
# Shorter literals are words that stand in a program for other reasons.
_SHORTEST: Final = 8


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find secrets whose value is a literal of the program; no message holds one."""
    if not scope.sources or (subject.type == SSM_PARAMETER and subject.peek("type") != _SECURE):
        return
    literals = scope.graph.remember(("literals of the program",), lambda: _literals(scope))
    for property in _PROPERTIES[subject.type]:
        if any(text in literals for text in _texts(subject.peek(property))):
            yield Problem("the secret stands in the program: whoever can read the repository has it", property)


def _literals(scope: Scope) -> frozenset[str]:
    return frozenset().union(*(_literals_of(path, text) for path, text in scope.sources.items()))


@lru_cache(maxsize=64)
def _literals_of(path: str, text: str) -> frozenset[str]:
    if path.endswith((".yaml", ".yml")):
        return frozenset(match["value"] for match in _SETTING.finditer(text) if len(match["value"]) >= _SHORTEST)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return frozenset()
    return frozenset(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= _SHORTEST
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a secret; of JSON, the values within."""
    if value.__class__ is Secret:
        value = value.value
    if isinstance(value, str):
        yield value
        if value[:1] in {"{", "["}:
            try:
                yield from _texts(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in {"type", "username", "user", "host", "endpoint"}:
                yield from _texts(one)
    elif isinstance(value, (list, tuple)) and value is not UNKNOWN:
        for one in value:
            yield from _texts(one)


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        transit_encryption_enabled=True,
        auth_token={token},
    )
"""

RULE = Rule(
    name="literal-secret",
    title="No secret stands in the program",
    description=(
        "A password or token in the source, or in plain text in a stack's settings, is in every clone, every fork and"
        " every backup of the repository, even if it is marked secret for Pulumi afterwards."
    ),
    severity=Severity.HIGH,
    types=tuple(_PROPERTIES),
    check=check,
    remediation=(
        "Rotate the secret, then take it from config.require_secret, random.RandomPassword or Secrets Manager."
    ),
    arguments=("authToken",),
    violating=_PROGRAM.format(token='pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1")'),
    compliant=_PROGRAM.format(token='pulumi.Config().get_secret("token")'),
    url="https://www.pulumi.com/docs/iac/concepts/secrets/",
    tags=("authentication", "secrets"),
    frameworks=(Framework("NIST 800-53 r5", ("IA-5(7)",)),),
    needs_sources=True,
)
