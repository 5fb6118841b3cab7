"""The resource monitor: the object that Pulumi's SDK talks to in place of a gRPC stub.

Its methods take protobuf requests on the program's event loop. What needs no waiting is answered at once; what
reaches out of the process is answered with a future, which `program_loop.ProgramLoop` waits for.
Source: Pulumi's pkg/resource/deploy/source_eval.go (resmon).
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.errors import RunError
from pulumi.runtime.proto import alias_pb2, provider_pb2, resource_pb2

from cachewright_offline.engine import durations, wire
from cachewright_offline.engine.errors import StepError, UnsupportedError
from cachewright_offline.engine.executor import Stopped
from cachewright_offline.engine.goal import Alias, Goal, ReadGoal
from cachewright_offline.engine.resource import CustomTimeouts
from cachewright_offline.engine.source_position import SourcePositions
from cachewright_offline.engine.transforms import Transforms
from cachewright_offline.engine.urn import is_provider_type, package_of, provider_urn, resource_type
from cachewright_offline.errors import CachewrightError
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.values import UNKNOWN, contains_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cachewright_offline.engine.resource import Resource
    from cachewright_offline.engine.run import Run
    from cachewright_offline.values import Properties

_T = TypeVar("_T")
_R = TypeVar("_R")

_FEATURES = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "outputValues": resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "replacementTrigger": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    "replaceWith": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    "transforms": resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    "invokeTransforms": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    # These three are claimed so that the SDK asks, and the answer can name what is not supported.
    "parameterization": resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    "resourceHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    "errorHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
}


class Monitor:
    """Answers one program's requests with one run.

    Args:
        run: What carries the requests out.
        root: The project's folder, which source positions are relative to.
        config: The program's configuration, as `GetDeploymentInfo` tells it.
        secret_keys: Which of it is secret.
    """

    def __init__(self, run: Run, root: Path, config: dict[str, str], secret_keys: Sequence[str]) -> None:
        self._run = run
        self._config = config
        self._secret_keys = list(secret_keys)
        self._positions = SourcePositions(root)
        self._transforms = Transforms()
        self._component_providers: dict[str, dict[str, str]] = {}
        self._waiting = ThreadPoolExecutor(max_workers=32, thread_name_prefix="cachewright-monitor")

    def close(self) -> None:
        """Wait for what runs, and close connections."""
        self._waiting.shutdown(wait=True)
        self._transforms.close()

    # ---------------------------------------------------------------- what the SDK calls

    def SupportsFeature(self, request: Any) -> Any:  # noqa: N802 - the stub's name
        """Tell whether a feature is supported."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    def GetDeploymentInfo(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Describe the run."""
        return resource_pb2.DeploymentInfo(
            project=self._run.project,
            stack=self._run.stack,
            organization="organization",
            config=self._config,
            configSecretKeys=self._secret_keys,
            dryRun=self._run.preview,
            parallel=self._run.options.parallel,
            supportedFeatures=list(_FEATURES.values()),
        )

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Register a resource."""
        self._refuse_if_stopped()
        self._refuse_unsupported(request)
        transforms = self._transforms.of_resource(request.transforms, request.parent)
        if transforms:
            return self._waiting.submit(self._guarded, self._register_transformed, request, transforms)
        return self._guarded(self._register, request, None)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Take a component's outputs."""
        return self._guarded(self._outputs, request)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Read a resource the stack does not own."""
        self._refuse_if_stopped()
        return self._guarded(self._read, request)

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Answer a function."""
        self._refuse_if_stopped()
        if request.tok == "pulumi:pulumi:getResource":
            return self._invoke(request)
        return self._waiting.submit(self._invoke, request)

    def StreamInvoke(self, request: Any) -> Any:  # noqa: N802
        """Refuse a streamed function by its name."""
        self._unsupported(f"the streamed function {request.tok}")

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse a method by its name."""
        self._unsupported(f"the resource method {request.tok}")

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        """Refuse a parameterised package by its name."""
        self._unsupported(f"the parameterised package {request.name}")

    def RegisterResourceHook(self, request: Any) -> Any:  # noqa: N802
        """Refuse a hook by its name."""
        self._unsupported(f"the resource hook {request.name!r}")

    def RegisterErrorHook(self, request: Any) -> Any:  # noqa: N802
        """Refuse a hook by its name."""
        self._unsupported(f"the error hook {request.name!r}")

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802
        """Refuse a query for a resource by its name."""
        self._unsupported(f"asking whether {request.type} {request.id!r} exists")

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        """Take a transform of all resources."""
        self._transforms.add_for_stack(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802
        """Take a transform of all invokes."""
        self._transforms.add_for_invokes(request)
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any) -> Any:  # noqa: N802, ARG002
        """Let the program end: nothing of it is needed for the deletes."""
        return empty_pb2.Empty()

    # ---------------------------------------------------------------- how they are answered

    def _refuse_if_stopped(self) -> None:
        if self._run.executor.stopped:
            raise _terminated()

    def _unsupported(self, what: str) -> None:
        msg = f"{what} is not supported by the embedded engine; run this program with --engine pulumi"
        raise UnsupportedError(msg)

    def _refuse_unsupported(self, request: Any) -> None:
        if request.remote:
            self._unsupported(f"the remote component {request.type} {request.name!r}")
        if request.HasField("hooks") and request.hooks.ByteSize():
            self._unsupported(f"a hook of {request.type} {request.name!r}")
        if request.state_migrations:
            self._unsupported(f"a state migration of {request.type} {request.name!r}")
        if request.envVarMappings:
            self._unsupported(f"env_var_mappings of {request.type} {request.name!r}")

    def _guarded(self, answer: Callable[..., _R], *arguments: Any) -> _R:
        try:
            return answer(*arguments)
        except Stopped:
            raise _terminated() from None
        except (StepError, ProviderError) as error:
            self._run.give_up(error)
            raise _terminated() from None

    def _then(self, future: Future[_T], answer: Callable[[_T], _R]) -> Future[_R]:
        """Return a future of what `answer` makes of the result of `future`."""
        result: Future[_R] = Future()

        def done(finished: Future[_T]) -> None:
            if not result.set_running_or_notify_cancel():
                # The program has ended meanwhile and nobody waits for the answer.
                return
            try:
                result.set_result(answer(finished.result()))
            except Stopped:
                result.set_exception(_terminated())
            except BaseException as error:  # noqa: BLE001 - it is the program's to see
                result.set_exception(error)

        future.add_done_callback(done)
        return result

    def _register_transformed(self, request: Any, transforms: list[Any]) -> Any:
        answer = self._register(request, transforms)
        return answer.result() if isinstance(answer, Future) else answer

    def _register(self, request: Any, transforms: list[Any] | None) -> Any:
        goal = self._goal(request, transforms)
        providers = dict(request.providers) if not request.custom else {}

        def respond(state: Resource) -> Any:
            self._transforms.remember(state.urn, goal.parent, request.transforms)
            if not goal.custom:
                inherited = self._component_providers.get(goal.parent, {})
                self._component_providers[state.urn] = {**inherited, **providers}
            answer = _registered(state, custom=goal.custom, keep_references=request.acceptResources)
            # The outputs of a create that was left out, for it is no target, must not be taken for empty ones.
            answer.unknown = self._run.was_skipped(state.urn)
            return answer

        state = self._run.register(goal)
        return self._then(state, respond) if isinstance(state, Future) else respond(state)

    def _goal(self, request: Any, transforms: list[Any] | None) -> Goal:
        parent_goal = self._run.goals.get(request.parent) if request.parent else None
        found: set[str] = set()
        inputs: Properties = {}
        property_dependencies: dict[str, list[str]] = {}
        declared = request.propertyDependencies
        for key, value in wire.sorted_fields(request.object.fields):
            inputs[key] = wire.decode_value(value, found)
            if declared:
                urns = list(declared[key].urns) if key in declared else []
                property_dependencies[key] = [*dict.fromkeys([*urns, *found])] if found else urns
            else:
                property_dependencies[key] = list(request.dependencies)
            found.clear()
        goal = Goal(
            type=request.type,
            name=request.name,
            custom=request.custom,
            inputs=inputs,
            parent=request.parent,
            protect=request.protect if request.HasField("protect") else None,
            dependencies=list(request.dependencies),
            property_dependencies=property_dependencies,
            delete_before_replace=(
                request.deleteBeforeReplace
                if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace
                else None
            ),
            ignore_changes=list(request.ignoreChanges),
            replace_on_changes=list(request.replaceOnChanges),
            additional_secret_outputs=list(request.additionalSecretOutputs),
            aliases=[Alias(urn=urn) for urn in request.aliasURNs] + [_alias(one) for one in request.aliases],
            import_id=request.importId,
            custom_timeouts=_timeouts(request.customTimeouts) if request.HasField("customTimeouts") else None,
            retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
            deleted_with=request.deletedWith,
            replace_with=list(request.replace_with),
            source_position=(
                self._positions.project_position(request.sourcePosition) if request.HasField("sourcePosition") else ""
            ),
        )
        if request.HasField("replacement_trigger"):
            goal.replacement_trigger = wire.decode_value(request.replacement_trigger)
        provider, version = request.provider, request.version
        if parent_goal is not None:
            self._inherit(goal, parent_goal)
            if not provider and _serves(parent_goal.provider, request.type, custom=request.custom):
                provider = parent_goal.provider
        if request.custom and not provider:
            package = package_of(request.type)
            provider = request.providers.get(package, "") or self._component_providers.get(request.parent, {}).get(
                package, ""
            )
        if transforms:
            provider, version = self._transform(request, goal, transforms, provider)
        if contains_secret(goal.replacement_trigger):
            self._unsupported(f"a secret replacement_trigger of {goal.type} {goal.name!r}")
        self._set_provider(goal, provider, version)
        return goal

    def _inherit(self, goal: Goal, parent: Goal) -> None:
        if not goal.deleted_with:
            goal.deleted_with = parent.deleted_with
        if goal.protect is None:
            goal.protect = parent.protect
        if goal.retain_on_delete is None:
            goal.retain_on_delete = parent.retain_on_delete

    def _set_provider(self, goal: Goal, provider: str, version: str) -> None:
        if not goal.custom:
            return
        if is_provider_type(goal.type):
            if version:
                goal.inputs = {**goal.inputs, "__internal": {}, "version": version}
            return
        goal.provider = _reference(provider) or self._run.default_provider(package_of(goal.type), version)

    def _transform(self, request: Any, goal: Goal, transforms: list[Any], provider: str) -> tuple[str, str]:
        options = resource_pb2.TransformResourceOptions(
            depends_on=goal.dependencies,
            protect=goal.protect,
            ignore_changes=goal.ignore_changes,
            replace_on_changes=goal.replace_on_changes,
            version=request.version,
            aliases=[_alias_message(urn) for urn in request.aliasURNs] + list(request.aliases),
            provider=provider,
            custom_timeouts=request.customTimeouts if request.HasField("customTimeouts") else None,
            plugin_download_url=request.pluginDownloadURL,
            retain_on_delete=goal.retain_on_delete,
            deleted_with=goal.deleted_with,
            delete_before_replace=goal.delete_before_replace,
            additional_secret_outputs=goal.additional_secret_outputs,
            providers=dict(request.providers),
            replace_with=goal.replace_with,
        )
        # "import" is no name that Python lets one write.
        setattr(options, "import", goal.import_id)
        own = bool(request.transforms)
        properties = (
            wire.encode_output_struct(goal.inputs, goal.property_dependencies)
            if own
            else wire.encode_struct(goal.inputs)
        )
        for callback in transforms:
            message = resource_pb2.TransformRequest(
                name=goal.name,
                type=goal.type,
                custom=goal.custom,
                parent=goal.parent,
                properties=properties,
                options=options,
            )
            answer = self._transforms.call(callback, message, resource_pb2.TransformResponse())
            if answer.HasField("properties"):
                properties = answer.properties
            if answer.HasField("options"):
                options = answer.options
        self._take_transformed(goal, properties, options, own=own)
        return options.provider, options.version

    def _take_transformed(self, goal: Goal, properties: Any, options: Any, *, own: bool) -> None:
        # As in Pulumi, dependencies are read anew only where the resource itself declares a transform.
        before, goal.inputs, goal.property_dependencies = goal.property_dependencies, {}, {}
        dependencies = dict.fromkeys(options.depends_on if own else goal.dependencies)
        for key, value in wire.sorted_fields(properties.fields):
            found: set[str] = set() if own else set(before.get(key, ()))
            goal.inputs[key] = wire.decode_value(value, found)
            goal.property_dependencies[key] = sorted(found)
            if own:
                dependencies.update(dict.fromkeys(sorted(found)))
        goal.dependencies = list(dependencies)
        goal.protect = options.protect if options.HasField("protect") else None
        goal.ignore_changes = list(options.ignore_changes)
        goal.replace_on_changes = list(options.replace_on_changes)
        goal.aliases = [_alias(one) for one in options.aliases]
        goal.custom_timeouts = _timeouts(options.custom_timeouts) if options.HasField("custom_timeouts") else None
        goal.retain_on_delete = options.retain_on_delete if options.HasField("retain_on_delete") else None
        goal.deleted_with = options.deleted_with
        goal.delete_before_replace = (
            options.delete_before_replace if options.HasField("delete_before_replace") else None
        )
        goal.additional_secret_outputs = list(options.additional_secret_outputs)
        goal.replace_with = list(options.replace_with)
        goal.import_id = getattr(options, "import")

    def _outputs(self, request: Any) -> Any:
        self._run.outputs(request.urn, wire.decode_struct(request.outputs))
        return empty_pb2.Empty()

    def _read(self, request: Any) -> Any:
        provider = _reference(request.provider)
        if not provider and request.parent:
            package = package_of(request.type)
            provider = self._component_providers.get(request.parent, {}).get(package, "")
        identity = UNKNOWN if request.id == wire.UNKNOWN_STRING else request.id
        goal = ReadGoal(
            type=request.type,
            name=request.name,
            id=identity,
            inputs=wire.decode_struct(request.properties),
            parent=request.parent,
            dependencies=list(request.dependencies),
            provider=provider or self._run.default_provider(package_of(request.type), request.version),
            additional_secret_outputs=list(request.additionalSecretOutputs),
            source_position=(
                self._positions.project_position(request.sourcePosition) if request.HasField("sourcePosition") else ""
            ),
        )

        def respond(state: Resource) -> Any:
            self._transforms.remember(state.urn, goal.parent, ())
            return resource_pb2.ReadResourceResponse(
                urn=state.urn,
                properties=wire.encode_struct(state.outputs, keep_references=request.acceptResources),
            )

        state = self._run.read(goal)
        return self._then(state, respond) if isinstance(state, Future) else respond(state)

    def _invoke(self, request: Any) -> Any:
        token, provider, version, properties = request.tok, request.provider, request.version, request.args
        transforms = self._transforms.of_invoke()
        if transforms:
            options = resource_pb2.TransformInvokeOptions(
                provider=provider, version=version, plugin_download_url=request.pluginDownloadURL
            )
            for callback in transforms:
                message = resource_pb2.TransformInvokeRequest(token=token, args=properties, options=options)
                answer = self._transforms.call(callback, message, resource_pb2.TransformInvokeResponse())
                properties = answer.args if answer.HasField("args") else properties
                options = answer.options if answer.HasField("options") else options
            provider, version = options.provider, options.version
        try:
            reference = _reference(provider) or self._run.default_provider(package_of(token), version)
            found, failures = self._run.invoke(token, wire.decode_struct(properties), reference)
        except Stopped:
            raise _terminated() from None
        except (ProviderError, CachewrightError) as error:
            msg = f"invocation of {token} returned an error: {error}"
            raise InvokeError(msg) from error
        keep = request.acceptResources or token == "pulumi:pulumi:getResource"
        return resource_pb2.ResourceInvokeResponse(
            **{"return": wire.encode_struct(found, keep_references=keep)},
            failures=[provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in failures],
        )


class InvokeError(Exception):
    """A function failed: the program may catch it."""


def _terminated() -> RunError:
    # The words of the SDK for a monitor that went away: whatever stopped the run was reported.
    return RunError("Resource monitor has terminated, shutting down")


def _registered(state: Resource, *, custom: bool, keep_references: bool) -> Any:
    if not custom:
        # A component's old outputs may name resources that this run has not registered yet.
        return resource_pb2.RegisterResourceResponse(urn=state.urn)
    return resource_pb2.RegisterResourceResponse(
        urn=state.urn, id=state.id, object=wire.encode_struct(state.outputs, keep_references=keep_references)
    )


def _reference(provider: str) -> str:
    """Return a provider reference that is whole: in a preview a new provider's id may be empty."""
    return f"{provider}{wire.UNKNOWN_STRING}" if provider.endswith("::") else provider


def _serves(reference: str, type: str, *, custom: bool) -> bool:
    if not reference:
        return False
    return not custom or package_of(resource_type(provider_urn(reference))) == package_of(type)


def _alias(message: Any) -> Alias:
    if message.WhichOneof("alias") == "urn":
        return Alias(urn=message.urn)
    spec = message.spec
    return Alias(
        name=spec.name,
        type=spec.type,
        parent=spec.parentUrn if spec.WhichOneof("parent") == "parentUrn" else "",
        no_parent=spec.noParent if spec.WhichOneof("parent") == "noParent" else False,
        stack=spec.stack,
        project=spec.project,
    )


def _alias_message(urn: str) -> Any:
    return alias_pb2.Alias(urn=urn)


def _timeouts(message: Any) -> CustomTimeouts | None:
    found = CustomTimeouts(
        create=durations.seconds(message.create),
        update=durations.seconds(message.update),
        delete=durations.seconds(message.delete),
    )
    return found if found != CustomTimeouts() else None
