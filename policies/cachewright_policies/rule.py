"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping
    from datetime import date

    from cachewright_policies.graph import Graph, Resource


class Severity(StrEnum):
    """How bad it is when the rule is violated."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Environment(StrEnum):
    """What a stack is for; it decides which findings stop an update."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


EVERYWHERE: Final = frozenset(Environment)
SERIOUS: Final = frozenset({Environment.STAGING, Environment.PROD})
PROD_ONLY: Final = frozenset({Environment.PROD})


@dataclass(frozen=True, slots=True)
class Framework:
    """A control of a published framework that the rule serves.

    Attributes:
        name: The framework, such as `AWS FSBP` or `NIST 800-53 r5`.
        controls: Its controls, such as `ElastiCache.4`.
    """

    name: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A threshold of a rule that a user may choose.

    Attributes:
        name: In camel case, as it stands in the configuration.
        schema: Its JSON schema, with a description.
        default: What holds when nothing is configured.
        by_environment: Other defaults for some environments.
    """

    name: str
    schema: Mapping[str, Any]
    default: Any
    by_environment: Mapping[Environment, Any] = field(default_factory=dict)

    def default_in(self, environment: Environment) -> Any:
        """Return the default in an environment."""
        return self.by_environment.get(environment, self.default)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that violates a rule.

    Attributes:
        message: What is found and why it matters, in a sentence; a secret's value never stands in it.
        property: The property to look at, in camel case; empty where none is meant.
        resource: The resource that has it, where it is not the rule's subject.
    """

    message: str
    property: str = ""
    resource: Resource | None = None


@dataclass(frozen=True, slots=True)
class Unverified:
    """Something that cannot be decided from what is known.

    Attributes:
        message: What is not known, and what would have to be.
        property: The property to look at, in camel case; empty where none is meant.
    """

    message: str
    property: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule may look at besides its subject.

    Attributes:
        graph: Every resource of the stack; only rules that say `needs_graph` may follow it.
        settings: The rule's settings, defaults filled in.
        environment: What the stack is for.
        today: The day that dated facts are compared with.
        region: The region of the stack's default provider; None where it is not known.
        sources: The texts of the program's files by their paths; empty where there is no program.
    """

    graph: Graph
    settings: Mapping[str, Any]
    environment: Environment
    today: date
    region: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: In kebab case; waivers and configurations name it.
        title: What it asks for, in a few words.
        description: What it looks at and why it matters.
        severity: How bad a violation is.
        types: The types of the resources it looks at one by one.
        check: Yields what is wrong with one of them. What it reads and is not known yet makes the verdict unknown.
        remediation: What to do, as steps a person can follow.
        arguments: The properties to set, by type; the effect of setting them is told from the catalog.
        violating: A program that violates it, with `pulumi`, `aws` and `json` imported.
        compliant: The same program, mended.
        url: Where to read more.
        tags: Words to find it by.
        frameworks: The controls it serves.
        settings: Its thresholds.
        of_change: Whether it judges what an update does: its examples are the program after the update that violates,
            and after the one that complies.
        needs_graph: Whether it looks at more than its subject: it is checked once all resources are known.
        needs_sources: Whether it reads the text of the program, which a policy pack is not told.
        environments: Where it is checked.
        enabled: Whether it is checked when nothing is configured.
        remediate: Sets the properties that mend a resource, and tells whether it did; only what replaces nothing and
            interrupts nobody. It gets the properties, the resource and the rule's settings; reading or setting a
            property that is not known yet raises `UnknownValueError`.
    """

    name: str
    title: str
    description: str
    severity: Severity
    types: tuple[str, ...]
    check: Callable[[Resource, Scope], Iterable[Problem | Unverified]]
    remediation: str
    arguments: tuple[str, ...]
    violating: str
    compliant: str
    url: str
    tags: tuple[str, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    settings: tuple[Setting, ...] = ()
    of_change: bool = False
    needs_graph: bool = False
    needs_sources: bool = False
    environments: frozenset[Environment] = EVERYWHERE
    enabled: bool = True
    remediate: Callable[[MutableMapping[str, Any], Resource, Mapping[str, Any]], bool] | None = None
