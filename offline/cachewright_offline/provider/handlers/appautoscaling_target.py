"""aws.appautoscaling.Target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_SERVICE = "application-autoscaling"


class TargetHandler(ResourceHandler):
    """What Application Auto Scaling may scale; its id is namespace, resource and dimension."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Register the target."""
        self._register(call, inputs)
        id = f"{inputs['serviceNamespace']}|{inputs['resourceId']}|{inputs['scalableDimension']}"
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the target."""
        namespace, resource, dimension = id.split("|")
        answer = call.request(
            _SERVICE,
            "describe_scalable_targets",
            ServiceNamespace=namespace,
            ResourceIds=[resource],
            ScalableDimension=dimension,
        )
        if not answer["ScalableTargets"]:
            return None
        target: dict[str, Any] = answer["ScalableTargets"][0]
        tags: dict[str, str] = {}
        if target.get("ScalableTargetARN"):
            tags = call.request(_SERVICE, "list_tags_for_resource", ResourceARN=target["ScalableTargetARN"])["Tags"]
        return {
            "arn": target.get("ScalableTargetARN", ""),
            "serviceNamespace": namespace,
            "resourceId": resource,
            "scalableDimension": dimension,
            "minCapacity": target["MinCapacity"],
            "maxCapacity": target["MaxCapacity"],
            "roleArn": target.get("RoleARN", ""),
            **self.tags_read(tags, inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Register the target anew, then its tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        self._register(call, inputs, tags=False)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        arn = change.old_outputs["arn"]
        if to_remove:
            call.request(_SERVICE, "untag_resource", ResourceARN=arn, TagKeys=to_remove)
        if to_set:
            call.request(_SERVICE, "tag_resource", ResourceARN=arn, Tags=to_set)
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Deregister the target."""
        del inputs, outputs
        namespace, resource, dimension = id.split("|")
        try:
            call.request(
                _SERVICE,
                "deregister_scalable_target",
                ServiceNamespace=namespace,
                ResourceId=resource,
                ScalableDimension=dimension,
            )
        except AwsError as error:
            if not error.is_not_found:
                raise

    def _register(self, call: Call, inputs: Properties, *, tags: bool = True) -> None:
        call.request(
            _SERVICE,
            "register_scalable_target",
            ServiceNamespace=inputs["serviceNamespace"],
            ResourceId=inputs["resourceId"],
            ScalableDimension=inputs["scalableDimension"],
            MinCapacity=inputs["minCapacity"],
            MaxCapacity=inputs["maxCapacity"],
            RoleARN=inputs.get("roleArn"),
            Tags=(self.tags_for(inputs) or None) if tags else None,
        )
