"""What is due happens in the order of time, at the time at which it was due."""

from datetime import timedelta

import pytest

from cachewright_offline.cloud.agenda import Agenda
from cachewright_offline.cloud.clock import CLOCK


@pytest.fixture
def agenda():
    yield Agenda()
    CLOCK.reset()


def test_order_of_time(agenda):
    """Whatever the order of entry, and for whichever owner, the earlier happens first; ties go by entry."""
    now, done = CLOCK.now(), []
    for owner, hours, name in (("a", 2, "late"), ("b", 1, "early"), ("a", 1, "early too"), ("b", 9, "not yet")):
        agenda.enter(owner, now + timedelta(hours=hours), lambda name=name: done.append(name))
    agenda.settle()
    assert done == []
    CLOCK.advance(timedelta(hours=3).total_seconds())
    agenda.settle()
    assert done == ["early", "early too", "late"]


def test_the_clock_stands_at_the_moment(agenda):
    """What happens sees the time at which it was due, and so does what it brings about in turn."""
    start, seen = CLOCK.now(), []

    def window():
        seen.append(CLOCK.now() - start)
        agenda.enter(None, CLOCK.now() + timedelta(minutes=5), lambda: seen.append(CLOCK.now() - start), "modify")

    agenda.enter(None, start + timedelta(hours=1), window)
    CLOCK.advance(timedelta(hours=2).total_seconds())
    agenda.settle()
    assert seen == [timedelta(hours=1), timedelta(hours=1, minutes=5)]
    assert CLOCK.now() - start >= timedelta(hours=2)


def test_a_defect_stops_nothing_else(agenda, caplog):
    """An exception goes to the log; what is due after it still happens."""
    done = []
    agenda.enter(None, CLOCK.now(), [].pop, "cache-cluster-create")
    agenda.enter(None, CLOCK.now(), lambda: done.append("next"))
    agenda.settle()
    assert done == ["next"]
    assert "cache-cluster-create failed when it was due" in caplog.text


def test_under_way(agenda):
    """Changes that have begun are named in the order of their ends; what is planned for a moment is none of them."""
    now = CLOCK.now()
    agenda.enter(None, now + timedelta(hours=2), lambda: None, "snapshot-create")
    agenda.enter(None, now + timedelta(hours=1), lambda: None, "user-modify")
    agenda.enter(None, now + timedelta(minutes=1), lambda: None)
    assert list(agenda.under_way()) == ["user-modify", "snapshot-create"]


def test_strike_out(agenda):
    """What an owner entered is forgotten with it; the others' entries stay."""
    now, done = CLOCK.now(), []
    gone, stays = object(), object()
    agenda.enter(gone, now, lambda: done.append("gone"))
    agenda.enter(stays, now, lambda: done.append("stays"))
    agenda.strike_out(gone)
    agenda.settle()
    assert done == ["stays"]
