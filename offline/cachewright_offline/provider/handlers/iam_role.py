"""aws.iam.Role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class RoleHandler(ResourceHandler):
    """A role; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names and session durations."""
        yield from validation.matches(inputs, "name", r"[\w+=,.@-]{1,64}", "1-64 letters, digits and + = , . @ - _")
        yield from validation.between(inputs, "maxSessionDuration", 3600, 43200)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "assumeRolePolicy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the role."""
        name = str(inputs["name"])
        call.request(
            "iam",
            "create_role",
            RoleName=name,
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Description=inputs.get("description"),
            MaxSessionDuration=inputs.get("maxSessionDuration"),
            Path=inputs.get("path"),
            PermissionsBoundary=inputs.get("permissionsBoundary"),
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        return self.made(call, name, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the role."""
        answer = call.find("iam", "get_role", RoleName=id)
        if answer is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].isoformat(),
            "description": role.get("Description", ""),
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "name": id,
            "namePrefix": "",
            "path": role["Path"],
            "uniqueId": role["RoleId"],
            **self.tags_read(tag_map(role.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change who may take the role, what is said of it, and its tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if not same_document(change.old("assumeRolePolicy"), inputs["assumeRolePolicy"]):
            call.request("iam", "update_assume_role_policy", RoleName=id, PolicyDocument=inputs["assumeRolePolicy"])
        call.request(
            "iam",
            "update_role",
            RoleName=id,
            Description=inputs.get("description") or "",
            MaxSessionDuration=inputs.get("maxSessionDuration"),
        )
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("iam", "untag_role", RoleName=id, TagKeys=to_remove)
        if to_set:
            call.request("iam", "tag_role", RoleName=id, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the role."""
        del inputs, outputs
        try:
            call.retry({"DeleteConflict"}, lambda: call.request("iam", "delete_role", RoleName=id))
        except AwsError as error:
            if not error.is_not_found:
                raise
