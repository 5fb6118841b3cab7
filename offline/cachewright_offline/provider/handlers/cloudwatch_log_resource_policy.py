"""aws.cloudwatch.LogResourcePolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class LogResourcePolicyHandler(ResourceHandler):
    """Which services may write logs into an account; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """A policy of the account has a name; one of a single log group is not kept by the local AWS."""
        if inputs.get("resourceArn") is not None:
            yield CheckFailure(
                "resourceArn", "the local AWS knows policies of the account only: give policyName instead"
            )
        elif inputs.get("policyName") is None:
            yield CheckFailure("policyName", "expected the policy's name, found nothing: give one")
        yield from validation.matches(inputs, "policyName", r"[^:*]{1,255}", "1-255 characters without : and *")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared by what they say."""
        return name == "policyDocument" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the policy."""
        name = str(inputs["policyName"])
        call.request("logs", "put_resource_policy", policyName=name, policyDocument=inputs["policyDocument"])
        return self.made(call, name, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the policy by its name."""
        del inputs
        policies = call.pages("logs", "describe_resource_policies", "resourcePolicies")
        policy = next((one for one in policies if one.get("policyName") == id), None)
        if policy is None:
            return None
        return {
            "policyName": id,
            "policyDocument": policy["policyDocument"],
            "policyScope": policy.get("policyScope", "ACCOUNT"),
            "revisionId": policy.get("revisionId", ""),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the policy anew."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.create(call, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the policy."""
        del inputs, outputs
        try:
            call.request("logs", "delete_resource_policy", policyName=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
