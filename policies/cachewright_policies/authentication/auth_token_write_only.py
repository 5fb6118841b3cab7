"""Tokens and passwords that no state file keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_WRITE_ONLY: Final = {REPLICATION_GROUP: ("authToken", "authTokenWo"), USER: ("passwords", "passwordsWo")}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find tokens and passwords that the state keeps, though a write-only property would not."""
    del scope
    kept, write_only = _WRITE_ONLY[subject.type]
    if subject.is_set(kept):
        yield Problem(f"{kept} is kept in the state, encrypted; {write_only} never enters it", kept)


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        transit_encryption_enabled=True,
        {token}
    )
"""

RULE = Rule(
    name="auth-token-write-only",
    title="Tokens are write-only",
    description=(
        "A write-only token is handed to AWS and forgotten: no state file, and nobody who may decrypt one, has it. The"
        " program must find the token again in Secrets Manager at each change, so the rule is off unless it is asked"
        " for."
    ),
    severity=Severity.LOW,
    types=tuple(_WRITE_ONLY),
    check=check,
    remediation=(
        "Set authTokenWo and authTokenWoVersion in the place of authToken (passwordsWo and passwordsWoVersion of a"
        " user). With the same value nothing changes at AWS; raise the version to change it."
    ),
    arguments=("authTokenWo", "authTokenWoVersion", "passwordsWo"),
    violating=_PROGRAM.format(token='auth_token=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1"),'),
    compliant=_PROGRAM.format(
        token='auth_token_wo=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1"), auth_token_wo_version=1,'
    ),
    url="https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/replicationgroup/",
    tags=("authentication", "secrets"),
    enabled=False,
)
