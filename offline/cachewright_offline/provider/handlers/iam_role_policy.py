"""aws.iam.RolePolicy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class RolePolicyHandler(ResourceHandler):
    """A policy inside a role; its id is the role's and its own name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the policy."""
        call.request(
            "iam",
            "put_role_policy",
            RoleName=inputs["role"],
            PolicyName=inputs["name"],
            PolicyDocument=inputs["policy"],
        )
        return self.made(call, f"{inputs['role']}:{inputs['name']}", inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the policy."""
        del inputs
        role, _, name = id.partition(":")
        answer = call.find("iam", "get_role_policy", RoleName=role, PolicyName=name)
        if answer is None:
            return None
        return {"role": role, "name": name, "namePrefix": "", "policy": json.dumps(answer["PolicyDocument"])}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the policy anew."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.create(call, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the policy."""
        del inputs, outputs
        role, _, name = id.partition(":")
        try:
            call.request("iam", "delete_role_policy", RoleName=role, PolicyName=name)
        except AwsError as error:
            if not error.is_not_found:
                raise
