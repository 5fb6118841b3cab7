"""AWS's errors by their names in botocore's model."""

from __future__ import annotations

import functools


class Fault(Exception):  # noqa: N818  # AWS calls them so
    """An error that a client is to see.

    Attributes:
        code: The code on the wire, which botocore calls `Error.Code`.
        message: AWS's sentence about it.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def fault(name: str, message: str) -> Fault:
    """Return the error of that name, with the code and HTTP status that botocore's model gives it.

    Args:
        name: A shape's name (`ReplicationGroupNotFoundFault`), its code (`InvalidParameterValue`), or one of the codes
            that all AWS services share (`MissingParameter`).
        message: What to say.
    """
    code, status = _known().get(name, (name, 400))
    return Fault(code, message, status)


def invalid_value(message: str) -> Fault:
    """Return InvalidParameterValue, AWS's most used refusal."""
    return fault("InvalidParameterValueException", message)


def invalid_combination(message: str) -> Fault:
    """Return InvalidParameterCombination: the parameters are right, but not together."""
    return fault("InvalidParameterCombinationException", message)


@functools.cache
def _known() -> dict[str, tuple[str, int]]:
    from cachewright_offline.cloud.elasticache.protocol import service_model

    model = service_model()
    known: dict[str, tuple[str, int]] = {}
    for name in model.shape_names:
        metadata = model.shape_for(name).metadata
        error = metadata.get("error")
        if error:
            entry = (str(error.get("code", name)), int(error.get("httpStatusCode", 400)))
            known[name] = entry
            known.setdefault(entry[0], entry)
    return known
