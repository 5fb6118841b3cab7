"""Cache parameter groups and their parameters, through HTTP."""

import pytest

from cachewright.catalog import node_types, parameters
from cachewright_offline.cloud.elasticache.operations.parameter_groups import copy_for_global, default_group, find

GROUP = {"CacheParameterGroupName": "own", "CacheParameterGroupFamily": "redis7", "Description": "own"}
NAME = {"CacheParameterGroupName": "own"}


def values(*pairs):
    return [{"ParameterName": name, "ParameterValue": value} for name, value in pairs]


def all_parameters(elasticache, **arguments):
    pages = elasticache.get_paginator("describe_cache_parameters").paginate(
        **arguments, PaginationConfig={"PageSize": 20}
    )
    return {
        one["ParameterName"]: one
        for page in pages
        for one in [*page["Parameters"], *page.get("CacheNodeTypeSpecificParameters", [])]
    }


@pytest.fixture
def memcached_in_use(elasticache):
    elasticache.create_cache_parameter_group(**GROUP | {"CacheParameterGroupFamily": "memcached1.6"})
    elasticache.create_cache_cluster(
        CacheClusterId="mem",
        Engine="memcached",
        CacheNodeType="cache.t4g.micro",
        NumCacheNodes=2,
        CacheParameterGroupName="own",
    )
    return elasticache


def test_group_is_stored_in_lower_case(elasticache):
    """A group's name is lower-cased; it has its family, its description and an ARN of its own."""
    answer = elasticache.create_cache_parameter_group(**GROUP | {"CacheParameterGroupName": "Own"})
    expected = {
        "CacheParameterGroupName": "own",
        "CacheParameterGroupFamily": "redis7",
        "Description": "own",
        "IsGlobal": False,
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:parametergroup:own",
    }
    assert answer["CacheParameterGroup"] == expected
    assert elasticache.describe_cache_parameter_groups(CacheParameterGroupName="OWN")["CacheParameterGroups"] == [
        expected
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"CacheParameterGroupFamily": "redis8"}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "own--two"}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "1own"}, "InvalidParameterValue"),
        ({"Description": ""}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "default.redis7"}, "InvalidParameterValue"),
        ({"Tags": [{"Key": "aws:x", "Value": "x"}]}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "taken"}, "CacheParameterGroupAlreadyExists"),
    ],
)
def test_create_refuses(elasticache, refused, changes, code):
    """Each bad group is refused with its own fault, and nothing is made."""
    elasticache.create_cache_parameter_group(**GROUP | {"CacheParameterGroupName": "taken"})
    assert refused(elasticache.create_cache_parameter_group, **GROUP | changes)[0] == code
    assert refused(elasticache.describe_cache_parameter_groups, **NAME) == (
        "CacheParameterGroupNotFound",
        "CacheParameterGroup own not found.",
    )


def test_a_name_is_refused_in_awss_words(elasticache, refused):
    """A name is an identifier, of which AWS says the same whatever is wrong."""
    for name in ("1own", "own-", "own--two", "own.two"):
        assert refused(elasticache.create_cache_parameter_group, **GROUP | {"CacheParameterGroupName": name}) == (
            "InvalidParameterValue",
            "The parameter CacheParameterGroupName is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens.",
        )


def test_a_group_that_is_not_there_is_told_as_each_operation_of_aws_does(elasticache, refused):
    """AWS has three sentences for it; the one of a deletion lacks a space."""
    pairs = values(("timeout", "20"))
    assert refused(elasticache.modify_cache_parameter_group, **NAME, ParameterNameValues=pairs) == (
        "CacheParameterGroupNotFound",
        "CacheParameterGroup not found: own",
    )
    assert refused(elasticache.delete_cache_parameter_group, **NAME) == (
        "CacheParameterGroupNotFound",
        "CacheParameterGroupnot found: own",
    )


def test_groups_of_retired_families(elasticache):
    """AWS still makes groups of families that no cache can have any more, with the parameters that they had."""
    for family in ("redis2.6", "redis2.8"):
        name = {"CacheParameterGroupName": family.replace(".", "-")}
        elasticache.create_cache_parameter_group(**name, CacheParameterGroupFamily=family, Description="old")
        pairs = values(("appendonly", "yes"), ("appendfsync", "always"))
        elasticache.modify_cache_parameter_group(**name, ParameterNameValues=pairs)
        assert all_parameters(elasticache, **name, Source="user").keys() == {"appendonly", "appendfsync"}


