"""CloudWatch Logs: retention periods, keys and classes of log groups, and no tags left of deleted ones."""

from __future__ import annotations

import functools
from typing import Any, Final

_RETENTION_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_DEFAULT_CLASS: Final = "STANDARD"


@functools.cache
def install() -> None:
    """Correct moto's log groups."""
    from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
    from moto.logs.models import LogGroup, LogsBackend
    from moto.logs.responses import LogsResponse

    put_retention = LogsBackend.put_retention_policy
    create = LogsResponse.create_log_group
    describe = LogGroup.to_describe_dict

    def checked_put_retention(self: Any, log_group_name: str, retention_in_days: Any) -> None:
        if retention_in_days not in _RETENTION_DAYS:
            allowed = ", ".join(str(days) for days in _RETENTION_DAYS)
            raise InvalidParameterException(
                constraint=f"Member must satisfy enum value set: [{allowed}]",
                parameter="retentionInDays",
                value=retention_in_days,
            )
        put_retention(self, log_group_name, retention_in_days)

    def create_with_class(self: Any) -> str:
        answer: str = create(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.log_group_class = self._get_param("logGroupClass") or _DEFAULT_CLASS
        return answer

    def describe_with_class(self: Any) -> dict[str, Any]:
        described: dict[str, Any] = describe(self)
        return described | {"logGroupClass": getattr(self, "log_group_class", _DEFAULT_CLASS)}

    def group_of(self: Any) -> Any:
        # A group is given by name, or by ARN as `resourceIdentifier`.
        name = self._get_param("logGroupName") or (self._get_param("resourceIdentifier") or "").rpartition(":")[2]
        group = self.logs_backend.groups.get(name)
        if group is None:
            raise ResourceNotFoundException
        return group

    def associate_kms_key(self: Any) -> str:
        group_of(self).kms_key_id = self._get_param("kmsKeyId")
        return ""

    def disassociate_kms_key(self: Any) -> str:
        group_of(self).kms_key_id = None
        return ""

    delete = LogsBackend.delete_log_group

    def complete_delete(self: Any, log_group_name: str) -> None:
        group = self.groups.get(log_group_name)
        delete(self, log_group_name)
        self.tagger.delete_all_tags_for_resource(group.arn)

    LogsBackend.delete_log_group = complete_delete
    LogsBackend.put_retention_policy = checked_put_retention
    LogsResponse.create_log_group = create_with_class
    LogGroup.to_describe_dict = describe_with_class
    LogsResponse.associate_kms_key = associate_kms_key
    LogsResponse.disassociate_kms_key = disassociate_kms_key
