"""What a parameter group does to a failover."""

from __future__ import annotations

import pytest

from cachewright_policies.availability.failover_parameters import RULE
from cachewright_policies.tokens import PARAMETER_GROUP, REPLICATION_GROUP
from cachewright_policies.values import UNKNOWN


def group(**parameters):
    """A parameter group with some parameters."""
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in parameters.items()]
    return (PARAMETER_GROUP, "p", {"family": "redis7", "parameters": given})


def cache(**values):
    """A replication group that uses it."""
    return (REPLICATION_GROUP, "g", {"engine": "redis", **values}, {"parameterGroupName": ["p"]})


@pytest.mark.parametrize(
    ("parameters", "values", "expected"),
    [
        ({"min_replicas_to_write": "1"}, {"numCacheClusters": 3}, []),
        ({"min_replicas_to_write": "2"}, {"numCacheClusters": 3}, ["p.parameters"]),
        ({"min_replicas_to_write": "3"}, {"numCacheClusters": 3}, ["p.parameters"]),
        ({"min_replicas_to_write": "1"}, {"numCacheClusters": 1}, ["p.parameters"]),
        ({"min_replicas_to_write": "1"}, {"numNodeGroups": 2, "replicasPerNodeGroup": 1}, ["p.parameters"]),
        ({"min_replicas_to_write": "1"}, {"numNodeGroups": 2, "replicasPerNodeGroup": 2}, []),
        ({"min_replicas_to_write": "0"}, {"numCacheClusters": 1}, []),
        ({"min_replicas_to_write": "many"}, {"numCacheClusters": 1}, []),
        ({"min_slaves_to_write": "2"}, {"numCacheClusters": 2}, ["p.parameters"]),
        ({"min_replicas_to_write": "2"}, {"numCacheClusters": UNKNOWN}, ["p.numCacheClusters?"]),
        ({"min_replicas_to_write": "2"}, {"globalReplicationGroupId": "a"}, ["p.parameters"]),
        ({"close_on_replica_write": "no"}, {"numCacheClusters": 3}, ["p.parameters"]),
        ({"close_on_replica_write": "yes"}, {"numCacheClusters": 3}, []),
        ({"close_on_replica_write": UNKNOWN}, {"numCacheClusters": 3}, ["p.parameters?"]),
        ({}, {"numCacheClusters": 1}, []),
    ],
)
def test_replicas_are_asked_for_that_there_are(verdicts, parameters, values, expected):
    """One fewer than there are, so that one may fail; clients leave a demoted primary."""
    found = verdicts(RULE, group(**parameters), cache(**values))
    assert [one.replace("parameters[0].value", "parameters") for one in found] == expected
