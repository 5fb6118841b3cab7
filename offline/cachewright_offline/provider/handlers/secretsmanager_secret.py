"""aws.secretsmanager.Secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class SecretHandler(ResourceHandler):
    """A secret without its value; its id is its ARN."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names, and a recovery window of 0 or 7-30 days."""
        yield from validation.matches(
            inputs, "name", r"[0-9A-Za-z/_+=.@-]{1,512}", "1-512 of 0-9 A-Z a-z / _ + = . @ -"
        )
        days = inputs.get("recoveryWindowInDays")
        if isinstance(days, int) and days != 0 and not 7 <= days <= 30:
            yield CheckFailure("recoveryWindowInDays", f"expected 0 (delete at once) or 7 to 30, found {days}")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the secret, then its policy."""
        answer = call.request(
            "secretsmanager",
            "create_secret",
            Name=inputs["name"],
            Description=inputs.get("description"),
            KmsKeyId=inputs.get("kmsKeyId"),
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["ARN"]
        with self.existing(call, id, inputs):
            if inputs.get("policy"):
                call.request("secretsmanager", "put_resource_policy", SecretId=id, ResourcePolicy=inputs["policy"])
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the secret; one that is scheduled for deletion is gone."""
        answer = call.find("secretsmanager", "describe_secret", SecretId=id)
        if answer is None or answer.get("DeletedDate"):
            return None
        policy = call.request("secretsmanager", "get_resource_policy", SecretId=id).get("ResourcePolicy")
        return {
            "arn": answer["ARN"],
            "name": answer["Name"],
            "namePrefix": "",
            "description": answer.get("Description", ""),
            "kmsKeyId": answer.get("KmsKeyId", ""),
            "policy": policy or "",
            "replicas": [],
            **self.tags_read(tag_map(answer.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change description, key, policy and tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if any(change.old(name) != inputs.get(name) for name in ("description", "kmsKeyId")):
            call.request(
                "secretsmanager",
                "update_secret",
                SecretId=id,
                Description=inputs.get("description") or "",
                KmsKeyId=inputs.get("kmsKeyId"),
            )
        if inputs.get("policy"):
            call.request("secretsmanager", "put_resource_policy", SecretId=id, ResourcePolicy=inputs["policy"])
        elif old_inputs.get("policy"):
            call.request("secretsmanager", "delete_resource_policy", SecretId=id)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("secretsmanager", "untag_resource", SecretId=id, TagKeys=to_remove)
        if to_set:
            call.request("secretsmanager", "tag_resource", SecretId=id, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the secret, at once or after its recovery window."""
        del outputs
        days = inputs.get("recoveryWindowInDays")
        how = {"ForceDeleteWithoutRecovery": True} if days == 0 else {"RecoveryWindowInDays": days or 30}
        try:
            call.request("secretsmanager", "delete_secret", SecretId=id, **how)
        except AwsError as error:
            if not error.is_not_found and error.kind != "InvalidRequest":
                raise
