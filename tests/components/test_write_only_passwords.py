"""A user whose password is in no state."""

from typing import Any

import pulumi
import pytest

import cachewright

SECRET = "abcdefgh12345678"


def users(**more: Any) -> Any:
    """Return the arguments of a group with one user that has a password."""
    return {"users": [{"user_name": "orders", "authentication": "password", **more}]}


@pytest.mark.parametrize("later", [False, True])
def test_a_write_only_password_goes_to_the_user_alone(record: Any, *, later: bool) -> None:
    """Its version goes beside it; no other password, no secret and no mode is made. An Output does the same."""
    password = pulumi.Output.from_input(SECRET) if later else SECRET
    arguments = users(passwords_wo=password, passwords_wo_version=3)

    recorder, _ = record(lambda: cachewright.UserGroup("apps", arguments).user_ids)

    user = recorder.resources["User", "apps-orders"]
    assert user["passwordsWoVersion"] == 3
    assert user["passwordsWo"]["value"] == SECRET
    assert not {"passwords", "authenticationMode"} & set(user)
    assert [name for kind, name in recorder.resources if kind == "Secret"] == []


def test_an_output_that_is_no_password_is_refused_when_it_resolves(record: Any) -> None:
    """With the same message, which does not show it."""
    arguments = users(passwords_wo=pulumi.Output.from_input("hunter2"), passwords_wo_version=1)

    with pytest.raises(cachewright.ArgsError) as caught:
        record(lambda: cachewright.UserGroup("apps", arguments).user_ids)

    assert str(caught.value) == (
        "UserGroup 'apps': 'users[0].passwords_wo' must be 16-128 characters, got 7; leave passwords out to have one"
        " generated"
    )


@pytest.mark.usefixtures("nothing")
def test_passwords_that_are_outputs_count_as_given() -> None:
    """Two kinds, or IAM beside them, are refused at construction, whatever they resolve to."""
    passwords = [pulumi.Output.from_input(SECRET)]
    arguments = users(passwords=passwords, passwords_wo=SECRET, passwords_wo_version=1, authentication="iam")

    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.UserGroup("apps", arguments)

    assert [one.argument for one in caught.value.problems] == [
        "users[0].passwords",
        "users[0].passwords_wo",
        "users[0].passwords_wo",
    ]


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            {"passwords_wo": SECRET},
            "'users[0].passwords_wo_version' must be given with passwords_wo, got nothing; count it up whenever the"
            " password changes",
        ),
        (
            {"passwords_wo_version": 1},
            "'users[0].passwords_wo_version' must be left out without passwords_wo, got a version; remove it, or give"
            " passwords_wo",
        ),
        (
            {"passwords_wo": SECRET, "passwords_wo_version": 1, "passwords": [SECRET]},
            "'users[0].passwords_wo' must not be given with passwords, got both; keep one of them",
        ),
        (
            {"passwords_wo": SECRET, "passwords_wo_version": 1, "authentication": "iam"},
            "'users[0].passwords_wo' must be left out with IAM authentication, got passwords; set authentication to"
            " password",
        ),
        (
            {"passwords_wo": f"{SECRET}/", "passwords_wo_version": 1},
            "'users[0].passwords_wo' must hold none of , \" / @ and spaces, got one; leave passwords out to have one"
            " generated",
        ),
    ],
)
def test_half_a_write_only_password_is_refused(more: dict[str, Any], line: str) -> None:
    """It has a version, stands alone, and is one that AWS takes."""
    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.UserGroup("apps", users(**more))

    assert str(caught.value) == f"UserGroup 'apps': {line}"
