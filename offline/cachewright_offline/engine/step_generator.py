"""From what a program registers, and what the state holds, to steps.

One generator serves one run, and one registration at a time: the caller holds its lock. It follows Pulumi's
pkg/resource/deploy/step_generator.go case by case, so that both engines decide alike.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from cachewright_offline.engine import property_path
from cachewright_offline.engine.aliases import AliasTable
from cachewright_offline.engine.difference import Difference, with_replace_on_changes
from cachewright_offline.engine.errors import StepError
from cachewright_offline.engine.graph import DependencyGraph, all_dependencies, replaced_with
from cachewright_offline.engine.plan import Step
from cachewright_offline.engine.resource import Resource
from cachewright_offline.engine.urn import (
    STACK_TYPE,
    is_provider_type,
    make_urn,
    provider_urn,
)
from cachewright_offline.values import UNKNOWN, contains_secret, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.engine.events import Severity
    from cachewright_offline.engine.goal import Goal, ReadGoal
    from cachewright_offline.engine.plan import StepOp
    from cachewright_offline.engine.providers import ProviderHandle, ProviderRegistry
    from cachewright_offline.engine.targets import Targets
    from cachewright_offline.provider.protocol import CheckFailure
    from cachewright_offline.values import Properties, PropertyValue


class Reporter(Protocol):
    """Takes what the generator has to say; an error makes the run fail."""

    def __call__(self, severity: Severity, message: str, urn: str = "") -> None:
        """Report a message about a resource, or about none."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A registration of a resource that the state knows, with its checked inputs."""

    goal: Goal
    urn: str
    old: Resource
    new: Resource
    inputs: Properties
    provider: ProviderHandle | None


