"""aws.iam.RolePolicyAttachment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_SEPARATOR = "/arn:"


class RolePolicyAttachmentHandler(ResourceHandler):
    """That a role has a managed policy; its id is `<role>/<policy ARN>`."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Attach the policy."""
        call.request("iam", "attach_role_policy", RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return self.made(call, f"{inputs['role']}/{inputs['policyArn']}", inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the policy among the role's."""
        del inputs
        role, _, rest = id.partition(_SEPARATOR)
        arn = f"arn:{rest}"
        answer = call.find("iam", "list_attached_role_policies", RoleName=role)
        attached = answer["AttachedPolicies"] if answer else []
        if arn not in {one["PolicyArn"] for one in attached}:
            return None
        return {"role": role, "policyArn": arn}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Nothing can change in place: both properties replace it."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Detach the policy."""
        del inputs, outputs
        role, _, rest = id.partition(_SEPARATOR)
        try:
            call.request("iam", "detach_role_policy", RoleName=role, PolicyArn=f"arn:{rest}")
        except AwsError as error:
            if not error.is_not_found:
                raise
