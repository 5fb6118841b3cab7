"""aws.ec2.SecurityGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_permissions, ec2_tags
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties

_DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


class SecurityGroupHandler(ResourceHandler):
    """A security group, with the rules that its own arguments list.

    AWS gives a new group a rule that lets everything out; the provider takes it away.
    """

    timeouts: ClassVar = (600.0, 600.0, 900.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """Names and descriptions are 1-255 characters; a name does not look like an id."""
        yield from validation.matches(inputs, "name", r"(?!sg-).{1,255}", "1-255 characters not starting with sg-")
        yield from validation.matches(inputs, "description", r".{1,255}", "1-255 characters")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group, empty it, add the rules."""
        answer = call.request(
            "ec2",
            "create_security_group",
            GroupName=inputs["name"],
            Description=inputs["description"],
            VpcId=inputs.get("vpcId"),
            TagSpecifications=ec2_tags.specification("security-group", self.tags_for(inputs)),
        )
        id = answer["GroupId"]
        with self.existing(call, id, inputs):
            group = self._group(call, id)
            if group and group.get("IpPermissionsEgress"):
                call.request(
                    "ec2", "revoke_security_group_egress", GroupId=id, IpPermissions=group["IpPermissionsEgress"]
                )
            for direction in _DIRECTIONS:
                permissions = [ec2_permissions.from_rule(rule, id) for rule in _listed(inputs, direction)]
                if permissions:
                    call.request("ec2", f"authorize_security_group_{direction}", GroupId=id, IpPermissions=permissions)
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the group; rules only where the program lists them, as standalone ones are not its own."""
        group = self._group(call, id)
        if group is None:
            return None
        rules: Properties = {
            direction: ec2_permissions.to_rules(group.get(key) or [], id)
            for direction, key in _DIRECTIONS.items()
            if direction in inputs
        }
        return {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:security-group/{id}",
            "name": group["GroupName"],
            "namePrefix": "",
            "description": group["Description"],
            "ownerId": group.get("OwnerId", call.account_id),
            "vpcId": group.get("VpcId", ""),
            **rules,
            **self.tags_read(tag_map(group.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Revoke the listed rules that are gone, authorize the new ones."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        for direction, key in _DIRECTIONS.items():
            if direction not in inputs and direction not in old_inputs:
                continue
            group = self._group(call, id) or {}
            live = [*ec2_permissions.to_rules(group.get(key) or [], id)]
            wanted = _listed(inputs, direction)
            obsolete = [rule for rule in live if isinstance(rule, dict) and rule not in wanted]
            missing = [rule for rule in wanted if rule not in live]
            if obsolete:
                permissions = [ec2_permissions.from_rule(rule, id) for rule in obsolete]
                call.request("ec2", f"revoke_security_group_{direction}", GroupId=id, IpPermissions=permissions)
            if missing:
                permissions = [ec2_permissions.from_rule(rule, id) for rule in missing]
                call.request("ec2", f"authorize_security_group_{direction}", GroupId=id, IpPermissions=permissions)
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the group; a cache that is being deleted may still hold it for a moment."""
        del inputs, outputs
        try:
            call.retry({"DependencyViolation"}, lambda: call.request("ec2", "delete_security_group", GroupId=id))
        except AwsError as error:
            if not error.is_not_found:
                raise

    def _group(self, call: Call, id: str) -> dict[str, Any] | None:
        answer = call.find("ec2", "describe_security_groups", GroupIds=[id])
        return answer["SecurityGroups"][0] if answer and answer["SecurityGroups"] else None


def _listed(inputs: Properties, direction: str) -> list[dict[str, Any]]:
    rules = inputs.get(direction)
    return [dict(rule) for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
