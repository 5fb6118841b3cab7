"""aws.kms.Alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.naming import automatic_name
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.provider.schema import Node
    from cachewright_offline.values import Properties, PropertyValue

_PREFIX = "alias/"


class AliasHandler(ResourceHandler):
    """A name of a key; its id is the name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def automatic_name(self, node: Node, resource_name: str, random_seed: bytes) -> str:
        """An alias begins with `alias/`."""
        return _PREFIX + automatic_name(resource_name, random_seed, (node.autoname or 255) - len(_PREFIX))

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names."""
        yield from validation.matches(
            inputs, "name", r"alias/(?!aws/)[0-9A-Za-z/_-]+", "alias/ and letters, digits, / _ -, not alias/aws/"
        )

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """A key is named by its id or by its ARN."""
        return name == "targetKeyId" and str(old).rpartition("/")[2] == str(new).rpartition("/")[2]

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the alias."""
        name = str(inputs["name"])
        call.request("kms", "create_alias", AliasName=name, TargetKeyId=inputs["targetKeyId"])
        return self.made(call, name, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the alias."""
        del inputs
        found = next((one for one in call.pages("kms", "list_aliases", "Aliases") if one["AliasName"] == id), None)
        if found is None:
            return None
        key = found["TargetKeyId"]
        return {
            "arn": found["AliasArn"],
            "name": id,
            "namePrefix": "",
            "targetKeyId": key,
            "targetKeyArn": f"arn:{call.partition}:kms:{call.region}:{call.account_id}:key/{key.rpartition('/')[2]}",
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Let it name another key."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        call.request("kms", "update_alias", AliasName=id, TargetKeyId=inputs["targetKeyId"])
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the alias."""
        del inputs, outputs
        try:
            call.request("kms", "delete_alias", AliasName=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
