"""aws.sns.TopicPolicy."""

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


class TopicPolicyHandler(ResourceHandler):
    """Who may use a topic; its id is the topic's ARN."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Set the policy."""
        self._set(call, str(inputs["arn"]), str(inputs["policy"]))
        return self.made(call, str(inputs["arn"]), inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the topic's policy."""
        del inputs
        answer = call.find("sns", "get_topic_attributes", TopicArn=id)
        if answer is None:
            return None
        attributes = answer["Attributes"]
        return {"arn": id, "owner": attributes.get("Owner", call.account_id), "policy": attributes.get("Policy", "")}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set the policy anew."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.create(call, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Give the topic back the policy that it had from AWS: its owner may use it."""
        del inputs, outputs
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes"],
            "Resource": id,
            "Condition": {"StringEquals": {"AWS:SourceOwner": call.account_id}},
        }
        try:
            self._set(call, id, json.dumps({"Version": "2008-10-17", "Statement": [statement]}))
        except AwsError as error:
            if not error.is_not_found:
                raise

    def _set(self, call: Call, arn: str, policy: str) -> None:
        call.request("sns", "set_topic_attributes", TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
