"""Application Auto Scaling: replication groups and clusters of ElastiCache as targets, and AWS's own checks."""

from __future__ import annotations

import functools
import json
from enum import Enum
from typing import Any, Final

from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.services.application_autoscaling import capacity

NAMESPACE: Final = "elasticache"
_ROLES: Final = {
    "cache-cluster": "AWSServiceRoleForApplicationAutoScaling_ElastiCacheCluster",
    "replication-group": "AWSServiceRoleForApplicationAutoScaling_ElastiCacheRG",
}


@functools.cache
def install() -> None:
    """Let moto know ElastiCache, and check what AWS checks."""
    from moto.applicationautoscaling import models, responses
    from moto.applicationautoscaling.exceptions import AWSValidationException
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
    from moto.core.exceptions import JsonRESTError

    def extended(name: str, old: Any, values: tuple[str, ...]) -> Any:
        members = {member.name: member.value for member in old}
        added = {value.upper().replace(":", "_").replace("-", "_"): value for value in values}
        # Enumerations take no new members: an equal one with more takes the place of moto's.
        return Enum(name, members | added)

    namespaces = extended("ServiceNamespaceValueSet", models.ServiceNamespaceValueSet, (NAMESPACE,))
    dimensions = extended("ScalableDimensionValueSet", models.ScalableDimensionValueSet, capacity.DIMENSIONS)
    for module in (models, responses):
        module.ServiceNamespaceValueSet = namespaces
        module.ScalableDimensionValueSet = dimensions

    class ObjectNotFoundError(JsonRESTError):  # type: ignore[misc]
        """AWS's fault for a target or policy that does not exist."""

        code = 400

        def __init__(self, message: str) -> None:
            super().__init__("ObjectNotFoundException", message)

    register = ApplicationAutoscalingBackend.register_scalable_target
    deregister = ApplicationAutoscalingBackend.deregister_scalable_target
    put_policy = ApplicationAutoscalingBackend.put_scaling_policy
    delete_policy = ApplicationAutoscalingBackend.delete_scaling_policy

    def described(namespace: str, resource_id: str, dimension: str) -> str:
        return f"service namespace: {namespace}, resource ID: {resource_id}, scalable dimension: {dimension}"

    def checked_register(self: Any, namespace: str, r_id: str, dimension: str, **rest: Any) -> Any:
        known = self.targets.get(dimension, {}).get(r_id)
        least, most = rest.get("min_capacity"), rest.get("max_capacity")
        if known is None and (least is None or most is None):
            message = "The MinCapacity and MaxCapacity are required to register a new scalable target."
            raise AWSValidationException(message)
        least = known.min_capacity if least is None else least
        most = known.max_capacity if most is None else most
        if least > most:
            raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")
        if namespace == NAMESPACE:
            _check_scalable(self, r_id, dimension, AWSValidationException)
            allowed_least, allowed_most = capacity.bounds(dimension)
            if least < allowed_least or most > allowed_most:
                message = f"The capacity of {dimension} must be between {allowed_least} and {allowed_most}."
                raise AWSValidationException(message)
            if not rest.get("role_arn"):
                rest["role_arn"] = _service_role(self, r_id)
        return register(self, namespace, r_id, dimension, **rest)

    def checked_deregister(self: Any, namespace: str, r_id: str, dimension: str) -> None:
        if r_id not in self.targets.get(dimension, {}):
            raise ObjectNotFoundError(f"No scalable target found for {described(namespace, r_id, dimension)}")
        deregister(self, namespace, r_id, dimension)
        for policy in list(self.policies.values()):
            if policy.resource_id == r_id and policy.scalable_dimension == dimension:
                delete_policy(self, policy.policy_name, namespace, r_id, dimension)

    def checked_put_policy(self: Any, **policy: Any) -> Any:
        namespace, r_id, dimension = (
            policy[name] for name in ("service_namespace", "resource_id", "scalable_dimension")
        )
        if r_id not in self.targets.get(dimension, {}):
            raise ObjectNotFoundError(f"No scalable target registered for {described(namespace, r_id, dimension)}")
        return put_policy(self, **policy)

    def checked_delete_policy(self: Any, **policy: Any) -> None:
        namespace, r_id, dimension, name = (
            policy[key] for key in ("service_namespace", "resource_id", "scalable_dimension", "policy_name")
        )
        if f"{namespace}\t{r_id}\t{dimension}\t{name}" not in self.policies:
            message = f"No scaling policy found for {described(namespace, r_id, dimension)}, policy name: {name}"
            raise ObjectNotFoundError(message)
        delete_policy(self, **policy)

    ApplicationAutoscalingBackend.register_scalable_target = checked_register
    ApplicationAutoscalingBackend.deregister_scalable_target = checked_deregister
    ApplicationAutoscalingBackend.put_scaling_policy = checked_put_policy
    ApplicationAutoscalingBackend.delete_scaling_policy = checked_delete_policy
    _install_tags(responses.ApplicationAutoScalingResponse, JsonRESTError)


def _install_tags(responses: Any, fault: Any) -> None:
    """Let targets have tags, which moto does not know."""
    register = responses.register_scalable_target

    def target(self: Any, arn: str) -> Any:
        for targets in self.applicationautoscaling_backend.targets.values():
            for found in targets.values():
                if found.arn == arn:
                    return found
        raise fault("ResourceNotFoundException", f"No scalable target found for {arn}")

    def tagged(self: Any, arn: str, tags: dict[str, str]) -> None:
        found = target(self, arn)
        found.tags = getattr(found, "tags", {}) | tags

    def register_scalable_target(self: Any) -> str:
        answer: str = register(self)
        tagged(self, json.loads(answer)["ScalableTargetARN"], self._get_param("Tags") or {})
        return answer

    def list_tags_for_resource(self: Any) -> str:
        return json.dumps({"Tags": getattr(target(self, self._get_param("ResourceARN")), "tags", {})})

    def tag_resource(self: Any) -> str:
        tagged(self, self._get_param("ResourceARN"), self._get_param("Tags"))
        return "{}"

    def untag_resource(self: Any) -> str:
        found = target(self, self._get_param("ResourceARN"))
        gone = self._get_param("TagKeys")
        found.tags = {key: value for key, value in getattr(found, "tags", {}).items() if key not in gone}
        return "{}"

    for handler in (register_scalable_target, list_tags_for_resource, tag_resource, untag_resource):
        setattr(responses, handler.__name__, handler)


def _check_scalable(backend: Any, resource_id: str, dimension: str, error: Any) -> None:
    """Refuse a target that does not exist or cannot be scaled that way."""
    kind, _, name = resource_id.partition("/")
    if kind not in _ROLES or not name or dimension.split(":")[1] != kind:
        raise error("Unsupported service namespace, resource type or scalable dimension")
    context = capacity.context_of(backend.account_id, backend.region_name)
    if context is None:
        raise error(f"ElastiCache is not available in {backend.region_name}")
    try:
        cache = capacity.described(context, resource_id)
    except Fault as refusal:
        raise error(f"ElastiCache {kind} doesn't exist: {resource_id}") from refusal
    problem = capacity.problem(cache, dimension)
    if problem is not None:
        raise error(problem)


def _service_role(backend: Any, resource_id: str) -> str:
    from cachewright_offline.cloud import carrier

    partition = carrier.partition(backend.region_name)
    path = f"aws-service-role/{NAMESPACE}.application-autoscaling.amazonaws.com"
    return f"arn:{partition}:iam::{backend.account_id}:role/{path}/{_ROLES[resource_id.partition('/')[0]]}"
