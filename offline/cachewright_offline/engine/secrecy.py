"""Keeping values secret across a provider that knows no secrets.

The engine reveals what it passes in and marks what comes back: a value whose input of the same name held a secret
is secret, at the depth where both are objects.
Source: Pulumi's pkg/resource/plugin/provider_plugin.go (annotateSecrets) and deploy/step_executor.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.values import Secret, contains_secret, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.values import Properties


def revealed(properties: Properties) -> Properties:
    """Return `properties` without secrets; the same object where there are none."""
    for value in properties.values():
        if value.__class__ is not str and contains_secret(value):
            return {key: reveal(one) for key, one in properties.items()}
    return properties


def marked(outputs: Properties, inputs: Properties) -> Properties:
    """Return `outputs` with the secrecy of `inputs`; the same object where nothing is secret."""
    result = outputs
    for key, before in inputs.items():
        # Most values are plain text: they are told from secrets without a call.
        if before.__class__ is str or key not in outputs or not contains_secret(before):
            continue
        after = outputs[key]
        if result is outputs:
            result = dict(outputs)
        if isinstance(after, dict) and isinstance(before, dict):
            result[key] = marked(after, before)
        elif not isinstance(after, Secret):
            result[key] = Secret(after)
    return result


def marked_names(outputs: Properties, names: Iterable[str]) -> Properties:
    """Return `outputs` with the values called `names` secret; the same object where nothing changes."""
    result = outputs
    for name in names:
        if name in outputs and not isinstance(outputs[name], Secret):
            if result is outputs:
                result = dict(outputs)
            result[name] = Secret(outputs[name])
    return result
