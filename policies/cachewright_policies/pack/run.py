"""What the policies of one analyzer process know together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright_policies.rule import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_policies.finding import Finding
    from cachewright_policies.graph import Graph


@dataclass(slots=True)
class Run:
    """One run of the engine.

    The engine tells the inputs of each resource before it is operated on, and all resources with their outputs at the
    end. The rules judge inputs, so those are kept until then.

    Attributes:
        environment: What the stack is for.
        region: The region of the default provider; None while it is not known.
        inputs: The inputs of each resource that was analyzed, by URN, secrets marked.
        graph: The stack that is analyzed at the moment; None where the analyzer does not tell.
        undecided: What each rule could not decide, by the rule and the resources that it looked at.
    """

    environment: Environment = Environment.PROD
    region: str | None = None
    inputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    graph: Graph | None = None
    undecided: dict[tuple[str, str], list[Finding]] = field(default_factory=dict)
