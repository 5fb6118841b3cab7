"""aws.cloudwatch.Dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import CheckFailure, ResourceState
    from cachewright_offline.values import Properties, PropertyValue


class DashboardHandler(ResourceHandler):
    """A dashboard; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names."""
        yield from validation.matches(inputs, "dashboardName", r"[0-9A-Za-z_-]{1,255}", "1-255 letters, digits, _ -")

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Bodies are compared by what they say."""
        return name == "dashboardBody" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the dashboard."""
        name = str(inputs["dashboardName"])
        call.request("cloudwatch", "put_dashboard", DashboardName=name, DashboardBody=inputs["dashboardBody"])
        return self.made(call, name, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the dashboard."""
        del inputs
        try:
            answer = call.request("cloudwatch", "get_dashboard", DashboardName=id)
        except AwsError as error:
            if error.is_not_found or error.kind == "ResourceNotFound":
                return None
            raise
        return {
            "dashboardArn": f"arn:{call.partition}:cloudwatch::{call.account_id}:dashboard/{id}",
            "dashboardName": id,
            "dashboardBody": answer["DashboardBody"],
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the dashboard anew."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        return self.create(call, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the dashboard."""
        del inputs, outputs
        try:
            call.request("cloudwatch", "delete_dashboards", DashboardNames=[id])
        except AwsError as error:
            if not error.is_not_found and error.kind != "ResourceNotFound":
                raise
