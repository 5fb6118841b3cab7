"""The local provider over gRPC, as an engine that attaches to it sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from cachewright_offline.engine import wire
from cachewright_offline.plugin.server import PluginServer
from cachewright_offline.provider.protocol import CheckResult, PartialError, ResourceState
from cachewright_offline.values import UNKNOWN, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPIC = "urn:pulumi:dev::shop::aws:sns/topic:Topic::alarms"
CACHE = "urn:pulumi:dev::shop::aws:elasticache/replicationGroup:ReplicationGroup::cache"
PASSWORD = "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::password"


class Engine:
    """One connection of an engine to one package."""

    def __init__(self, port: int) -> None:
        # Without this, connections of one process to one port are one.
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
        self.call = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.call.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        self.call.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))

    def configure(self, **inputs: Any) -> Engine:
        """Check a configuration and take it."""
        checked = self.call.CheckConfig(provider_pb2.CheckRequest(news=wire.encode_struct(inputs)))
        assert not checked.failures
        self.call.Configure(provider_pb2.ConfigureRequest(args=checked.inputs, acceptSecrets=True))
        return self

    def check(self, urn: str, **inputs: Any) -> Any:
        """Check inputs, and return them."""
        request = provider_pb2.CheckRequest(urn=urn, news=wire.encode_struct(inputs), randomSeed=b"seed")
        answer = self.call.Check(request)
        assert not answer.failures, answer.failures
        return wire.decode_struct(answer.inputs)

    def foretell(self, urn: str, inputs: Any) -> Any:
        """Return the outputs that a preview foretells."""
        request = provider_pb2.CreateRequest(urn=urn, properties=wire.encode_struct(inputs), preview=True)
        answer = self.call.Create(request)
        assert answer.id == ""
        return wire.decode_struct(answer.properties)

    def diff(self, urn: str, old: Any, new: Any) -> Any:
        """Compare."""
        encoded = wire.encode_struct(old)
        return self.call.Diff(
            provider_pb2.DiffRequest(urn=urn, id="x", olds=encoded, old_inputs=encoded, news=wire.encode_struct(new))
        )


@pytest.fixture(scope="module")
def server() -> Iterator[PluginServer]:
    """Serve the packages, with no local AWS: what is foretold needs none."""
    with PluginServer(None) as found:
        yield found


@pytest.fixture
def aws(server: PluginServer) -> Iterator[Engine]:
    """Return a configured connection to the package aws."""
    engine = Engine(server.ports["aws"]).configure(region="us-east-1")
    yield engine
    engine.channel.close()


def refused(call: Any, request: Any) -> str:
    """Return the message of a call that must fail as a provider's failure does."""
    with pytest.raises(grpc.RpcError) as caught:
        call(request)
    assert caught.value.code() is grpc.StatusCode.UNKNOWN
    return str(caught.value.details())


def test_the_ports_are_told_as_pulumi_reads_them(server: PluginServer) -> None:
    """One port for each package, in the form of PULUMI_DEBUG_PROVIDERS."""
    assert server.debug_providers == f"aws:{server.ports['aws']},random:{server.ports['random']}"


