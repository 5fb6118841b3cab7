"""Measures the local AWS with many replication groups: what a page of them costs, and the memory that each takes.

A describe of one page of 100 groups is set beside a describe of 10 groups, and of one: what tells two versions apart on
a machine that does other things too is how it grows. Nothing is asserted here: the table is printed, and kept in
README.md beside this file.
"""

import http.client
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import boto3

from cachewright_offline.cloud import control

STEPS = (10, 100, 500, 1000)
SHARDS, REPLICAS = 3, 2
RUNS = 15
KIB = 1024
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/elasticache/aws4_request, SignedHeaders=host, Signature=x"


class Figures(NamedTuple):
    """What was measured with so many groups.

    Attributes:
        groups: How many there are.
        page: Milliseconds of a describe of the first page of groups, at most 100.
        members: Milliseconds of a describe of the first page of 100 member clusters with their nodes.
        one: Milliseconds of a describe of one group by its id.
        create: Milliseconds of creating one group.
        memory: KiB of the server.
    """

    groups: int
    page: float
    members: float
    one: float
    create: float
    memory: float


def milliseconds(port: int, query: str) -> float:
    """Return the median time of a request, without what an SDK takes to read the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": SIGNED}
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        connection.request("POST", "/", f"{query}&Version=2015-02-02", headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == http.client.OK
    connection.close()
    return statistics.median(times) * 1000


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
        began, before = time.perf_counter(), made
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
        create = (time.perf_counter() - began) * 1000 / (made - before)
        page = milliseconds(running.port, "Action=DescribeReplicationGroups")
        members = milliseconds(running.port, "Action=DescribeCacheClusters&ShowCacheNodeInfo=true")
        one = milliseconds(running.port, "Action=DescribeReplicationGroups&ReplicationGroupId=group-0000")
        status = control.status(home)
        assert status is not None
        figures.append(Figures(step, page, members, one, create, status.memory_bytes / KIB))
    control.stop(home)
    print("| groups | page, ms | a group, to one of 10 | page of members, ms | one, ms | create, ms | MiB | KiB each |")
    print("|---|---|---|---|---|---|---|---|")
    first = figures[0]
    for one in figures:
        ratio = (one.page / min(one.groups, 100)) / (first.page / first.groups)
        each = f"{(one.memory - first.memory) / (one.groups - first.groups):.0f}" if one is not first else ""
        print(
            f"| {one.groups} | {one.page:.1f} | {ratio:.2f} | {one.members:.1f} | {one.one:.1f} | {one.create:.1f}"
            f" | {one.memory / KIB:.0f} | {each} |"
        )


if __name__ == "__main__":
    main()
