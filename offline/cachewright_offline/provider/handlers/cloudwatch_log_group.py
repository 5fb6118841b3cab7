"""aws.cloudwatch.LogGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

# Source: CloudWatch Logs' API reference, PutRetentionPolicy; 0 keeps for ever.
_RETENTIONS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


class LogGroupHandler(ResourceHandler):
    """A log group; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """AWS's names and retentions."""
        yield from validation.matches(inputs, "name", r"[0-9A-Za-z_./#-]{1,512}", "1-512 of 0-9 A-Z a-z _ . / # -")
        days = inputs.get("retentionInDays")
        if isinstance(days, int) and days not in _RETENTIONS:
            yield CheckFailure("retentionInDays", f"expected one of {', '.join(map(str, _RETENTIONS))}, found {days}")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the group, then its retention."""
        name = str(inputs["name"])
        call.request(
            "logs",
            "create_log_group",
            logGroupName=name,
            kmsKeyId=inputs.get("kmsKeyId"),
            logGroupClass=inputs.get("logGroupClass"),
            tags=self.tags_for(inputs) or None,
        )
        with self.existing(call, name, inputs):
            if inputs.get("retentionInDays"):
                call.request(
                    "logs", "put_retention_policy", logGroupName=name, retentionInDays=inputs["retentionInDays"]
                )
        return self.made(call, name, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the group by its whole name."""
        groups = call.request("logs", "describe_log_groups", logGroupNamePrefix=id)["logGroups"]
        group = next((one for one in groups if one["logGroupName"] == id), None)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        tags = call.request("logs", "list_tags_for_resource", resourceArn=arn).get("tags", {})
        return {
            "arn": arn,
            "name": id,
            "namePrefix": "",
            "retentionInDays": group.get("retentionInDays", 0),
            "kmsKeyId": group.get("kmsKeyId", ""),
            "logGroupClass": group.get("logGroupClass", "STANDARD"),
            **self.tags_read(tags, inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Change retention and tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        days = inputs.get("retentionInDays") or 0
        if days != change.old("retentionInDays"):
            if days:
                call.request("logs", "put_retention_policy", logGroupName=id, retentionInDays=days)
            else:
                call.request("logs", "delete_retention_policy", logGroupName=id)
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        arn = change.old_outputs["arn"]
        if to_remove:
            call.request("logs", "untag_resource", resourceArn=arn, tagKeys=to_remove)
        if to_set:
            call.request("logs", "tag_resource", resourceArn=arn, tags=to_set)
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the group, unless it is to be kept."""
        del outputs
        if inputs.get("skipDestroy"):
            return
        try:
            call.request("logs", "delete_log_group", logGroupName=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
