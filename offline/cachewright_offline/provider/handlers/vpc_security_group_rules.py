"""What the standalone ingress and egress rules have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_tags
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import Change, ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_SOURCES = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
}


class SecurityGroupRuleHandler(ResourceHandler):
    """One rule: one source or destination, one range of ports."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    @property
    @abstractmethod
    def direction(self) -> str:
        """`ingress` or `egress`."""

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """Exactly one source; ports unless every protocol is meant."""
        given = [name for name in _SOURCES if inputs.get(name) is not None]
        if not given:
            yield CheckFailure("", f"exactly one of {', '.join(_SOURCES)} must be given, found none: give one")
        if inputs.get("ipProtocol") == "-1":
            for name in ("fromPort", "toPort"):
                if inputs.get(name) is not None:
                    yield CheckFailure(name, "must be left out with the protocol -1, which means every port: remove it")

    def replaces(self, path: str, change: Change) -> bool:
        """Another kind of source is another rule; another source of the same kind is an update."""
        del path
        kinds = [
            [name for name in _SOURCES if inputs.get(name) is not None] for inputs in (change.old_inputs, change.inputs)
        ]
        return kinds[0] != kinds[1]

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Authorize the rule."""
        source: dict[str, Any]
        described = {"Description": inputs["description"]} if inputs.get("description") else {}
        if inputs.get("cidrIpv4") is not None:
            source = {"IpRanges": [{"CidrIp": inputs["cidrIpv4"], **described}]}
        elif inputs.get("cidrIpv6") is not None:
            source = {"Ipv6Ranges": [{"CidrIpv6": inputs["cidrIpv6"], **described}]}
        elif inputs.get("prefixListId") is not None:
            source = {"PrefixListIds": [{"PrefixListId": inputs["prefixListId"], **described}]}
        else:
            source = {"UserIdGroupPairs": [{"GroupId": inputs["referencedSecurityGroupId"], **described}]}
        permission: dict[str, Any] = {"IpProtocol": inputs["ipProtocol"], **source}
        for name, argument in (("fromPort", "FromPort"), ("toPort", "ToPort")):
            if inputs.get(name) is not None:
                permission[argument] = inputs[name]
        answer = call.request(
            "ec2",
            f"authorize_security_group_{self.direction}",
            GroupId=inputs["securityGroupId"],
            IpPermissions=[permission],
            TagSpecifications=ec2_tags.specification("security-group-rule", self.tags_for(inputs)),
        )
        return self.made(call, answer["SecurityGroupRules"][0]["SecurityGroupRuleId"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the rule."""
        answer = call.find("ec2", "describe_security_group_rules", SecurityGroupRuleIds=[id])
        if answer is None or not answer["SecurityGroupRules"]:
            return None
        rule: dict[str, Any] = answer["SecurityGroupRules"][0]
        found: Properties = {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:security-group-rule/{id}",
            "securityGroupId": rule["GroupId"],
            "securityGroupRuleId": id,
            "ipProtocol": rule["IpProtocol"],
            "description": rule.get("Description") or "",
        }
        if rule["IpProtocol"] != "-1":
            found["fromPort"], found["toPort"] = rule.get("FromPort"), rule.get("ToPort")
        group = rule.get("ReferencedGroupInfo") or {}
        for name, member in _SOURCES.items():
            value = group.get("GroupId") if member == "ReferencedGroupId" else rule.get(member)
            if value:
                found[name] = value
        return {**found, **self.tags_read(tag_map(rule.get("Tags")), inputs)}

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change the rule in place."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        wanted: dict[str, Any] = {"IpProtocol": inputs["ipProtocol"]}
        for name, argument in (("fromPort", "FromPort"), ("toPort", "ToPort"), ("description", "Description")):
            if inputs.get(name) is not None:
                wanted[argument] = inputs[name]
        for name, argument in _SOURCES.items():
            if inputs.get(name) is not None:
                wanted[argument] = inputs[name]
        call.request(
            "ec2",
            "modify_security_group_rules",
            GroupId=inputs["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": id, "SecurityGroupRule": wanted}],
        )
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Revoke the rule."""
        del outputs
        try:
            call.request(
                "ec2",
                f"revoke_security_group_{self.direction}",
                GroupId=inputs["securityGroupId"],
                SecurityGroupRuleIds=[id],
            )
        except AwsError as error:
            if not error.is_not_found:
                raise
