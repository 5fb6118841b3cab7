"""Names, tags and windows: the corners."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import names, slots, windows
from cachewright.catalog.quoting import shown

WAYS_OUT = {
    "description": "shorten it, or leave it out",
    "tag_key": "choose another key",
    "tag_value": "shorten the value",
}


@pytest.mark.parametrize(
    ("kind", "accepted", "refused"),
    [
        ("replication_group_id", ["a", "Main-1", "a" * 40], ["", "1a", "a-", "a--b", "a_b", "a" * 41, "ä", "a\n"]),
        ("cache_cluster_id", ["a", "main-1", "a" * 50], ["", "Main", "1a", "a-", "a--b", "a" * 51]),
        ("serverless_snapshot_name", ["nightly-1", "a" * 255], ["", "-a", "a-", "a--b", "a" * 256]),
        ("snapshot_name", ["nightly-1", "a" * 40], ["", "-a", "a-", "a--b", "a" * 41]),
        ("parameter_group_name", ["redis7-main", "a" * 255], ["", "default", "Default.redis7", "1a", "a" * 256]),
        ("subnet_group_name", ["main", "a-1", "a" * 255], ["", "default", "1a", "a--b", "a-", "a_b", "a b", "a" * 256]),
        ("user_id", ["reader", "a" * 40], ["", "1a", "default", "DEFAULT", "a_b", "a--b", "a-", "a" * 41]),
        ("reserved_cache_node_id", ["mine", "Mine-1", "a" * 60], ["", "1a", "a-", "a--b", "a_b", "a" * 61]),
        ("user_group_id", ["readers", "a" * 40], ["", "1a", "a_b", "a--b", "a-"]),
        ("global_suffix", ["main", "main-1", "a" * 34], ["", "-a", "a-", "a--b", "1a", "a" * 35]),
        ("serverless_cache_name", ["orders", "a" * 40], ["", "1a", "a-", "a--b", "a" * 41]),
        ("description", ["x", "Ünïcode, with\nlines", "x" * 255], ["", "x" * 256]),
        ("tag_key", ["team", "k" * 128, "awesome"], ["", "aws:team", "AWS:team", "k" * 129]),
        ("tag_value", ["", "v" * 256], ["v" * 257]),
        ("security_group_name", ["web (public)", "a" * 255], ["", "sg-1", "a|b"]),
    ],
)
def test_a_kind_of_name(kind: str, accepted: list[str], refused: list[str]) -> None:
    """The shortest, the longest, and what AWS refuses."""
    for name in accepted:
        assert names.problem(kind, name) is None, name
    for name in refused:
        found = names.problem(kind, name)
        assert found is not None, name
        assert re.fullmatch(rf"must .*, got .*; {WAYS_OUT.get(kind, 'choose another name')}", found), found


@given(st.sampled_from(sorted(names.rules())), st.text(max_size=300))
def test_any_text_is_a_name_or_refused_in_one_line(kind: str, name: str) -> None:
    """Also with line ends and other signs in it."""
    found = names.problem(kind, name)

    assert found is None or (found.startswith("must ") and "\n" not in found and len(found) < 500)


def test_what_is_found_is_shown_up_to_sixty_characters() -> None:
    """Longer values are cut, and their length is told."""
    assert shown("a" * 60) == repr("a" * 60)
    assert shown("a" * 61) == f"{'a' * 60!r}... of 61 characters"


@pytest.mark.parametrize("day", ["ſun", "sun\n", "sún", "sunday", ""])
def test_a_day_is_one_of_seven_in_ascii(day: str) -> None:
    """A long s is no s, although ignoring case takes it for one."""
    found = windows.maintenance_problem(f"{day}:05:00-{day}:07:00")

    assert found is not None
    assert found.startswith("must be ddd:hh24:mi-ddd:hh24:mi in UTC, got ")


@pytest.mark.parametrize(
    "window", ["0٣:00-05:00", "3:00-5:00", "03:00-24:00", "03:60-05:00", "03:00 - 05:00", "03:00-05:00\n"]
)
def test_a_clock_has_two_ascii_digits_each(window: str) -> None:
    """What AWS would refuse is refused here."""
    found = windows.snapshot_problem(window)

    assert found is not None
    assert found.startswith("must be hh24:mi-hh24:mi in UTC, got ")


@pytest.mark.parametrize(
    ("window", "problem"),
    [
        ("mon:05:00-mon:06:00", None),
        ("sun:23:30-mon:00:30", None),
        ("MON:05:00-Mon:07:00", None),
        ("mon:05:00-tue:05:00", None),
        ("mon:05:00-tue:05:01", "must last 60 to 1440 minutes, got 1441 (mon:05:00-tue:05:01); move its end"),
        ("mon:05:00-mon:05:59", "must last 60 to 1440 minutes, got 59 (mon:05:00-mon:05:59); move its end"),
        ("mon:05:00-mon:05:00", "must last 60 to 1440 minutes, got 0 (mon:05:00-mon:05:00); move its end"),
        ("mon:05:00-mon:04:00", "must last 60 to 1440 minutes, got 10020 (mon:05:00-mon:04:00); move its end"),
    ],
)
def test_how_long_maintenance_lasts(window: str, problem: str | None) -> None:
    """An hour to a day, over midnight and over the end of the week."""
    assert windows.maintenance_problem(window) == problem


@pytest.mark.parametrize(
    ("snapshot", "maintenance", "overlaps"),
    [
        ("03:00-05:00", "mon:05:00-mon:07:00", False),
        ("07:00-08:00", "mon:05:00-mon:07:00", False),
        ("06:59-08:00", "mon:05:00-mon:07:00", True),
        ("23:30-00:30", "tue:00:00-tue:01:00", True),
        ("23:30-00:30", "sun:23:00-mon:00:00", True),
        ("00:00-01:00", "sun:23:00-mon:00:30", True),
        ("01:00-02:00", "sun:23:00-mon:01:00", False),
        ("12:00-13:00", "mon:00:00-tue:00:00", True),
    ],
)
def test_windows_around_midnight_and_the_end_of_the_week(snapshot: str, maintenance: str, overlaps: bool) -> None:
    """Touching ends are fine; every day the weekly window covers counts."""
    found = windows.overlap_problem(snapshot, maintenance)

    assert (found is not None) == overlaps
    if found:
        assert found == f"must not overlap the maintenance window {maintenance}, got {snapshot}; move one of the two"


def test_malformed_windows_do_not_overlap() -> None:
    """They have a problem of their own, which is told once."""
    assert windows.overlap_problem("x", "mon:05:00-mon:07:00") is None
    assert windows.overlap_problem("03:00-05:00", "x") is None


@given(st.text("0123456789-, ٣x", max_size=12) | st.text("9", min_size=4290, max_size=4400))
def test_slots_are_parsed_or_refused(text: str) -> None:
    """Every slot that is read exists, and every refusal is a sentence of ours."""
    try:
        found = slots.parse(text)
    except ValueError as error:
        assert str(error).startswith("must be slots ")
    else:
        assert all(0 <= slot < 16384 for slot in found)


@pytest.mark.parametrize("shards", [0, -1, 16385])
def test_slots_are_not_spread_over_an_impossible_number_of_shards(shards: int) -> None:
    """The number is named."""
    with pytest.raises(ValueError, match=f"must be 1 to 16384 shards, got {shards}"):
        slots.even_slots(shards)


@given(st.integers(1, 16384))
def test_even_slots_follow_each_other(shards: int) -> None:
    """From 0 to 16383 without a gap, larger shards first."""
    ends = [tuple(map(int, one.split("-"))) for one in slots.even_slots(shards)]
    sizes = [last - first + 1 for first, last in ends]

    assert ends[0][0] == 0
    assert ends[-1][1] == 16383
    assert all(left[1] + 1 == right[0] for left, right in itertools.pairwise(ends))
    assert sizes == sorted(sizes, reverse=True)
