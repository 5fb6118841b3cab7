"""Pulumi's ResourceProvider protocol over one package of the local provider.

Source: Pulumi's proto/pulumi/provider.proto and sdk/go/common/resource/plugin/provider_server.go.
"""

from __future__ import annotations

import functools
import json
import logging
import uuid
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypeVar

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from cachewright_offline.engine import secrecy, wire
from cachewright_offline.engine.errors import StepError
from cachewright_offline.errors import CachewrightError
from cachewright_offline.plugin import messages
from cachewright_offline.plugin.connections import Connections
from cachewright_offline.provider.protocol import PartialError, ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.provider.protocol import Provider
    from cachewright_offline.values import Properties

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# What the engine adds to a provider's configuration for itself.
_NOT_CONFIGURATION = ("version", "__internal", "pluginDownloadURL")


def _answering(method: Callable[..., Answer]) -> Callable[..., Answer]:
    """Let what a method raises be the status of its call."""

    @functools.wraps(method)
    def answer(self: Any, request: Any, context: Any) -> Answer:
        try:
            return method(self, request, context)
        except PartialError as error:
            code = grpc.StatusCode.UNKNOWN
            context.set_trailing_metadata((("grpc-status-details-bin", messages.init_failed(error, code.value[0])),))
            context.abort(code, str(error))
        except StepError as error:
            context.abort(grpc.StatusCode.UNKNOWN, error.message)
        except (ProviderError, CachewrightError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Exception as error:
            log.exception("%s failed", method.__name__)
            context.abort(grpc.StatusCode.INTERNAL, f"defect of the local provider: {type(error).__name__}: {error}")
        raise AssertionError

    return answer


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one package.

    Args:
        package: Pulumi's name of it, such as `aws`.
        load: Returns a new, not yet configured provider.
    """

    def __init__(self, package: str, load: Callable[[], Provider]) -> None:
        self._package = package
        self._connections = Connections(load)

    @property
    def version(self) -> str:
        """The version of the SDK that this package's types are those of, or empty."""
        try:
            return metadata.version(f"pulumi-{self._package}")
        except metadata.PackageNotFoundError:
            return ""

    # ---------------------------------------------------------------- the plugin

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Begin a connection: values come with their secrets and outputs, references to resources as ids."""
        del request
        self._connections.open(context.peer())
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=True)

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take note that an engine attaches: the provider never calls it."""
        del request, context
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell the version."""
        del request, context
        return plugin_pb2.PluginInfo(version=self.version)

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell the package's name and version: its types are described by the real plugin's schema."""
        del request, context
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": self._package, "version": self.version}))

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Begin nothing more on this connection; what runs comes to its end."""
        del request
        self._connections.cancel(context.peer())
        return empty_pb2.Empty()

    # ---------------------------------------------------------------- its configuration

    @_answering
    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Check and complete a configuration."""
        del context
        news = wire.decode_struct(request.news)
        kept = {key: value for key, value in news.items() if key in _NOT_CONFIGURATION}
        result = self._connections.unconfigured.check_config(secrecy.revealed(_configuration(news)))
        inputs = {**secrecy.marked(result.inputs, news), **kept}
        return provider_pb2.CheckResponse(
            inputs=wire.encode_struct(inputs), failures=messages.failures(result.failures)
        )

    @_answering
    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Compare two configurations."""
        del context
        old = _configuration(wire.decode_struct(request.old_inputs))
        new = _configuration(wire.decode_struct(request.news))
        result = self._connections.unconfigured.diff_config(secrecy.revealed(old), secrecy.revealed(new))
        return messages.diff_response(result)

    @_answering
    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take the configuration of this connection's provider."""
        given = _configuration(wire.decode_struct(request.args))
        self._connections.configure(context.peer(), secrecy.revealed(given))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=True
        )

    # ---------------------------------------------------------------- resources

    @_answering
    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Validate inputs and fill in defaults and the automatic name."""
        handle = self._connections.configured(context.peer())
        olds = wire.decode_struct(request.olds) if request.HasField("olds") else {}
        result = handle.check(request.urn, olds or None, wire.decode_struct(request.news), request.randomSeed)
        return provider_pb2.CheckResponse(
            inputs=wire.encode_struct(result.inputs), failures=messages.failures(result.failures)
        )

    @_answering
    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Compare a resource's state with checked inputs."""
        handle = self._connections.configured(context.peer())
        result = handle.diff(
            request.urn,
            request.id,
            wire.decode_struct(request.old_inputs),
            wire.decode_struct(request.olds),
            wire.decode_struct(request.news),
        )
        return messages.diff_response(result)

    @_answering
    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create a resource, or foretell it."""
        handle = self._connections.configured(context.peer(), beginning=not request.preview)
        state = handle.create(
            request.urn,
            wire.decode_struct(request.properties),
            preview=request.preview,
            operation=str(uuid.uuid4()),
            timeout=request.timeout,
        )
        return provider_pb2.CreateResponse(id=state.id, properties=wire.encode_struct(state.outputs))

    @_answering
    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Read a resource as it is now; one that is gone has no id."""
        handle = self._connections.configured(context.peer())
        inputs = wire.decode_struct(request.inputs)
        state = handle.read(request.urn, request.id, inputs, wire.decode_struct(request.properties))
        if state is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=state.id, properties=wire.encode_struct(state.outputs), inputs=wire.encode_struct(state.inputs)
        )

    @_answering
    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Bring a resource to new inputs in place, or foretell it."""
        handle = self._connections.configured(context.peer(), beginning=not request.preview)
        state = handle.update(
            request.urn,
            request.id,
            wire.decode_struct(request.old_inputs),
            wire.decode_struct(request.olds),
            wire.decode_struct(request.news),
            preview=request.preview,
            operation=str(uuid.uuid4()),
            timeout=request.timeout,
        )
        return provider_pb2.UpdateResponse(properties=wire.encode_struct(state.outputs))

    @_answering
    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Delete a resource and wait until it is gone."""
        handle = self._connections.configured(context.peer(), beginning=True)
        handle.delete(
            request.urn,
            request.id,
            wire.decode_struct(request.old_inputs),
            wire.decode_struct(request.properties),
            operation=str(uuid.uuid4()),
            timeout=request.timeout,
        )
        return empty_pb2.Empty()

    @_answering
    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Answer a function."""
        handle = self._connections.configured(context.peer())
        result, refused = handle.invoke(request.tok, wire.decode_struct(request.args), preview=request.preview)
        answer = provider_pb2.InvokeResponse(failures=messages.failures(refused))
        getattr(answer, "return").CopyFrom(wire.encode_struct(result))
        return answer


def _configuration(inputs: Properties) -> Properties:
    return {key: value for key, value in inputs.items() if key not in _NOT_CONFIGURATION}
