"""The handbook-size configuration, run once; the faults, read from their tables, and how they are planted in it.

The faults are tables (`mutants/*.yaml`), a list of entries of

    fault       what is wrong, in a few words
    in          the resource it is planted in, as `Type.name`; of a list, each makes a mutant
    set         property paths and values: `a/0/b` goes into lists by place, or by `name` or `logType` of an element
    unset       property paths that go
    options     what Pulumi's options and providers say: protect, region, defaultTags, op, replaceKeys
    drop        resources that go
    add         further resources, by `Type.name`, with their properties
    found       the rule, or rules, that see it, on the resource itself
    at          where it is seen instead
    also        what other rules rightly see, as `rule: Type.name`; `?` at the end for what cannot be decided
    source      a text that stands in the program, too, or in the `file` that is named
    program     the same fault as an edit of the program: what to find, and what to put in its place

In values, `!to Type.name` is a reference, known only after the update; `!json` a document; `!unknown` and `!secret`
what they say; `{name}` is the name of the resource.
"""

from __future__ import annotations

import copy
import fnmatch
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from cachewright_offline.engine.project import Project
from cachewright_ops.checking.program import CheckedProgram, run
from cachewright_policies import configuration, registry, tokens
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.rule import Environment
from cachewright_policies.values import UNKNOWN, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_policies.configuration import Configuration

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)
TYPES = {
    value.rsplit(":", 1)[-1]: value
    for name, value in vars(tokens).items()
    if name.isupper() and isinstance(value, str) and value.startswith(("aws:", "random:"))
}


def _constructed(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


@dataclass(frozen=True)
class To:
    """A reference to another resource."""

    name: str


class Loader(yaml.SafeLoader):
    """Reads the tables."""


Loader.add_constructor("!to", lambda loader, node: To(loader.construct_scalar(node)))
Loader.add_constructor("!unknown", lambda loader, node: UNKNOWN)
Loader.add_constructor("!secret", lambda loader, node: Secret(_constructed(loader, node)))
Loader.add_constructor("!json", lambda loader, node: json.dumps(loader.construct_mapping(node, deep=True)))


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        name: Its name: the fault and the resource.
        entry: What the table says.
        on: The resource it is planted in; empty where it is only about added and dropped ones.
    """

    name: str
    entry: dict[str, Any]
    on: str

    def expected(self, graph: Graph) -> list[str]:
        """Return what is to be found; a `*` in a name stands for every resource of the graph that fits."""
        rules = self.entry.get("found", [])
        rules = [rules] if isinstance(rules, str) else rules
        places = self.entry.get("at", self.on)
        places = [places] if isinstance(places, str) else places
        found = [f"{rule}: {place}" for rule in rules for place in places]
        found += self.entry.get("also", [])
        return sorted({name for one in found for name in _expanded(one, graph)})


def _expanded(text: str, graph: Graph) -> list[str]:
    if "*" not in text:
        return [text]
    rule, pattern = text.split(": ")
    names = [f"{one.type.rsplit(':', 1)[-1]}.{one.name}" for one in graph.resources.values()]
    return [f"{rule}: {one}" for one in fnmatch.filter(names, pattern)]


def _mutants() -> list[Mutant]:
    found = []
    for file in sorted((HERE / "mutants").glob("*.yaml")):
        for entry in yaml.load(file.read_text(), Loader):  # noqa: S506 - a SafeLoader with a few tags more
            targets = entry.get("in", "")
            found += [
                Mutant(f"{file.stem}: {entry['fault']}{f' ({on})' if on else ''}", entry, on)
                for on in ([targets] if isinstance(targets, str) else targets)
            ]
    return found


MUTANTS = _mutants()


@dataclass
class Draft:
    """A graph in the making: the clean one's resources, some of them changed."""

    resources: dict[str, Resource] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph) -> Draft:
        """Begin with the resources of a graph."""
        return cls(dict(graph.resources))

    def urn(self, name: str) -> str:
        """Return the URN of `Type.name`."""
        type, _, rest = name.partition(".")
        found = [urn for urn, one in self.resources.items() if (one.type.rsplit(":", 1)[-1], one.name) == (type, rest)]
        assert len(found) == 1, f"{name}: {len(found)} resources"
        return found[0]

    def change(self, name: str, entry: dict[str, Any]) -> None:
        """Change a resource as a table says."""
        urn = self.urn(name)
        old = self.resources[urn]
        new = copy.copy(old)
        new.values = dict(old.values)
        new.property_dependencies = dict(old.property_dependencies)
        for path, value in (entry.get("set") or {}).items():
            self._set(new, path.split("/"), value)
        for path in entry.get("unset") or []:
            property, *inner = path.split("/")
            if inner:
                new.values[property] = _without(new.values[property], inner)
            else:
                assert property in new.values, f"{name} has no {property}"
                del new.values[property]
                new.property_dependencies.pop(property, None)
        for option, value in (entry.get("options") or {}).items():
            attribute = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in option)
            setattr(new, attribute, value)
        self.resources[urn] = new

    def add(self, name: str, values: dict[str, Any]) -> None:
        """Add a resource; it is in the region of what it refers to."""
        type, _, rest = name.partition(".")
        token = TYPES[type]
        urn = f"urn:pulumi:prod::handbook::{token}::{rest}"
        assert urn not in self.resources
        region = values.pop("region", "us-east-1") if "region" in values else "us-east-1"
        one = Resource(urn, token, {}, region=region, protect=bool(values.pop("protect", True)))
        one.property_dependencies = {}
        for property, value in values.items():
            self._set(one, [property], value)
        self.resources[urn] = one

    def _set(self, resource: Resource, path: list[str], value: Any) -> None:
        property, *inner = path
        plain, edges = self._plain(value, resource.name)
        resource.values[property] = _with(resource.values.get(property), inner, plain)
        kept = resource.property_dependencies.get(property, ()) if inner else ()
        resource.property_dependencies[property] = [*kept, *edges]

    def _plain(self, value: Any, name: str) -> tuple[Any, list[str]]:
        """Return a table's value as the graph has it, and the URNs it refers to."""
        if isinstance(value, To):
            return UNKNOWN, [self.urn(value.name.format(name=name))]
        if isinstance(value, list):
            parts = [self._plain(one, name) for one in value]
            return [part for part, _ in parts], [urn for _, urns in parts for urn in urns]
        if isinstance(value, dict):
            pairs = {key: self._plain(one, name) for key, one in value.items()}
            return {key: part for key, (part, _) in pairs.items()}, [urn for _, urns in pairs.values() for urn in urns]
        return value, []


