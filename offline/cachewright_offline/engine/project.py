"""Pulumi.yaml and Pulumi.<stack>.yaml.

Source: Pulumi's sdk/go/common/workspace (project.go, config.go) and sdk/go/common/resource/config.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from cachewright_offline.engine.errors import ConfigurationError
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import PassphraseError, StateError
from cachewright_offline.values import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cachewright_offline.values import Properties

Schema: TypeAlias = "dict[str, dict[str, Any]]"

_FILES = ("Pulumi.yaml", "Pulumi.yml")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


class _Loader(yaml.SafeLoader):
    """Reads YAML as Go does: `yes` and `on` are text, and so are dates."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))


@dataclass(frozen=True, slots=True)
class Config:
    """A stack's configuration as the program sees it: text by full key (`project:name`), and which of it is secret."""

    values: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()

    def of_package(self, package: str) -> Properties:
        """Return the values of one namespace, as inputs of that package's default provider."""
        prefix = f"{package}:"
        return {
            key.removeprefix(prefix): Secret(value) if key in self.secret_keys else value
            for key, value in self.values.items()
            if key.startswith(prefix)
        }


@dataclass(frozen=True, slots=True)
class Project:
    """A Pulumi project.

    Attributes:
        root: The folder with the project file.
        name: The project's name.
        main: Where the program is, relative to `root`; empty for `root` itself.
        stack_config_dir: Where the stacks' files are, relative to `root`.
        runtime: Always `python`.
        virtualenv: The virtual environment that the project names, relative to `root`; empty where it names none.
        config_schema: The project's declared configuration by full key: type, default, secret.
        file: The project file.
    """

    root: Path
    name: str
    main: str = ""
    stack_config_dir: str = ""
    runtime: str = "python"
    config_schema: Schema = field(default_factory=dict)
    file: Path = Path("Pulumi.yaml")
    virtualenv: str = ""

    @property
    def program_folder(self) -> Path:
        """The folder, or the file, that holds the program."""
        return self.root / self.main

    @classmethod
    def load(cls, directory: Path | str | None = None, *, any_runtime: bool = False) -> Project:
        """Return the project whose file is in `directory` (default: where the process stands) or above it.

        Args:
            directory: Where to look from.
            any_runtime: Whether programs of other languages are taken, too: Pulumi's own engine runs them.

        Raises:
            ConfigurationError: There is none, or it is wrong: every problem is named.
        """
        start = Path(directory or ".").absolute()
        for folder in (start, *start.parents):
            for name in _FILES:
                if (folder / name).is_file():
                    return cls._read(folder / name, any_runtime=any_runtime)
        msg = f"no Pulumi.yaml in {start} or above it; go to a project's folder, or name it with --cwd"
        raise ConfigurationError(msg)

    @classmethod
    def _read(cls, file: Path, *, any_runtime: bool) -> Project:
        data = _mapping(file)
        problems = []
        name = data.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            problems.append(f"name: must be 1-100 letters, digits, '-', '_' or '.', found {name!r}")
        runtime = data.get("runtime")
        runtime_name = runtime.get("name") if isinstance(runtime, dict) else runtime
        if runtime_name != "python" and not any_runtime:
            problems.append(
                f"runtime: the embedded engine runs python only, found {runtime_name!r};"
                " run this project with --engine pulumi, and check what `pulumi preview --json` writes with"
                " `cachewright check --preview FILE`"
            )
        options = runtime.get("options") if isinstance(runtime, dict) else None
        virtualenv = (options.get("virtualenv") if isinstance(options, dict) else None) or ""
        if not isinstance(virtualenv, str):
            problems.append(f"runtime.options.virtualenv: must be a path, found {virtualenv!r}")
        main = data.get("main") or ""
        if not isinstance(main, str):
            problems.append(f"main: must be a path, found {main!r}")
        directory = data.get("stackConfigDir") or ""
        if not isinstance(directory, str):
            problems.append(f"stackConfigDir: must be a path, found {directory!r}")
        schema: Schema = {}
        if not problems:
            schema = _schema(data.get("config"), str(name), problems)
        if problems:
            raise ConfigurationError("\n".join(f"{file}: {problem}" for problem in problems))
        return cls(file.parent, str(name), str(main), str(directory), str(runtime_name), schema, file, str(virtualenv))

    def stack_file(self, stack: str) -> Path:
        """Return the file that holds a stack's configuration."""
        return self.root / self.stack_config_dir / f"Pulumi.{stack}.yaml"

    def stack_names(self) -> tuple[str, ...]:
        """Return the names of the stacks that have a file."""
        found = (self.root / self.stack_config_dir).glob("Pulumi.*.yaml")
        return tuple(sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in found))

    def config(
        self,
        stack: str,
        passphrase: Callable[[], str],
        overrides: Mapping[str, str | Secret] | None = None,
        *,
        sealed: str | None = None,
    ) -> Config:
        """Return a stack's configuration: its file's, completed by the project's defaults.

        Args:
            stack: The stack's name.
            passphrase: Called when a value is encrypted.
            overrides: Values that beat the file's, by key with or without the project's name; a `Secret` of a text is
                secret for the program.
            sealed: What stands for each encrypted value, whatever encrypted it; None to decrypt them.

        Raises:
            ConfigurationError: The file is wrong: every problem is named with its key.
        """
        file = self.stack_file(stack)
        data = _mapping(file) if file.is_file() else {}
        problems: list[str] = []
        values: dict[str, str] = {}
        secret: list[str] = []
        raw = data.get("config") or {}
        if not isinstance(raw, dict):
            msg = f"{file}: config: must be a mapping, found {type(raw).__name__}"
            raise ConfigurationError(msg)
        crypter = Crypter(passphrase, str(data.get("encryptionsalt") or ""))
        if sealed is None and data.get("secretsprovider") not in {None, "", "default", "passphrase"}:
            problems.append(
                f"secretsprovider: the embedded engine knows 'passphrase' only, found {data['secretsprovider']!r};"
                " run this stack with --engine pulumi"
            )
        for key, value in raw.items():
            full = str(key) if ":" in str(key) else f"{self.name}:{key}"
            try:
                values[full], is_secret = _value(
                    value, crypter, has_salt=bool(data.get("encryptionsalt")), sealed=sealed
                )
            except PassphraseError as error:
                problems.append(f"config.{key}: {error}")
            except (StateError, ValueError) as error:
                problems.append(f"config.{key}: {error}")
            else:
                if is_secret:
                    secret.append(full)
        for key, value in (overrides or {}).items():
            full = key if ":" in key else f"{self.name}:{key}"
            if isinstance(value, Secret):
                secret.append(full)
                value = str(value.element)  # noqa: PLW2901
            values[full] = value
        self._complete(values, secret, problems, sealed)
        if problems:
            raise ConfigurationError("\n".join(f"{file}: {problem}" for problem in problems))
        return Config(values, tuple(secret))

    def _complete(self, values: dict[str, str], secret: list[str], problems: list[str], sealed: str | None) -> None:
        for full, declared in self.config_schema.items():
            shown = full.removeprefix(f"{self.name}:")
            preset = declared.get("value", declared.get("default"))
            if full not in values:
                if preset is not None:
                    values[full] = _text(preset)
                elif "type" in declared and "default" not in declared:
                    problems.append(f"config.{shown}: required by {self.file.name} and not set; add it under 'config:'")
                    continue
            elif "type" in declared and values[full] != sealed:
                problem = _type_problem(values[full], declared)
                if problem:
                    problems.append(f"config.{shown}: {problem}")
            if declared.get("secret") and full in values and full not in secret:
                secret.append(full)


