"""Users of role-based access control, through HTTP."""

import pytest

PASSWORD = "correct-horse-battery"
READER = {"UserId": "reader", "UserName": "reader", "Engine": "redis", "AccessString": "on ~app:* +@read"}


def test_default_user_is_there_from_the_start(elasticache):
    """Every region has AWS's default user, which nobody made and which may do everything."""
    (user,) = elasticache.describe_users()["Users"]
    assert user == {
        "UserId": "default",
        "UserName": "default",
        "Status": "active",
        "Engine": "redis",
        "MinimumEngineVersion": "6.0",
        "AccessString": "on ~* +@all",
        "UserGroupIds": [],
        "Authentication": {"Type": "no-password"},
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:user:default",
    }


def test_user_is_stored_in_lower_case_with_a_normalised_access_string(elasticache):
    """Ids are lower-cased, access strings are normalised, and passwords are only counted."""
    answer = elasticache.create_user(
        **READER | {"UserId": "Reader", "AccessString": "~app:*  +@READ on", "Passwords": [PASSWORD, PASSWORD + "2"]},
        Tags=[{"Key": "team", "Value": "checkout"}],
    )
    assert answer["UserId"] == "reader"
    assert answer["AccessString"] == "on ~app:* -@all +@read"
    assert answer["Authentication"] == {"Type": "password", "PasswordCount": 2}
    assert answer["Status"] == "active"
    assert elasticache.list_tags_for_resource(ResourceName=answer["ARN"])["TagList"] == [
        {"Key": "team", "Value": "checkout"}
    ]