def _place(within: Any, key: str) -> Any:
    if isinstance(within, list):
        named = [index for index, one in enumerate(within) if key in {one.get("name"), one.get("logType")}]
        return named[0] if named else int(key)
    return key


def _with(within: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    if isinstance(within, Secret):
        return Secret(_with(within.value, path, value))
    changed = copy.copy(within)
    place = _place(changed, path[0])
    if isinstance(changed, list) and place == len(changed):
        changed.append(None)
    changed[place] = _with(changed.get(place) if isinstance(changed, dict) else changed[place], path[1:], value)
    return changed


def _without(within: Any, path: list[str]) -> Any:
    changed = copy.copy(within)
    place = _place(changed, path[0])
    if path[1:]:
        changed[place] = _without(changed[place], path[1:])
    else:
        del changed[place]
    return changed


def _planted(graph: Graph, mutant: Mutant) -> Graph:
    """Return the graph with the fault in it."""
    draft = Draft.of(graph)
    entry = mutant.entry
    for name in entry.get("drop") or []:
        del draft.resources[draft.urn(name.format(name=mutant.on.partition(".")[2]))]
    for name, values in (entry.get("add") or {}).items():
        draft.add(name.format(name=mutant.on.partition(".")[2]), dict(values))
    if mutant.on:
        draft.change(mutant.on, entry)
    return Graph(draft.resources.values())


@pytest.fixture(scope="session")
def handbook() -> CheckedProgram:
    """The clean configuration, as `cachewright check` runs it."""
    return run(Project.load(HERE / "program"), "prod", "handbook")


@pytest.fixture(scope="session")
def strictest() -> Configuration:
    """Production, with every rule on and mandatory, and the thresholds that ask for most."""
    document = json.loads((HERE / "strictest.json").read_text())
    return configuration.parse(document, registry.rules(), Environment.PROD)


@pytest.fixture(scope="session")
def findings(strictest: Configuration) -> Callable[..., list[str]]:
    """Hold a graph against every rule: `rule: Type.name`, and whether it is undecided."""

    def hold(graph: Graph, program: CheckedProgram, sources: Mapping[str, str] | None = None) -> list[str]:
        texts = {**program.sources, **(sources or {})}
        evaluation = Evaluation(registry.rules(), strictest, TODAY, program.region, texts)
        return sorted(
            {
                f"{one.policy}: {one.type.rsplit(':', 1)[-1]}.{one.name}{'?' * (one.status == 'unknown')}"
                for one in evaluation.findings(graph)
            }
        )

    return hold


@pytest.fixture(scope="session")
def all_mutants() -> list[Mutant]:
    """Every fault."""
    return MUTANTS


@pytest.fixture(scope="session")
def mutants() -> dict[str, Mutant]:
    """Every fault, by its name."""
    return {one.name: one for one in MUTANTS}


@pytest.fixture(scope="session")
def planted() -> Callable[[Graph, Mutant], Graph]:
    """Plant a fault in a graph."""
    return _planted


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a mutant once with each."""
    if "mutant" in metafunc.fixturenames:
        metafunc.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