def test_it_introduces_itself(aws: Engine) -> None:
    """Secrets and outputs are taken as they are, references as ids; the version is that of the package's SDK."""
    from importlib.metadata import version

    greeting = aws.call.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert (greeting.accept_secrets, greeting.accept_outputs, greeting.accept_resources) == (True, True, False)
    assert aws.call.GetPluginInfo(empty_pb2.Empty()).version == version("pulumi-aws")
    schema = json.loads(aws.call.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert schema == {"name": "aws", "version": version("pulumi-aws")}


def test_each_connection_has_its_own_configuration(server: PluginServer) -> None:
    """Two providers of a program, attached to one port, work in their own regions."""
    east, west = (
        Engine(server.ports["aws"]).configure(region=region, defaultTags=json.dumps({"tags": {"At": region}}))
        for region in ("us-east-1", "us-west-2")
    )

    found = [engine.foretell(TOPIC, engine.check(TOPIC, name="x"))["tagsAll"] for engine in (east, west, east)]

    assert found == [{"At": "us-east-1"}, {"At": "us-west-2"}, {"At": "us-east-1"}]


def test_a_connection_that_was_not_configured_is_refused(server: PluginServer) -> None:
    """Nothing is done with another connection's configuration."""
    engine = Engine(server.ports["aws"])

    message = refused(engine.call.Check, provider_pb2.CheckRequest(urn=TOPIC))

    assert message == "the provider was not configured on this connection; run the command again"


def test_an_endpoint_that_is_not_on_this_machine_is_refused(aws: Engine) -> None:
    """The local provider can reach nothing else, whatever the program says."""
    news = wire.encode_struct({"endpoints": json.dumps([{"sns": "https://sns.us-east-1.amazonaws.com"}])})

    failures = aws.call.CheckConfig(provider_pb2.CheckRequest(news=news)).failures

    assert [one.property for one in failures] == ["endpoints[0].sns"]
    assert "expected an address on this machine" in failures[0].reason


def test_a_changed_region_replaces_the_provider(aws: Engine) -> None:
    """What the engine adds to the configuration for itself makes no difference."""
    old = wire.encode_struct({"region": "us-east-1", "version": "7.50.0"})
    new = wire.encode_struct({"region": "us-west-2", "version": "7.51.1"})

    answer = aws.call.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, olds=old, news=new))

    assert (list(answer.diffs), list(answer.replaces)) == (["region"], ["region"])


def test_secrets_and_unknowns_go_through_a_check(aws: Engine) -> None:
    """What was secret comes back secret, what was unknown unknown, and an output value as what it holds."""
    news = wire.encode_struct({"description": "d", "authToken": Secret("0123456789abcdef"), "kmsKeyId": UNKNOWN})
    output = news.fields["nodeType"].struct_value.fields
    output[wire.SIGNATURE].string_value = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
    output["value"].string_value = "cache.t4g.micro"

    answer = aws.call.Check(provider_pb2.CheckRequest(urn=CACHE, news=news, randomSeed=b"seed"))

    found = wire.decode_struct(answer.inputs)
    assert found["authToken"] == Secret("0123456789abcdef")
    assert found["kmsKeyId"] is UNKNOWN
    assert found["nodeType"] == "cache.t4g.micro"


def test_what_the_provider_refuses_is_told_by_property(aws: Engine) -> None:
    """A failure of a check is an answer, no error."""
    answer = aws.call.Check(
        provider_pb2.CheckRequest(urn=TOPIC, news=wire.encode_struct({"fifoTopic": "perhaps"}), randomSeed=b"seed")
    )

    assert [one.property for one in answer.failures] == ["fifoTopic"]