def test_groups_of_aws_are_shown_too(elasticache):
    """Every family has a default group, and every family with cluster mode a second one."""
    pages = elasticache.get_paginator("describe_cache_parameter_groups").paginate(PaginationConfig={"PageSize": 20})
    names = [group["CacheParameterGroupName"] for page in pages for group in page["CacheParameterGroups"]]
    assert names == sorted(names)
    assert {"default.redis7", "default.redis7.cluster.on", "default.memcached1.6"} <= set(names)
    assert "default.memcached1.6.cluster.on" not in names


def test_defaults_of_a_family_that_there_is_not(elasticache, refused):
    """Defaults are those of AWS's families only."""
    assert refused(elasticache.describe_engine_default_parameters, CacheParameterGroupFamily="redis99") == (
        "InvalidParameterValue",
        "CacheParameterGroupFamily redis99 is not a valid parameter group family.",
    )


@pytest.mark.parametrize("family", parameters.families())
def test_defaults_of_a_family(elasticache, family):
    """The defaults are all of the catalog's parameters; what depends on the node type has a value for each."""
    pages = list(
        elasticache.get_paginator("describe_engine_default_parameters").paginate(
            CacheParameterGroupFamily=family, PaginationConfig={"PageSize": 20}
        )
    )
    single = {one["ParameterName"]: one for page in pages for one in page["EngineDefaults"]["Parameters"]}
    by_type = {
        one["ParameterName"]: one
        for page in pages
        for one in page["EngineDefaults"].get("CacheNodeTypeSpecificParameters", [])
    }
    known = parameters.parameters(family)
    assert single.keys() | by_type.keys() == known.keys()
    assert {name: one["ParameterValue"] for name, one in single.items()} == {
        name: one.default for name, one in known.items() if not one.default.startswith("{")
    }
    assert {one["Source"] for one in [*single.values(), *by_type.values()]} == {"system"}
    assert all(one["CacheNodeTypeSpecificValues"] for one in by_type.values())


def test_maxmemory_by_node_type(elasticache):
    """What an engine may use of a node's memory is shown for each node type that runs it."""
    found = all_parameters(elasticache, CacheParameterGroupName="default.redis7")["maxmemory"]
    shown = {one["CacheNodeType"]: one["Value"] for one in found["CacheNodeTypeSpecificValues"]}
    assert shown["cache.r7g.large"] == "14037181030"
    assert "cache.r8g.large" not in shown
    assert shown.keys() == {
        one.name for one in node_types.node_types() if node_types.compatible(one.name, "redis", "7.1") is None
    }
    assert (found["IsModifiable"], found["MinimumEngineVersion"]) == (False, "7.0.0")


def test_parameters_by_source(elasticache):
    """A parameter that was set is the user's; every other one is the system's."""
    elasticache.create_cache_parameter_group(**GROUP)
    elasticache.modify_cache_parameter_group(**NAME, ParameterNameValues=values(("maxmemory-policy", "allkeys-lru")))
    users = all_parameters(elasticache, **NAME, Source="user")
    assert {name: (one["ParameterValue"], one["Source"]) for name, one in users.items()} == {
        "maxmemory-policy": ("allkeys-lru", "user")
    }
    systems = all_parameters(elasticache, **NAME, Source="system")
    assert "maxmemory-policy" not in systems
    assert all_parameters(elasticache, **NAME).keys() == systems.keys() | users.keys()
    assert all_parameters(elasticache, **NAME, Source="engine-default").keys() == systems.keys()


