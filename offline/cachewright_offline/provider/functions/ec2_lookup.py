"""How functions look for what is in EC2: by id, by filters and by tags; exactly one has to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def filters(arguments: Properties, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return EC2's filters for the arguments; `names` maps arguments to EC2's names of filters."""
    found = [
        {"Name": api, "Values": [_text(arguments[name])]}
        for name, api in names.items()
        if arguments.get(name) not in {None, ""}
    ]
    tags = arguments.get("tags")
    for key, value in (tags if isinstance(tags, dict) else {}).items():
        found.append({"Name": f"tag:{key}", "Values": [str(value)]})
    given = arguments.get("filters")
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict):
            values = item["values"]
            texts = [_text(value) for value in values] if isinstance(values, list) else [_text(values)]
            found.append({"Name": str(item["name"]), "Values": texts})
    return found


def all_of(
    call: Call, operation: str, key: str, arguments: Properties, names: Mapping[str, str], **ids: Any
) -> list[dict[str, Any]]:
    """Return everything that fits the arguments."""
    return call.pages("ec2", operation, key, Filters=filters(arguments, names) or None, **ids)


def the_one(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """Return the only thing that was found.

    Raises:
        ProviderError: There is none, or there are several.
    """
    if len(found) != 1:
        which = f"no {what} on the local AWS fits" if not found else f"{len(found)} {what}s on the local AWS fit"
        msg = f"{which} the arguments: change them so that exactly one does"
        raise ProviderError(msg)
    return found[0]


def is_nowhere(call: Call) -> bool:
    """Tell whether there is no local AWS to ask: a preview of a program whose network exists elsewhere."""
    return call.settings.cloud is None and "ec2" not in call.settings.endpoints


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