def test_a_diff_tells_kinds_and_replacements(aws: Engine) -> None:
    """In place, replacing, by path; and whether the old one must go first."""
    old = aws.check(TOPIC, name="fixed", tags={"a": "1", "b": "2"})

    same = aws.diff(TOPIC, old, old)
    assert (same.changes, same.hasDetailedDiff) == (provider_pb2.DiffResponse.DIFF_NONE, True)
    changed = aws.diff(TOPIC, old, {**old, "tags": {"a": "1", "b": "3"}})
    assert changed.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert {path: one.kind for path, one in changed.detailedDiff.items()} == {
        "tags.b": provider_pb2.PropertyDiff.UPDATE
    }
    assert list(changed.replaces) == []
    replaced = aws.diff(TOPIC, old, {**old, "name": "other"})
    assert list(replaced.replaces) == ["name"]
    assert replaced.detailedDiff["name"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE


def test_a_create_is_foretold_with_unknowns(aws: Engine) -> None:
    """What AWS alone can tell is unknown."""
    found = aws.foretell(TOPIC, aws.check(TOPIC, name="fixed"))

    assert (found["name"], found["arn"]) == ("fixed", UNKNOWN)


def test_a_type_that_is_not_known_says_how_to_go_on(aws: Engine) -> None:
    """The message names the type."""
    urn = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b"

    assert "aws:s3/bucket:Bucket" in refused(aws.call.Check, provider_pb2.CheckRequest(urn=urn))


def test_an_asset_is_refused_by_name(aws: Engine) -> None:
    """No type that the provider knows takes one."""
    news = struct_pb2.Struct()
    fields = news.fields["name"].struct_value.fields
    fields[wire.SIGNATURE].string_value = "c44067f5952c0a294b673a41bacd8c17"
    fields["text"].string_value = "hello"

    assert "an asset" in refused(aws.call.Check, provider_pb2.CheckRequest(urn=TOPIC, news=news))


def test_without_a_local_aws_nothing_is_made(aws: Engine) -> None:
    """The message says how to start one."""
    properties = wire.encode_struct(aws.check(TOPIC, name="fixed"))

    message = refused(aws.call.Create, provider_pb2.CreateRequest(urn=TOPIC, properties=properties))

    assert message == "no local AWS is running for this: start one with `cachewright local start`"


def test_random_values_are_made_and_secret(server: PluginServer) -> None:
    """A password's value is secret on the wire, and read back as it is."""
    engine = Engine(server.ports["random"]).configure()
    inputs = engine.check(PASSWORD, length=20)

    made = engine.call.Create(provider_pb2.CreateRequest(urn=PASSWORD, properties=wire.encode_struct(inputs)))

    result = wire.decode_struct(made.properties)["result"]
    assert isinstance(result, Secret)
    assert len(result.element) == 20
    read = engine.call.Read(
        provider_pb2.ReadRequest(
            urn=PASSWORD, id=made.id, properties=made.properties, inputs=wire.encode_struct(inputs)
        )
    )
    assert wire.decode_struct(read.properties)["result"] == result


def test_nothing_begins_after_a_cancel(server: PluginServer) -> None:
    """On the connection that was cancelled; others go on, and so does a new one."""
    engine, other = (Engine(server.ports["random"]).configure() for _ in range(2))
    request = provider_pb2.CreateRequest(urn=PASSWORD, properties=wire.encode_struct(engine.check(PASSWORD, length=20)))

    engine.call.Cancel(empty_pb2.Empty())

    assert refused(engine.call.Create, request) == "the update was canceled"
    assert other.call.Create(request).id


class Half:
    """A provider that makes half of a thing."""

    package = "half"

    def check_config(self, inputs: Any) -> CheckResult:
        return CheckResult(inputs)

    def configure(self, inputs: Any) -> None:
        del inputs

    def create(self, urn: str, inputs: Any, **_: Any) -> ResourceState:
        if urn.endswith("::broken"):
            raise ZeroDivisionError
        raise PartialError("half of it is there", ResourceState("half-1", inputs, {**inputs, "made": 1}))

    def secret_outputs(self, token: str) -> tuple[str, ...]:
        del token
        return ()


def test_what_was_made_before_a_failure_is_told() -> None:
    """Id, inputs and outputs travel with the error, secrets as secrets, so that the engine keeps the resource."""
    with PluginServer(None, ("half",), lambda *_: Half()) as server:
        engine = Engine(server.ports["half"]).configure()
        properties = wire.encode_struct({"token": Secret("hidden")})
        with pytest.raises(grpc.RpcError) as caught:
            engine.call.Create(
                provider_pb2.CreateRequest(urn="urn:pulumi:d::p::half:index:T::t", properties=properties)
            )

    trailers = dict(caught.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    details = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(details)
    assert (details.id, list(details.reasons)) == ("half-1", ["half of it is there"])
    assert wire.decode_struct(details.inputs) == {"token": Secret("hidden")}
    assert wire.decode_struct(details.properties) == {"token": Secret("hidden"), "made": 1}


def test_a_defect_is_told_as_one() -> None:
    """The engine reports it as the plugin's, with the kind of error, and the server lives on."""
    with PluginServer(None, ("half",), lambda *_: Half()) as server:
        engine = Engine(server.ports["half"]).configure()
        for _ in range(2):
            with pytest.raises(grpc.RpcError) as caught:
                engine.call.Create(provider_pb2.CreateRequest(urn="urn:pulumi:d::p::half:index:T::broken"))
            assert caught.value.code() is grpc.StatusCode.INTERNAL
            assert caught.value.details() == "defect of the local provider: ZeroDivisionError: "
