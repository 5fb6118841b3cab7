"""CloudWatch Logs: the groups, streams and entries that caches with log delivery write.

ElastiCache makes a log group that is missing when a delivery to it begins, and a stream for each node. A group that is
deleted afterwards does not come back: the delivery is in error until somebody makes the group, or the delivery begins
anew. Each stream has one entry, from the time when the node was made, as no engine runs here that would write more.
"""

from __future__ import annotations

import functools
import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.members import Member
    from cachewright_offline.cloud.elasticache.state import RegionState

_ACTIVE: Final = "active"
_ERROR: Final = "error"
_DETAILS: Final = "CloudWatchLogsDetails"


@functools.cache
def install() -> None:
    """Have the logs of caches delivered before a request to CloudWatch Logs is answered, and see what it deleted."""
    from moto.logs.responses import LogsResponse

    call_action = LogsResponse.call_action

    def delivering_call_action(self: Any) -> Any:
        deliver(self.logs_backend)
        answer = call_action(self)
        find_lost(self.logs_backend)
        return answer

    LogsResponse.call_action = delivering_call_action


def deliver(logs: Any) -> None:
    """Write what is missing in the logs of the caches of an account and region."""
    state = _state(logs)
    if state is None:
        return
    state.settle()
    for member, delivery, details in deliveries(state, _DETAILS):
        name = details["LogGroup"]
        if name not in logs.groups:
            if delivery["Status"] == _ERROR:
                continue
            logs.create_log_group(name, {})
        _deliver(logs, member, delivery, name)


def find_lost(logs: Any) -> None:
    """Tell on every delivery whether its log group is there, which it was before a request that may have deleted it."""
    state = _state(logs)
    for _, delivery, details in deliveries(state, _DETAILS) if state is not None else ():
        name = details["LogGroup"]
        tell(delivery, None if name in logs.groups else f"The log group {name} does not exist.")


def tell(delivery: dict[str, Any], problem: str | None) -> None:
    """Have a delivery show that it is active, or the problem that it has."""
    if problem is None:
        delivery["Status"] = _ACTIVE
        delivery.pop("Message", None)
    else:
        delivery["Status"] = _ERROR
        delivery["Message"] = problem


def _state(logs: Any) -> RegionState | None:
    from cachewright_offline.cloud import carrier

    return carrier.elasticache_state(logs.account_id, logs.region_name)


def deliveries(state: RegionState, kind: str) -> Iterator[tuple[Member, dict[str, Any], dict[str, Any]]]:
    """Return each node's deliveries to a kind of destination, with the details of that.

    Args:
        state: The region.
        kind: What the destination's details are called, such as `CloudWatchLogsDetails`.
    """
    from cachewright_offline.cloud.elasticache.members import members

    for member in members(state):
        for delivery in member.logs:
            details = delivery["DestinationDetails"].get(kind)
            if details is not None:
                yield member, delivery, details


def stream_name(member: Member, log_type: str) -> str:
    """Return the name of a node's stream."""
    return f"elasticache/{member.engine}/{member.id}/{member.node_id}/{log_type}"


def _deliver(logs: Any, member: Member, delivery: dict[str, Any], name: str) -> None:
    group, stream = logs.groups[name], stream_name(member, delivery["LogType"])
    if stream not in group.streams:
        logs.create_log_stream(name, stream)
        entry = _slow_command if delivery["LogType"] == "slow-log" else _engine_message
        message = entry(member, as_json=delivery["LogFormat"] == "json")
        event = {"timestamp": int(member.created.timestamp() * 1000), "message": message}
        group.streams[stream].put_log_events([event])


def _slow_command(member: Member, *, as_json: bool) -> str:
    digest = hashlib.sha256(member.id.encode()).digest()
    microseconds = 10_000 + int.from_bytes(digest[:2], "big")
    address = f"10.0.{digest[2]}.{digest[3]}:{32768 + digest[4]}"
    command, moment = "KEYS ... (1 more arguments)", int(member.created.timestamp())
    if not as_json:
        return f"{member.id},{member.node_id},{moment},{microseconds},{command},{address},"
    return json.dumps(
        {
            "CacheClusterId": member.id,
            "CacheNodeId": member.node_id,
            "Id": 0,
            "Timestamp": moment,
            "Duration (us)": microseconds,
            "Command": command,
            "ClientAddress": address,
            "ClientName": "",
        }
    )


def _engine_message(member: Member, *, as_json: bool) -> str:
    role = "S" if member.primary is False else "M"
    moment = f"{member.created.astimezone(UTC):%d %b %Y %H:%M:%S}.{member.created.microsecond // 1000:03} UTC"
    message = "Ready to accept connections"
    if not as_json:
        return f"{member.id}/{member.node_id}:{role} {moment} * {message}"
    return json.dumps(
        {
            "CacheClusterId": member.id,
            "CacheNodeId": member.node_id,
            "LogLevel": "NOTICE",
            "Role": role,
            "Time": moment,
            "Message": message,
        }
    )
