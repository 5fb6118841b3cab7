"""aws.kms.Key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_DEFAULT_DELETION_DAYS = 30


class KeyHandler(ResourceHandler):
    """A key; its id is AWS's."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's windows."""
        yield from validation.between(inputs, "deletionWindowInDays", 7, 30)
        yield from validation.between(inputs, "rotationPeriodInDays", 90, 2560)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the key, then what the API sets one by one."""
        tags = self.tags_for(inputs)
        answer = call.request(
            "kms",
            "create_key",
            Description=inputs.get("description"),
            KeyUsage=inputs.get("keyUsage"),
            KeySpec=inputs.get("customerMasterKeySpec"),
            MultiRegion=inputs.get("multiRegion"),
            Policy=inputs.get("policy"),
            Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()] or None,
        )
        id = answer["KeyMetadata"]["KeyId"]
        with self.existing(call, id, inputs):
            self._rotate(call, id, inputs)
            if inputs.get("isEnabled") is False:
                call.request("kms", "disable_key", KeyId=id)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the key; one that is to be deleted is gone."""
        answer = call.find("kms", "describe_key", KeyId=id)
        if answer is None or answer["KeyMetadata"]["KeyState"] == "PendingDeletion":
            return None
        key = answer["KeyMetadata"]
        tags = call.request("kms", "list_resource_tags", KeyId=id)["Tags"]
        rotation = call.request("kms", "get_key_rotation_status", KeyId=id)
        return {
            "arn": key["Arn"],
            "keyId": key["KeyId"],
            "description": key.get("Description", ""),
            "customerMasterKeySpec": key.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "keyUsage": key.get("KeyUsage", "ENCRYPT_DECRYPT"),
            "isEnabled": key["Enabled"],
            "multiRegion": key.get("MultiRegion", False),
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays", 365) if rotation["KeyRotationEnabled"] else 0,
            "policy": call.request("kms", "get_key_policy", KeyId=id, PolicyName="default")["Policy"],
            **self.tags_read({tag["TagKey"]: tag["TagValue"] for tag in tags}, inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change description, policy, rotation, state and tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if inputs.get("description") is not None and inputs["description"] != change.old("description"):
            call.request("kms", "update_key_description", KeyId=id, Description=inputs["description"])
        if inputs.get("policy") is not None and not same_document(inputs["policy"], change.old("policy")):
            call.request("kms", "put_key_policy", KeyId=id, PolicyName="default", Policy=inputs["policy"])
        self._rotate(call, id, inputs)
        if inputs.get("isEnabled") is not None and inputs["isEnabled"] != change.old("isEnabled"):
            call.request("kms", "enable_key" if inputs["isEnabled"] else "disable_key", KeyId=id)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("kms", "untag_resource", KeyId=id, TagKeys=to_remove)
        if to_set:
            tags = [{"TagKey": key, "TagValue": value} for key, value in to_set.items()]
            call.request("kms", "tag_resource", KeyId=id, Tags=tags)
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Schedule the deletion, which is all AWS does at once."""
        del outputs
        days = inputs.get("deletionWindowInDays") or _DEFAULT_DELETION_DAYS
        try:
            call.request("kms", "schedule_key_deletion", KeyId=id, PendingWindowInDays=days)
        except AwsError as error:
            if not error.is_not_found and error.kind != "KMSInvalidState":
                raise

    def _rotate(self, call: Call, id: str, inputs: Properties) -> None:
        if inputs.get("enableKeyRotation"):
            days = inputs.get("rotationPeriodInDays")
            call.request("kms", "enable_key_rotation", KeyId=id, RotationPeriodInDays=days)
        elif call.request("kms", "get_key_rotation_status", KeyId=id)["KeyRotationEnabled"]:
            call.request("kms", "disable_key_rotation", KeyId=id)
