"""Policies of Pulumi's own kind, held against a run by pulumi_policy itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.engine.wire import encode_struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi.runtime.proto import analyzer_pb2

    from cachewright_offline.engine.plan import Plan, Step
    from cachewright_ops.checking.program import CheckedProgram

_PACK: Final = "test"
_LEVELS: Final = ("advisory", "mandatory", "disabled", "remediate")
_PROVIDERS: Final = "pulumi:providers:"


@dataclass(frozen=True, slots=True)
class Violation:
    """What a policy reports.

    Attributes:
        policy: The policy's name.
        message: The message, after the policy's description.
        level: `advisory` or `mandatory`.
        urn: The resource; empty where the policy names none.
        could_not_run: Whether the policy read a value that is not known in a preview: nothing is decided.
    """

    policy: str
    message: str
    level: str
    urn: str = ""
    could_not_run: bool = False


def violations(
    plan: Plan, checked: CheckedProgram, policies: Sequence[Any], config: Mapping[str, Mapping[str, Any]] | None
) -> tuple[Violation, ...]:
    """Hold resources and the stack against policies, by the requests that Pulumi's engine makes.

    Args:
        plan: The run.
        checked: What it registered.
        policies: Policies of pulumi_policy.
        config: The policies' configuration, by name; what is not given has its schema's default.

    Raises:
        ModuleNotFoundError: pulumi-policy is not installed.
    """
    try:
        from pulumi_policy import EnforcementLevel, policy
    except ModuleNotFoundError as error:
        msg = "policies of Pulumi's own kind need pulumi-policy: pip install 'cachewright[policies]'"
        raise ModuleNotFoundError(msg, name=error.name) from error
    from pulumi.runtime.proto import analyzer_pb2

    # There is no public way to these semantics; pyproject.toml holds the release.
    analyzer: Any = policy._PolicyAnalyzerServicer(_PACK, "0.0.1", list(policies), EnforcementLevel.ADVISORY)  # noqa: SLF001
    analyzer.ConfigureStack(
        analyzer_pb2.AnalyzerStackConfigureRequest(stack=plan.stack, project=plan.project, dry_run=True), None
    )
    analyzer.Configure(_configuration(policies, config or {}), None)
    steps = [one for one in plan.steps if one.logical and one.new is not None]
    providers = {one.urn: one for one in steps if one.type.startswith(_PROVIDERS)}
    found: list[Violation] = []
    for step in steps:
        if step.resource.custom:
            found += _told(analyzer.Analyze(_resource_request(step, providers), None), step.urn)
    request = analyzer_pb2.AnalyzeStackRequest(resources=[_stack_resource(one, providers, checked) for one in steps])
    found += _told(analyzer.AnalyzeStack(request, None), "")
    return tuple(found)


def _configuration(policies: Sequence[Any], config: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return the configuration, completed by the schemas' defaults, as the CLI completes it."""
    from pulumi.runtime.proto import analyzer_pb2

    known = {one.name for one in policies}
    strange = sorted(set(config) - known)
    if strange:
        raise AssertionError(f"there is no policy {strange[0]!r} to configure (there are {', '.join(sorted(known))})")
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for one in policies:
        schema = (one.config_schema.properties or {}) if one.config_schema is not None else {}
        defaults = {key: value["default"] for key, value in schema.items() if "default" in value}
        entry = request.policyConfig[one.name]
        entry.enforcementLevel = _LEVELS.index((one.enforcement_level or _Advisory).value)
        entry.properties.CopyFrom(encode_struct({**defaults, **config.get(one.name, {})}))
    return request


class _Advisory:
    value = "advisory"


def _resource_request(step: Step, providers: Mapping[str, Step]) -> analyzer_pb2.AnalyzeRequest:
    from pulumi.runtime.proto import analyzer_pb2

    return analyzer_pb2.AnalyzeRequest(
        type=step.type,
        urn=step.urn,
        name=step.name,
        properties=encode_struct(step.resource.inputs, keep_references=False),
        options=_options(step),
        provider=_provider(step, providers),
    )


def _stack_resource(
    step: Step, providers: Mapping[str, Step], checked: CheckedProgram
) -> analyzer_pb2.AnalyzerResource:
    from pulumi.runtime.proto import analyzer_pb2

    state = step.resource
    node = checked.graph.resources[step.urn]
    made = analyzer_pb2.AnalyzerResource(
        type=step.type,
        urn=step.urn,
        name=step.name,
        properties=encode_struct(state.outputs, keep_references=False),
        options=_options(step),
        provider=_provider(step, providers),
        parent=state.parent,
        dependencies=list(state.dependencies),
    )
    for key, urns in node.property_dependencies.items():
        made.propertyDependencies[key].urns.extend(urns)
    return made


def _options(step: Step) -> analyzer_pb2.AnalyzerResourceOptions:
    from pulumi.runtime.proto import analyzer_pb2

    state = step.resource
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=state.protect,
        additionalSecretOutputs=list(state.additional_secret_outputs),
        aliases=list(state.aliases),
        parent=state.parent,
    )


def _provider(step: Step, providers: Mapping[str, Step]) -> analyzer_pb2.AnalyzerProviderResource | None:
    from pulumi.runtime.proto import analyzer_pb2

    one = providers.get(step.resource.provider.rsplit("::", 1)[0])
    if one is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        type=one.type, urn=one.urn, name=one.name, properties=encode_struct(one.resource.inputs)
    )


def _told(response: analyzer_pb2.AnalyzeResponse, urn: str) -> list[Violation]:
    return [
        Violation(
            one.policyName,
            one.message,
            _LEVELS[one.enforcementLevel],
            one.urn or urn,
            one.message.startswith("can't run policy"),
        )
        for one in response.diagnostics
    ]
