"""The policy pack's entry: Pulumi runs this folder, which serves the engine until it is ended."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
# In the repository the catalog stands beside the pack; a published pack has its own copy.
_COMPONENTS = _FOLDER.parent / "components"


def serve() -> None:
    """Serve the rules, at the levels of the stack's environment."""
    if find_spec("cachewright") is None and _COMPONENTS.is_dir():
        sys.path.append(str(_COMPONENTS))
    from pulumi_policy import EnforcementLevel, PolicyPack

    from cachewright_policies import environments
    from cachewright_policies.pack import analyzer, policies

    try:
        environment = environments.chosen(
            os.environ.get("PULUMI_STACK", ""), json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
        )
    except environments.EnvironmentNameError as error:
        sys.exit(f"cachewright: {error}")
    analyzer.install()
    PolicyPack(
        name=policies.NAME,
        display_name="cachewright",
        description="Amazon ElastiCache caches and what surrounds them",
        enforcement_level=EnforcementLevel.ADVISORY,
        provider="aws",
        tags=["aws", "elasticache"],
        policies=policies.policies(environment),
    )


serve()
