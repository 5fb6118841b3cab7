"""Secrets Manager: what a secret that is scheduled for deletion refuses, and how rotation moves the staging labels.

A rotation's Lambda function must exist, and is not run here: whoever rehearses a rotation takes its part.
"""

from __future__ import annotations

import functools
import uuid
from typing import Any, Final

from cachewright_offline.cloud.clock import CLOCK

_MARKED: Final = "You can't perform this operation on the secret because it was marked for deletion."
_SCHEDULED: Final = "You can't create this secret because a secret with this name is already scheduled for deletion."
_NO_FUNCTION: Final = "No Lambda rotation function ARN is associated with this secret."
_LONGEST_ROTATION: Final = 1000
_SECONDS_OF_A_DAY: Final = 86_400
_IN_PROGRESS: Final = "A previous rotation isn't complete. That rotation will be reattempted."


@functools.cache
def install() -> None:
    """Correct moto's Secrets Manager."""
    from moto.secretsmanager.exceptions import InvalidParameterException, InvalidRequestException
    from moto.secretsmanager.models import SecretsManagerBackend

    create = SecretsManagerBackend.create_secret

    def checked_create(self: Any, name: str, **settings: Any) -> Any:
        existing = self.secrets.get(name)
        if existing is not None and existing.is_deleted():
            raise InvalidRequestException(_SCHEDULED)
        return create(self, name=name, **settings)

    def guarded(name: str) -> None:
        original = getattr(SecretsManagerBackend, name)

        @functools.wraps(original)
        def guard(self: Any, secret_id: str, *args: Any, **kwargs: Any) -> Any:
            secret = self.secrets.get(secret_id)
            if secret is not None and secret.is_deleted():
                raise InvalidRequestException(_MARKED)
            return original(self, secret_id, *args, **kwargs)

        setattr(SecretsManagerBackend, name, guard)

    delete = SecretsManagerBackend.delete_secret

    def checked_delete(self: Any, secret_id: str, **settings: Any) -> Any:
        secret = self.secrets.get(secret_id)
        if secret is not None and secret.is_deleted() and not settings.get("force_delete_without_recovery"):
            raise InvalidRequestException(_MARKED)
        return delete(self, secret_id=secret_id, **settings)

    rotate = SecretsManagerBackend.rotate_secret
    move_stage = SecretsManagerBackend.update_secret_version_stage

    def checked_rotate(
        self: Any,
        secret_id: str,
        client_request_token: str | None = None,
        rotation_lambda_arn: str | None = None,
        rotation_rules: dict[str, Any] | None = None,
        rotate_immediately: bool = True,
    ) -> Any:
        secret = self.secrets.get(secret_id)
        if secret is None:
            return rotate(self, secret_id)
        days = (rotation_rules or {}).get("AutomaticallyAfterDays")
        if days is not None and not 1 <= days <= _LONGEST_ROTATION:
            message = f"RotationRules.AutomaticallyAfterDays must be within 1-{_LONGEST_ROTATION}."
            raise InvalidParameterException(message)
        function = rotation_lambda_arn or secret.rotation_lambda_arn
        if not function:
            raise InvalidRequestException(_NO_FUNCTION)
        _check_function(self, function)
        for version in secret.versions.values():
            # moto has it the other way round: a rotation is over when both labels are on one version.
            if "AWSPENDING" in version["version_stages"]:
                if "AWSCURRENT" not in version["version_stages"]:
                    raise InvalidRequestException(_IN_PROGRESS)
                version["version_stages"].remove("AWSPENDING")
        # moto would invoke the function, in Docker; without one it takes the rotation as done, with the old value.
        version_id = client_request_token or str(uuid.uuid4())
        now = CLOCK.now().timestamp()
        secret.rotation_lambda_arn, secret.rotation_enabled, secret.rotation_requested = function, True, True
        if days is not None:
            secret.auto_rotate_after_days = days
            secret.next_rotation_date = int(now) + days * _SECONDS_OF_A_DAY
        if rotate_immediately:
            pending = {"createdate": int(now), "version_id": version_id, "version_stages": ["AWSPENDING"]}
            secret.versions[version_id] = pending
        return secret.to_short_dict(version_id=version_id if rotate_immediately else None)

    def checked_move_stage(
        self: Any, secret_id: str, version_stage: str, remove_from_version_id: str, move_to_version_id: str
    ) -> Any:
        secret = self.secrets.get(secret_id)
        if secret is not None:
            refusal = _stage_problem(secret, version_stage, remove_from_version_id, move_to_version_id)
            if refusal is not None:
                raise InvalidParameterException(refusal)
        answer = move_stage(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if secret is not None and version_stage == "AWSCURRENT" and move_to_version_id:
            # moto moves the label and goes on to answer with the version that had it.
            secret.set_default_version_id(move_to_version_id)
        return answer

    SecretsManagerBackend.rotate_secret = checked_rotate
    SecretsManagerBackend.update_secret_version_stage = checked_move_stage
    SecretsManagerBackend.create_secret = checked_create
    SecretsManagerBackend.delete_secret = checked_delete
    for name in ("get_secret_value", "put_secret_value", "put_resource_policy", "rotate_secret", "update_secret"):
        guarded(name)


def _check_function(backend: Any, function: str) -> None:
    """Refuse a rotation function that does not exist, before anything is changed."""
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda.utils import get_backend
    from moto.secretsmanager.exceptions import ResourceNotFoundException

    try:
        get_backend(backend.account_id, backend.region_name).get_function(function)
    except UnknownFunctionException as error:
        raise ResourceNotFoundException(f"Resource not found for ARN '{function}'.") from error


def _stage_problem(secret: Any, stage: str, remove_from: str | None, move_to: str | None) -> str | None:
    """Return what AWS says against moving a staging label, or None. moto checks AWSCURRENT only, and only in part."""
    holder = next((id for id, version in secret.versions.items() if stage in version["version_stages"]), None)
    if holder is not None and move_to not in {None, holder} and not remove_from:
        return (
            f"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to "
            f"version {holder}, so you must explicitly reference that version in RemoveFromVersionId."
        )
    if stage == "AWSCURRENT" and remove_from and not move_to:
        return "You can't remove the staging label AWSCURRENT from a version without moving it to another version."
    return None
