"""The resources of a stack and how they refer to each other.

In a preview no id is known, but every reference is: Pulumi tells for each property which resources it comes from.
References are therefore followed by these edges first, and by literal ids and names second.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cachewright_policies.values import UNKNOWN, View, secrets_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")

# Inputs by which a resource is known before it exists, besides its id.
_NAMES = ("name", "arn", "replicationGroupId", "clusterId", "userId", "userGroupId")


class Resource(View):
    """One resource: its inputs as the provider completed them, and its place in the graph.

    Attributes:
        urn: Pulumi's name of it in the stack.
        type: Its type token.
        name: Its name in the program.
        id: Its id at AWS; empty while it does not exist.
        outputs: What AWS answered; empty in the preview of a new resource.
        property_dependencies: The URNs that each property's value comes from.
        dependencies: The URNs it depends on.
        parent: The URN of its parent, or empty.
        region: The region of its provider; None where it is not known.
        default_tags: The tags its provider gives to everything.
        protect: Whether Pulumi refuses to delete it.
        retain_on_delete: Whether it stays at AWS when Pulumi deletes it.
        op: What an update would do: `create`, `update`, `replace`, `same`, `delete` or `read`; empty where it is
            not known.
        replace_keys: The properties that make it be replaced.
        old: Its inputs before the update; None where there were none.
        file: The file of the program that creates it, relative to the project's root; empty where it is not known.
        line: The line in it; 0 where it is not known.
    """

    __slots__ = (
        "default_tags",
        "dependencies",
        "file",
        "id",
        "line",
        "name",
        "old",
        "op",
        "outputs",
        "parent",
        "property_dependencies",
        "protect",
        "region",
        "replace_keys",
        "retain_on_delete",
        "type",
        "urn",
    )

    def __init__(
        self,
        urn: str,
        type: str,
        values: Mapping[str, Any],
        *,
        id: str = "",
        outputs: Mapping[str, Any] | None = None,
        property_dependencies: Mapping[str, Sequence[str]] | None = None,
        dependencies: Sequence[str] = (),
        parent: str = "",
        region: str | None = None,
        default_tags: Mapping[str, Any] | None = None,
        protect: bool = False,
        retain_on_delete: bool = False,
        op: str = "",
        replace_keys: Sequence[str] = (),
        old: Mapping[str, Any] | None = None,
        file: str = "",
        line: int = 0,
    ) -> None:
        super().__init__(values)
        self.urn = urn
        self.type = type
        self.name = urn.split("::", 3)[-1]
        self.id = id
        self.outputs = View(outputs or {})
        self.property_dependencies = property_dependencies or {}
        self.dependencies = dependencies
        self.parent = parent
        self.region = region
        self.default_tags = default_tags or {}
        self.protect = protect
        self.retain_on_delete = retain_on_delete
        self.op = op
        self.replace_keys = replace_keys
        self.old = None if old is None else View(old)
        self.file = file
        self.line = line

    def __repr__(self) -> str:
        return f"<{self.type} {self.name}>"


class References(NamedTuple):
    """What a property refers to.

    Attributes:
        resources: The resources of the stack.
        literals: Ids or names of what is not in the stack.
        complete: Whether that is all: False where a value is not known and no edge leads to a resource.
    """

    resources: tuple[Resource, ...]
    literals: tuple[str, ...]
    complete: bool


class Graph:
    """The resources of a stack.

    Args:
        resources: Every resource, components included; what an update deletes is not among them.
        deleted: What an update would delete.
    """

    def __init__(self, resources: Iterable[Resource], deleted: Iterable[Resource] = ()) -> None:
        self.resources: Mapping[str, Resource] = {one.urn: one for one in resources}
        self.deleted = tuple(deleted)
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._users: dict[str, list[tuple[Resource, str]]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], Resource] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._remembered: dict[tuple[object, ...], Any] = {}
        for one in self.resources.values():
            self._by_type[one.type].append(one)
            for property, urns in one.property_dependencies.items():
                for urn in urns:
                    self._users[urn].append((one, property))
            self._know_names(one)

    def _know_names(self, resource: Resource) -> None:
        names: list[Any] = [resource.id]
        names += [resource.peek(key) for key in _NAMES]
        names += [resource.outputs.peek(key) for key in ("id", *_NAMES)]
        for name in names:
            if isinstance(name, str) and name:
                self._by_name.setdefault((resource.type, name), resource)
                self._names[resource.urn].append(name)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Go through the resources of some types."""
        for type in types:
            yield from self._by_type.get(type, ())

    def named(self, type: str, name: str) -> Resource | None:
        """Return the resource of a type with an id, an ARN or a physical name; None when the stack has none."""
        return self._by_name.get((type, name))

    def references(self, resource: Resource, property: str, *types: str) -> References:
        """Return what a property refers to: a value, a list of values, or objects with values.

        Literals are followed first; every value that is not known is followed by the property's edges.
        """
        known, unknown = _leaves(resource.values.get(property))
        found: dict[str, Resource] = {}
        literals: list[str] = []
        for text in known:
            one = next((hit for type in types if (hit := self.named(type, text)) is not None), None)
            if one is None:
                literals.append(text)
            else:
                found[one.urn] = one
        if not unknown:
            return References(tuple(found.values()), tuple(literals), complete=True)
        edges = [
            one
            for urn in resource.property_dependencies.get(property, ())
            if (one := self.resources.get(urn)) is not None and one.type in types
        ]
        found.update((one.urn, one) for one in edges)
        return References(tuple(found.values()), tuple(literals), complete=bool(edges))

    def users(self, resource: Resource, *types: str, property: str | None = None) -> Iterator[Resource]:
        """Go through the resources that refer to `resource`, of some types or of all.

        They are found by their edges, and with `property` by a literal id or name in it, too.
        """
        seen = set()
        for user, used_by in self._users.get(resource.urn, ()):
            if (not types or user.type in types) and property in {None, used_by} and user.urn not in seen:
                seen.add(user.urn)
                yield user
        if property is None:
            return
        for type in types:
            literal_users = self._literals(type, property)
            for name in self._names[resource.urn]:
                for user in literal_users.get(name, ()):
                    if user.urn not in seen:
                        seen.add(user.urn)
                        yield user

    def _literals(self, type: str, property: str) -> Mapping[str, Sequence[Resource]]:
        """Return the resources of a type by the literals in one of their properties."""

        def collected() -> Mapping[str, Sequence[Resource]]:
            found: dict[str, list[Resource]] = defaultdict(list)
            for one in self.of_type(type):
                for text in _leaves(one.values.get(property))[0]:
                    found[text].append(one)
            return found

        return self.remember(("literals", type, property), collected)

    def remember(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what `make` gives, which is called once for each key: several rules ask the same of a resource."""
        try:
            found: T = self._remembered[key]
        except KeyError:
            found = self._remembered[key] = make()
        return found

    def secrets(self) -> frozenset[str]:
        """Return every secret text of the stack, so that a report can be kept clear of them."""
        return frozenset(
            text
            for one in self.resources.values()
            for values in (one.values, one.outputs.values)
            for text in secrets_within(values)
        )


def _leaves(value: Any) -> tuple[list[str], bool]:
    """Return the texts of a value, at any depth, and whether something in it is not known."""
    if value is None:
        return [], False
    if isinstance(value, str):
        return ([value] if value else []), False
    if value is UNKNOWN:
        return [], True
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        parts = [_leaves(one) for one in value]
        return [text for texts, _ in parts for text in texts], any(unknown for _, unknown in parts)
    inner = getattr(value, "value", None)
    return _leaves(inner) if inner is not None else ([], False)
