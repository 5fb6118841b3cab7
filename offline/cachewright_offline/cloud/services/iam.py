"""IAM: policies that are in use are not deleted, and attaching one twice is attaching it once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.cache
def install() -> None:
    """Add the checks to moto's IAM."""
    from moto.iam.exceptions import DeleteConflictException
    from moto.iam.models import IAMBackend

    delete = IAMBackend.delete_policy

    def checked_delete(self: Any, policy_arn: str) -> None:
        policy = self.get_policy(policy_arn)
        if any(policy.arn in one.managed_policies for one in _entities(self)):
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            message = "This policy has more than one version. Before you delete a policy, you must delete the others."
            raise DeleteConflictException(message)
        delete(self, policy_arn)

    attach = IAMBackend.attach_role_policy

    def attach_once(self: Any, policy_arn: str, role_name: str) -> None:
        # moto counts every attachment, also of what is attached.
        if policy_arn not in self.get_role(role_name).managed_policies:
            attach(self, policy_arn, role_name)

    IAMBackend.delete_policy = checked_delete
    IAMBackend.attach_role_policy = attach_once


def _entities(backend: Any) -> Iterator[Any]:
    yield from backend.roles.values()
    yield from backend.users.values()
    yield from backend.groups.values()
