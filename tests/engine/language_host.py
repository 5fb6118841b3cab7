"""A language host for Python: what Pulumi's CLI starts, as `pulumi-language-python`, to run programs and plugins.

Pulumi's own one is not served as a Go module, so a CLI built from modules comes without it. This one answers the same
protocol, `pulumirpc.LanguageRuntime`: it runs programs with Pulumi's own `pulumi-language-python-exec` (which the Go
module of the SDK holds), and policy packs, component providers and other plugins as `RunPlugin` asks.

    language_host.py [flags] ENGINE_ADDRESS

It prints its port, serves until its parent ends or SIGTERM comes, and takes every process it started with it.
PULUMI_PYTHON_EXEC names the script that runs programs; without it, the one that `make engine` copied is taken.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EXIT_TOLD_THE_USER = 32
GRACE_SECONDS = 5
_CHUNK_BYTES = 64 * 1024
_MESSAGE_BYTES = 400 * 1024 * 1024
_BUILT_EXEC = Path(__file__).resolve().parents[2] / "build" / "engine" / "bin" / "pulumi-language-python-exec"

# Asked of the program's own interpreter: it may be another one than this host's.
_PACKAGES = """\
import json
from importlib import metadata
found = {}
for one in metadata.distributions():
    for file in one.files or ():
        if file.name == "pulumi-plugin.json":
            found[one.name] = {"version": one.version, **json.loads(file.locate().read_text())}
