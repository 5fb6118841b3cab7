"""aws.route53.Zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class ZoneHandler(ResourceHandler):
    """A hosted zone; its id is AWS's."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """A name may end in a dot; VPCs are told apart by their ids, and a region that is left out is AWS's to fill."""
        if name == "vpcs":
            before, after = _vpc_regions(old), _vpc_regions(new)
            return before.keys() == after.keys() and all(
                before[id] in {region, ""} for id, region in after.items() if region
            )
        return name == "name" and str(old).rstrip(".") == str(new).rstrip(".")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the zone; further VPCs are associated one by one."""
        vpcs = _vpcs(call, inputs)
        answer = call.request(
            "route53",
            "create_hosted_zone",
            Name=inputs["name"],
            # The same zone is asked for with the same reference, so that a create that was cut off is not done twice.
            CallerReference=str(inputs["name"]),
            HostedZoneConfig={"Comment": inputs.get("comment") or "", "PrivateZone": bool(vpcs)},
            VPC=vpcs[0] if vpcs else None,
            DelegationSetId=inputs.get("delegationSetId"),
        )
        id = answer["HostedZone"]["Id"].rpartition("/")[2]
        with self.existing(call, id, inputs):
            for vpc in vpcs[1:]:
                call.request("route53", "associate_vpc_with_hosted_zone", HostedZoneId=id, VPC=vpc)
            tags = self.tags_for(inputs)
            if tags:
                call.request(
                    "route53",
                    "change_tags_for_resource",
                    ResourceType="hostedzone",
                    ResourceId=id,
                    AddTags=tag_list(tags),
                )
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the zone."""
        answer = call.find("route53", "get_hosted_zone", Id=id)
        if answer is None:
            return None
        zone, servers = answer["HostedZone"], sorted((answer.get("DelegationSet") or {}).get("NameServers") or [])
        tags = call.request("route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=id)
        vpcs = [{"vpcId": one["VPCId"], "vpcRegion": one["VPCRegion"]} for one in answer.get("VPCs") or []]
        return {
            "arn": f"arn:{call.partition}:route53:::hostedzone/{id}",
            "zoneId": id,
            "name": zone["Name"].rstrip("."),
            "comment": zone.get("Config", {}).get("Comment", ""),
            "nameServers": [*servers],
            "primaryNameServer": servers[0] if servers else "",
            "vpcs": [*vpcs],
            **self.tags_read(tag_map(tags["ResourceTagSet"]["Tags"]), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change comment, VPCs and tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if inputs.get("comment") != change.old("comment"):
            call.request("route53", "update_hosted_zone_comment", Id=id, Comment=inputs.get("comment") or "")
        current, wanted = _vpcs(call, change.old_outputs), _vpcs(call, inputs)
        for vpc in wanted:
            if vpc not in current:
                call.request("route53", "associate_vpc_with_hosted_zone", HostedZoneId=id, VPC=vpc)
        for vpc in current:
            if wanted and vpc not in wanted:
                call.request("route53", "disassociate_vpc_from_hosted_zone", HostedZoneId=id, VPC=vpc)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_set or to_remove:
            call.request(
                "route53",
                "change_tags_for_resource",
                ResourceType="hostedzone",
                ResourceId=id,
                AddTags=tag_list(to_set) or None,
                RemoveTagKeys=to_remove or None,
            )
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the zone; AWS's own two records go with it."""
        del inputs, outputs
        try:
            call.retry({"HostedZoneNotEmpty"}, lambda: call.request("route53", "delete_hosted_zone", Id=id))
        except AwsError as error:
            if not error.is_not_found:
                raise


def _vpcs(call: Call, properties: Properties) -> list[dict[str, Any]]:
    given = properties.get("vpcs")
    return [
        {"VPCId": one["vpcId"], "VPCRegion": one.get("vpcRegion") or call.region}
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
    ]


def _vpc_regions(given: PropertyValue) -> dict[str, str]:
    """Return the region of each VPC by its id; none where it is not told."""
    return {
        str(one["vpcId"]): str(one.get("vpcRegion") or "")
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
    }
