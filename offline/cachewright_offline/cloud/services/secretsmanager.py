"""Secrets Manager: what a secret that is scheduled for deletion refuses, in AWS's words."""

from __future__ import annotations

import functools
from typing import Any, Final

_MARKED: Final = "You can't perform this operation on the secret because it was marked for deletion."
_SCHEDULED: Final = "You can't create this secret because a secret with this name is already scheduled for deletion."


@functools.cache
def install() -> None:
    """Correct moto's Secrets Manager."""
    from moto.secretsmanager.exceptions import InvalidRequestException
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

    SecretsManagerBackend.create_secret = checked_create
    SecretsManagerBackend.delete_secret = checked_delete
    for name in ("get_secret_value", "put_secret_value", "put_resource_policy", "update_secret"):
        guarded(name)
