"""Security group permissions between Pulumi's inline rules and EC2's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cachewright_offline.values import PropertyValue


def from_rule(rule: dict[str, Any], group_id: str) -> dict[str, Any]:
    """Return an inline rule as EC2's IpPermission."""
    described = {"Description": rule["description"]} if rule.get("description") else {}
    groups = [*(rule.get("securityGroups") or []), *([group_id] if rule.get("self") else [])]
    permission: dict[str, Any] = {"IpProtocol": str(rule["protocol"])}
    if permission["IpProtocol"] != "-1":
        permission["FromPort"], permission["ToPort"] = rule["fromPort"], rule["toPort"]
    if rule.get("cidrBlocks"):
        permission["IpRanges"] = [{"CidrIp": block, **described} for block in rule["cidrBlocks"]]
    if rule.get("ipv6CidrBlocks"):
        permission["Ipv6Ranges"] = [{"CidrIpv6": block, **described} for block in rule["ipv6CidrBlocks"]]
    if rule.get("prefixListIds"):
        permission["PrefixListIds"] = [{"PrefixListId": one, **described} for one in rule["prefixListIds"]]
    if groups:
        permission["UserIdGroupPairs"] = [{"GroupId": one, **described} for one in groups]
    return permission


def to_rules(permissions: list[dict[str, Any]], group_id: str) -> list[PropertyValue]:
    """Return EC2's permissions as inline rules, one for each description and source kind it takes."""
    rules: list[PropertyValue] = []
    for permission in permissions:
        by_description: dict[str, dict[str, Any]] = {}
        sources = (
            ("cidrBlocks", "IpRanges", "CidrIp"),
            ("ipv6CidrBlocks", "Ipv6Ranges", "CidrIpv6"),
            ("prefixListIds", "PrefixListIds", "PrefixListId"),
            ("securityGroups", "UserIdGroupPairs", "GroupId"),
        )
        for name, key, member in sources:
            for item in permission.get(key) or []:
                rule = by_description.setdefault(item.get("Description", ""), _rule(permission))
                if name == "securityGroups" and item[member] == group_id:
                    rule["self"] = True
                else:
                    rule.setdefault(name, []).append(item[member])
        for description, rule in sorted(by_description.items()):
            rules.append({**rule, **({"description": description} if description else {})})
    return rules


def _rule(permission: dict[str, Any]) -> dict[str, Any]:
    return {
        "protocol": permission["IpProtocol"],
        "fromPort": permission.get("FromPort", 0),
        "toPort": permission.get("ToPort", 0),
    }
