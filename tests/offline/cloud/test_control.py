"""Starting, finding and stopping the local AWS, whatever happens in between."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cachewright_offline.cloud import control
from cachewright_offline.cloud.control import CloudError
from cachewright_offline.errors import CachewrightError

from .conftest import Cloud


@pytest.fixture
def home(tmp_path):
    """Return a home folder; what runs there is stopped in the end."""
    yield tmp_path / "cloud"
    control.stop(tmp_path / "cloud")


def wait_until(condition):
    """Wait until a condition holds, and fail when it does not within a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_status_shows_everything(home):
    """Speed, time, memory and what exists by region are told."""
    started = control.start(home, speed="60x")
    cloud = Cloud(started.endpoint.url)
    for region in ("us-east-1", "eu-west-1"):
        cloud.client("elasticache", region=region).create_cache_cluster(
            CacheClusterId="one", Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=1
        )
    running = control.status(home)
    assert running.speed == "60x"
    assert running.memory_bytes > 1024 * 1024
    assert running.resources["cache_clusters"] == 2
    assert {region: held["cache_clusters"] for region, held in running.regions["123456789012"].items()} == {
        "us-east-1": 1,
        "eu-west-1": 1,
    }


def test_a_speed_and_the_time(home):
    """With a speed a cluster is creating until its time has passed; an advance moves it there; a reset, back."""
    client = Cloud(control.start(home, speed="1x").endpoint.url).client("elasticache")
    one = {"CacheClusterId": "one"}
    client.create_cache_cluster(**one, Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=1)

    def status():
        return client.describe_cache_clusters(**one)["CacheClusters"][0]["CacheClusterStatus"]

    before = control.status(home).time
    assert status() == "creating"
    after = control.advance(home, "1h").time
    assert after[:13] > before[:13] or after[:10] > before[:10]
    assert status() == "available"
    assert control.reset(home).time < after
    assert client.describe_cache_clusters()["CacheClusters"] == []


def test_what_falls_due_is_told_at_its_time(home):
    """Events carry the times at which they would have happened, not that of the next request."""
    client = Cloud(control.start(home, speed="1x").endpoint.url).client("elasticache")
    for name in ("first", "second"):
        client.create_cache_cluster(
            CacheClusterId=name, Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=1
        )
        control.advance(home, "8m")
    control.advance(home, "5h")
    dates = {}
    for event in client.describe_events(Duration=24 * 60)["Events"]:
        dates.setdefault(event["SourceIdentifier"], []).append(event["Date"])
    between = max(dates["second"]) - max(dates["first"])
    assert timedelta(minutes=8) <= between < timedelta(minutes=60)


def test_another_speed(home):
    """A running one keeps its speed; asked for its own, it is given."""
    control.start(home, speed="60x")
    assert control.start(home, speed="60").speed == "60x"
    with pytest.raises(CloudError) as caught:
        control.start(home, speed="instant")
    assert str(caught.value) == (
        f"speed: instant was asked for, but the local AWS of {home} already runs at 60x. "
        "Stop it first: `cachewright local stop`."
    )


@pytest.mark.parametrize(
    "call", [lambda home: control.start(home, speed="soon"), lambda home: control.advance(home, "soon")]
)
def test_malformed_arguments_start_nothing(home, call):
    """They are refused before anything else."""
    with pytest.raises(CachewrightError, match=r"(speed|duration): expected .*, found 'soon'"):
        call(home)
    assert not (home / "server.json").exists()


@pytest.mark.parametrize("call", [lambda home: control.advance(home, "1s"), control.reset, control.export])
def test_commands_need_a_running_one(home, call):
    """Without one, the way to start it is told."""
    with pytest.raises(CloudError) as caught:
        call(home)
    assert str(caught.value) == f"no local AWS runs in {home}: start one with `cachewright local start`"


def test_a_port_that_is_taken(home):
    """It is told before anything starts, with the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CloudError) as caught:
            control.start(home, port)
        assert str(caught.value) == (
            f"port: {port} on 127.0.0.1 cannot be listened on (Address already in use). "
            "Give another one, or none to take any that is free."
        )
    assert control.status(home) is None


def test_only_the_loopback_address(home):
    """Nothing listens on the machine's other addresses."""
    port = control.start(home).port
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), timeout=10)


def test_many_starts_at_once(home):
    """All get the same one process."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(control.start, [home] * 8))
    assert len({one.pid for one in found}) == 1
    assert len({one.endpoint.instance_id for one in found}) == 1


def test_a_server_that_was_killed(home):
    """After kill -9 none runs, whatever its files say, and a start gives a new and empty one."""
    first = control.start(home)
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: control.status(home) is None)
    assert (home / "server.json").exists()
    second = control.start(home)
    assert second.pid != first.pid
    assert second.endpoint.instance_id != first.endpoint.instance_id


def test_a_stale_file(home):
    """A file of a process that is gone, or noise in it, is no running one; stop clears it away."""
    home.mkdir()
    (home / "server.lock").touch()
    for content in (json.dumps({"pid": os.getpid(), "port": 1}), "noise", "[]", ""):
        (home / "server.json").write_text(content)
        assert control.status(home) is None
        assert control.stop(home) is False
        assert not (home / "server.json").exists()


def test_a_starter_that_was_killed(home):
    """When whoever starts it is killed, the lock is free, and the next start finds or starts one."""
    script = (
        f"from pathlib import Path\nfrom cachewright_offline.cloud import control\ncontrol.start(Path({str(home)!r}))"
    )
    starter = subprocess.Popen([sys.executable, "-c", script])
    wait_until((home / "server.log").exists)
    starter.kill()
    starter.wait()
    running = control.start(home)
    assert control.status(home).pid == running.pid


def test_two_servers_of_one_home(home):
    """A second process on the same home ends and says why."""
    control.start(home)
    second = subprocess.run(
        [sys.executable, "-m", "cachewright_offline.cloud", "--home", str(home), "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 2
    assert second.stderr == (
        f"error: a local AWS already runs in {home}: stop it first with `cachewright local stop`\n"
    )


def test_stop(home):
    """It ends on the first request to stop; on the second there is nothing to stop."""
    control.start(home)
    assert control.stop(home) is True
    assert control.stop(home) is False
    assert control.status(home) is None
