"""Measures the local AWS with many replication groups: what a page of them costs, and the memory that each takes.

A describe of one page of 100 groups is set beside a describe of 10 groups, and of one: what tells two versions apart on
a machine that does other things too is how it grows, and the time that the server's own process takes. Nothing is
asserted here: the table is printed, and kept in README.md beside this file. It needs Linux: /proc tells that time.
"""

import http.client
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import boto3

from cachewright_offline.cloud import control

STEPS = (10, 100, 500, 1000)
SHARDS, REPLICAS = 3, 2
RUNS = 40
KIB = 1024
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/elasticache/aws4_request, SignedHeaders=host, Signature=x"


class Cost(NamedTuple):
    """What a request costs, in milliseconds.

    Attributes:
        elapsed: Until its answer was there, other processes of the machine included.
        server: What the server computed for it.
    """

    elapsed: float
    server: float

    def __str__(self) -> str:
        """Return both, as the table shows them."""
        return f"{self.elapsed:.1f} ({self.server:.1f})"


class Figures(NamedTuple):
    """What was measured with so many groups.

    Attributes:
        groups: How many there are.
        page: A describe of the first page of groups, at most 100.
        members: A describe of the first page of 100 member clusters with their nodes.
        one: A describe of one group by its id.
        create: Creating one group.
        memory: KiB of the server.
    """

    groups: int
    page: Cost
    members: Cost
    one: Cost
    create: Cost
    memory: float


def computed(pid: int) -> float:
    """Return how many milliseconds a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def cost(running: control.Running, query: str) -> Cost:
    """Return the median time of a request, without what an SDK takes to read the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": SIGNED}
    times, before = [], computed(running.pid)
    for _ in range(RUNS):
        began = time.perf_counter()
        connection.request("POST", "/", f"{query}&Version=2015-02-02", headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == http.client.OK
    connection.close()
    return Cost(statistics.median(times) * 1000, (computed(running.pid) - before) / RUNS)


def main() -> None:
    """Print the table."""
    home = Path(tempfile.mkdtemp())
    running = control.start(home, 0, quotas=["nodes_per_region=20000"])
    client = boto3.client(
        "elasticache",
        region_name="us-east-1",
        endpoint_url=running.endpoint.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    made, figures = 0, []
    for step in STEPS:
        began, before, computed_before = time.perf_counter(), made, computed(running.pid)
        while made < step:
            client.create_replication_group(
                ReplicationGroupId=f"group-{made:04}",
                ReplicationGroupDescription="measured",
                CacheNodeType="cache.r7g.large",
                NumNodeGroups=SHARDS,
                ReplicasPerNodeGroup=REPLICAS,
                AutomaticFailoverEnabled=True,
            )
            made += 1
        elapsed = (time.perf_counter() - began) * 1000
        create = Cost(elapsed / (made - before), (computed(running.pid) - computed_before) / (made - before))
        page = cost(running, "Action=DescribeReplicationGroups")
        members = cost(running, "Action=DescribeCacheClusters&ShowCacheNodeInfo=true")
        one = cost(running, "Action=DescribeReplicationGroups&ReplicationGroupId=group-0000")
        status = control.status(home)
        assert status is not None
        figures.append(Figures(step, page, members, one, create, status.memory_bytes / KIB))
    control.stop(home)
    print("| groups | page, ms | page of members, ms | one, ms | create, ms | MiB | KiB each |")
    print("|---|---|---|---|---|---|---|")
    first = figures[0]
    for one in figures:
        each = f"{(one.memory - first.memory) / (one.groups - first.groups):.0f}" if one is not first else ""
        print(
            f"| {one.groups} | {one.page} | {one.members} | {one.one} | {one.create} | {one.memory / KIB:.0f}"
            f" | {each} |"
        )


if __name__ == "__main__":
    main()
