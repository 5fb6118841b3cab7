"""What all resource types have in common: Check, Diff and the foretelling of outputs, driven by the catalog's tables.

A handler is one subclass in `handlers/`. It says what AWS's API needs (`create`, `describe`, `update`, `delete`) and
only what the table cannot say about its type.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider import difference, schema
from cachewright_offline.provider.naming import automatic_name
from cachewright_offline.provider.protocol import (
    CheckFailure,
    CheckResult,
    DiffResult,
    PartialError,
    ProviderError,
    ResourceState,
)
from cachewright_offline.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.difference import Detailed
    from cachewright_offline.provider.schema import Node, Schema
    from cachewright_offline.provider.settings import ProviderSettings
    from cachewright_offline.values import Properties, PropertyValue

DEFAULTS = "__defaults"


@dataclass(frozen=True, slots=True)
class Change:
    """A resource as it is, and the inputs it shall have.

    Attributes:
        old_inputs: The inputs it has.
        old_outputs: Its outputs.
        inputs: The inputs it shall have.
    """

    old_inputs: Properties
    old_outputs: Properties
    inputs: Properties

    def old(self, name: str) -> Any:
        """Return the old value of a property: as it was given, or as AWS filled it in."""
        value = self.old_inputs.get(name)
        return self.old_outputs.get(name) if value is None else value

    def new(self, name: str) -> Any:
        """Return the new value of a property; None when it is left out."""
        return self.inputs.get(name)


class ResourceHandler(ABC):
    """One resource type.

    Attributes:
        timeouts: Seconds that create, update and delete may take unless the program says otherwise.
        write_only: Inputs that are sent to AWS and never kept in the outputs.
    """

    timeouts: ClassVar[tuple[float, float, float]] = (1200.0, 1200.0, 1200.0)
    write_only: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, schema: Schema, settings: ProviderSettings) -> None:
        self.schema = schema
        self.settings = settings

    # Check

    def check(
        self, resource_name: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes
    ) -> CheckResult:
        """Convert, complete and validate inputs. All problems are reported at once."""
        failures: list[CheckFailure] = []
        inputs = self._convert(new_inputs, failures)
        defaulted = self._fill_in(resource_name, old_inputs, inputs, random_seed, failures)
        nodes = self.schema.inputs
        failures += [
            schema.missing_argument(name, nodes[name], self.schema.label)
            for name in self.schema.required
            if name not in inputs
        ]
        failures += self._conflicts(inputs)
        failures += self.check_more(inputs)
        inputs[DEFAULTS] = [*sorted(defaulted)]
        return CheckResult(inputs, tuple(failures))

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """Say what else is wrong with inputs; any value may be `UNKNOWN`."""
        del inputs
        return ()

    def automatic_name(self, node: Node, resource_name: str, random_seed: bytes) -> str:
        """Return the automatic name of a resource. Raises ValueError when it is too long."""
        return automatic_name(resource_name, random_seed, node.autoname or 255)

    def _convert(self, given: Properties, failures: list[CheckFailure]) -> Properties:
        inputs: Properties = {}
        nodes = self.schema.inputs
        for name, value in given.items():
            if value is None or name.startswith("__"):
                continue
            node = nodes.get(name)
            if node is None:
                failures.append(schema.unknown_argument(name, name, self.schema.nodes, self.schema.label))
            else:
                inputs[name] = schema.coerce(node, value, name, failures)
        return inputs

    def _fill_in(
        self,
        resource_name: str,
        old_inputs: Properties | None,
        inputs: Properties,
        random_seed: bytes,
        failures: list[CheckFailure],
    ) -> list[str]:
        """Add defaults and the automatic name to `inputs`; return what was added."""
        nodes = self.schema.inputs
        filled: list[str] = []
        old = old_inputs or {}
        old_defaults = old.get(DEFAULTS)
        for node in self.schema.autonamed:
            if node.name in inputs or any(other in inputs for other in node.conflicts):
                continue
            if isinstance(old_defaults, list) and node.name in old_defaults and node.name in old:
                inputs[node.name] = old[node.name]
            else:
                try:
                    inputs[node.name] = self.automatic_name(node, resource_name, random_seed)
                except ValueError as error:
                    failures.append(CheckFailure(node.name, str(error)))
                    continue
            filled.append(node.name)
        for name, value in self.schema.defaults:
            if name not in inputs and not any(other in inputs for other in nodes[name].conflicts):
                inputs[name] = value
                filled.append(name)
        return filled

    def _conflicts(self, inputs: Properties) -> list[CheckFailure]:
        failures = []
        reported: set[frozenset[str]] = set()
        for node in self.schema.conflicting:
            value = inputs.get(node.name)
            if value is UNKNOWN or node.is_unset(value):
                continue
            for other in node.conflicts:
                pair = frozenset((node.name, other))
                partner = self.schema.inputs.get(other)
                given = inputs.get(other)
                if pair in reported or partner is None or given is UNKNOWN or partner.is_unset(given):
                    continue
                reported.add(pair)
                failures.append(
                    CheckFailure(node.name, f"cannot be given together with `{other}`: leave one of them out")
                )
        return failures

    # Diff

    def diff(self, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare the inputs a resource has with checked inputs."""
        change = Change(old_inputs, old_outputs, new_inputs)

        def replaces(node: Node, path: str) -> bool:
            return node.replaces == "yes" or (node.replaces == "conditional" and self.replaces(path, change))

        comparison = difference.Comparison(replaces)
        detailed = comparison.detailed
        for name, node in self.schema.inputs.items():
            if name == "region":
                self._compare_region(node, change, detailed)
                continue
            old, new = old_inputs.get(name), new_inputs.get(name)
            if old is None and new is None:
                continue
            if node.computed:
                if new is None:
                    continue
                if old is None:
                    old = old_outputs.get(name)
            elif new is None or old is None:
                # Leaving out a property that has a zero value, or the other way round, changes nothing.
                filled = node.default
                old, new = (filled if old is None else old), (filled if new is None else new)
            if contains_unknown(new):
                pass
            elif new is None or old is None:
                given = old if new is None else new
                if self.says_nothing(name, given):
                    continue
            elif self.is_same(name, old, new):
                continue
            comparison.compare(node, name, old, new)
        self._compare_default_tags(change, detailed)
        self.diff_more(change, detailed)
        return DiffResult(detailed, delete_before_replace=self._deletes_first(new_inputs, detailed))

    def replaces(self, path: str, change: Change) -> bool:
        """Decide whether a change of a property that the catalog calls conditional replaces the resource."""
        del path, change
        return True

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Tell whether two different-looking values of a property are one to AWS; neither is unknown."""
        del name, old, new
        return False

    def says_nothing(self, name: str, value: PropertyValue) -> bool:
        """Tell whether a property with this value is as if it were left out; more than for an empty value."""
        del name, value
        return False

    def diff_more(self, change: Change, detailed: Detailed) -> None:
        """Correct a detailed diff in a way that the table cannot say. Raise ProviderError for a refused change."""
        del change, detailed

    def _compare_region(self, node: Node, change: Change, detailed: Detailed) -> None:
        new = self.settings.region_of(change.inputs)
        old = change.old_outputs.get("region") or change.old_inputs.get("region")
        if old is None or new == old:
            return
        if new is UNKNOWN and change.inputs.get("region") is None:
            # The provider's region is not known yet: the engine replaces what it must when the provider changes.
            return
        detailed["region"] = difference.entry("update", replaces=node.replaces != "no")

    def _compare_default_tags(self, change: Change, detailed: Detailed) -> None:
        if not self.schema.has_tags or any(path.startswith("tags") for path in detailed):
            return
        old = change.old_outputs.get("tagsAll")
        new = self.settings.all_tags(change.inputs.get("tags"))
        if not isinstance(old, dict) or not isinstance(new, dict):
            return
        own = change.old_inputs.get("tags")
        # Only the provider's default tags are compared here: a resource's own ones were, above.
        own_keys = own.keys() if isinstance(own, dict) else ()
        if {key: old[key] for key in old if key not in own_keys} != {
            key: new[key] for key in new if key not in own_keys
        }:
            detailed["tagsAll"] = difference.entry("update", replaces=False)

    def _deletes_first(self, new_inputs: Properties, detailed: Detailed) -> bool:
        if self.schema.plugin_framework or not any(item.kind.replaces for item in detailed.values()):
            return False
        filled = new_inputs.get(DEFAULTS)
        if not isinstance(filled, list):
            return False
        return any(node.name in new_inputs and node.name not in filled for node in self.schema.autonamed)

    # Preview

    def preview_create(self, inputs: Properties) -> Properties:
        """Foretell the outputs of a resource that does not exist: what AWS decides is unknown."""
        outputs = self._kept(inputs)
        for name in self.schema.computed:
            if name not in outputs:
                outputs[name] = UNKNOWN
        self._foretell_common(inputs, outputs)
        return outputs

    def preview_update(self, change: Change) -> Properties:
        """Foretell the outputs after an update in place: what it does not touch stays known."""
        outputs = dict(change.old_outputs)
        for name, node in self.schema.inputs.items():
            if name not in change.inputs and name in change.old_inputs and not node.computed:
                outputs.pop(name, None)
        outputs.update(self._kept(change.inputs))
        for name in self.unsettled(change):
            if name not in change.inputs:
                outputs[name] = UNKNOWN
        self._foretell_common(change.inputs, outputs)
        return outputs

    def unsettled(self, change: Change) -> Iterable[str]:
        """Name the outputs that an update in place changes to something that cannot be foretold."""
        del change
        return ()

    def _foretell_common(self, inputs: Properties, outputs: Properties) -> None:
        if "region" in self.schema.nodes:
            outputs["region"] = self.settings.region_of(inputs)
        if self.schema.has_tags and "tagsAll" in self.schema.nodes:
            outputs["tagsAll"] = self.settings.all_tags(inputs.get("tags"))

    def _kept(self, inputs: Properties) -> Properties:
        return {
            name: value for name, value in inputs.items() if not name.startswith("__") and name not in self.write_only
        }

    # Create, read, update, delete

    @abstractmethod
    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the resource; end with `self.made(call, id, inputs)`, after waiting until it can be used."""

    @abstractmethod
    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read everything AWS tells about a resource, as outputs; None when it is gone.

        A property that AWS tells to be empty is in the answer as an empty value; one that AWS does not tell is not.
        `inputs` may be empty (import).
        """

    @abstractmethod
    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Bring the resource to `inputs`, comparing with `self.live(...)`; end with `self.made(call, id, inputs)`."""

    @abstractmethod
    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the resource and wait until it is gone. It is no error when it is gone already."""

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read a resource as it is now. With empty inputs it is an import."""
        described = self.describe(call, id, inputs)
        if described is None:
            return None
        fresh_inputs = self._drifted(inputs, described)
        kept = {
            name: value for name, value in outputs.items() if name in self.schema.inputs and name not in self.write_only
        }
        fresh_outputs = {**kept, **self._kept(fresh_inputs), **self._common(call, described, inputs), **described}
        return ResourceState(id, fresh_inputs, fresh_outputs)

    def made(self, call: Call, id: str, inputs: Properties) -> ResourceState:
        """Return the state of a resource that was just created or updated."""
        described = self.describe(call, id, inputs)
        if described is None:
            msg = f"{self.schema.label} {id} disappeared right after it was made"
            raise ProviderError(msg)
        outputs = {**self._kept(inputs), **self._common(call, described, inputs), **described}
        return ResourceState(id, inputs, outputs)

    def live(self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties) -> Change:
        """Return what is to be changed, seen from the resource as it is at this moment.

        An update that failed or was cut off halfway is begun anew with the old state; what it did is not done again.

        Raises:
            ProviderError: The resource is gone.
        """
        described = self.describe(call, id, old_inputs)
        if described is None:
            msg = f"{self.schema.label} {id} is gone from the local AWS: run `cachewright refresh`, then update again"
            raise ProviderError(msg)
        return Change(self._drifted(old_inputs, described), {**old_outputs, **described}, inputs)

    @contextlib.contextmanager
    def existing(self, call: Call, id: str, inputs: Properties) -> Iterator[None]:
        """Keep a resource that exists in the state when something after its creation fails."""
        try:
            yield
        except PartialError:
            raise
        except ProviderError as error:
            described: Properties | None = None
            with contextlib.suppress(ProviderError):
                described = self.describe(call, id, inputs)
            described = described or {}
            outputs = {**self._kept(inputs), **self._common(call, described, inputs), **described}
            raise PartialError(str(error), ResourceState(id, inputs, outputs)) from error

    def _common(self, call: Call, described: Properties, inputs: Properties) -> Properties:
        outputs: Properties = {}
        if "region" in self.schema.nodes:
            outputs["region"] = call.region
        if self.schema.has_tags and "tagsAll" in self.schema.nodes and "tagsAll" not in described:
            outputs["tagsAll"] = self.settings.all_tags(inputs.get("tags"))
        return outputs

    def _drifted(self, inputs: Properties, described: Properties) -> Properties:
        """Return the inputs that a program would give for what AWS tells."""
        is_import = not inputs
        fresh: Properties = {}
        for name, node in self.schema.inputs.items():
            if name == "region" and name not in inputs:
                continue
            told = described.get(name)
            if name in inputs:
                given = inputs[name]
                if name not in described or self._agrees(node, given, told):
                    fresh[name] = given
                elif told is not None and (not node.is_unset(told) or node.type in {"boolean", "integer", "string"}):
                    fresh[name] = told
            elif node.is_unset(told) or self.says_nothing(name, told):
                continue
            elif is_import or not (node.computed or told == node.default):
                fresh[name] = told
        if is_import:
            fresh = self.imported(fresh, described)
        fresh[DEFAULTS] = inputs.get(DEFAULTS, [])
        return fresh

    def imported(self, inputs: Properties, described: Properties) -> Properties:
        """Return the inputs of an import without those that a program cannot give together."""
        del described
        return inputs

    def _agrees(self, node: Node, given: PropertyValue, told: PropertyValue) -> bool:
        if given is not None and told is not None and self.is_same(node.name, given, told):
            return True
        return difference.same(node, told, given)

    # Tags

    def tags_read(self, tags: dict[str, str], inputs: Properties) -> Properties:
        """Return `tags` and `tagsAll` for the tags that AWS tells."""
        told = {key: value for key, value in tags.items() if not self.settings.ignores_tag(key)}
        every: Properties = dict(told)
        return {"tags": self.settings.own_tags(told, inputs), "tagsAll": every}

    def tags_for(self, inputs: Properties) -> dict[str, str]:
        """Return the tags that AWS shall have: the resource's own and the provider's default ones."""
        tags = self.settings.all_tags(inputs.get("tags"))
        return {key: str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}

    def tag_changes(self, old_outputs: Properties, inputs: Properties) -> tuple[dict[str, str], list[str]]:
        """Return the tags to set and the keys of those to take away."""
        new = self.tags_for(inputs)
        old = old_outputs.get("tagsAll")
        old = old if isinstance(old, dict) else {}
        return (
            {key: value for key, value in new.items() if old.get(key) != value},
            [key for key in old if key not in new],
        )
