"""aws.elasticache.ParameterGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_tags
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

# How many parameters the API takes in one call.
_PARAMETERS_PER_CALL: Final = 20


class ParameterGroupHandler(ResourceHandler):
    """A group of engine parameters; its id is its name, in lower case."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps names in lower case."""
        return name == "name" and str(old).lower() == str(new).lower()

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group, then set its parameters."""
        answer = call.request(
            "elasticache",
            "create_cache_parameter_group",
            CacheParameterGroupName=inputs["name"],
            CacheParameterGroupFamily=inputs["family"],
            Description=inputs["description"],
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        id = answer["CacheParameterGroup"]["CacheParameterGroupName"]
        with self.existing(call, id, inputs):
            _set(call, id, _by_name(inputs.get("parameters")))
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group and the parameters that are not at their default."""
        answer = call.find("elasticache", "describe_cache_parameter_groups", CacheParameterGroupName=id)
        if answer is None or not answer["CacheParameterGroups"]:
            return None
        group: dict[str, Any] = answer["CacheParameterGroups"][0]
        parameters = call.pages(
            "elasticache", "describe_cache_parameters", "Parameters", CacheParameterGroupName=id, Source="user"
        )
        return {
            "arn": group["ARN"],
            "name": group["CacheParameterGroupName"],
            "family": group["CacheParameterGroupFamily"],
            "description": group.get("Description", ""),
            "parameters": [
                {"name": item["ParameterName"], "value": item["ParameterValue"]}
                for item in sorted(parameters, key=lambda item: str(item["ParameterName"]))
                if "ParameterValue" in item
            ],
            **self.tags_read(elasticache_tags.read(call, group["ARN"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Reset the parameters that are left out now, then set those that differ."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        old, new = _by_name(change.old_outputs.get("parameters")), _by_name(inputs.get("parameters"))
        removed = sorted(old.keys() - new.keys())
        for start in range(0, len(removed), _PARAMETERS_PER_CALL):
            call.request(
                "elasticache",
                "reset_cache_parameter_group",
                CacheParameterGroupName=id,
                ParameterNameValues=[
                    {"ParameterName": name, "ParameterValue": old[name]}
                    for name in removed[start : start + _PARAMETERS_PER_CALL]
                ],
            )
        _set(call, id, {name: value for name, value in new.items() if old.get(name) != value})
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the group; a cache that is being deleted may still hold it for a moment."""
        del inputs, outputs
        try:
            call.retry(
                {"InvalidCacheParameterGroupState"},
                lambda: call.request("elasticache", "delete_cache_parameter_group", CacheParameterGroupName=id),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise


def _by_name(parameters: PropertyValue) -> dict[str, str]:
    return {
        str(item["name"]): str(item["value"])
        for item in (parameters if isinstance(parameters, list) else [])
        if isinstance(item, dict)
    }


def _set(call: Call, id: str, parameters: dict[str, str]) -> None:
    names = sorted(parameters)
    for start in range(0, len(names), _PARAMETERS_PER_CALL):
        call.request(
            "elasticache",
            "modify_cache_parameter_group",
            CacheParameterGroupName=id,
            ParameterNameValues=[
                {"ParameterName": name, "ParameterValue": parameters[name]}
                for name in names[start : start + _PARAMETERS_PER_CALL]
            ],
        )
