"""Running a Pulumi program's folder in this process.

The program has an event loop and a thread of its own (a short stack: the SDK walks it for every resource), its
folder as working directory and first on the module path, and modules that are forgotten afterwards, so that a
second run sees the files as they are then. Python's garbage collector, most of what makes large programs slow, is
off meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import linecache
import os
import runpy
import sys
import threading
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cachewright_offline.engine.errors import ProgramError
from cachewright_offline.engine.sdk_shortcuts import sdk_shortcuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from cachewright_offline.engine.project import Project

_ENTRY = "__main__.py"
_MANY_OBJECTS = 200_000
_SWITCH_SECONDS = 0.0005
_SIGNAL_SECONDS = 0.1


def entry_point(project: Project) -> Path:
    """Return the file that a project's program begins with.

    Raises:
        ProgramError: There is none.
    """
    folder = project.program_folder
    if folder.is_file():
        return folder
    entry = folder / _ENTRY
    if not entry.is_file():
        msg = f"there is no program at {entry}; create it, or set 'main' in {project.file}"
        raise ProgramError(msg)
    return entry


def packages_of(project: Project) -> Path | None:
    """Return where the virtual environment that a project names keeps its packages.

    None where it names none, or one of another version of Python, whose compiled packages this process cannot load.
    """
    if not project.virtualenv:
        return None
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = project.root / project.virtualenv / "lib" / version / "site-packages"
    return found if found.is_dir() else None


def run_program(
    project: Project,
    stack: str,
    *,
    function: Callable[[], object] | None = None,
    monitor: Any,
    engine: Any,
    config: dict[str, str],
    secret_keys: list[str],
    preview: bool,
    parallel: int,
    debug: bool,
    interrupt: Callable[[], None],
    stopped: Callable[[], bool],
) -> None:
    """Run a project's program against `monitor`.

    Args:
        project: The project.
        stack: The stack's name.
        function: The program, where it is not the project's folder: it is called where it stands, among the modules
            that are there.
        monitor: Answers the program's requests.
        engine: Takes its log messages.
        config: Its configuration, each key `<namespace>:<name>`.
        secret_keys: Which of it is secret.
        preview: Whether nothing is to be done.
        parallel: How many operations may go on at once.
        debug: Whether the SDK's debug messages are wanted.
        interrupt: Called when a person interrupts: what runs comes to its end then, and so does the program.
        stopped: Tells whether the run was stopped for another reason: what the program raises then is only the echo.

    Raises:
        ProgramError: The program failed.
    """
    start = function or _folder_program(entry_point(project))
    folder = project.root if function is not None else entry_point(project).parent
    problems: list[BaseException] = []
    ended = threading.Event()

    def body() -> None:
        try:
            _run(
                project,
                stack,
                start,
                monitor=monitor,
                engine=engine,
                config=config,
                secret_keys=secret_keys,
                preview=preview,
                parallel=parallel,
            )
        except BaseException as error:  # noqa: BLE001 - it is raised again, where the caller is
            problems.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=contextvars.Context().run, args=(body,), name="cachewright-program", daemon=True)
    place = _place(folder, packages_of(project)) if function is None else contextlib.nullcontext()
    with place, _no_collection(), _quick_switches(), sdk_shortcuts(debug=debug):
        thread.start()
        while not ended.is_set():
            try:
                # A signal that comes just before a wait does not end it: it is seen when the wait is over.
                while not ended.wait(_SIGNAL_SECONDS):
                    pass
            except KeyboardInterrupt:
                interrupt()
        thread.join()
    if problems and not stopped():
        error = _program_error(problems[0], project, folder)
        if error is not None:
            raise error from problems[0]


def _folder_program(entry: Path) -> Callable[[], object]:
    return lambda: runpy.run_path(os.fspath(entry), run_name="__main__")


def _run(
    project: Project,
    stack: str,
    program: Callable[[], object],
    *,
    monitor: Any,
    engine: Any,
    config: dict[str, str],
    secret_keys: list[str],
    preview: bool,
    parallel: int,
) -> None:
    import pulumi
    from pulumi.runtime import config as runtime_config
    from pulumi.runtime import settings
    from pulumi.runtime import stack as runtime_stack

    from cachewright_offline.engine.program_loop import ProgramLoop

    settings.configure(
        settings.Settings(
            project=project.name,
            stack=stack,
            monitor=monitor,
            engine=engine,
            parallel=parallel,
            dry_run=preview,
            organization="organization",
            root_directory=os.fspath(project.root),
        )
    )
    settings.ROOT.set(None)
    runtime_config.set_all_config(config, secret_keys)
    loop = ProgramLoop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(parallel, 1) * 4, thread_name_prefix="cachewright-program-io")
    loop.set_default_executor(executor)

    def start() -> None:
        try:
            program()
        except SystemExit as error:
            if error.code not in (None, 0):
                msg = f"the program called sys.exit({error.code!r})"
                raise pulumi.RunError(msg).with_traceback(error.__traceback__) from error

    # A program that fails leaves futures unobserved: asyncio's complaints would hide the reason.
    loop.set_exception_handler(lambda *_: None)
    warnings.filterwarnings("ignore", message=r"coroutine 'Output\.", category=RuntimeWarning)
    try:
        loop.run_until_complete(runtime_stack.run_in_stack(start))
    finally:
        with contextlib.suppress(Exception):
            _end_tasks(loop)
        executor.shutdown(wait=True)
        asyncio.set_event_loop(None)
        loop.close()


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=5))
        for task in tasks:
            if task.done() and not task.cancelled():
                task.exception()
    loop.run_until_complete(loop.shutdown_asyncgens())


@contextlib.contextmanager
def _place(folder: Path, packages: Path | None) -> Iterator[None]:
    """Make `folder` the working directory and the first place to import from; forget its modules afterwards.

    The packages of the project's own environment come last: what this process has, Pulumi's SDK above all, stays.
    """
    before, path, arguments, modules = os.getcwd(), list(sys.path), list(sys.argv), dict(sys.modules)  # noqa: PTH109
    location = os.fspath(folder)
    os.chdir(location)
    sys.path.insert(0, location)
    if packages is not None:
        sys.path.append(os.fspath(packages))
    sys.argv = [location]
    linecache.checkcache()
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        sys.argv = arguments
        for name, module in list(sys.modules.items()):
            if name not in modules and _lies_in(module, location):
                del sys.modules[name]
        sys.modules["__main__"] = modules["__main__"]


def _lies_in(module: object, folder: str) -> bool:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or "site-packages" in file:
        return False
    return os.path.realpath(file).startswith(os.path.realpath(folder) + os.sep)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY_OBJECTS:
            # To look through what a large program leaves behind takes as long as a quarter of its run.
            gc.freeze()
        if was_on:
            gc.enable()


@contextlib.contextmanager
def _quick_switches() -> Iterator[None]:
    """Let threads take turns more often.

    The program keeps the interpreter busy while operations end in other threads, each of which would otherwise wait
    5 ms for its turn at every turn: that alone would double the time of an update.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _program_error(error: BaseException, project: Project, folder: Path) -> ProgramError | None:
    from pulumi.errors import RunError

    if isinstance(error, ProgramError):
        return error
    if isinstance(error, KeyboardInterrupt):
        raise error
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return None
    text = "".join(traceback.format_exception(error))
    if isinstance(error, SyntaxError) and error.filename:
        return ProgramError(f"SyntaxError: {error.msg}", _shown(error.filename, project), error.lineno or 0, text)
    file, line = _user_place(error.__traceback__, folder)
    # Errors that are written for people need no class name before them.
    is_readable = isinstance(error, RunError) or type(error).__name__.endswith("ArgsError")
    message = str(error) if is_readable else f"{type(error).__name__}: {error}"
    return ProgramError(message, _shown(file, project) if file else "", line, text)


def _user_place(trace: TracebackType | None, folder: Path) -> tuple[str, int]:
    """Return the innermost place in the program's own files."""
    place = ("", 0)
    location = os.path.realpath(folder) + os.sep
    for frame in traceback.extract_tb(trace):
        if os.path.realpath(frame.filename).startswith(location) and "site-packages" not in frame.filename:
            place = (frame.filename, frame.lineno or 0)
    return place


def _shown(file: str, project: Project) -> str:
    relative = os.path.relpath(file, project.root)
    return file if relative.startswith("..") else relative
