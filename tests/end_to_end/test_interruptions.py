"""Nothing is lost, and nothing is made twice, whatever is killed in the middle of an update."""

import json
import os
import signal
import subprocess
import time
from typing import Any

import pytest

# Events after which an up of prod (299 resources, two events each) is killed: together they sample every kind of step.
KILLS = [list(range(first, 596, 149)) for first in range(3, 149, 37)]


def kill_after(workplace: Any, lines: int) -> None:
    """Start `up` of prod and kill it with SIGKILL after it has printed so many events."""
    process = workplace.start("up", "--stack", "prod", "--yes", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    for _ in range(lines):
        if not process.stdout.readline():
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()


def assert_whole(workplace: Any) -> None:
    """The stack is complete, and the API holds nothing that the state does not know."""
    assert workplace.counts("up", "--stack", "prod", "--yes") == {"same": 299}
    found = workplace.names_at_the_api()
    kinds = [line.split(" ")[0] for line in found["us-east-1"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "group": 3,
        "cluster": 2 + 6 + 1 + 2,
        "subnets": 4,
        # The primary's group, and the global datastore's copy of it.
        "parameters": 5,
        "serverless": 1,
        "user": 6,
        "users": 2,
        "global": 1,
        "vpc": 1,
        "security": 10,
    }


@pytest.mark.slow
@pytest.mark.parametrize("kills", KILLS, ids=str)
def test_an_up_killed_again_and_again_is_finished_by_the_next(workplace: Any, kills: list[int]) -> None:
    """Killed after more and more events, each run going on from where the last one was killed."""
    for lines in kills:
        kill_after(workplace, lines)

    workplace.ok("up", "--stack", "prod", "--yes")

    assert_whole(workplace)


@pytest.mark.slow
def test_an_up_killed_within_a_step_says_what_was_pending(workplace: Any) -> None:
    """The next run names the operations that never ended and finishes them."""
    process = workplace.start("up", "--stack", "prod", "--yes", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    begun: set[str] = set()
    while True:
        event = json.loads(process.stdout.readline())
        if event["event"] == "resource-begin" and event["type"].startswith("aws:"):
            begun.add(event["urn"])
        if event["event"] == "resource-end":
            begun.discard(event["urn"])
        if len(begun) >= 2:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()

    events = workplace.events("up", "--stack", "prod", "--yes")

    told = [one["message"] for one in events if one["event"] == "diagnostic"]
    assert any("interrupted" in message or "pending" in message or "finish" in message for message in told), told
    assert_whole(workplace)


def test_a_local_aws_that_was_killed_is_told_and_everything_is_made_anew(workplace: Any) -> None:
    """The state was made on an instance that is gone: up says so, refreshes, and creates what is missing."""
    workplace.ok("up", "--stack", "dev", "--yes")
    status = json.loads(workplace.ok("local", "status", "--json"))
    os.kill(status["pid"], signal.SIGKILL)
    wait_until_gone(status["pid"])

    events = workplace.events("up", "--stack", "dev", "--yes")

    told = [one["message"] for one in events if one["event"] == "diagnostic"]
    assert told[0] == (
        "the stack's state was made on another instance of the local AWS, which is gone: it is refreshed first"
    )
    assert workplace.counts("up", "--stack", "dev", "--yes") == {"same": 34}
    assert len(workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"]) == 1


def test_a_local_aws_killed_in_the_middle_of_an_up_fails_readably(workplace: Any) -> None:
    """The run ends with a message and exit code 1, and the next one completes."""
    workplace.ok("local", "start")
    pid = json.loads(workplace.ok("local", "status", "--json"))["pid"]
    process = workplace.start("up", "--stack", "prod", "--yes", "--json")
    assert process.stdout is not None
    while json.loads(process.stdout.readline()).get("type") != "aws:ec2/vpc:Vpc":
        pass
    os.kill(pid, signal.SIGKILL)

    out, err = process.communicate(timeout=120)

    assert process.returncode == 1, out + err
    assert "Traceback" not in out + err
    assert "the local AWS does not answer" in out
    workplace.ok("up", "--stack", "prod", "--yes")
    assert_whole(workplace)


def test_two_ups_at_once_leave_one_sound_state(workplace: Any) -> None:
    """One of them is refused with the holder's name, or waits its turn by being run again."""
    workplace.ok("local", "start")
    first, second = (workplace.start("up", "--stack", "dev", "--yes", "--json") for _ in range(2))

    outcomes = sorted(((*one.communicate(timeout=120), one.returncode) for one in (first, second)), key=lambda o: o[2])

    assert [one[2] for one in outcomes] in ([0, 2], [0, 0])
    if outcomes[1][2] == 2:
        assert "error: the stack 'dev' is locked by 'up' (pid " in outcomes[1][1]
    assert workplace.counts("up", "--stack", "dev", "--yes") == {"same": 34}
    assert len(workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"]) == 1


def test_an_interrupt_lets_running_steps_end_and_saves_the_state(workplace: Any) -> None:
    """Ctrl-C exits with 130; what was made is in the state, and the next up goes on."""
    process = workplace.start("up", "--stack", "prod", "--yes", "--json", start_new_session=True)
    assert process.stdout is not None
    while json.loads(process.stdout.readline()).get("type") != "aws:ec2/vpc:Vpc":
        pass
    process.send_signal(signal.SIGINT)

    out, err = process.communicate(timeout=120)

    assert process.returncode == 130, out + err
    summary = json.loads(out.splitlines()[-1])
    assert summary["result"] == "canceled"
    workplace.ok("up", "--stack", "prod", "--yes")
    assert_whole(workplace)


def wait_until_gone(pid: int) -> None:
    """Wait, with a bound, until a process no longer exists."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode != 0:
            return
    raise AssertionError(pid)
