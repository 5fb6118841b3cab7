"""aws.elasticache.SubnetGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_list
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import elasticache_tags
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class SubnetGroupHandler(ResourceHandler):
    """A group of subnets; its id is its name, in lower case."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """AWS keeps names in lower case."""
        return name == "name" and str(old).lower() == str(new).lower()

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group."""
        answer = call.request(
            "elasticache",
            "create_cache_subnet_group",
            CacheSubnetGroupName=inputs["name"],
            CacheSubnetGroupDescription=inputs["description"],
            SubnetIds=inputs["subnetIds"],
            Tags=tag_list(self.tags_for(inputs)) or None,
        )
        return self.made(call, answer["CacheSubnetGroup"]["CacheSubnetGroupName"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group."""
        answer = call.find("elasticache", "describe_cache_subnet_groups", CacheSubnetGroupName=id)
        if answer is None or not answer["CacheSubnetGroups"]:
            return None
        group: dict[str, Any] = answer["CacheSubnetGroups"][0]
        return {
            "arn": group["ARN"],
            "name": group["CacheSubnetGroupName"],
            "description": group.get("CacheSubnetGroupDescription", ""),
            "subnetIds": sorted(subnet["SubnetIdentifier"] for subnet in group.get("Subnets", [])),
            "vpcId": group.get("VpcId", ""),
            **self.tags_read(elasticache_tags.read(call, group["ARN"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change the description and the subnets."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        call.request(
            "elasticache",
            "modify_cache_subnet_group",
            CacheSubnetGroupName=id,
            CacheSubnetGroupDescription=inputs["description"],
            SubnetIds=inputs["subnetIds"],
        )
        elasticache_tags.apply(call, str(change.old("arn")), self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the group; a cache that is being deleted may still hold it for a moment."""
        del inputs, outputs
        try:
            call.retry(
                {"CacheSubnetGroupInUse", "DependencyViolation"},
                lambda: call.request("elasticache", "delete_cache_subnet_group", CacheSubnetGroupName=id),
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
