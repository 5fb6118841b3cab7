"""Access strings: what is refused, how, and what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import access_string


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must not be empty; write it like 'on ~app:* +@read'"),
        ("   ", "must not be empty; write it like 'on ~app:* +@read'"),
        (
            "on ~* +@all nopass",
            "must not hold 'nopass', which ElastiCache refuses; set the user's authentication to no-password-required"
            " instead",
        ),
        ("reset on", "must not hold 'reset', which ElastiCache refuses; write the whole access string anew"),
        (
            "on ~a:* resetkeys ~b:*",
            "must not hold 'resetkeys', which ElastiCache refuses; leave out the rules for keys before it instead",
        ),
        (
            "on &a resetchannels",
            "must not hold 'resetchannels', which ElastiCache refuses; leave out the rules for channels before it"
            " instead",
        ),
        (
            "on ~* +@all -CONFIG",
            "must not name commands that ElastiCache forbids, got '-CONFIG'; remove it",
        ),
        (
            "on ~* (~a +config|get)",
            "must not name commands that ElastiCache forbids, got '+config|get'; remove it",
        ),
        (
            "on ~* +acl|setuser",
            "must not name commands that ElastiCache forbids, got '+acl|setuser'; remove it",
        ),
        (
            "on (sanitize-payload ~x)",
            "must not hold 'sanitize-payload' in a selector, which is for keys, channels and commands; remove it",
        ),
        (
            "on >hunter2hunter2 ~*",
            "must not hold a password (a rule that begins with '>'); use the user's passwords instead",
        ),
        ("on ~* +@raed", "must name known categories, got '+@raed'; use @read, @write or another of Redis's"),
        ("on app:*", "must hold rules of Redis's ACL grammar, got 'app:*'; write it like 'on ~app:* +@read'"),
        ("on &", "must hold rules of Redis's ACL grammar, got '&'; write it like 'on ~app:* +@read'"),
        (
            "on (~x +get",
            "must close every parenthesis of a selector, got one left open; write it like '(~key:* +get)'",
        ),
        ("on ()", "must not hold an empty selector, got '()'; remove it"),
        (
            "on (on ~x +get)",
            "must not hold 'on' in a selector, which is for keys, channels and commands; remove it",
        ),
        (
            "on (~x (+get))",
            "must not hold another selector in a selector, which is for keys, channels and commands; remove it",
        ),
    ],
)
def test_what_is_refused_is_told_with_a_way_out(text: str, problem: str) -> None:
    """Passwords, resets, unknown categories, what is no rule, and selectors that are none."""
    assert access_string.problem(text) == problem
    with pytest.raises(ValueError, match="must "):
        access_string.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "on ~* +@all",
        "off -@all",
        "on %R~a:* %W~b:* %RW~c:* &news.* +get +client|list +acl|whoami -@dangerous",
        "ON ALLKEYS ALLCHANNELS ALLCOMMANDS",
        "on ~a:* +@read (~b:* +@write) (%R~c:* +get)",
        "on clearselectors nocommands",
        "on sanitize-payload ~* +@all",
        "on ~* +@bloom +@json +@search",
    ],
)
def test_redis_s_grammar_is_accepted(text: str) -> None:
    """What Redis 7 and Valkey know of rules is no problem."""
    assert access_string.problem(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("on ~* +@all", None),
        ("on nopass", "password"),
        ("on #abc", "password"),
        ("resetkeys on", "reset"),
        ("on +@raed", "category"),
        ("on +save", "command"),
        ("on app:*", "rule"),
        ("on (~x", "rule"),
        ("", "rule"),
    ],
)
def test_the_reasons_are_told_apart_as_elasticache_does(text: str, kind: str | None) -> None:
    """ElastiCache has a sentence of its own for each."""
    assert access_string.kind_of_problem(text) == kind


@pytest.mark.parametrize(
    "text", ["on (~x >hunter2hunter2", "on (~x >hunter2hunter2)", "on <hunter2hunter2", "(>hunter2hunter2"]
)
def test_a_password_is_never_part_of_a_message(text: str) -> None:
    """Also when something else is wrong."""
    found = access_string.problem(text)

    assert found is not None
    assert "hunter2" not in found


def test_a_thousand_nested_selectors_are_refused_not_a_crash() -> None:
    """The depth of what is read costs no depth of calls."""
    assert access_string.problem("(" * 5000 + "+get" + ")" * 5000) is not None


def test_a_long_rule_is_shown_cut() -> None:
    """A message stays a line."""
    found = access_string.problem("x" * 500)

    assert found is not None
    assert len(found) < 180
    assert "of 500 characters" in found


def test_a_string_that_is_refused_is_kept_as_it_is() -> None:
    """It has no normal form: two of them are the same only when they are written the same."""
    assert access_string.normalise("on (~x") == "on (~x"
    assert access_string.normalise("") == ""


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("on ~* +@all", "on ~* +@all"),
        ("+@all on allkeys", "on ~* +@all"),
        ("on ~app::* -@all +@read on ~* +@all", "on ~* +@all"),
        ("on &x ~a -@all +@read +get +@read", "on ~a &x -@all +get +@read"),
        ("on ~a &x (~b +get) clearselectors", "on ~a &x -@all"),
        ("~* skip-sanitize-payload on +@all sanitize-payload", "on sanitize-payload ~* +@all"),
        ("~app:* +get", "off ~app:* -@all +get"),
        ("on ~app:*", "on ~app:* -@all"),
        ("on allchannels nocommands +GET", "on &* -@all +get"),
        ("on ~a +get (~b   +set)", "on ~a -@all +get (~b +set)"),
    ],
)
def test_the_normal_form(text: str, normal: str) -> None:
    """On or off first, then keys, channels, commands and selectors; what a later rule makes void is left out."""
    assert access_string.normalise(text) == normal


RULES = st.one_of(
    st.sampled_from(["on", "off", "allkeys", "allchannels", "allcommands", "nocommands", "sanitize-payload"]),
    st.builds(
        "{}{}".format, st.sampled_from(["~", "%R~", "%W~", "%RW~", "&"]), st.text("abc:*?", min_size=1, max_size=6)
    ),
    st.builds("{}@{}".format, st.sampled_from("+-"), st.sampled_from(access_string.CATEGORIES)),
    st.builds("{}{}".format, st.sampled_from("+-"), st.sampled_from(["get", "GET", "client|list", "json.set"])),
    st.builds("(~{} +{})".format, st.text("abc*", max_size=4), st.sampled_from(["get", "@read"])),
)


@given(st.lists(RULES, min_size=1, max_size=10))
def test_the_normal_form_means_the_same(rules: list[str]) -> None:
    """Normalising twice is normalising once, and keys, channels, selectors and what is allowed stay."""
    text = " ".join(rules)
    assert access_string.problem(text) is None
    normal = access_string.normalise(text)
    before, after = access_string.parse(text), access_string.parse(normal)

    assert access_string.normalise(normal) == normal
    assert (before.enabled, before.keys, before.channels) == (after.enabled, after.keys, after.channels)
    assert before.selectors == after.selectors
    assert [before.category_allowed(one) for one in access_string.CATEGORIES] == [
        after.category_allowed(one) for one in access_string.CATEGORIES
    ]


@given(st.text("()+-@~%&|.*onff allkeys>#<!", max_size=40))
def test_whatever_is_made_of_its_signs_is_parsed_or_refused(text: str) -> None:
    """Neither the parser nor the message is ever a crash."""
    found = access_string.problem(text)
    access_string.normalise(text)

    if found is None:
        access_string.parse(text)
    else:
        assert found.startswith("must ")
