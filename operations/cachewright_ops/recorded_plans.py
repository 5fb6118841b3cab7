"""Plans from files of Pulumi's own CLI: what `pulumi stack export` and `pulumi preview --json` write.

With them, users of every Pulumi language have what reads a plan.
Source of the forms: Pulumi's sdk/go/common/apitype/core.go (DeploymentV3) and pkg/backend/display/json.go
(PreviewDigest).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from cachewright_offline.engine import deployment
from cachewright_offline.engine.plan import Plan, SourcePosition, Step, StepOp
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.engine.wire import UNKNOWN_STRINGS
from cachewright_offline.errors import CachewrightError, StateError
from cachewright_offline.values import UNKNOWN, Secret

if TYPE_CHECKING:
    from pathlib import Path

    from cachewright_offline.engine.resource import Resource

_SEALED: Final = "cachewright-sealed-4b5f1a22"
# What a preview shows in the place of a secret.
_BLINDED: Final = "[secret]"


class _Resource(BaseModel):
    """What a plan needs of a ResourceV3; whatever else stands in it is left alone."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    urn: str
    type: str
    id: str = ""
    inputs: dict[str, Any] | None = None
    outputs: dict[str, Any] | None = None
    parent: str = ""
    provider: str = ""
    protect: bool = False
    dependencies: list[str] | None = None
    propertyDependencies: dict[str, list[str] | None] | None = None  # noqa: N815 - Pulumi's name
    sourcePosition: str = ""  # noqa: N815 - Pulumi's name


class _Step(BaseModel):
    """What a plan needs of a PreviewStep."""

    model_config = ConfigDict(hide_input_in_errors=True)

    op: StepOp
    urn: str
    oldState: _Resource | None = None  # noqa: N815 - Pulumi's name
    newState: _Resource | None = None  # noqa: N815 - Pulumi's name
    replaceReasons: tuple[str, ...] | None = None  # noqa: N815 - Pulumi's name
    diffReasons: tuple[str, ...] | None = None  # noqa: N815 - Pulumi's name


class _Preview(BaseModel):
    """What a plan needs of a PreviewDigest."""

    model_config = ConfigDict(hide_input_in_errors=True)

    steps: tuple[_Step, ...] | None = None
    changeSummary: dict[str, int] | None = None  # noqa: N815 - Pulumi's name


class _Sealed(Crypter):
    """Stands for the key that is not at hand: every secret is an unknown one."""

    def __init__(self) -> None:
        super().__init__(lambda: "")

    def decrypt(self, ciphertext: str) -> str:
        """Return the mark of an unknown secret."""
        del ciphertext
        return json.dumps(_SEALED)