@pytest.mark.parametrize(
    ("arguments", "shown", "minimum"),
    [
        ({"NoPasswordRequired": True}, {"Type": "no-password"}, "6.0"),
        ({"AuthenticationMode": {"Type": "no-password-required"}}, {"Type": "no-password"}, "6.0"),
        ({"AuthenticationMode": {"Type": "iam"}}, {"Type": "iam"}, "7.0"),
        (
            {"AuthenticationMode": {"Type": "password", "Passwords": [PASSWORD]}},
            {"Type": "password", "PasswordCount": 1},
            "6.0",
        ),
        ({"Engine": "valkey", "AuthenticationMode": {"Type": "iam"}}, {"Type": "iam"}, "7.2"),
    ],
)
def test_authentication_modes(elasticache, arguments, shown, minimum):
    """Each way to log in is shown by its type, and decides the oldest engine that knows it."""
    answer = elasticache.create_user(**READER | arguments)
    assert (answer["Authentication"], answer["MinimumEngineVersion"]) == (shown, minimum)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {},
            "InvalidParameterValue",
            "Input Authentication type: null is not in the allowed list: [password,no-password-required,iam]",
        ),
        (
            {"AuthenticationMode": {"Passwords": [PASSWORD]}},
            "InvalidParameterValue",
            "Input Authentication type: null is not in the allowed list: [password,no-password-required,iam]",
        ),
        (
            {"AuthenticationMode": {"Type": "ldap"}},
            "InvalidParameterValue",
            "Input Authentication type: ldap is not in the allowed list: [password,no-password-required,iam]",
        ),
        (
            {"NoPasswordRequired": False},
            "InvalidParameterCombination",
            "A user with Authentication Mode: password, must have at least one password",
        ),
        (
            {"NoPasswordRequired": True, "Passwords": [PASSWORD]},
            "InvalidParameterCombination",
            "Password field is not allowed with authentication type: no-password-required",
        ),
        (
            {"NoPasswordRequired": True, "AuthenticationMode": {"Type": "iam"}},
            "InvalidParameterCombination",
            "No password required flag is true but provided authentication type is iam",
        ),
        (
            {"UserId": "1reader", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "The parameter UserId is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens.",
        ),
        (
            {"UserId": "the--reader", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "The parameter UserId is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens.",
        ),
        (
            {"UserName": "two words", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "The parameter UserName must be 1-120 characters other than spaces, got 'two words'; choose another name.",
        ),
        (
            {"UserId": "default", "NoPasswordRequired": True},
            "UserAlreadyExists",
            "User default already exists.",
        ),
        (
            {"Engine": "memcached", "NoPasswordRequired": True},
            "InvalidParameterValue",
            'Unknown parameter for Engine: "memcached", must be one of: redis, valkey',
        ),
        (
            {"Passwords": ["short"]},
            "InvalidParameterValue",
            "Passwords length must be between 16-128 characters.",
        ),
        (
            {"Passwords": ["x" * 129]},
            "InvalidParameterValue",
            "Passwords length must be between 16-128 characters.",
        ),
        (
            {"Passwords": [PASSWORD, PASSWORD + "2", PASSWORD + "3"]},
            "InvalidParameterValue",
            "Maximum number of passwords allowed in this service is 2.",
        ),
        (
            {"Passwords": [PASSWORD + "@"]},
            "InvalidParameterValue",
            'Passwords must be printable and must not contain any of: , " / @',
        ),
        (
            {"Passwords": [PASSWORD], "AuthenticationMode": {"Type": "password", "Passwords": [PASSWORD]}},
            "InvalidParameterCombination",
            "Passwords provided via multiple arguments. Use only one argument",
        ),
        (
            {"AuthenticationMode": {"Type": "iam", "Passwords": [PASSWORD]}},
            "InvalidParameterCombination",
            "Password field is not allowed with authentication type: iam",
        ),
        (
            {"AuthenticationMode": {"Type": "password"}},
            "InvalidParameterCombination",
            "A user with Authentication Mode: password, must have at least one password",
        ),
        (
            {"UserName": "other", "AuthenticationMode": {"Type": "iam"}},
            "InvalidParameterCombination",
            "User Id and User name must be same for authentication type: iam",
        ),
        (
            {"Engine": "valkey", "NoPasswordRequired": True},
            "InvalidParameterCombination",
            "No-password-required is not allowed for a user with engine Valkey",
        ),
        (
            {"AccessString": "on ~* +@raed", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "Access string contains invalid category(s)",
        ),
        (
            {"AccessString": "on >secret ~* +@read", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "Password rules are not supported in Elasticache access string",
        ),
        (
            {"AccessString": "on ~* resetchannels +@read", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "reset rule is not supported in Elasticache user api",
        ),
        (
            {"AccessString": "on ~* +@all +config", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "Access string contains forbidden command(s)",
        ),
        (
            {"AccessString": "on ~* read", "NoPasswordRequired": True},
            "InvalidParameterValue",
            "The access-string is invalid.",
        ),
    ],
)
def test_create_user_refuses(elasticache, refused, changes, code, message):
    """Each bad user is refused with its own fault, and nothing is made."""
    assert refused(elasticache.create_user, **READER | changes) == (code, message)
    assert len(elasticache.describe_users()["Users"]) == 1


def test_second_user_of_an_id_is_refused(elasticache, refused):
    """An id is taken whatever its case."""
    elasticache.create_user(**READER, NoPasswordRequired=True)
    again = READER | {"UserId": "READER"}
    assert refused(elasticache.create_user, **again, NoPasswordRequired=True) == (
        "UserAlreadyExists",
        "User reader already exists.",
    )


def test_modify_user(elasticache):
    """A modification shows `modifying`, and the next request sees the user active and changed."""
    elasticache.create_user(**READER, NoPasswordRequired=True)
    answer = elasticache.modify_user(
        UserId="reader", AppendAccessString="+@write", AuthenticationMode={"Type": "password", "Passwords": [PASSWORD]}
    )
    assert answer["Status"] == "modifying"
    (user,) = elasticache.describe_users(UserId="reader")["Users"]
    assert user["Status"] == "active"
    assert user["AccessString"] == "on ~app:* -@all +@read +@write"
    assert user["Authentication"] == {"Type": "password", "PasswordCount": 1}


def test_a_flag_that_says_nothing_new_leaves_the_passwords(elasticache, refused):
    """A request that only denies that a user is without a password keeps its passwords, and gives it none."""
    elasticache.create_user(**READER, NoPasswordRequired=False, Passwords=[PASSWORD])
    elasticache.modify_user(UserId="reader", NoPasswordRequired=False, AppendAccessString="+get")
    (user,) = elasticache.describe_users(UserId="reader")["Users"]
    assert user["Authentication"] == {"Type": "password", "PasswordCount": 1}
    elasticache.modify_user(UserId="reader", NoPasswordRequired=True)
    assert refused(elasticache.modify_user, UserId="reader", NoPasswordRequired=False) == (
        "InvalidParameterCombination",
        "A user with Authentication Mode: password, must have at least one password",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"UserId": "default"}, "InvalidParameterValue", "The default user cannot be modified."),
        ({"UserId": "nobody"}, "UserNotFound", "User nobody not found."),
        (
            {"UserId": "reader", "AccessString": "on", "AppendAccessString": "+get"},
            "InvalidParameterCombination",
            "AccessString and AppendAccessString cannot be given together.",
        ),
        (
            {"UserId": "reader", "Engine": "valkey"},
            "InvalidParameterCombination",
            "No-password-required is not allowed for a user with engine Valkey",
        ),
    ],
)
def test_modify_user_refuses(elasticache, refused, arguments, code, message):
    """A modification that cannot be leaves the user as it was."""
    elasticache.create_user(**READER, NoPasswordRequired=True)
    before = elasticache.describe_users(UserId="reader")["Users"]
    assert refused(elasticache.modify_user, **arguments) == (code, message)
    assert elasticache.describe_users(UserId="reader")["Users"] == before


def test_delete_user(elasticache, refused):
    """A deleted user is gone at the next request, with its tags, and its id is free."""
    arn = elasticache.create_user(**READER, NoPasswordRequired=True)["ARN"]
    assert elasticache.delete_user(UserId="reader")["Status"] == "deleting"
    assert refused(elasticache.describe_users, UserId="reader") == ("UserNotFound", "User reader not found.")
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn) == ("UserNotFound", "reader is not present")
    elasticache.create_user(**READER, NoPasswordRequired=True)


def test_default_user_stays(elasticache, refused):
    """AWS's own default user cannot be deleted."""
    assert refused(elasticache.delete_user, UserId="default") == (
        "InvalidParameterValue",
        "The default user cannot be deleted.",
    )


def test_describe_users_filters_and_pages(elasticache, refused):
    """Users are shown in the order of their ids, page by page, and filtered by engine or property."""
    for number in range(24):
        engine = "valkey" if number % 2 else "redis"
        elasticache.create_user(
            UserId=f"u{number:02}",
            UserName=f"n{number}",
            Engine=engine,
            AccessString="on ~* +@read",
            Passwords=[PASSWORD],
        )
    pages = list(elasticache.get_paginator("describe_users").paginate(PaginationConfig={"PageSize": 20}))
    assert [len(page["Users"]) for page in pages] == [20, 5]
    ids = [user["UserId"] for page in pages for user in page["Users"]]
    assert ids == sorted(ids)
    assert len(elasticache.describe_users(Engine="valkey")["Users"]) == 12
    named = elasticache.describe_users(Filters=[{"Name": "user-name", "Values": ["n3", "n4"]}])["Users"]
    assert [user["UserId"] for user in named] == ["u03", "u04"]
    assert refused(elasticache.describe_users, Filters=[{"Name": "colour", "Values": ["x"]}]) == (
        "InvalidParameterValue",
        "Invalid filter name: colour",
    )
    assert refused(elasticache.describe_users, MaxRecords=5)[0] == "InvalidParameterValue"


def test_everything_that_a_later_rule_makes_void_goes(elasticache):
    """Appending to an access string leaves of it what still holds."""
    elasticache.create_user(**READER, NoPasswordRequired=True)
    assert elasticache.modify_user(UserId="reader", AppendAccessString="on ~* +@all")["AccessString"] == "on ~* +@all"


def test_quota_of_users(in_process):
    """A region has at most 1,000 users."""
    for number in range(1000):
        in_process.call("CreateUser", **READER | {"UserId": f"u{number}"}, NoPasswordRequired=True)
    assert in_process.refused("CreateUser", **READER, NoPasswordRequired=True) == (
        "UserQuotaExceeded",
        "Quota of 1000 users exceeded.",
    )


def test_regions_are_kept_apart(cloud, refused):
    """A user of one region does not exist in another."""
    cloud.client("elasticache").create_user(**READER, NoPasswordRequired=True)
    elsewhere = cloud.client("elasticache", "eu-west-1")
    assert refused(elsewhere.describe_users, UserId="reader")[0] == "UserNotFound"