def test_default_group_of_cluster_mode_has_nothing_of_a_user(elasticache):
    """AWS's own group for cluster mode has cluster-enabled=yes, set by the system."""
    assert all_parameters(elasticache, CacheParameterGroupName="default.redis7.cluster.on", Source="user") == {}
    shown = all_parameters(elasticache, CacheParameterGroupName="default.redis7.cluster.on")["cluster-enabled"]
    assert (shown["ParameterValue"], shown["Source"]) == ("yes", "system")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"Source": "mine"}, "InvalidParameterValue", "Invalid value for Source: mine. Must be one of: user, system, "),
        ({"MaxRecords": 19}, "InvalidParameterValue", "Invalid value 19 for MaxRecords. Must be between 20 and 100."),
        ({"MaxRecords": 101}, "InvalidParameterValue", "Invalid value 101 for MaxRecords. Must be between 20 and 100."),
        ({"Marker": "no marker"}, "InvalidParameterValue", "The value of Marker is invalid."),
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound", "CacheParameterGroup not found: none"),
    ],
)
def test_describe_parameters_refuses(elasticache, refused, arguments, code, message):
    """Sources, page sizes, markers and names that do not exist are refused."""
    elasticache.create_cache_parameter_group(**GROUP)
    found = refused(elasticache.describe_cache_parameters, **NAME | arguments)
    assert found[0] == code
    assert found[1].startswith(message)


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (values(("timeout", "10")), "InvalidParameterValue", "The parameter timeout must be one of 0,20-"),
        (values(("maxmemory-policy", "lru")), "InvalidParameterValue", "The parameter maxmemory-policy must be one of"),
        (values(("maxmemory", "1")), "InvalidParameterValue", "The parameter maxmemory must be left to AWS"),
        (values(("appendfsink", "1")), "InvalidParameterValue", "The parameter appendfsink must be a parameter of"),
        (values(("tcp-keepalive", "a")), "InvalidParameterValue", "The parameter tcp-keepalive must be an integer"),
        ([{"ParameterName": "timeout"}], "InvalidParameterValue", "Each of ParameterNameValues must have"),
        (
            values(("timeout", "0"), ("timeout", "20")),
            "InvalidParameterCombination",
            "The parameter timeout is given more than once.",
        ),
        (
            values(("reserved-memory", "1"), ("reserved-memory-percent", "1")),
            "InvalidParameterCombination",
            "reserved-memory and reserved-memory-percent cannot both be set.",
        ),
        (
            values(*[("timeout", "0")] * 21),
            "InvalidParameterCombination",
            "Cannot modify more than 20 parameters in a single request",
        ),
    ],
)
def test_modify_refuses(elasticache, refused, given, code, message):
    """A value that AWS does not take is refused, and with it the whole request."""
    elasticache.create_cache_parameter_group(**GROUP)
    request = [*values(("hash-max-listpack-value", "65")), *given] if len(given) < 20 else given
    found = refused(elasticache.modify_cache_parameter_group, **NAME, ParameterNameValues=request)
    assert found[0] == code
    assert found[1].startswith(message)
    assert all_parameters(elasticache, **NAME, Source="user") == {}


def test_twenty_parameters_at_once(elasticache):
    """Twenty parameters may be changed in one request, and each change is an event."""
    elasticache.create_cache_parameter_group(**GROUP)
    known = parameters.parameters("redis7").values()
    plain = [one for one in known if one.modifiable and one.data_type == "integer" and one.change_type == "immediate"]
    chosen = [(one.name, one.default) for one in plain if one.name != "reserved-memory"][:20]
    assert len(chosen) == 20
    elasticache.modify_cache_parameter_group(**NAME, ParameterNameValues=values(*chosen))
    assert all_parameters(elasticache, **NAME, Source="user").keys() == {name for name, _ in chosen}
    events = elasticache.describe_events(SourceType="cache-parameter-group", SourceIdentifier="own")["Events"]
    assert {event["Message"] for event in events} == {f"Updated parameter {name} to {value}" for name, value in chosen}


def test_reset(elasticache):
    """Named parameters, or all, go back to their defaults."""
    elasticache.create_cache_parameter_group(**GROUP)
    elasticache.modify_cache_parameter_group(
        **NAME, ParameterNameValues=values(("timeout", "20"), ("slowlog-max-len", "1"), ("latency-tracking", "yes"))
    )
    elasticache.reset_cache_parameter_group(**NAME, ParameterNameValues=[{"ParameterName": "timeout"}])
    assert all_parameters(elasticache, **NAME, Source="user").keys() == {"slowlog-max-len", "latency-tracking"}
    elasticache.reset_cache_parameter_group(**NAME, ResetAllParameters=True)
    assert all_parameters(elasticache, **NAME, Source="user") == {}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "InvalidParameterCombination"),
        ({"ResetAllParameters": False}, "InvalidParameterCombination"),
        (
            {"ResetAllParameters": True, "ParameterNameValues": [{"ParameterName": "timeout"}]},
            "InvalidParameterCombination",
        ),
        ({"ParameterNameValues": [{"ParameterName": "no-such"}]}, "InvalidParameterValue"),
    ],
)
def test_reset_refuses(elasticache, refused, arguments, code):
    """What to reset must be said in exactly one way, and must exist."""
    elasticache.create_cache_parameter_group(**GROUP)
    elasticache.modify_cache_parameter_group(**NAME, ParameterNameValues=values(("timeout", "20")))
    assert refused(elasticache.reset_cache_parameter_group, **NAME, **arguments)[0] == code
    assert all_parameters(elasticache, **NAME, Source="user").keys() == {"timeout"}


