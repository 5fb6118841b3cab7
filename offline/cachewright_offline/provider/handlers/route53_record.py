"""aws.route53.Record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class RecordHandler(ResourceHandler):
    """A simple record; its id is `<zone>_<name>_<type>`."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """Records with a time to live, or aliases."""
        if not inputs.get("records") and not inputs.get("aliases"):
            yield CheckFailure("records", "exactly one of records and aliases must be given, found none: give one")
        if inputs.get("records") and inputs.get("ttl") is None:
            yield CheckFailure("ttl", "must be given with records: add it, in seconds")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """A name may end in a dot."""
        return name == "name" and str(old).rstrip(".") == str(new).rstrip(".")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the record, or with allowOverwrite put it over one that is there."""
        self._change(call, "UPSERT" if inputs.get("allowOverwrite") else "CREATE", inputs)
        return self.made(call, f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}", inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the record in its zone."""
        del inputs
        zone, _, rest = id.partition("_")
        name, _, kind = rest.rpartition("_")
        try:
            sets = call.pages("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone)
        except AwsError as error:
            if error.is_not_found:
                return None
            raise
        full = str(call.request("route53", "get_hosted_zone", Id=zone)["HostedZone"]["Name"]).rstrip(".")
        wanted = name.rstrip(".") if name.rstrip(".").endswith(full) else f"{name}.{full}"
        for one in sets:
            if one["Name"].rstrip(".") == wanted and one["Type"] == kind:
                found: Properties = {"zoneId": zone, "name": name, "type": kind, "fqdn": wanted}
                alias = one.get("AliasTarget")
                if alias:
                    found["aliases"] = [
                        {
                            "name": alias["DNSName"],
                            "zoneId": alias["HostedZoneId"],
                            "evaluateTargetHealth": alias["EvaluateTargetHealth"],
                        }
                    ]
                else:
                    found["records"] = sorted(record["Value"] for record in one.get("ResourceRecords") or [])
                    found["ttl"] = one.get("TTL", 0)
                return found
        return None

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the record anew; another type is another record."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        if old_inputs.get("type") != inputs.get("type"):
            self._change(call, "DELETE", old_inputs)
        self._change(call, "UPSERT", inputs)
        return self.made(call, f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}", inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the record."""
        del outputs
        if self.describe(call, id, inputs) is not None:
            self._change(call, "DELETE", inputs)

    def _change(self, call: Call, action: str, inputs: Properties) -> None:
        zone = str(inputs["zoneId"])
        full = str(call.request("route53", "get_hosted_zone", Id=zone)["HostedZone"]["Name"]).rstrip(".")
        name = str(inputs["name"]).rstrip(".")
        record: dict[str, Any] = {"Name": name if name.endswith(full) else f"{name}.{full}", "Type": inputs["type"]}
        aliases, records = inputs.get("aliases"), inputs.get("records")
        if isinstance(aliases, list) and aliases and isinstance(aliases[0], dict):
            record["AliasTarget"] = {
                "DNSName": aliases[0]["name"],
                "HostedZoneId": aliases[0]["zoneId"],
                "EvaluateTargetHealth": bool(aliases[0].get("evaluateTargetHealth")),
            }
        elif isinstance(records, list):
            record["TTL"], record["ResourceRecords"] = inputs["ttl"], [{"Value": value} for value in records]
        call.request(
            "route53",
            "change_resource_record_sets",
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
        )