class StepGenerator:
    """Decides what is done to each resource.

    Args:
        stack: The stack's name.
        project: The project's name.
        base: The state's resources, each after those it depends on.
        providers: The run's providers.
        report: Told of problems.
        preview: Whether the run is a preview: unknown values are fine then, and errors are collected.
        targets: What the run is limited to.
        target_dependents: Whether what depends on a target is one too.
        seed: What automatic names are derived from.
    """

    def __init__(
        self,
        stack: str,
        project: str,
        base: list[Resource],
        providers: ProviderRegistry,
        report: Reporter,
        *,
        preview: bool,
        targets: Targets,
        target_dependents: bool,
        seed: bytes,
    ) -> None:
        self._stack = stack
        self._project = project
        self._providers = providers
        self._report = report
        self._preview = preview
        self._targets = targets
        self._targets_actual = targets.copy()
        self._target_dependents = target_dependents
        self._seed = seed
        self.base = base
        self.graph = DependencyGraph(base)
        self.olds = {resource.urn: resource for resource in base if not resource.delete}
        self.aliases = AliasTable(stack, project)
        self.urns: set[str] = set()
        self._reads: set[str] = set()
        self._creates: set[str] = set()
        self._sames: set[str] = set()
        self._imports: set[str] = set()
        self._replaces: set[str] = set()
        self._updates: set[str] = set()
        self.deletes: set[str] = set()
        self._skipped_creates: set[str] = set()
        self._pending_deletes: set[int] = set()
        self._dependent_replace_keys: dict[str, tuple[str, ...]] = {}
        self._provider_states: dict[str, Resource] = {}
        self._replaced_with: dict[str, list[Resource]] = {}
        for resource in base:
            if not resource.delete:
                self._remember_replaced_with(resource)

    # ---------------------------------------------------------------- registrations

    def register(self, goal: Goal) -> list[Step]:
        """Return the steps that make a resource what `goal` asks; the last of a list of its own is about it.

        An import is a list of one step: `after_import` tells how it goes on.

        Raises:
            StepError: It cannot be done.
        """
        self._check_parent(goal.parent)
        urn = self._new_urn(goal.parent, goal.type, goal.name)
        old, invalid = self._find_old(urn, goal)
        new = self._new_state(urn, goal, old)
        if is_provider_type(goal.type):
            self._provider_states[urn] = new
            for name in new.aliases:
                self._provider_states[name] = new
        imported_id = (old.import_id or old.id) if old is not None else ""
        if goal.custom and goal.import_id and (old is None or old.external or imported_id != goal.import_id):
            self._load_provider(urn, goal)
            self._imports.add(urn)
            if old is not None and urn not in self.deletes:
                return [
                    Step("import-replacement", urn, old, new, pending_delete=True),
                    Step("replace", urn, old, new, pending_delete=True),
                ]
            return [Step("import", urn, None, new)]
        return self._validated(self._continue(goal, urn, old, new, invalid=invalid))

    def after_import(self, goal: Goal, imported: Resource) -> list[Step]:
        """Return the steps that follow an import: none, or what makes the imported resource as `goal` asks."""
        new = self._new_state(imported.urn, goal, imported)
        new.aliases, new.import_id = imported.aliases, ""
        return self._validated(self._continue(goal, imported.urn, imported, new, invalid=False))

    def read(self, goal: ReadGoal) -> list[Step]:
        """Return the steps that read a resource the stack does not own.

        Raises:
            StepError: It cannot be done.
        """
        self._check_parent(goal.parent)
        urn = self._new_urn(goal.parent, goal.type, goal.name)
        old = self.olds.get(urn)
        if goal.id == "":
            msg = f"Expected an ID for {urn}"
            raise StepError(msg, urn)
        new = Resource(
            urn=urn,
            type=goal.type,
            custom=True,
            id="" if goal.id is UNKNOWN else str(goal.id),
            inputs=goal.inputs,
            parent=goal.parent,
            external=True,
            dependencies=goal.dependencies,
            provider=goal.provider,
            additional_secret_outputs=goal.additional_secret_outputs,
            source_position=goal.source_position,
        )
        if old is not None and not old.external and old.id != new.id:
            self._replaces.add(urn)
            return [
                Step("read-replacement", urn, old, new, pending_delete=True),
                Step("replace", urn, old, new, pending_delete=True),
            ]
        self._reads.add(urn)
        return [Step("read", urn, old, new)]

    def _check_parent(self, parent: str) -> None:
        if parent and parent not in self.urns:
            msg = f"could not find parent resource {parent}"
            raise StepError(msg)

    def _new_urn(self, parent: str, type: str, name: str) -> str:
        urn = make_urn(self._stack, self._project, parent, type, name)
        if urn in self.urns:
            msg = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            raise StepError(msg, urn)
        self.urns.add(urn)
        return urn

    def _find_old(self, urn: str, goal: Goal) -> tuple[Resource | None, bool]:
        invalid = False
        if urn in self.aliases.new_of:
            invalid = True
            other = self.aliases.new_of[urn]
            self._report(
                "error", f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{other}'", urn
            )
        old = self.olds.get(urn)
        if old is not None:
            return old, invalid
        for candidate in self.aliases.candidates(goal):
            old = self.olds.get(candidate)
            if old is None:
                continue
            holder = self.aliases.new_of.get(candidate)
            if candidate in self.urns or holder is not None:
                invalid = True
                msg = (
                    f"Duplicate resource alias '{candidate}' applied to resource with URN '{urn}' conflicting with"
                    f" resource with URN '{holder or urn}'"
                )
                self._report("error", msg, urn)
            self.aliases.record(urn, candidate)
            return old, invalid
        return None, invalid

    def _new_state(self, urn: str, goal: Goal, old: Resource | None) -> Resource:
        former = self.aliases.old_of.get(urn)
        extra = dict(old.extra) if old is not None else {}
        for member, value in (
            ("replaceWith", goal.replace_with),
            ("replacementTrigger", _plain_trigger(goal.replacement_trigger)),
        ):
            extra.pop(member, None)
            if value not in (None, []):
                extra[member] = value
        return Resource(
            urn=urn,
            type=goal.type,
            custom=goal.custom,
            inputs=goal.inputs,
            parent=goal.parent,
            protect=bool(goal.protect),
            dependencies=goal.dependencies,
            provider=goal.provider,
            property_dependencies=goal.property_dependencies,
            additional_secret_outputs=goal.additional_secret_outputs,
            aliases=[former] if former else [],
            custom_timeouts=goal.custom_timeouts,
            import_id=goal.import_id,
            retain_on_delete=bool(goal.retain_on_delete),
            deleted_with=goal.deleted_with,
            created=old.created if old is not None else "",
            modified=old.modified if old is not None else "",
            source_position=goal.source_position,
            ignore_changes=goal.ignore_changes,
            replace_on_changes=goal.replace_on_changes,
            extra=extra,
        )

    def _continue(self, goal: Goal, urn: str, old: Resource | None, new: Resource, *, invalid: bool) -> list[Step]:
        provider = self._load_provider(urn, goal)
        recreating = urn in self.deletes
        inputs = new.inputs
        if old is not None:
            inputs = self._with_ignored(urn, inputs, old.inputs, goal.ignore_changes)
        was_external = old is not None and old.external
        implicit = is_provider_type(goal.type) or goal.type == STACK_TYPE
        targeted = implicit or not self._targets.constrained or self._is_targeted(new)
        if provider is not None:
            if not targeted:
                inputs = old.inputs if old is not None else {}
            elif recreating or was_external or old is None:
                inputs, failures = self._check(provider, urn, None, goal.inputs)
                invalid = self._refuse(new, failures) or invalid
            else:
                inputs, failures = self._check(provider, urn, old.inputs, inputs)
                invalid = self._refuse(new, failures) or invalid
            new.inputs = inputs
        if invalid:
            raise StepError("", urn)
        if recreating and old is not None:
            self.deletes.discard(urn)
            self._replaces.add(urn)
            keys = self._dependent_replace_keys.get(urn, ())
            return [
                Step("replace", urn, old, new),
                Step("create-replacement", urn, old, new, replace_keys=keys),
            ]
        if was_external:
            self._creates.add(urn)
            return [
                Step("create-replacement", urn, old, new, pending_delete=True),
                Step("replace", urn, old, new, pending_delete=True),
            ]
        if targeted and self._is_targeted(new):
            self._targets_actual.add(urn)
        if old is None:
            if not targeted:
                self._sames.add(urn)
                self._skipped_creates.add(urn)
                return [Step("same", urn, new, new, skipped=True)]
            self._creates.add(urn)
            return [Step("create", urn, None, new)]
        if not targeted:
            return self._untargeted(urn, old)
        return self._from_difference(_Case(goal, urn, old, new, inputs, provider))

    def _load_provider(self, urn: str, goal: Goal) -> ProviderHandle | None:
        if not goal.custom:
            return None
        if is_provider_type(goal.type):
            return self._providers
        found = self._providers.find(goal.provider)
        if found is None:
            msg = f"unknown provider '{goal.provider}' for resource '{urn}'"
            raise StepError(msg, urn)
        return found

    def _check(
        self, provider: ProviderHandle, urn: str, old_inputs: Properties | None, inputs: Properties
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        seed = hashlib.sha256(self._seed + urn.encode()).digest()
        result = provider.check(urn, old_inputs, inputs, seed)
        return result.inputs, result.failures

    def _refuse(self, new: Resource, failures: Iterable[CheckFailure]) -> bool:
        refused = False
        for failure in failures:
            refused = True
            place = f": property {failure.property}" if failure.property else ""
            msg = f"{new.type} resource '{new.name}'{place} has a problem: {failure.reason}"
            self._report("error", msg, new.urn)
        return refused

    def _with_ignored(self, urn: str, inputs: Properties, old_inputs: Properties, paths: list[str]) -> Properties:
        if not paths:
            return inputs
        result = copy.deepcopy(inputs)
        refused = []
        for text in paths:
            try:
                path = property_path.parse(text)
            except ValueError:
                continue
            if not property_path.reset(path, old_inputs, result):
                refused.append(text)
        if refused:
            names = ", ".join(refused)
            self._report("info", f'cannot ignore changes in added or removed elements of the path: "{names}"', urn)
        return result

    # ---------------------------------------------------------------- updates and replacements

    def _from_difference(self, case: _Case) -> list[Step]:
        goal, urn, old, new = case.goal, case.urn, case.old, case.new
        difference, triggered = self._difference(case)
        init_errors = bool(old.init_errors)
        difference = with_replace_on_changes(difference, goal.replace_on_changes, init_errors=init_errors)
        if difference.changed or old.pending_replacement:
            if difference.replace_keys or triggered or old.pending_replacement:
                return self._replacement(case, difference)
            return [self._update(urn, old, new, difference)]
        if init_errors:
            return [self._update(urn, old, new, difference)]
        if urn in self._imports:
            return []
        self._sames.add(urn)
        return [Step("same", urn, old, new)]

    def _update(self, urn: str, old: Resource, new: Resource, difference: Difference) -> Step:
        self._updates.add(urn)
        return Step("update", urn, old, new, difference.detailed, diff_keys=difference.diff_keys)

    def _difference(self, case: _Case) -> tuple[Difference, bool]:
        goal, urn, old, inputs, provider = case.goal, case.urn, case.old, case.inputs, case.provider
        if self._triggers(goal, urn, old):
            return Difference(changed=True), True
        if any(other in self._replaces for other in goal.replace_with):
            return Difference.blaming("replaceWith"), False
        if self._provider_changed(urn, old, case.new):
            return Difference.blaming("provider"), False
        if provider is None:
            return Difference(changed=old.inputs != inputs), False
        return Difference.of(provider.diff(urn, old.id, old.inputs, old.outputs, inputs)), False

    def _triggers(self, goal: Goal, urn: str, old: Resource) -> bool:
        trigger = goal.replacement_trigger
        if contains_unknown(trigger):
            if not self._preview:
                msg = f"replacement trigger contains unknowns for {urn}"
                raise StepError(msg, urn)
            return True
        before = old.extra.get("replacementTrigger")
        return before is not None and trigger is not None and _plain_trigger(trigger) != before

    def _provider_changed(self, urn: str, old: Resource, new: Resource) -> bool:
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        before, after = provider_urn(old.provider), provider_urn(new.provider)
        if self.aliases.new_of.get(before) == after:
            return False
        old_state, new_state = self._old_provider(old.provider), self._provider_states.get(after)
        if old_state is None or new_state is None:
            msg = f"failed to resolve provider reference: {old.provider!r}"
            raise StepError(msg, urn)
        result = self._providers.diff_between(new.provider, old_state.inputs, new_state.inputs)
        return bool(result.replace_keys)

    def _old_provider(self, reference: str) -> Resource | None:
        found = self.olds.get(provider_urn(reference))
        if found is not None:
            return found
        for name in self.aliases.other_names(provider_urn(reference)):
            if name in self.olds:
                return self.olds[name]
        return None

    def _replacement(self, case: _Case, difference: Difference) -> list[Step]:
        goal, urn, old, new, provider = case.goal, case.urn, case.old, case.new, case.provider
        if new.protect and old.protect:
            msg = (
                f'unable to replace resource "{urn}"\nas it is currently marked for protection. To unprotect the'
                " resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
            )
            self._report("error", msg, urn)
            if not self._preview:
                raise StepError("", urn)
        if goal.import_id:
            changes = "\n".join(
                f"{key}: {_shown(old.inputs.get(key))} => {_shown(new.inputs.get(key))}"
                for key in difference.replace_keys
            )
            msg = (
                "previously-imported resources that still specify an ID may not be replaced; please remove the"
                f" `import` declaration from your program;\n{changes}"
            )
            if not self._preview:
                raise StepError(msg, urn)
            self._report("warning", msg, urn)
        self._replaces.add(urn)
        if provider is not None:
            # The defaults and the name were taken over from the old resource; the new one gets its own.
            inputs, failures = self._check(provider, urn, None, goal.inputs)
            if self._refuse(new, failures):
                raise StepError("", urn)
            new.inputs = inputs
        before = difference.delete_before_replace
        if goal.delete_before_replace is not None:
            before = goal.delete_before_replace
        keys, changed, detailed = difference.replace_keys, difference.diff_keys, difference.detailed
        if not before:
            return [
                Step("create-replacement", urn, old, new, detailed, keys, changed, pending_delete=True),
                Step("replace", urn, old, new, detailed, keys, changed, pending_delete=True),
            ]
        steps = self._delete_dependents(urn, old)
        if not old.pending_replacement:
            self._providers.ensure(old.provider)
            steps.append(Step("delete-replaced", urn, old, None))
        steps.append(Step("replace", urn, old, new, detailed, keys, changed))
        steps.append(Step("create-replacement", urn, old, new, detailed, keys, changed))
        return steps

    def _delete_dependents(self, urn: str, old: Resource) -> list[Step]:
        condemned: list[tuple[Resource, tuple[str, ...]]] = []
        # A resource that was imported just now is in no graph: nothing depends on it yet.
        if self.graph.contains(old):
            condemned = self._dependent_replacements(old)
        condemned += [(resource, ()) for resource in self._replaced_with.get(urn, ())]
        steps = []
        # What depends on others is deleted before them.
        for dependent, keys in reversed(condemned):
            if id(dependent) in self._pending_deletes:
                continue
            self._dependent_replace_keys[dependent.urn] = keys
            self._providers.ensure(dependent.provider)
            if dependent.delete:
                steps.append(Step(_delete_op(dependent), dependent.urn, dependent, None))
            else:
                if dependent.protect:
                    msg = (
                        f'unable to replace resource "{dependent.urn}" as part of replacing "{urn}" as it is currently'
                        " marked for protection. To unprotect the resource, remove the `protect` flag from the"
                        " resource in your Pulumi program and run `pulumi up`, or use the command:\n"
                        f"`pulumi state unprotect '{dependent.urn}'`"
                    )
                    self._report("error", msg, urn)
                    raise StepError("", urn)
                steps.append(Step(_delete_op(dependent, replacing=True), dependent.urn, dependent, None))
            self.deletes.add(dependent.urn)
            self._pending_deletes.add(id(dependent))
        return steps

    def _dependent_replacements(self, root: Resource) -> list[tuple[Resource, tuple[str, ...]]]:
        """Return what a replacement of `root` replaces too: whoever would be replaced by a change of what it takes."""
        replaced = {root.urn, *self.aliases.other_names(root.urn)}
        found = []
        # What was registered already cannot depend on the root any more, whatever the old state says.
        dependents = self.graph.depending_on(
            root, ignore=self._has_generated_step, other_names=self.aliases.other_names
        )
        for resource in dependents:
            needed, keys = self._requires_replacement(resource, replaced)
            if needed:
                found.append((resource, keys))
                replaced.update((resource.urn, *self.aliases.other_names(resource.urn)))
        return found

    def _requires_replacement(self, resource: Resource, replaced: set[str]) -> tuple[bool, tuple[str, ...]]:
        if not resource.custom or resource.external:
            return False, ()
        if resource.provider and provider_urn(resource.provider) in replaced:
            self._providers.ensure(resource.provider)
            return True, ()
        inputs = {
            key: UNKNOWN if any(urn in replaced for urn in resource.property_dependencies.get(key, ())) else value
            for key, value in resource.inputs.items()
        }
        if not any(value is UNKNOWN for value in inputs.values()):
            return False, ()
        provider: ProviderHandle | None = self._providers
        if is_provider_type(resource.type):
            self._providers.same(resource, resource.inputs)
        else:
            provider = self._providers.ensure(resource.provider)
        if provider is None:
            return False, ()
        result = Difference.of(provider.diff(resource.urn, resource.id, resource.inputs, resource.outputs, inputs))
        result = with_replace_on_changes(result, resource.replace_on_changes, init_errors=False)
        return bool(result.replace_keys), result.replace_keys

    def _remember_replaced_with(self, resource: Resource) -> None:
        for urn in replaced_with(resource):
            self._replaced_with.setdefault(urn, []).append(resource)

    # ---------------------------------------------------------------- targets

    def _is_targeted(self, resource: Resource) -> bool:
        if resource.urn in self._targets:
            return True
        if not self._target_dependents:
            return False
        return any(urn in self._targets_actual for urn in all_dependencies(resource, parent=True))

    def _untargeted(self, urn: str, old: Resource) -> list[Step]:
        if old.provider and self._providers.find(old.provider) is None:
            msg = (
                f"provider {old.provider} for resource {urn} has not been registered yet, this is due to a change of"
                " providers mixed with --target. Change your program back to the original providers"
            )
            raise StepError(msg, urn)
        steps: list[Step] = []
        self._carry_over(urn, old, steps)
        return steps

    def _carry_over(self, urn: str, old: Resource, steps: list[Step]) -> None:
        # What an untargeted resource depends on may have left the program: it stays in the state, before it.
        if old.delete:
            return
        self.urns.add(old.urn)
        self._sames.update((urn, old.urn))
        for needed in all_dependencies(old, parent=True):
            if self._has_generated_step(needed) or self._has_generated_step(self.aliases.new_of.get(needed, "")):
                continue
            other = self.olds.get(needed)
            if other is None:
                msg = f"dependency {needed} of untargeted resource {urn} has no old state"
                raise StepError(msg, urn)
            self._carry_over(needed, other, steps)
        steps.append(Step("same", old.urn, old, replace(old, id="")))

    def _validated(self, steps: list[Step]) -> list[Step]:
        if not self._targets.constrained or not self._skipped_creates:
            return steps
        for step in steps:
            if step.new is None or step.skipped:
                continue
            for urn in all_dependencies(step.new, parent=True):
                if urn in self._skipped_creates:
                    msg = f"Resource '{step.urn}' depends on '{urn}' which was was not specified in --target list."
                    self._report("error", msg, step.urn)
                    if not self._preview:
                        raise StepError("", step.urn)
                    self._skipped_creates.discard(urn)
        return steps

    def unknown_targets(self) -> list[str]:
        """Return the targets that neither the state nor the program knows."""
        return [urn for urn in sorted(self._targets.literals) if urn not in self.olds and urn not in self.urns]

    # ---------------------------------------------------------------- the end of a run

    def deletions(self) -> tuple[list[Step], list[list[Step]]]:
        """Return what is left to do when the program has ended.

        Returns:
            Steps that carry over what is not targeted, and the deletes in groups to be done one after the other.

        Raises:
            StepError: Something would be deleted that is not targeted; it was reported.
        """
        allowed = self._deletable() if self._targets.constrained else None
        sames: list[Step] = []
        deletes: dict[int, Step] = {}
        for resource in self.base:
            if allowed is not None and resource.urn not in allowed:
                if not self._is_operated_on(resource.urn) and not resource.delete:
                    sames.append(Step("same", resource.urn, resource, replace(resource, id="")))
                continue
            if resource.delete:
                if id(resource) in self._pending_deletes:
                    continue
                self.deletes.add(resource.urn)
                deletes[id(resource)] = Step(_delete_op(resource, replacing=True), resource.urn, resource, None)
            elif not self._is_operated_on(resource.urn):
                self.deletes.add(resource.urn)
                op: StepOp = "remove-pending-replace" if resource.pending_replacement else _delete_op(resource)
                deletes[id(resource)] = Step(op, resource.urn, resource, None)
            if id(resource) in deletes:
                self._providers.ensure(resource.provider)
        self._refuse_untargeted(deletes.values())
        condemned = [step.old for step in deletes.values() if step.old is not None]
        groups = self.graph.delete_levels(condemned)
        return sames, [[deletes[id(resource)] for resource in group] for group in groups]

    def _refuse_untargeted(self, steps: Iterable[Step]) -> None:
        if self._target_dependents:
            return
        refused = [step.urn for step in steps if step.urn not in self._targets]
        for urn in refused:
            msg = (
                f"Resource '{urn}' will be destroyed but was not specified in --target list.\n"
                "Either include resource in --target list or pass --target-dependents to proceed."
            )
            self._report("error", msg, urn)
        if refused and not self._preview:
            raise StepError("")

    def _deletable(self) -> set[str]:
        """Return the targets with all that cannot be without them."""
        found: set[str] = set()
        for resource in self.base:
            if resource.urn in self._targets and resource.urn not in found:
                found.add(resource.urn)
                found.update(one.urn for one in self.graph.depending_on(resource, children=True))
        for resource in [one for one in self.base if one.urn in found]:
            found.update(one.urn for one, _ in self._dependent_replacements(resource))
            found.update(one.urn for one in self._replaced_with.get(resource.urn, ()))
        return found

    def _is_operated_on(self, urn: str) -> bool:
        urn = self.aliases.new_of.get(urn, urn)
        return urn in self._sames or urn in self._updates or urn in self._replaces or urn in self._reads

    def _has_generated_step(self, urn: str) -> bool:
        return (
            urn in self._creates
            or urn in self._sames
            or urn in self._updates
            or urn in self.deletes
            or urn in self._replaces
            or urn in self._reads
        )


def _delete_op(resource: Resource, *, replacing: bool = False) -> StepOp:
    if resource.external:
        return "discard-replaced" if replacing else "discard"
    return "delete-replaced" if replacing else "delete"


def _plain_trigger(value: PropertyValue) -> PropertyValue:
    # Only the state compares it again, and a state holds no unknown.
    return None if contains_unknown(value) else value


def _shown(value: PropertyValue) -> str:
    return "[secret]" if contains_secret(value) else repr(value)
