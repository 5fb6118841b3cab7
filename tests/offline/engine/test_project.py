"""Pulumi.yaml, Pulumi.<stack>.yaml and their errors."""

from __future__ import annotations

import pytest

from cachewright_offline.engine.errors import ConfigurationError
from cachewright_offline.engine.project import Project
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.values import Secret

PROJECT = """
name: shop
runtime:
  name: python
  options: {virtualenv: venv}
main: stacks/
stackConfigDir: stacks/
config:
  size: {type: integer, default: 2}
  owner: {type: string}
  tags: {type: object, default: {a: 1}}
  aws:region: {value: eu-west-1}
"""


def write(root, project=PROJECT, **stacks):
    """Write a project and its stacks' files."""
    (root / "stacks").mkdir(exist_ok=True)
    (root / "Pulumi.yaml").write_text(project)
    for name, text in stacks.items():
        (root / "stacks" / f"Pulumi.{name}.yaml").write_text(text)
    return Project.load(root)


def passphrase():
    return "passphrase"


def test_project_is_found_upwards(tmp_path):
    """A subfolder belongs to the project above it."""
    write(tmp_path)
    (tmp_path / "stacks" / "deep").mkdir()
    project = Project.load(tmp_path / "stacks" / "deep")
    assert (project.root, project.name, project.main, project.stack_config_dir) == (
        tmp_path,
        "shop",
        "stacks/",
        "stacks/",
    )
    assert project.program_folder == tmp_path / "stacks"
    assert project.stack_file("dev") == tmp_path / "stacks" / "Pulumi.dev.yaml"


def test_stacks_are_those_with_a_file(tmp_path):
    """Their names come from the file names."""
    assert write(tmp_path, prod="", dev="").stack_names() == ("dev", "prod")


def test_no_project_is_told_with_where_it_was_looked_for(tmp_path):
    """The message names the folder and the way out."""
    with pytest.raises(ConfigurationError) as caught:
        Project.load(tmp_path)
    assert str(caught.value) == (
        f"no Pulumi.yaml in {tmp_path} or above it; go to a project's folder, or name it with --cwd"
    )


def test_all_problems_of_a_project_are_told_at_once(tmp_path):
    """Each names the file and the key."""
    with pytest.raises(ConfigurationError) as caught:
        write(tmp_path, "name: 'my shop'\nruntime: nodejs\nmain: [a]\n")
    file = tmp_path / "Pulumi.yaml"
    assert str(caught.value).splitlines() == [
        f"{file}: name: must be 1-100 letters, digits, '-', '_' or '.', found 'my shop'",
        f"{file}: runtime: the embedded engine runs python only, found 'nodejs'; run this project with --engine pulumi,"
        " and check what `pulumi preview --json` writes with `cachewright check --preview FILE`",
        f"{file}: main: must be a path, found ['a']",
    ]


def test_broken_yaml_names_the_line(tmp_path):
    """The message names the file and the line."""
    with pytest.raises(ConfigurationError, match=r"Pulumi\.yaml:3: not valid YAML: "):
        write(tmp_path, "name: shop\nruntime: python\nmain: a: b\n")


def test_schema_with_a_wrong_default_is_refused(tmp_path):
    """The project's own declarations are checked."""
    with pytest.raises(ConfigurationError) as caught:
        write(tmp_path, "name: shop\nruntime: python\nconfig:\n  n: {type: integer, default: x}\n  k: {type: int}\n")
    file = tmp_path / "Pulumi.yaml"
    assert str(caught.value).splitlines() == [
        f"{file}: config.n.default: must be of type integer, found 'x'",
        f"{file}: config.k.type: must be one of array, boolean, integer, number, object, string, found 'int'",
    ]


def test_config_is_the_files_completed_by_defaults(tmp_path):
    """Structured values are JSON, keys without a namespace are the project's, overrides win."""
    project = write(tmp_path, dev="config:\n  shop:owner: me\n  list: [1, {a: true}]\n  on: yes\n  since: 2026-01-01\n")
    config = project.config("dev", passphrase, {"size": "5"})
    assert config.values == {
        "shop:owner": "me",
        "shop:list": '[1,{"a":true}]',
        "shop:on": "yes",
        "shop:since": "2026-01-01",
        "shop:size": "5",
        "shop:tags": '{"a":1}',
        "aws:region": "eu-west-1",
    }
    assert config.secret_keys == ()
    assert config.of_package("aws") == {"region": "eu-west-1"}


def test_encrypted_values_are_read_with_the_files_own_salt(tmp_path):
    """`secure:` values, also deep inside, are decrypted and marked."""
    crypter = Crypter(passphrase)
    sealed, deep = crypter.encrypt("hush"), crypter.encrypt("deep")
    text = (
        f"encryptionsalt: {crypter.salt}\nconfig:\n  owner: me\n  test:token: {{secure: {sealed}}}\n"
        f"  nested: {{a: [{{secure: {deep}}}]}}\n"
    )
    config = write(tmp_path, dev=text).config("dev", passphrase)
    assert config.values["test:token"] == "hush"
    assert config.values["shop:nested"] == '{"a":["deep"]}'
    assert config.secret_keys == ("test:token", "shop:nested")
    assert config.of_package("test") == {"token": Secret("hush")}


def test_all_problems_of_a_stack_file_are_told_at_once(tmp_path):
    """Missing, mistyped and unreadable values; the message never holds a secret."""
    text = "secretsprovider: awskms://x\nconfig:\n  size: many\n  token: {secure: v1:AAAA}\n"
    project = write(tmp_path, dev=text)
    with pytest.raises(ConfigurationError) as caught:
        project.config("dev", passphrase)
    file = tmp_path / "stacks" / "Pulumi.dev.yaml"
    assert str(caught.value).splitlines() == [
        f"{file}: secretsprovider: the embedded engine knows 'passphrase' only, found 'awskms://x'; run this stack with"
        " --engine pulumi",
        f"{file}: config.token: the value is encrypted but the file has no 'encryptionsalt'; set it again with"
        " 'pulumi config set'",
        f"{file}: config.size: must be of type integer, found 'many'",
        f"{file}: config.owner: required by Pulumi.yaml and not set; add it under 'config:'",
    ]


def test_wrong_passphrase_names_the_key(tmp_path):
    """What cannot be decrypted is told by its key."""
    crypter = Crypter(passphrase)
    text = f"encryptionsalt: {crypter.salt}\nconfig:\n  owner: {{secure: {crypter.encrypt('hush')}}}\n"
    with pytest.raises(ConfigurationError, match=r"config\.owner: incorrect passphrase"):
        write(tmp_path, dev=text).config("dev", lambda: "wrong")


def test_stack_without_a_file_has_the_defaults(tmp_path):
    """A stack needs no file of its own."""
    project = write(tmp_path, "name: shop\nruntime: python\nconfig: {size: {type: integer, default: 2}}\n")
    assert project.config("new", passphrase).values == {"shop:size": "2"}


@pytest.mark.parametrize("text", ["config: 3\n", "- a\n"])
def test_malformed_stack_file_is_refused(tmp_path, text):
    """A file that is no mapping, or whose config is none."""
    project = write(tmp_path, dev=text)
    with pytest.raises(ConfigurationError, match=r"Pulumi\.dev\.yaml: .*must be a mapping"):
        project.config("dev", passphrase)
