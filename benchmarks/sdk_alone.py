"""What a program costs before anything of ours: Pulumi's SDK against a monitor that answers at once.

The program in the current folder runs in this process with the SDK as it is. The monitor says yes to every
registration and gives the inputs back as outputs; it keeps nothing, checks nothing and shows nothing. An engine that
leaves the SDK as it is cannot cost less, and a gRPC socket comes on top.
"""

import asyncio
import gc
import runpy
import sys
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import settings, stack
from pulumi.runtime.proto import resource_pb2


class Yes:
    """A monitor that agrees."""

    def GetDeploymentInfo(self, _: Any) -> Any:  # noqa: N802 - the stub's name
        """Support what cachewright's monitor does, as far as the program uses it."""
        features = (
            resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
            resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
            resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
            resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
        )
        return resource_pb2.DeploymentInfo(dryRun=True, supportedFeatures=features)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Give the inputs back."""
        urn = f"urn:pulumi:dev::bench::{request.type}::{request.name}"
        return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)

    def __getattr__(self, _: str) -> Any:
        """Answer everything else with nothing."""
        return lambda _: empty_pb2.Empty()


def main() -> None:
    """Run the program, as a preview, without Python's garbage collector, as cachewright does."""
    gc.disable()
    sys.path.insert(0, ".")
    settings.configure(settings.Settings("bench", "dev", monitor=Yes(), engine=Yes(), dry_run=True))
    asyncio.run(stack.run_in_stack(lambda: runpy.run_path(str(Path("__main__.py")), run_name="__main__")))


if __name__ == "__main__":
    main()
