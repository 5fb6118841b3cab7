"""KMS: what a key that waits for its deletion refuses, and the period of rotation."""

from __future__ import annotations

import functools
from typing import Any, Final

_SHORTEST_WINDOW: Final = 7
_LONGEST_WINDOW: Final = 30
_DEFAULT_ROTATION_DAYS: Final = 365
_REFUSED_WHILE_PENDING: Final = (
    *("disable_key", "disable_key_rotation", "enable_key", "enable_key_rotation", "put_key_policy"),
    *("schedule_key_deletion", "update_key_description"),
)


@functools.cache
def install() -> None:
    """Correct moto's KMS."""
    import json

    from moto.core.exceptions import JsonRESTError
    from moto.kms.exceptions import ValidationException
    from moto.kms.models import KmsBackend
    from moto.kms.responses import KmsResponse

    class InvalidStateError(JsonRESTError):  # type: ignore[misc]
        """AWS's fault for a key whose state does not allow the request."""

        code = 400

        def __init__(self, message: str) -> None:
            super().__init__("KMSInvalidStateException", message)

    def check_not_pending(backend: Any, key_id: str) -> None:
        key = backend.keys.get(backend.any_id_to_key_id(key_id))
        if key is not None and key.key_state == "PendingDeletion":
            raise InvalidStateError(f"{key.arn} is pending deletion.")

    def guarded(name: str) -> None:
        original = getattr(KmsBackend, name)

        @functools.wraps(original)
        def guard(self: Any, key_id: str, *args: Any, **kwargs: Any) -> Any:
            check_not_pending(self, key_id)
            return original(self, key_id, *args, **kwargs)

        setattr(KmsBackend, name, guard)

    create_alias = KmsBackend.create_alias

    def checked_create_alias(self: Any, target_key_id: str, alias_name: str) -> Any:
        check_not_pending(self, target_key_id)
        return create_alias(self, target_key_id, alias_name)

    schedule = KmsBackend.schedule_key_deletion

    def checked_schedule(self: Any, key_id: str, pending_window_in_days: int) -> Any:
        if not _SHORTEST_WINDOW <= pending_window_in_days <= _LONGEST_WINDOW:
            message = (
                f"PendingWindowInDays must be between {_SHORTEST_WINDOW} and {_LONGEST_WINDOW}, "
                f"not {pending_window_in_days}."
            )
            raise ValidationException(message)
        # moto looks for the key by its plain id only.
        return schedule(self, self.any_id_to_key_id(key_id), pending_window_in_days)

    enable_rotation = KmsResponse.enable_key_rotation
    rotation_status = KmsResponse.get_key_rotation_status

    def enable_rotation_with_period(self: Any) -> str:
        answer: str = enable_rotation(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period_in_days = self._get_param("RotationPeriodInDays") or _DEFAULT_ROTATION_DAYS
        return answer

    def status_with_period(self: Any) -> str:
        status = json.loads(rotation_status(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        if status["KeyRotationEnabled"]:
            status["RotationPeriodInDays"] = getattr(key, "rotation_period_in_days", _DEFAULT_ROTATION_DAYS)
        return json.dumps(status | {"KeyId": key.arn})

    KmsBackend.create_alias = checked_create_alias
    KmsBackend.schedule_key_deletion = checked_schedule
    KmsResponse.enable_key_rotation = enable_rotation_with_period
    KmsResponse.get_key_rotation_status = status_with_period
    for name in _REFUSED_WHILE_PENDING:
        guarded(name)