def test_default_groups_are_fixed(elasticache, refused):
    """AWS's own groups cannot be changed, reset or deleted."""
    default = {"CacheParameterGroupName": "default.redis7"}
    message = "The default cache parameter group default.redis7 cannot be modified."
    for call, arguments in (
        (elasticache.modify_cache_parameter_group, {"ParameterNameValues": values(("timeout", "0"))}),
        (elasticache.reset_cache_parameter_group, {"ResetAllParameters": True}),
    ):
        assert refused(call, **default, **arguments) == ("InvalidParameterValue", message)
    # To AWS the name of the group is no identifier, as it has a dot.
    code, message = refused(elasticache.delete_cache_parameter_group, **default)
    assert code == "InvalidParameterValue"
    assert message.startswith("The parameter CacheParameterGroupName is not a valid identifier.")


def test_group_in_use_stays(memcached_in_use, refused):
    """A group that a cache uses cannot be deleted; without the cache it can, and is gone with its tags."""
    assert refused(memcached_in_use.delete_cache_parameter_group, **NAME) == (
        "InvalidCacheParameterGroupState",
        "One or more cache clusters are still members of this parameter group own, so the group cannot be deleted.",
    )
    memcached_in_use.delete_cache_cluster(CacheClusterId="mem")
    memcached_in_use.delete_cache_parameter_group(**NAME)
    assert refused(memcached_in_use.delete_cache_parameter_group, **NAME)[0] == "CacheParameterGroupNotFound"


def test_what_cannot_change_in_use(elasticache, refused):
    """`databases` cannot change while a cache uses the group; setting it to what it is changes nothing."""
    elasticache.create_cache_parameter_group(**GROUP)
    elasticache.modify_cache_parameter_group(**NAME, ParameterNameValues=values(("databases", "32")))
    elasticache.create_cache_cluster(
        CacheClusterId="one",
        Engine="redis",
        CacheNodeType="cache.t4g.micro",
        NumCacheNodes=1,
        EngineVersion="7.1",
        CacheParameterGroupName="own",
    )
    elasticache.modify_cache_parameter_group(**NAME, ParameterNameValues=values(("databases", "32")))
    message = "The parameter databases cannot be modified while the cache parameter group own is in use."
    for call, arguments in (
        (elasticache.modify_cache_parameter_group, {"ParameterNameValues": values(("databases", "16"))}),
        (elasticache.reset_cache_parameter_group, {"ResetAllParameters": True}),
    ):
        assert refused(call, **NAME, **arguments) == ("InvalidCacheParameterGroupState", message)


def test_quota_of_groups(elasticache, refused):
    """A region has at most 300 groups of its own."""
    for number in range(300):
        elasticache.create_cache_parameter_group(**GROUP | {"CacheParameterGroupName": f"own-{number}"})
    assert refused(elasticache.create_cache_parameter_group, **GROUP)[0] == "CacheParameterGroupQuotaExceeded"


def test_copies_of_a_global_datastore_change_together(in_process):
    """What is changed in a global datastore's group is changed in its copies in all regions."""
    here, there = in_process.context, in_process.context.in_region("eu-west-1")
    original = default_group("redis7")
    names = {copy_for_global(context, original, "ldgnf-main").name for context in (here, there)}
    assert names == {"global-datastore-ldgnf-main-redis7"}
    (name,) = names
    (shown,) = in_process.call("DescribeCacheParameterGroups", CacheParameterGroupName=name)["CacheParameterGroups"]
    assert shown["IsGlobal"] is True
    in_process.call(
        "ModifyCacheParameterGroup", CacheParameterGroupName=name, ParameterNameValues=values(("timeout", "60"))
    )
    assert find(there, name).value("timeout") == "60"
    in_process.call("ResetCacheParameterGroup", CacheParameterGroupName=name, ResetAllParameters=True)
    assert find(there, name).value("timeout") == "0"
