"""The choices that arguments offer, for programs that would rather not write them as text.

Each is text itself: `"valkey"` and `Engine.VALKEY` mean the same, so that any Pulumi language can write either.
"""

from enum import StrEnum


class Engine(StrEnum):
    """What a cache runs."""

    VALKEY = "valkey"
    REDIS = "redis"
    MEMCACHED = "memcached"


class NetworkType(StrEnum):
    """The addresses a cache has."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DUAL_STACK = "dual_stack"


class IpDiscovery(StrEnum):
    """The addresses that clients are told."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"


class TransitEncryptionMode(StrEnum):
    """Whether TLS is all that clients may use."""

    PREFERRED = "preferred"
    REQUIRED = "required"


class AuthTokenUpdateStrategy(StrEnum):
    """How a new AUTH token takes the old one's place."""

    SET = "SET"
    ROTATE = "ROTATE"
    DELETE = "DELETE"


class LogType(StrEnum):
    """What is logged."""

    SLOW_LOG = "slow-log"
    ENGINE_LOG = "engine-log"


class LogFormat(StrEnum):
    """How it is written."""

    JSON = "json"
    TEXT = "text"


class LogDestinationType(StrEnum):
    """Where it goes."""

    CLOUDWATCH_LOGS = "cloudwatch-logs"
    KINESIS_FIREHOSE = "kinesis-firehose"


class Durability(StrEnum):
    """Whether a write is in the Multi-AZ log before it is acknowledged."""

    DEFAULT = "default"
    ASYNC = "async"
    SYNC = "sync"
    DISABLED = "disabled"


class ClusterMode(StrEnum):
    """Whether clients see shards."""

    DISABLED = "disabled"
    COMPATIBLE = "compatible"
    ENABLED = "enabled"


class OutpostMode(StrEnum):
    """Whether a cluster's nodes are on one Outpost or on several."""

    SINGLE_OUTPOST = "single-outpost"
    CROSS_OUTPOST = "cross-outpost"


class ScalingMetric(StrEnum):
    """What autoscaling of shards follows."""

    CPU = "cpu"
    MEMORY = "memory"


class Access(StrEnum):
    """What a user may do."""

    READER = "reader"
    WRITER = "writer"
    ADMIN = "admin"
    CUSTOM = "custom"


class Authentication(StrEnum):
    """How a user proves who it is."""

    IAM = "iam"
    PASSWORD = "password"


class AzMode(StrEnum):
    """Whether a Memcached cluster's nodes are in one zone or in several."""

    SINGLE_AZ = "single-az"
    CROSS_AZ = "cross-az"
