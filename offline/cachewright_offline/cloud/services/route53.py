"""Route 53: a hosted zone is made once per caller reference, and only records that exist are deleted."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def install() -> None:
    """Add the checks to moto's Route 53."""
    from moto.route53.exceptions import Route53ClientError
    from moto.route53.models import Route53Backend

    create = Route53Backend.create_hosted_zone
    change = Route53Backend.change_resource_record_sets

    def checked_create(self: Any, name: str, private_zone: bool, **settings: Any) -> Any:
        reference = settings.get("caller_reference")
        if reference and any(zone.caller_reference == reference for zone in self.zones.values()):
            message = f"A hosted zone has already been created with the specified caller reference: {reference}"
            raise Route53ClientError("HostedZoneAlreadyExists", message)
        return create(self, name, private_zone, **settings)

    def checked_change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> Any:
        zone = self.get_hosted_zone(zoneid)
        existing = {(_absolute(record.name), record.type) for record in zone.rrsets}
        for one in change_list:
            record = one["ResourceRecordSet"]
            key = (_absolute(record["Name"]), record["Type"])
            if one["Action"] == "DELETE" and key not in existing:
                message = (
                    f"[Tried to delete resource record set [name='{key[0]}', type='{key[1]}'] but it was not found]"
                )
                raise Route53ClientError("InvalidChangeBatch", message)
            existing.add(key)
        return change(self, zoneid, change_list)

    Route53Backend.create_hosted_zone = checked_create
    Route53Backend.change_resource_record_sets = checked_change


def _absolute(name: str) -> str:
    return name.lower().rstrip(".") + "."
