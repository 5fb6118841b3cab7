"""aws.sns.Topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
}


class TopicHandler(ResourceHandler):
    """A topic; its id is its ARN."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names."""
        yield from validation.matches(inputs, "name", r"[0-9A-Za-z_-]{1,256}(\.fifo)?", "1-256 of 0-9 A-Z a-z _ -")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name in {"policy", "deliveryPolicy"} and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the topic."""
        attributes = {member: str(inputs[name]) for name, member in _ATTRIBUTES.items() if inputs.get(name)}
        if inputs.get("fifoTopic"):
            attributes["FifoTopic"] = "true"
        answer = call.request(
            "sns",
            "create_topic",
            Name=inputs["name"],
            Attributes=attributes or None,
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        return self.made(call, answer["TopicArn"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the topic."""
        answer = call.find("sns", "get_topic_attributes", TopicArn=id)
        if answer is None:
            return None
        attributes = answer["Attributes"]
        tags = call.request("sns", "list_tags_for_resource", ResourceArn=id)["Tags"]
        return {
            "arn": id,
            "name": id.rpartition(":")[2],
            "namePrefix": "",
            "owner": attributes.get("Owner", call.account_id),
            "fifoTopic": attributes.get("FifoTopic") == "true",
            "beginningArchiveTime": "",
            **{name: attributes.get(member, "") for name, member in _ATTRIBUTES.items()},
            **self.tags_read(tag_map(tags), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set what differs."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        for name, member in _ATTRIBUTES.items():
            if (name in inputs or name in old_inputs) and inputs.get(name) != change.old(name):
                call.request(
                    "sns",
                    "set_topic_attributes",
                    TopicArn=id,
                    AttributeName=member,
                    AttributeValue=str(inputs.get(name) or ""),
                )
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("sns", "untag_resource", ResourceArn=id, TagKeys=to_remove)
        if to_set:
            call.request("sns", "tag_resource", ResourceArn=id, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the topic; SNS does not mind when it is gone."""
        del inputs, outputs
        call.request("sns", "delete_topic", TopicArn=id)
