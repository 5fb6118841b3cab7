"""aws.secretsmanager.SecretVersion."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.provider.resource import Change
    from cachewright_offline.values import Properties

_SEPARATOR = "|"


class SecretVersionHandler(ResourceHandler):
    """A secret's value; its id is the secret's ARN and the version's id."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)
    write_only: ClassVar = frozenset({"secretStringWo"})

    def replaces(self, path: str, change: Change) -> bool:
        """Another value is another version."""
        return path == "secretString" and bool(change.old_inputs.get(path)) and bool(change.inputs.get(path))

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the value."""
        binary = inputs.get("secretBinary")
        answer = call.request(
            "secretsmanager",
            "put_secret_value",
            SecretId=inputs["secretId"],
            SecretString=inputs.get("secretString") or inputs.get("secretStringWo"),
            SecretBinary=base64.b64decode(str(binary)) if binary else None,
            VersionStages=inputs.get("versionStages"),
        )
        return self.made(call, f"{answer['ARN']}{_SEPARATOR}{answer['VersionId']}", inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the version."""
        arn, _, version = id.partition(_SEPARATOR)
        try:
            answer = call.find("secretsmanager", "get_secret_value", SecretId=arn, VersionId=version)
        except AwsError as error:
            # The secret is scheduled for deletion, and its versions with it.
            if error.kind == "InvalidRequest":
                return None
            raise
        if answer is None:
            return None
        found: Properties = {
            "arn": answer["ARN"],
            "secretId": inputs.get("secretId") or arn,
            "versionId": answer["VersionId"],
            "versionStages": sorted(answer.get("VersionStages") or []),
        }
        if "SecretString" in answer and "secretStringWo" not in inputs:
            found["secretString"] = answer["SecretString"]
        if "SecretBinary" in answer:
            found["secretBinary"] = base64.b64encode(answer["SecretBinary"]).decode()
        return found

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put a value where there was none, or move the stages."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        if inputs.get("secretString") != change.old("secretString") or inputs.get(
            "secretStringWoVersion"
        ) != old_inputs.get("secretStringWoVersion"):
            return self.create(call, inputs)
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Take the stages off the version, which lets AWS discard it; the current one goes with its secret."""
        del call, id, inputs, outputs
