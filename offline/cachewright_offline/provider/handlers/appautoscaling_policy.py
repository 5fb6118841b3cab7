"""aws.appautoscaling.Policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_SERVICE = "application-autoscaling"
# The nested configurations are Pulumi's in camel case and AWS's in Pascal case, word for word.
_CONFIGURATIONS = {
    "stepScalingPolicyConfiguration": "StepScalingPolicyConfiguration",
    "targetTrackingScalingPolicyConfiguration": "TargetTrackingScalingPolicyConfiguration",
}


class PolicyHandler(ResourceHandler):
    """When and how far to scale a target; its id is namespace, resource, dimension and name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """The kinds that AWS has."""
        yield from validation.one_of(inputs, "policyType", "StepScaling", "TargetTrackingScaling", "PredictiveScaling")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the policy."""
        call.request(
            _SERVICE,
            "put_scaling_policy",
            PolicyName=inputs["name"],
            PolicyType=inputs.get("policyType"),
            **_where(inputs),
            **{api: _pascal(inputs[name]) for name, api in _CONFIGURATIONS.items() if inputs.get(name)},
        )
        id = "|".join([*map(str, _where(inputs).values()), str(inputs["name"])])
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the policy."""
        del inputs
        namespace, resource, dimension, name = id.split("|")
        answer = call.request(
            _SERVICE,
            "describe_scaling_policies",
            PolicyNames=[name],
            ServiceNamespace=namespace,
            ResourceId=resource,
            ScalableDimension=dimension,
        )
        if not answer["ScalingPolicies"]:
            return None
        policy: dict[str, Any] = answer["ScalingPolicies"][0]
        return {
            "arn": policy["PolicyARN"],
            "name": name,
            "policyType": policy["PolicyType"],
            "serviceNamespace": namespace,
            "resourceId": resource,
            "scalableDimension": dimension,
            "alarmArns": [*(alarm["AlarmARN"] for alarm in policy.get("Alarms") or [])],
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the policy anew."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.create(call, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the policy."""
        del outputs
        name = id.rpartition("|")[2]
        try:
            call.request(_SERVICE, "delete_scaling_policy", PolicyName=name, **_where(inputs))
        except AwsError as error:
            if not error.is_not_found:
                raise


def _where(inputs: Properties) -> dict[str, Any]:
    return {
        "ServiceNamespace": inputs["serviceNamespace"],
        "ResourceId": inputs["resourceId"],
        "ScalableDimension": inputs["scalableDimension"],
    }


def _pascal(value: PropertyValue) -> Any:
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: _pascal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_pascal(item) for item in value]
    return value
