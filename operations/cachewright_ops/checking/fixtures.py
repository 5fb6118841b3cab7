"""Answers that a program gets in a check, given by the user: of functions that need AWS, and of other stacks.

    {
      "invokes": [
        {"token": "aws:ec2/getVpc:getVpc", "arguments": {"default": true}, "result": {"id": "vpc-0a1"}}
      ],
      "stackReferences": {"acme/network/prod": {"subnetIds": ["subnet-1", "subnet-2"]}}
    }

The first entry of a function whose arguments are all among the program's answers it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cachewright_offline.errors import CachewrightError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Invoke(BaseModel):
    """The answer of one function.

    Attributes:
        token: The function, such as `aws:ec2/getVpc:getVpc`.
        arguments: What the program must have asked for; others may stand beside it.
        result: What it answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any]


class Fixtures(BaseModel):
    """The answers of one check.

    Attributes:
        invokes: The functions' answers.
        stackReferences: The outputs of other stacks, by the name that the program gives.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    invokes: tuple[Invoke, ...] = ()
    stack_references: dict[str, dict[str, Any]] = Field(default_factory=dict, alias="stackReferences")

    def answer(self, token: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer of a function, or None where none is given."""
        for one in self.invokes:
            if one.token == token and all(
                key in arguments and arguments[key] == value for key, value in one.arguments.items()
            ):
                return {**arguments, **one.result}
        return None


def read(file: Path) -> Fixtures:
    """Return what a fixture file says, JSON or YAML.

    Raises:
        CachewrightError: The file cannot be read, or something in it is wrong.
    """
    try:
        text = file.read_text()
    except OSError as error:
        msg = f"--fixtures: cannot read {file}: {error.strerror}; name a readable JSON or YAML file"
        raise CachewrightError(msg) from error
    try:
        document = _parsed(file, text)
        return Fixtures.model_validate(document)
    except ValidationError as error:
        problems = "\n".join(f"  {_place(one['loc'])}: {one['msg']}" for one in error.errors(include_url=False))
        msg = f"--fixtures: {file} is wrong; it holds `invokes` and `stackReferences`:\n{problems}"
        raise CachewrightError(msg) from error
    except ValueError as error:
        msg = f"--fixtures: {file} cannot be parsed: {error}; correct it"
        raise CachewrightError(msg) from error


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Return configuration values from `key=value` texts.

    Raises:
        CachewrightError: A text has no key or no equals sign.
    """
    values = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            msg = f"--config: expected key=value, found {text!r}; write it as in --config aws:region=eu-west-1"
            raise CachewrightError(msg)
        values[key] = value
    return values


def _parsed(file: Path, text: str) -> Any:
    if file.suffix not in {".yaml", ".yml"}:
        return json.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in location).lstrip(".") or "the file"