def _mapping(file: Path) -> dict[str, Any]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        msg = f"cannot read {file}: {error.strerror}"
        raise ConfigurationError(msg) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        where = f"{file}:{place.line + 1}" if place is not None else str(file)
        what = getattr(error, "problem", None) or str(error)
        msg = f"{where}: not valid YAML: {what}"
        raise ConfigurationError(msg) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        msg = f"{file}: must be a mapping of keys, found {type(data).__name__}"
        raise ConfigurationError(msg)
    return data


def _schema(data: object, project: str, problems: list[str]) -> Schema:
    if data is None:
        return {}
    if not isinstance(data, dict):
        problems.append(f"config: must be a mapping, found {type(data).__name__}")
        return {}
    schema: Schema = {}
    for key, declared in data.items():
        full = str(key) if ":" in str(key) else f"{project}:{key}"
        if not isinstance(declared, dict):
            schema[full] = {"value": declared}
            continue
        kind = declared.get("type")
        if kind is not None and kind not in _TYPES:
            problems.append(f"config.{key}.type: must be one of {', '.join(sorted(_TYPES))}, found {kind!r}")
        elif kind is not None and declared.get("default") is not None:
            problem = _type_problem(_text(declared["default"]), declared)
            if problem:
                problems.append(f"config.{key}.default: {problem}")
        schema[full] = declared
    return schema


def _value(value: object, crypter: Crypter, *, has_salt: bool, sealed: str | None) -> tuple[str, bool]:
    """Return a configuration value as text, and whether it is secret."""
    if isinstance(value, dict) and set(value) == {"secure"}:
        if not isinstance(value["secure"], str):
            msg = "secure: must be an encrypted text"
            raise ValueError(msg)
        if sealed is not None:
            return sealed, True
        if not has_salt:
            msg = "the value is encrypted but the file has no 'encryptionsalt'; set it again with 'pulumi config set'"
            raise ValueError(msg)
        return crypter.decrypt(value["secure"]), True
    if isinstance(value, dict | list):
        found = False

        def plain(item: object) -> object:
            nonlocal found
            if isinstance(item, dict):
                if set(item) == {"secure"}:
                    found = True
                    return _value(item, crypter, has_salt=has_salt, sealed=sealed)[0]
                return {str(key): plain(one) for key, one in item.items()}
            if isinstance(item, list):
                return [plain(one) for one in item]
            return item

        return _text(plain(value)), found
    return _text(value), False


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, separators=(",", ":"), default=str)


def _type_problem(text: str, declared: Mapping[str, Any]) -> str | None:
    kind = declared["type"]
    if kind == "string":
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    matches = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if matches:
        return None
    shown = "a value of another type" if declared.get("secret") else repr(text)
    return f"must be of type {kind}, found {shown}"
