"""Whatever is asked of a Memcached cluster, in whatever order: its nodes and what it says of them agree."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.registry import Context, operations

MOST = 40


class Memcached(RuleBasedStateMachine):
    """One cluster, and what its nodes must be."""

    @initialize(count=st.integers(1, 6))
    def create(self, count):
        carrier.install()
        carrier.reset()
        state = carrier.elasticache_state(carrier.DEFAULT_ACCOUNT_ID, "us-east-1")
        self.context = Context(carrier.DEFAULT_ACCOUNT_ID, "us-east-1", state)
        self.call(
            "CreateCacheCluster",
            CacheClusterId="mem",
            Engine="memcached",
            CacheNodeType="cache.m7g.large",
            NumCacheNodes=count,
        )
        self.ids = {f"{number:04}" for number in range(1, count + 1)}
        self.pending = None

    def teardown(self):
        carrier.reset()

    def call(self, action, **params):
        self.context.state.settle()
        return operations()[action](self.context, params)

    def shown(self):
        answer = self.call("DescribeCacheClusters", CacheClusterId="mem", ShowCacheNodeInfo=True)
        return answer["CacheClusters"][0]

    def change(self, ids, immediately, **arguments):
        self.call("ModifyCacheCluster", CacheClusterId="mem", ApplyImmediately=immediately, **arguments)
        self.pending = None if ids == self.ids else ids
        if immediately and self.pending is not None:
            self.ids, self.pending = self.pending, None

    def requested(self):
        return self.ids | (self.pending or set())

    @rule(more=st.integers(1, 5), immediately=st.booleans())
    def add(self, more, immediately):
        ids = set(self.requested())
        count = len(ids) + more
        if count > MOST or count == len(self.ids):
            return
        free = (f"{number:04}" for number in range(1, MOST + 1) if f"{number:04}" not in ids)
        ids |= {next(free) for _ in range(more)}
        self.change(ids, immediately, NumCacheNodes=count)

    @rule(data=st.data(), immediately=st.booleans())
    def remove(self, data, immediately):
        ids = sorted(self.requested())
        named = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids), unique=True))
        count = len(ids) - len(named)
        arguments = {"NumCacheNodes": count, "CacheNodeIdsToRemove": named}
        if count in {0, len(self.ids)}:
            # None is left; or as many as there are, which cancels what is pending and removes nothing.
            try:
                self.call("ModifyCacheCluster", CacheClusterId="mem", **arguments)
            except Fault:
                return
            raise AssertionError(arguments)
        self.change(set(ids) - set(named), immediately, **arguments)

    @rule()
    def cancel(self):
        self.change(self.ids, False, NumCacheNodes=len(self.ids))

    @rule()
    def apply(self):
        if self.pending is not None:
            self.change(self.pending, True)
            return
        try:
            self.call("ModifyCacheCluster", CacheClusterId="mem", ApplyImmediately=True)
        except Fault:
            return
        message = "nothing was pending"
        raise AssertionError(message)

    @rule()
    def pass_window(self):
        CLOCK.advance(timedelta(weeks=1).total_seconds())
        self.ids, self.pending = self.pending or self.ids, None

    @rule(data=st.data())
    def reboot(self, data):
        named = data.draw(st.lists(st.sampled_from(sorted(self.ids)), min_size=1, unique=True))
        self.call("RebootCacheCluster", CacheClusterId="mem", CacheNodeIdsToReboot=named)

    @invariant()
    def nodes_agree(self):
        cluster = self.shown()
        assert cluster["CacheClusterStatus"] == "available"
        assert {node["CacheNodeId"] for node in cluster["CacheNodes"]} == self.ids
        assert cluster["NumCacheNodes"] == len(cluster["CacheNodes"]) == len(self.ids)
        hosts = {node["Endpoint"]["Address"] for node in cluster["CacheNodes"]}
        assert len(hosts) == len(self.ids)

    @invariant()
    def what_is_pending_agrees(self):
        pending = self.shown()["PendingModifiedValues"]
        if self.pending is None:
            assert pending == {}
        else:
            leaving = sorted(self.ids - self.pending)
            assert pending.get("CacheNodeIdsToRemove", []) == leaving
            assert pending["NumCacheNodes"] == len(self.pending)


Memcached.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
test_a_memcached_cluster_agrees_with_itself = Memcached.TestCase
