"""Who may connect to a serverless cache that is given no user group."""

import json
from typing import Any

import pulumi
import pytest

import cachewright

NETWORK: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"], "tags": {"team": "a"}}
USERS = {"User", "UserGroup", "Secret", "SecretVersion", "RandomPassword"}


def connection(record: Any, **arguments: Any) -> tuple[Any, Any]:
    """Return the recording of a cache, and what a client is told."""

    def program() -> Any:
        cache = cachewright.ServerlessCache("carts", {**NETWORK, **arguments})  # type: ignore[typeddict-item]
        return pulumi.Output.all(cache.url_template, cache.secret_arn)

    found: tuple[Any, Any] = record(program)
    return found


def of_users(recorder: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what was registered with the provider for users."""
    return {key: made for key, made in recorder.resources.items() if key[0] in USERS and made}


@pytest.mark.parametrize("engine", [None, "valkey", "redis"])
def test_a_cache_makes_one_user_with_a_password(record: Any, engine: str | None) -> None:
    """`app` may read and write and nothing dangerous; the default user is off; the secret holds the password."""
    key = "arn:aws:kms:us-east-1:111122223333:key/a"
    recorder, (url, secret_arn) = connection(record, engine=engine, kms_key_id=key)

    made = of_users(recorder)
    assert sorted(made) == [
        ("RandomPassword", "carts-app"),
        ("RandomPassword", "carts-default"),
        ("Secret", "carts-app-test"),
        ("SecretVersion", "carts-app"),
        ("User", "carts-app"),
        ("User", "carts-default"),
        ("UserGroup", "carts-test"),
    ]
    group, app, default = made["UserGroup", "carts-test"], made["User", "carts-app"], made["User", "carts-default"]
    assert (app["userName"], app["accessString"]) == (
        "app",
        "on ~* -@all +@read +@write +@connection +@transaction +@pubsub -@dangerous",
    )
    assert (default["userName"], default["accessString"]) == ("default", "off -@all")
    assert group["userIds"] == [default["userId"], app["userId"]]
    assert recorder.resources["ServerlessCache", "carts-test"]["userGroupId"] == group["userGroupId"]
    # So that a cache becomes a Valkey one in place: a group of that engine would serve no Redis OSS cache before.
    assert {one["engine"] for one in (group, app, default)} == {"redis"}
    assert made["Secret", "carts-app-test"]["kmsKeyId"] == key
    assert {one["tags"]["team"] for (kind, _), one in made.items() if kind in {"User", "UserGroup", "Secret"}} == {"a"}
    kept = json.loads(made["SecretVersion", "carts-app"]["secretString"]["value"])
    assert kept == {"username": "app", "password": "r" * 64}
    assert url == "rediss://app:{token}@serverless.carts-test:6379"
    assert secret_arn == "arn:aws:mock:us-east-1:123456789012:carts-app-test"


@pytest.mark.parametrize(
    ("arguments", "group", "scheme"),
    [
        ({"user_group_enabled": False}, None, "rediss"),
        ({"user_group_id": "apps"}, "apps", "rediss"),
        ({"user_group_id": pulumi.Output.from_input("apps")}, "apps", "rediss"),
        ({"user_group_id": "apps", "user_group_enabled": False}, "apps", "rediss"),
        ({"engine": "memcached"}, None, "memcached"),
    ],
)
def test_no_users_are_made_where_the_program_or_the_engine_says_so(
    record: Any, arguments: dict[str, Any], group: str | None, scheme: str
) -> None:
    """Then nothing is told of a user."""
    recorder, (url, secret_arn) = connection(record, **arguments)

    assert of_users(recorder) == {}
    assert recorder.resources["ServerlessCache", "carts-test"].get("userGroupId") == group
    port = 11211 if scheme == "memcached" else 6379
    assert (url, secret_arn) == (f"{scheme}://serverless.carts-test:{port}", None)


def test_a_long_name_is_cut_in_the_ids_of_users(record: Any) -> None:
    """A cache may be called longer than AWS lets users be: a hash tells them apart, and no hyphen is doubled."""
    names = ["sessions-of-all-my-cart-a", "sessions-of-all-my-cart-b"]

    def program() -> Any:
        caches = [cachewright.ServerlessCache(name, NETWORK) for name in names]  # type: ignore[arg-type]
        return pulumi.Output.all(*(one.arn for one in caches))

    recorder, _ = record(program)

    users = [made["userId"] for (kind, _), made in recorder.resources.items() if kind == "User"]
    groups = [made["userGroupId"] for (kind, _), made in recorder.resources.items() if kind == "UserGroup" and made]
    assert len({*users, *groups}) == 6
    assert all(len(one) <= 40 and one.startswith("sessions-of-all-my-cart-") and "--" not in one for one in users)


@pytest.mark.usefixtures("nothing")
def test_a_name_that_users_cannot_have_is_refused_before_the_cache_is_there() -> None:
    """Where the cache's own name is fixed, its users are still called after the component."""
    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.ServerlessCache("my_carts", {**NETWORK, "serverless_cache_name": "carts"})  # type: ignore[typeddict-item]

    assert str(caught.value) == (
        "ServerlessCache 'my_carts': 'name' must be letters, digits and single hyphens, starting with a letter, got"
        " 'my_carts'; choose another name"
    )
