"""What AWS refuses, as the provider tells it."""

from __future__ import annotations

import re
import sys
from typing import Final

from cachewright_offline.provider.protocol import ProviderError

# botocore repeats the offending value, which may be a secret.
_VALUE: Final = re.compile(r"value: .*?, type:", re.DOTALL)


class AwsError(ProviderError):
    """AWS answered a call with an error.

    Attributes:
        operation: The API operation, such as `CreateReplicationGroup`.
        code: AWS's error code, such as `ReplicationGroupNotFoundFault`.
    """

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.operation = operation
        self.code = code
        self.message = message

    @property
    def kind(self) -> str:
        """The code without the ending that some of AWS's services and SDKs add to it."""
        return self.code.removesuffix("Exception").removesuffix("Fault")

    @property
    def is_not_found(self) -> bool:
        """Whether the thing asked for does not exist."""
        return self.kind.endswith(("NotFound", ".Malformed")) or self.kind in {"NoSuchEntity", "NoSuchHostedZone"}


class UnreachableError(ProviderError):
    """The local AWS does not answer."""


def translated(error: Exception) -> ProviderError | None:
    """Return a botocore error as the provider's own, or None when it is another kind of error."""
    if "botocore" not in sys.modules:
        return None
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        details = error.response.get("Error", {})
        return AwsError(error.operation_name, details.get("Code", "Unknown"), details.get("Message", "").strip())
    if isinstance(error, exceptions.ParamValidationError):
        return ProviderError(_VALUE.sub("value withheld, type:", str(error)))
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError):
        return UnreachableError(
            f"the local AWS does not answer ({type(error).__name__}): "
            "see `cachewright local status`, start it with `cachewright local start`"
        )
    if isinstance(error, exceptions.BotoCoreError):
        return ProviderError(str(error))
    return None
