"""Corrections of moto's other services where caches touch them and moto differs from AWS.

One module per service, each with an `install()` that is safe to call again. They change moto's classes in this process
only, before its first request; an exact release line of moto is pinned for that.
"""

from __future__ import annotations

import functools
import importlib
from typing import Final

MODULES: Final = (
    "application_autoscaling",
    "cloudwatch",
    "ec2_cache_interfaces",
    "ec2_security_group_rules",
    "ec2_vpc_endpoints",
    "firehose",
    "iam",
    "kms",
    "log_delivery",
    "logs",
    "resource_groups_tagging",
    "route53",
    "secretsmanager",
)


@functools.cache
def install() -> None:
    """Apply every correction, once per process."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}").install()