print(json.dumps(list(found.values())))
"""


@functools.cache
def _packages(python: str) -> list[dict[str, Any]]:
    """Return the description that each installed SDK of a provider has of its plugin."""
    answer = subprocess.run([python, "-c", _PACKAGES], capture_output=True, check=True, text=True)
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


class Children:
    """The processes that run, each with a process group of its own."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def start(self, arguments: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a process."""
        with self._lock:
            child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True, **options)
            self._running.add(child)
        return child

    def forget(self, child: subprocess.Popen[bytes]) -> None:
        """Take a process that has ended off the list."""
        with self._lock:
            self._running.discard(child)

    def end(self) -> None:
        """End all that run."""
        with self._lock:
            running = list(self._running)
        for child in running:
            end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """End a process and what it started: first with SIGTERM, after a grace with SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE_SECONDS)


def interpreter(info: language_pb2.ProgramInfo) -> str:
    """Return the Python of a program: its virtual environment's, where the project names one, or the host's own.

    Raises:
        FileNotFoundError: The virtual environment that the project names is not there.
    """
    options = info.options.fields
    if "virtualenv" not in options or not options["virtualenv"].string_value:
        return sys.executable
    folder = Path(info.root_directory, options["virtualenv"].string_value)
    python = folder / "bin" / "python"
    if not python.exists():
        msg = f"The 'virtualenv' option in Pulumi.yaml is set to {folder}, but there is no virtual environment there"
        raise FileNotFoundError(msg)
    return str(python)


def activated(python: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which programs find the virtual environment of `python` first."""
    folder = Path(python).parent
    result = {key: value for key, value in environment.items() if key != "PYTHONHOME"}
    result["PATH"] = os.pathsep.join([str(folder), *filter(None, [environment.get("PATH", "")])])
    if (folder.parent / "pyvenv.cfg").exists():
        result["VIRTUAL_ENV"] = str(folder.parent)
    return result


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine at `engine_address`."""

    def __init__(self, engine_address: str, program_runner: Path) -> None:
        self.children = Children()
        self._engine_address = engine_address
        self._program_runner = program_runner

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take the engine's address, which an engine that attaches gives here only."""
        del context
        self._engine_address = request.engine_address or self._engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell the host's version: that of the SDK it serves."""
        del request, context
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say that this is the old form of GetRequiredPackages."""
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "GetRequiredPackages has taken the place of GetRequiredPlugins")

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:  # noqa: N802
        """List the providers whose SDKs are installed beside the program."""
        try:
            found = [one for one in _packages(interpreter(request.info)) if one.get("resource")]
        except (OSError, subprocess.CalledProcessError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, getattr(error, "stderr", "") or str(error))
        packages = [
            plugin_pb2.PackageDependency(
                name=one["name"], kind="resource", version=f"v{one['version']}", server=one.get("server", "")
            )
            for one in sorted(found, key=lambda one: one["name"])
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:  # noqa: N802
        """List the distributions that are installed, as `pulumi about` shows them."""
        del request, context
        found = {one.name: one.version for one in metadata.distributions()}
        dependencies = [
            language_pb2.DependencyInfo(name=name, version=version) for name, version in sorted(found.items())
        ]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def About(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell which Python is used."""
        del request, context
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Ask nothing: there is one toolchain."""
        del request, context
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Install nothing: this host serves the environment that `make` has made."""
        del request, context
        yield language_pb2.InstallDependenciesResponse(stdout=b"the environment of the tests is used\n")

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Run a program to its end; what it prints goes where this host prints."""
        info = request.info
        directory = info.program_directory or request.pwd
        try:
            python = interpreter(info)
        except FileNotFoundError as error:
            return language_pb2.RunResponse(error=str(error))
        arguments = [python, "-u", str(self._program_runner)]
        for name, value in (
            ("monitor", request.monitor_address),
            ("engine", self._engine_address),
            ("project", request.project),
            ("stack", request.stack),
            ("organization", request.organization),
            ("root_directory", info.root_directory),
            ("pwd", request.pwd),
            ("parallel", str(request.parallel)),
            ("dry_run", "true" if request.dryRun else "false"),
        ):
            if value:
                arguments += [f"--{name}", value]
        arguments += [str(Path(directory, info.entry_point or ".")), *request.args]
        environment = activated(python, os.environ)
        environment["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        environment["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
        try:
            program = self.children.start(arguments, env=environment, cwd=directory)
        except OSError as error:
            return language_pb2.RunResponse(error=f"Problem executing program (could not run {python}): {error}")
        context.add_callback(lambda: end(program))
        code = program.wait()
        self.children.forget(program)
        if code == EXIT_TOLD_THE_USER:
            return language_pb2.RunResponse(bail=True)
        if code:
            return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")
        return language_pb2.RunResponse()

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802
        """Run a plugin to its end; what it prints on either stream, and its exit code, are the answer."""
        info = request.info
        python = interpreter(info)
        if request.kind == "analyzer":
            # The SDK's module hosts the pack: it is given the engine and the pack's folder.
            arguments = [python, "-u", "-m", "pulumi.policy", *request.args[:1], info.program_directory]
        else:
            entry = Path(info.program_directory, info.entry_point or ".")
            arguments = [python, "-u", str(entry), *request.args]
        environment = dict(one.split("=", 1) for one in request.env) or os.environ
        plugin = self.children.start(
            arguments,
            cwd=request.pwd or None,
            env=activated(python, environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: end(plugin))
        chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        pumps = [
            threading.Thread(target=_pump, args=(name, stream, chunks), daemon=True)
            for name, stream in (("stdout", plugin.stdout), ("stderr", plugin.stderr))
        ]
        for pump in pumps:
            pump.start()
        open_streams = len(pumps)
        while open_streams:
            name, chunk = chunks.get()
            if chunk:
                yield language_pb2.RunPluginResponse(**{name: chunk})
            else:
                open_streams -= 1
        code = plugin.wait()
        self.children.forget(plugin)
        yield language_pb2.RunPluginResponse(exitcode=code)

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """End every program and plugin: the engine asks for it when it ends, too."""
        del request, context
        self.children.end()
        return empty_pb2.Empty()


def _pump(name: str, stream: Any, chunks: queue.SimpleQueue[tuple[str, bytes]]) -> None:
    with stream:
        while chunk := stream.read1(_CHUNK_BYTES):
            chunks.put((name, chunk))
    chunks.put((name, b""))


def serve(host: LanguageHost) -> tuple[grpc.Server, int]:
    """Serve a host on the loopback address; return the server and its port."""
    options = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=options)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def program_runner() -> Path:
    """Return the script that runs programs.

    Raises:
        FileNotFoundError: It is not there.
    """
    runner = Path(os.environ.get("PULUMI_PYTHON_EXEC", _BUILT_EXEC))
    if not runner.exists():
        msg = f"pulumi-language-python-exec must be at {runner}, found nothing; run `make engine`"
        raise FileNotFoundError(msg)
    return runner


def main(arguments: Sequence[str]) -> None:
    """Serve until the parent ends or SIGTERM comes."""
    addresses = [one for one in arguments if not one.startswith("-")]
    try:
        host = LanguageHost(addresses[-1] if addresses else "", program_runner())
    except FileNotFoundError as error:
        sys.exit(str(error))
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    parent = os.getppid()
    server, port = serve(host)
    print(port, flush=True)  # noqa: T201 - the protocol: the first line is the port
    while not over.wait(1) and os.getppid() == parent:
        pass
    host.children.end()
    server.stop(None)


if __name__ == "__main__":
    main(sys.argv[1:])