def of_state(file: Path, passphrase: str | None = None) -> Plan:
    """Return an exported state as a plan in which everything stays the same.

    Args:
        file: What `pulumi stack export` wrote, or a checkpoint of a file backend.
        passphrase: What its secrets are encrypted with; without it they are unknown secrets.

    Raises:
        CachewrightError: The file cannot be read, or is no deployment.
    """
    document = _document(file, "--state", "what `pulumi stack export` wrote")
    try:
        found = deployment.deployment_of(document) or {}
        crypter = _crypter(found, passphrase)
        wire = TypeAdapter(list[_Resource] | None).validate_python(found.get("resources"))
        resources = [_decoded(one, crypter) for one in wire or []]
    except (StateError, ValidationError, KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"--state: {file} is no deployment: {_reason(error)}; name what `pulumi stack export` wrote"
        raise CachewrightError(msg) from error
    steps = tuple(
        Step("same", one.urn, one, one, source=SourcePosition.parse(one.source_position))
        for one in resources
        if not one.delete
    )
    return Plan(*_place(steps), steps)


def of_preview(file: Path) -> tuple[Plan, int]:
    """Return the plan of a preview, and how many unchanged resources it leaves out.

    Args:
        file: What `pulumi preview --json` wrote; with `--show-sames` it leaves nothing out.

    Raises:
        CachewrightError: The file cannot be read, or is no preview.
    """
    document = _document(file, "--preview", "what `pulumi preview --json` wrote")
    if not isinstance(document, dict):
        msg = (
            f"--preview: {file} is no preview: expected an object with 'steps', found {type(document).__name__};"
            " name what `pulumi preview --json` wrote"
        )
        raise CachewrightError(msg)
    try:
        digest = _Preview.model_validate(document)
        crypter = _Sealed()
        steps = tuple(_step(one, crypter) for one in digest.steps or ())
    except (StateError, ValidationError, KeyError, TypeError, ValueError) as error:
        msg = f"--preview: {file} is no preview: {_reason(error)}; name what `pulumi preview --json` wrote"
        raise CachewrightError(msg) from error
    shown = sum(step.op == "same" for step in steps)
    told = (digest.changeSummary or {}).get("same", 0)
    return Plan(*_place(steps), steps), max(0, told - shown)


def _document(file: Path, option: str, expected: str) -> Any:
    try:
        return json.loads(file.read_text())
    except OSError as error:
        msg = f"{option}: cannot read {file}: {error.strerror}; name {expected}"
        raise CachewrightError(msg) from error
    except ValueError as error:
        msg = f"{option}: {file} is not JSON: {error}; name {expected}"
        raise CachewrightError(msg) from error


def _crypter(found: dict[str, Any], passphrase: str | None) -> Crypter:
    provider = (found.get("secrets_providers") or {}).get("type", "passphrase")
    if passphrase is None or provider != "passphrase":
        return _Sealed()
    return Crypter(lambda: passphrase, deployment.stored_salt(found))


def _step(wire: _Step, crypter: Crypter) -> Step:
    old, new = (None if one is None else _decoded(one, crypter) for one in (wire.oldState, wire.newState))
    state = new or old
    if state is None:
        msg = f"the step {wire.op} of {wire.urn} has neither an old nor a new state"
        raise ValueError(msg)
    return Step(
        wire.op,
        wire.urn,
        old,
        new,
        replace_keys=wire.replaceReasons or (),
        diff_keys=wire.diffReasons or (),
        source=SourcePosition.parse(state.source_position),
    )


def _decoded(wire: _Resource, crypter: Crypter) -> Resource:
    plain = wire.model_dump(exclude={"inputs", "outputs"}, exclude_unset=True)
    resource = deployment.decode_resource(plain, crypter)
    return replace(
        resource,
        id="" if resource.id in UNKNOWN_STRINGS else resource.id,
        inputs=_properties(wire.inputs, crypter),
        outputs=_properties(wire.outputs, crypter),
    )


def _properties(data: Any, crypter: Crypter) -> dict[str, Any]:
    return {key: _value(value, crypter) for key, value in (data or {}).items()}


def _value(data: Any, crypter: Crypter) -> Any:
    """Return a value as the engine has it; what it cannot hold, such as an asset, is unknown."""
    if isinstance(data, str):
        if data == _BLINDED:
            return Secret(UNKNOWN)
        return UNKNOWN if data in UNKNOWN_STRINGS else data
    if isinstance(data, list):
        return [_value(one, crypter) for one in data]
    if not isinstance(data, dict):
        return data
    kind = data.get(deployment.SIGNATURE)
    if kind is None:
        return {key: _value(one, crypter) for key, one in data.items()}
    if kind not in {deployment.SECRET, deployment.RESOURCE_REFERENCE}:
        return UNKNOWN
    decoded = deployment.decode_value(data, crypter)
    return Secret(UNKNOWN) if isinstance(decoded, Secret) and decoded.element == _SEALED else decoded


def _place(steps: tuple[Step, ...]) -> tuple[str, str]:
    """Return the project and the stack that the steps are of, from their URNs."""
    urn = steps[0].urn if steps else ""
    parts = urn.removeprefix("urn:pulumi:").split("::")
    return (parts[1], parts[0]) if len(parts) > 1 else ("", "")


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        place = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in first["loc"]).lstrip(".")
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
