"""What a run of a program has come to, and what a test may claim of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_offline.values import reveal
from cachewright_ops.testing.resources import Resource, is_of_type
from cachewright_ops.testing.violations import Violation, violations
from cachewright_policies import configuration, registry
from cachewright_policies.evaluation import Evaluation, today
from cachewright_policies.finding import Finding, Status
from cachewright_policies.levels import environment_of
from cachewright_policies.rule import Environment, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from cachewright_offline.engine.events import Diagnostic
    from cachewright_offline.engine.plan import Plan
    from cachewright_ops.checking.program import CheckedProgram
    from cachewright_ops.checking.providers import Refusal
    from cachewright_policies.graph import Graph


class Run:
    """What a program registered.

    Attributes:
        plan: Every step that the engine would take.
        graph: The resources as the rules see them.
        resources: The resources, components and the stack itself included, in the order of the program.
        outputs: The stack's outputs; secret ones are `Secret(value)`.
        refusals: The inputs that the provider refuses.
        messages: What the program and the engine logged.
        sources: The texts of the program's files.
        region: The region of the default provider; None where none is configured.
    """

    def __init__(self, plan: Plan, checked: CheckedProgram, messages: Sequence[Diagnostic] = ()) -> None:
        self._checked = checked
        self.plan = plan
        self.graph: Graph = checked.graph
        self.outputs: Mapping[str, Any] = plan.outputs
        self.refusals: tuple[Refusal, ...] = checked.refusals
        self.messages = tuple(messages)
        self.sources: Mapping[str, str] = checked.sources
        self.region: str | None = checked.region
        steps = {one.urn: one for one in plan.steps if one.logical and one.new is not None}
        self._by_urn = {urn: Resource(self, steps[urn], node) for urn, node in self.graph.resources.items()}
        self.resources: tuple[Resource, ...] = tuple(self._by_urn.values())

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def by_urn(self, urn: str) -> Resource | None:
        """Return the resource of a URN, or None."""
        return self._by_urn.get(urn)

    def of_type(self, type: str | type) -> tuple[Resource, ...]:
        """Return the resources of a type.

        Args:
            type: Its token (`aws:ec2/vpc:Vpc`), the last part of it (`Vpc`), or its Python class (`aws.ec2.Vpc`).
        """
        return tuple(one for one in self.resources if is_of_type(one.type, type, is_component=one.is_component))

    def resource(self, type: str | type, name: str | None = None) -> Resource:
        """Return the one resource of a type, or the one that has a name.

        Raises:
            AssertionError: There is none, or there are several: the message tells which.
        """
        of_type = self.of_type(type)
        found = [one for one in of_type if name is None or one.name == name]
        if len(found) == 1:
            return found[0]
        wanted = type if isinstance(type, str) else type.__name__
        wanted += f" named {name!r}" if name is not None else ""
        if found:
            names = ", ".join(one.name for one in found)
            raise AssertionError(f"there are {len(found)} resources {wanted} ({names}); give the name of one")
        if of_type:
            raise AssertionError(f"there is no {wanted} (there are {', '.join(one.name for one in of_type)})")
        types = ", ".join(sorted({one.type.rsplit(":", 1)[-1] for one in self.resources}))
        raise AssertionError(f"there is no {wanted} (there are resources of the types {types})")

    def output(self, name: str) -> Any:
        """Return an output of the stack, secrets opened.

        Raises:
            AssertionError: The program exports none of that name.
        """
        if name not in self.outputs:
            raise AssertionError(f"the program exports no {name!r} (it exports {', '.join(self.outputs) or 'nothing'})")
        return reveal(self.outputs[name])

    def assert_accepted(self) -> None:
        """Claim that the provider refuses no input.

        Raises:
            AssertionError: It refuses some: all are told.
        """
        if self.refusals:
            lines = [f"  {one.urn.rsplit('::', 1)[-1]}.{one.property}: {one.reason}" for one in self.refusals]
            raise AssertionError("\n".join(["the provider refuses inputs:", *lines]))

    # ---------------------------------------------------------------- cachewright's rules

    def findings(
        self,
        *rules: Rule | str,
        environment: Environment | str | None = None,
        config: Mapping[str, Any] | None = None,
        day: date | None = None,
    ) -> tuple[Finding, ...]:
        """Hold the resources against rules.

        Args:
            rules: Rules, or names of cachewright's; none for all of these. Rules that are named are checked, whether or
                not they are in this environment.
            environment: Whose levels and thresholds hold: `dev`, `staging` or `prod`; by default what the stack's name
                says.
            config: Levels and settings, in the form of Pulumi's `--policy-pack-config`.
            day: The day that dated facts are compared with; by default today.
        """
        chosen = tuple(_rule(one) for one in rules) or registry.rules()
        meant = environment_of(self.plan.stack) if environment is None else Environment(environment)
        document = dict(config or {})
        if rules:
            for one in chosen:
                document.setdefault(one.name, {})
                if isinstance(document[one.name], dict):
                    document[one.name] = {"enforcementLevel": "mandatory", **document[one.name]}
        settings = configuration.parse(document, chosen, meant)
        evaluation = Evaluation(chosen, settings, day or today(), self.region, self.sources)
        return tuple(evaluation.findings(self.graph))

    def assert_finds(self, rule: Rule | str, resource: Resource | str | None = None, **options: Any) -> Finding:
        """Claim that a rule finds a violation, and return it.

        Args:
            rule: The rule.
            resource: The resource, or its name; None for any.
            options: As `findings` takes them.

        Raises:
            AssertionError: It finds none there; the message tells what it does find.
        """
        named = _rule(rule)
        found = self.findings(named, **options)
        for one in found:
            if one.status is Status.VIOLATION and _is_meant(one.urn, resource):
                return one
        where = "" if resource is None else f" in {resource if isinstance(resource, str) else resource.name}"
        raise AssertionError(f"{named.name} finds no violation{where}{_instead(found)}")

    def assert_policies(self, *rules: Rule | str, unknown: bool = True, **options: Any) -> None:
        """Claim that rules find nothing.

        Args:
            rules: The rules; none for all of cachewright's that hold in the environment.
            unknown: Whether what cannot be decided counts, too.
            options: As `findings` takes them.

        Raises:
            AssertionError: Something is found: all of it is told, with file and line.
        """
        found = [one for one in self.findings(*rules, **options) if unknown or one.status is not Status.UNKNOWN]
        if found:
            raise AssertionError(f"{len(found)} findings:\n" + "\n".join(f"  {_shown(one)}" for one in found))

    # ---------------------------------------------------------------- policies of pulumi_policy

    def violations(
        self, *policies: Any, config: Mapping[str, Mapping[str, Any]] | None = None
    ) -> tuple[Violation, ...]:
        """Hold resources and the stack against policies of pulumi_policy, by the code that runs them in Pulumi.

        A resource policy gets inputs after the provider's Check, a stack policy outputs; both get proxies that raise
        when an unknown value is read, and plain text for secrets.

        Args:
            policies: `ResourceValidationPolicy` and `StackValidationPolicy` objects.
            config: Their configuration by name; what is not given has its schema's default.

        Raises:
            ModuleNotFoundError: pulumi-policy is not installed.
        """
        return violations(self.plan, self._checked, policies, config)

    def assert_violates(self, policy: Any, resource: Resource | str | None = None, **options: Any) -> Violation:
        """Claim that a policy of pulumi_policy reports a violation, and return it.

        Raises:
            AssertionError: It reports none there; the message tells what it does report.
        """
        found = self.violations(policy, **options)
        for one in found:
            if not one.could_not_run and _is_meant(one.urn, resource):
                return one
        where = "" if resource is None else f" in {resource if isinstance(resource, str) else resource.name}"
        instead = "".join(f"\n  {_reported(one)}" for one in found)
        raise AssertionError(
            f"{policy.name} reports no violation{where}" + (f"; it reports:{instead}" if found else "")
        )

    def assert_complies(self, *policies: Any, **options: Any) -> None:
        """Claim that policies of pulumi_policy report nothing, and could decide everything.

        Raises:
            AssertionError: They report something: all of it is told.
        """
        found = self.violations(*policies, **options)
        if found:
            raise AssertionError(f"{len(found)} violations:\n" + "\n".join(f"  {_reported(one)}" for one in found))


def _rule(rule: Rule | str) -> Rule:
    if isinstance(rule, Rule):
        return rule
    known = registry.by_name()
    if rule not in known:
        import difflib

        near = difflib.get_close_matches(rule, known, 1)
        raise AssertionError(f"there is no rule {rule!r}" + (f" (did you mean {near[0]}?)" if near else ""))
    return known[rule]


def _is_meant(urn: str, resource: Resource | str | None) -> bool:
    if resource is None:
        return True
    return urn.split("::", 3)[-1] == resource if isinstance(resource, str) else urn == resource.urn


def _shown(one: Finding) -> str:
    place = f"{one.file}:{one.line} " if one.file else ""
    undecided = " (undecided)" if one.status is Status.UNKNOWN else ""
    return f"{place}{one.policy} {one.name}{'.' if one.property else ''}{one.property}: {one.message}{undecided}"


def _instead(found: Iterable[Finding]) -> str:
    lines = "".join(f"\n  {_shown(one)}" for one in found)
    return f"; it finds:{lines}" if lines else ""


def _reported(one: Violation) -> str:
    return f"{one.policy} {one.urn.rsplit('::', 1)[-1]}: {one.message}"
