"""aws.iam.get_policy_document: builds a document and asks nobody."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.provider.protocol import ProviderError

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties, PropertyValue

_LISTS: Final = (
    ("Action", "actions"),
    ("NotAction", "notActions"),
    ("Resource", "resources"),
    ("NotResource", "notResources"),
)
_VERSIONS: Final = ("2012-10-17", "2008-10-17")


def answer(call: Call, arguments: Properties) -> Properties:
    """Return the document with its sources merged in, and what overrides it merged over."""
    del call
    version = arguments.get("version") or _VERSIONS[0]
    if version not in _VERSIONS:
        msg = f"version: expected {' or '.join(_VERSIONS)}, found {version!r}"
        raise ProviderError(msg)
    document: dict[str, Any] = {"Version": version}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    statements = [_statement(item) for item in _objects(arguments.get("statements"))]
    sources = [*_texts(arguments.get("sourcePolicyDocuments")), *_texts(arguments.get("sourceJson"))]
    overrides = [*_texts(arguments.get("overridePolicyDocuments")), *_texts(arguments.get("overrideJson"))]
    merged: list[dict[str, Any]] = []
    for text in sources:
        _merge(merged, _parsed(text, document), replace=False)
    _merge(merged, statements, replace=True)
    for text in overrides:
        _merge(merged, _parsed(text, document), replace=True)
    document["Statement"] = merged
    pretty = json.dumps(document, indent=2, ensure_ascii=False)
    return {
        **arguments,
        "id": str(zlib.crc32(pretty.encode())),
        "json": pretty,
        "minifiedJson": json.dumps(document, separators=(",", ":"), ensure_ascii=False),
        "version": version,
    }


def _statement(item: Properties) -> dict[str, Any]:
    statement: dict[str, Any] = {}
    if item.get("sid"):
        statement["Sid"] = item["sid"]
    statement["Effect"] = item.get("effect") or "Allow"
    for name, key in _LISTS:
        if item.get(key):
            statement[name] = _one_or_more(item[key])
    for name, key in (("Principal", "principals"), ("NotPrincipal", "notPrincipals")):
        principals = _principals(_objects(item.get(key)))
        if principals:
            statement[name] = principals
    conditions: dict[str, dict[str, Any]] = {}
    for condition in _objects(item.get("conditions")):
        test = conditions.setdefault(str(condition["test"]), {})
        test[str(condition["variable"])] = _one_or_more(condition["values"], keep_order=True)
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(items: list[Properties]) -> PropertyValue:
    principals: Properties = {}
    for item in items:
        kind = str(item["type"])
        identifiers = _one_or_more(item["identifiers"])
        if kind == "*" and identifiers == "*":
            return "*"
        principals[kind] = identifiers
    return principals


def _one_or_more(value: PropertyValue, *, keep_order: bool = False) -> PropertyValue:
    """Return one string as it is and several as a list, the last one first, as the AWS provider writes them."""
    items = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    if len(items) == 1:
        return items[0]
    return [*items] if keep_order else [*sorted(set(items), reverse=True)]


def _merge(merged: list[dict[str, Any]], statements: list[dict[str, Any]], *, replace: bool) -> None:
    for statement in statements:
        sid = statement.get("Sid")
        known = next((index for index, other in enumerate(merged) if sid and other.get("Sid") == sid), None)
        if known is None:
            merged.append(statement)
        elif replace:
            merged[known] = statement
        else:
            msg = f"sourcePolicyDocuments: the Sid {sid!r} is there twice; statements need different ones"
            raise ProviderError(msg)


def _parsed(text: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        msg = f"sourcePolicyDocuments: expected JSON: {error}"
        raise ProviderError(msg) from error
    if "Id" in parsed:
        document["Id"] = parsed["Id"]
    statements = parsed.get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _objects(value: PropertyValue) -> list[Properties]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: PropertyValue) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value if item] if isinstance(value, list) else []
