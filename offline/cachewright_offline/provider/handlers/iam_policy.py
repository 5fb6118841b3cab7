"""aws.iam.Policy."""

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


class PolicyHandler(ResourceHandler):
    """A managed policy; its id is its ARN."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names."""
        yield from validation.matches(inputs, "name", r"[\w+=,.@-]{1,128}", "1-128 letters, digits and + = , . @ - _")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the policy."""
        answer = call.request(
            "iam",
            "create_policy",
            PolicyName=inputs["name"],
            PolicyDocument=inputs["policy"],
            Path=inputs.get("path"),
            Description=inputs.get("description"),
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        return self.made(call, answer["Policy"]["Arn"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the policy and its current version."""
        answer = call.find("iam", "get_policy", PolicyArn=id)
        if answer is None:
            return None
        policy = answer["Policy"]
        version = call.request("iam", "get_policy_version", PolicyArn=id, VersionId=policy["DefaultVersionId"])
        return {
            "arn": id,
            "attachmentCount": policy.get("AttachmentCount", 0),
            "description": policy.get("Description", ""),
            "name": policy["PolicyName"],
            "namePrefix": "",
            "path": policy["Path"],
            "policyId": policy["PolicyId"],
            "policy": json.dumps(version["PolicyVersion"]["Document"]),
            **self.tags_read(tag_map(policy.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Make a new version the current one; the one before goes, for AWS keeps five."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if not same_document(change.old("policy"), inputs["policy"]):
            before = call.request("iam", "get_policy", PolicyArn=id)["Policy"]["DefaultVersionId"]
            call.request(
                "iam", "create_policy_version", PolicyArn=id, PolicyDocument=inputs["policy"], SetAsDefault=True
            )
            call.request("iam", "delete_policy_version", PolicyArn=id, VersionId=before)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("iam", "untag_policy", PolicyArn=id, TagKeys=to_remove)
        if to_set:
            call.request("iam", "tag_policy", PolicyArn=id, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the policy, once nothing has it."""
        del inputs, outputs
        try:
            call.retry({"DeleteConflict"}, lambda: call.request("iam", "delete_policy", PolicyArn=id))
        except AwsError as error:
            if not error.is_not_found:
                raise
