"""Windows, slots and access strings: parsers held against brute force and against themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import access_string, slots, windows

minutes_of_day = st.integers(0, windows.DAY_MINUTES - 1)
minutes_of_week = st.integers(0, windows.WEEK_MINUTES - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def weekday(minute: int) -> str:
    return f"{windows.DAYS[minute // windows.DAY_MINUTES]}:{clock(minute % windows.DAY_MINUTES)}"


@given(minutes_of_day, st.integers(60, 1439), minutes_of_week, st.integers(60, 1440))
def test_overlap_is_that_of_the_minutes_of_the_week(start: int, length: int, begin: int, duration: int) -> None:
    """Two windows overlap when some minute of the week is in both; touching ends are fine."""
    daily = f"{clock(start)}-{clock((start + length) % windows.DAY_MINUTES)}"
    weekly = f"{weekday(begin)}-{weekday((begin + duration) % windows.WEEK_MINUTES)}"
    in_daily = {
        (day * windows.DAY_MINUTES + start + minute) % windows.WEEK_MINUTES
        for day in range(7)
        for minute in range(length)
    }
    in_weekly = {(begin + minute) % windows.WEEK_MINUTES for minute in range(duration)}

    assert windows.snapshot_problem(daily) is None
    assert windows.maintenance_problem(weekly) is None
    assert (windows.overlap_problem(daily, weekly) is not None) == bool(in_daily & in_weekly)


@given(st.text(max_size=25))
def test_no_window_is_ever_a_crash(text: str) -> None:
    """Whatever is written, the answer is a sentence or None."""
    for problem in (windows.snapshot_problem(text), windows.maintenance_problem(text)):
        assert problem is None or problem.startswith("must ")


def test_the_handbooks_windows_touch_and_do_not_overlap() -> None:
    """03:00-05:00 every day and Monday 05:00-07:00."""
    assert windows.overlap_problem("03:00-05:00", "mon:05:00-mon:07:00") is None
    assert windows.overlap_problem("04:00-06:00", "mon:05:00-mon:07:00") is not None


@given(st.integers(1, 500))
def test_even_slots_cover_everything_once(shards: int) -> None:
    """Every slot is in one shard, and no shard has more than one slot more than another."""
    ranges = slots.even_slots(shards)
    sizes = {len(slots.parse(one)) for one in ranges}

    assert slots.cover_problem(list(ranges)) is None
    assert max(sizes) - min(sizes) <= 1


@given(st.sets(st.integers(0, 16383), min_size=1, max_size=200))
def test_slots_are_read_as_they_are_written(chosen: set[int]) -> None:
    """Writing and reading loses nothing."""
    assert slots.parse(slots.render(list(chosen))) == sorted(chosen)


@pytest.mark.parametrize(
    ("ranges", "problem"),
    [
        (["0-8191", "8191-16383"], "must hold each slot once, got slot 8191 twice; give each slot to one shard"),
        (["0-8190", "8192-16383"], "must cover every slot from 0 to 16383, got none for slot 8191; add it to a shard"),
        (["0-16384"], "must be slots from 0 to 16383, got '0-16384'"),
        (["x"], "must be slots such as '0-8191,9000', got 'x'"),
    ],
)
def test_slots_that_do_not_cover_are_told(ranges: list[str], problem: str) -> None:
    """Which slot, and what to do."""
    assert slots.cover_problem(ranges) == problem


rules = st.sampled_from(
    [
        "on",
        "off",
        "~*",
        "~app:*",
        "%R~x:*",
        "&*",
        "allkeys",
        "+@all",
        "-@all",
        "+@read",
        "-flushall",
        "+get",
    ]
)


@given(st.lists(rules, min_size=1, max_size=8))
def test_normalising_an_access_string_twice_changes_nothing(tokens: list[str]) -> None:
    """What AWS stores is stored as it is, and still valid."""
    once = access_string.normalise(" ".join(tokens))

    assert access_string.problem(once) is None
    assert access_string.normalise(once) == once
    assert access_string.parse(once).enabled == access_string.parse(" ".join(tokens)).enabled


@given(st.text(max_size=60))
def test_no_access_string_is_ever_a_crash(text: str) -> None:
    """Whatever is written, it is parsed or refused."""
    if access_string.problem(text) is None:
        access_string.parse(text)
    access_string.normalise(text)


def test_the_last_rule_decides() -> None:
    """Categories are allowed and forbidden from left to right."""
    parsed = access_string.parse("on ~app:* -@all +@read -@dangerous")

    assert parsed.category_allowed("read")
    assert not parsed.category_allowed("dangerous")
    assert not parsed.allows_all_commands()
    assert access_string.parse("on ~* +@all").allows_all_commands()
    assert not access_string.parse("on ~* +@all -@dangerous").allows_all_commands()
