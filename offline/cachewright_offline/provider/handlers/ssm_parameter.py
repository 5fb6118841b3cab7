"""aws.ssm.Parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_VALUES = ("value", "insecureValue", "valueWo")


class ParameterHandler(ResourceHandler):
    """A parameter; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)
    write_only: ClassVar = frozenset({"valueWo"})

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """One value, of a type that AWS has."""
        yield from validation.one_of(inputs, "type", "String", "StringList", "SecureString")
        if not any(inputs.get(name) is not None for name in _VALUES):
            yield CheckFailure("value", f"exactly one of {', '.join(_VALUES)} must be given, found none: give one")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the parameter."""
        self._put(call, inputs, new=True)
        return self.made(call, str(inputs["name"]), inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the parameter with its value."""
        answer = call.find("ssm", "get_parameter", Name=id, WithDecryption=True)
        if answer is None:
            return None
        parameter = answer["Parameter"]
        filters = [{"Key": "Name", "Option": "Equals", "Values": [id]}]
        details = call.request("ssm", "describe_parameters", ParameterFilters=filters)["Parameters"]
        detail = details[0] if details else {}
        tags = call.request("ssm", "list_tags_for_resource", ResourceType="Parameter", ResourceId=id)["TagList"]
        name = "insecureValue" if inputs.get("insecureValue") is not None else "value"
        found: Properties = {
            "arn": parameter["ARN"],
            "name": id,
            "type": parameter["Type"],
            "version": parameter["Version"],
            "dataType": parameter.get("DataType", "text"),
            "description": detail.get("Description", ""),
            "allowedPattern": detail.get("AllowedPattern", ""),
            "keyId": detail.get("KeyId", ""),
            "tier": detail.get("Tier", "Standard"),
            **self.tags_read(tag_map(tags), inputs),
        }
        return found if "valueWo" in inputs else {**found, name: parameter["Value"]}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the parameter anew, then its tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        self._put(call, inputs, new=False)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("ssm", "remove_tags_from_resource", ResourceType="Parameter", ResourceId=id, TagKeys=to_remove)
        if to_set:
            call.request("ssm", "add_tags_to_resource", ResourceType="Parameter", ResourceId=id, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the parameter."""
        del inputs, outputs
        try:
            call.request("ssm", "delete_parameter", Name=id)
        except AwsError as error:
            if not error.is_not_found:
                raise

    def _put(self, call: Call, inputs: Properties, *, new: bool) -> None:
        value = next(inputs[name] for name in _VALUES if inputs.get(name) is not None)
        call.request(
            "ssm",
            "put_parameter",
            Name=inputs["name"],
            Type=inputs["type"],
            Value=value,
            Description=inputs.get("description"),
            AllowedPattern=inputs.get("allowedPattern"),
            KeyId=inputs.get("keyId"),
            Tier=inputs.get("tier"),
            DataType=inputs.get("dataType"),
            Overwrite=not new or bool(inputs.get("overwrite")),
            Tags=(tag_list(self.tags_for(inputs)) or None) if new else None,
        )
