"""aws.sns.TopicSubscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_DOCUMENTS = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "redrivePolicy": "RedrivePolicy",
}


class TopicSubscriptionHandler(ResourceHandler):
    """Who hears of a topic; its id is its ARN."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name in _DOCUMENTS and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Subscribe."""
        attributes = {member: str(inputs[name]) for name, member in _DOCUMENTS.items() if inputs.get(name)}
        if inputs.get("rawMessageDelivery"):
            attributes["RawMessageDelivery"] = "true"
        answer = call.request(
            "sns",
            "subscribe",
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes=attributes or None,
            ReturnSubscriptionArn=True,
        )
        return self.made(call, answer["SubscriptionArn"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the subscription."""
        del inputs
        answer = call.find("sns", "get_subscription_attributes", SubscriptionArn=id)
        if answer is None:
            return None
        attributes = answer["Attributes"]
        return {
            "arn": id,
            "topic": attributes["TopicArn"],
            "protocol": attributes["Protocol"],
            "endpoint": attributes["Endpoint"],
            "ownerId": attributes.get("Owner", call.account_id),
            "pendingConfirmation": attributes.get("PendingConfirmation") == "true",
            "confirmationWasAuthenticated": attributes.get("ConfirmationWasAuthenticated") == "true",
            "rawMessageDelivery": attributes.get("RawMessageDelivery") == "true",
            **{name: attributes.get(member, "") for name, member in _DOCUMENTS.items()},
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set what differs."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        wanted = {member: str(inputs.get(name) or "") for name, member in _DOCUMENTS.items()}
        current = {member: str(change.old(name) or "") for name, member in _DOCUMENTS.items()}
        wanted["RawMessageDelivery"] = "true" if inputs.get("rawMessageDelivery") else "false"
        current["RawMessageDelivery"] = "true" if change.old("rawMessageDelivery") else "false"
        for member, value in wanted.items():
            if value != current[member]:
                call.request(
                    "sns",
                    "set_subscription_attributes",
                    SubscriptionArn=id,
                    AttributeName=member,
                    AttributeValue=value,
                )
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Unsubscribe."""
        del inputs, outputs
        try:
            call.request("sns", "unsubscribe", SubscriptionArn=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
