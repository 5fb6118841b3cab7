"""How speeds and spans of time are written, and what is said about those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.cloud import speeds, timespans
from cachewright_offline.errors import CachewrightError


@pytest.mark.parametrize(
    ("text", "speed"),
    [("instant", None), ("INSTANT ", None), ("1x", 1.0), ("10X", 10.0), ("60", 60.0), ("0.5x", 0.5)],
)
def test_speeds(text, speed):
    """A factor with or without its x, or the word instant."""
    assert speeds.parse(text) == speed


@given(st.integers(1, 1_000_000))
def test_speeds_are_shown_as_they_are_read(factor):
    """What is shown reads as the same speed."""
    assert speeds.parse(speeds.shown(float(factor))) == factor


@pytest.mark.parametrize("text", ["", "0x", "-1x", "fast", "xx", "1e9x", "1000001x", "nan", "1x2", "١x"])
def test_no_speeds(text):
    """What is no speed is refused by name, with what was expected and found."""
    with pytest.raises(CachewrightError) as caught:
        speeds.parse(text)
    assert str(caught.value) == (
        "speed: expected `instant`, or a factor above 0 and up to 1000000 such as `1x` or `60x`, "
        f"found {text!r}; leave it out for instant"
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("2h", 7200), ("8d", 691_200), ("1d12h", 129_600), ("1h 30m", 5400), ("0s", 0), ("2H", 7200)],
)
def test_timespans(text, seconds):
    """Days, hours, minutes and seconds, the largest first."""
    assert timespans.parse(text) == seconds


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_timespans_add_up(days, hours, minutes, seconds):
    """The parts of a span add up."""
    expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert timespans.parse(f"{days}d{hours}h{minutes}m{seconds}s") == expected


@pytest.mark.parametrize("text", ["", "90", "s", "1w", "-5s", "1.5h", "30m1h", "2h2h", "ten seconds", "٣s"])
def test_no_timespans(text):
    """What is no span is refused by name, with what was expected and found."""
    with pytest.raises(CachewrightError) as caught:
        timespans.parse(text)
    assert str(caught.value) == (
        "duration: expected days, hours, minutes and seconds such as `90s`, `2h` or `1d12h`, "
        f"found {text!r}; write each number with its unit, the largest first"
    )


def test_too_long_a_timespan():
    """Ten years at a time are the most."""
    assert timespans.parse("3650d") == 3650 * 86_400
    with pytest.raises(CachewrightError, match=r"duration: expected at most 3650d, found '3650d1s'"):
        timespans.parse("3650d1s")
