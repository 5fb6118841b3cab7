"""The analyzer that the engine talks to: pulumi_policy's own, which looks at each message before it passes it on.

pulumi_policy hands properties to policies without telling which are secret, tells a policy neither its level nor the
stack it is called for, and gives a stack policy outputs only. All of that stands in the messages.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import policy as pulumi_policies

from cachewright_policies.environments import EnvironmentNameError, chosen
from cachewright_policies.pack import resources
from cachewright_policies.pack.rules import MendingRule, ResourceRule, StackRule
from cachewright_policies.pack.undecided import Undecided

if TYPE_CHECKING:
    from pulumi_policy import Policy

    from cachewright_policies.pack.run import Run

_OURS: Final = (ResourceRule, StackRule, Undecided)


class Analyzer(pulumi_policies._PolicyAnalyzerServicer):  # noqa: SLF001 - there is no public one; the release is pinned
    """Serves the engine.

    Args:
        name: The pack's name.
        version: The pack's version.
        policies: Its policies, whoever wrote them.
        more: What else pulumi_policy's own analyzer takes.
    """

    def __init__(self, name: str, version: str, policies: list[Policy], *more: Any) -> None:
        super().__init__(name, version, policies, *more)
        self._policies = [one for one in policies if isinstance(one, _OURS)]
        # pulumi_policy decodes a message anew for each policy; ours take from the run what was decoded once.
        self._needs_properties = len(self._policies) < len(policies)
        self._runs: list[Run] = []
        for one in self._policies:
            if one.run not in self._runs:
                self._runs.append(one.run)

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """Begin a run: hold the rules to what the stack is for, take the region, and forget earlier resources."""
        try:
            environment = chosen(request.stack, request.config)
        except EnvironmentNameError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        for run in self._runs:
            run.environment = environment
            run.region = request.config.get("aws:region") or _region_of_process()
            run.inputs.clear()
            run.undecided.clear()
        for one in self._policies:
            one.hold_to(environment)
        return super().ConfigureStack(request, context)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """Take levels and thresholds; refuse to remediate what has no remediation."""
        refused = sorted(
            one.name
            for one in self._policies
            if not isinstance(one, MendingRule)
            and one.name in request.policyConfig
            and request.policyConfig[one.name].enforcementLevel == analyzer_pb2.REMEDIATE
        )
        if refused:
            able = sorted(one.name for one in self._policies if isinstance(one, MendingRule))
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"nothing can be remediated by {', '.join(refused)}; set mandatory or advisory, and remediate only for"
                f" {', '.join(able)}",
            )
        return super().Configure(request, context)  # type: ignore[no-untyped-call]

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """Judge one resource by its inputs, which are kept for the rules that need the whole stack."""
        values = resources.properties(request.properties)
        region = resources.default_region(request.type, request.urn, values)
        for run in self._runs:
            run.inputs[request.urn] = values
            run.region = region or run.region
        if not self._needs_properties:
            whole, request = request, analyzer_pb2.AnalyzeRequest()
            request.CopyFrom(whole)
            request.ClearField("properties")
        return super().Analyze(request, context)  # type: ignore[no-untyped-call]

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """Judge the whole stack."""
        try:
            for run in self._runs:
                run.graph = resources.of_message(request, run)
            if not self._needs_properties:
                request = analyzer_pb2.AnalyzeStackRequest()
            return super().AnalyzeStack(request, context)  # type: ignore[no-untyped-call]
        finally:
            for run in self._runs:
                run.graph = None


def _region_of_process() -> str | None:
    """Return the region that the provider takes where nothing is configured."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def install() -> None:
    """Let the next `PolicyPack` be served by this analyzer."""
    pulumi_policies._PolicyAnalyzerServicer = Analyzer  # type: ignore[misc,assignment]  # noqa: SLF001 - see the class
