"""`python -m cachewright_offline.cloud --home DIR [--port N] [--speed S] [--seed FILE]`: the local AWS, in front."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def main() -> int:
    """Serve until a signal ends it. Exit code 2: it could not start, and the end of stderr says why."""
    parser = argparse.ArgumentParser(prog="cachewright-cloud", description="Run the local AWS on 127.0.0.1.")
    parser.add_argument("--home", type=Path, required=True, help="folder for the pid file and the log")
    parser.add_argument("--port", type=int, default=None, help="port (default: 4747, or any free one)")
    parser.add_argument("--speed", default="instant", help="instant, or how many times as fast as AWS (10x)")
    parser.add_argument("--seed", type=Path, default=None, help="file of `cachewright local export` to start with")
    parser.add_argument("--quota", action="append", default=[], help="a quota to raise, as nodes_per_region=5000")
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )

    from cachewright_offline.cloud import control, quotas, speeds
    from cachewright_offline.cloud.clock import CLOCK
    from cachewright_offline.cloud.control_api import Instance
    from cachewright_offline.errors import CachewrightError

    try:
        CLOCK.speed = speeds.parse(arguments.speed)
        quotas.apply(arguments.quota)
        with control.own(arguments.home) as ownership:
            from cachewright_offline.cloud.server import make_server

            listener = control.listen(arguments.port)
            instance = Instance()
            server = make_server(listener, instance)
            if arguments.seed is not None:
                from cachewright_offline.cloud import seed

                seed.load_file(arguments.seed)

            def end(_signal: int, _frame: FrameType | None) -> None:
                # shutdown() waits for the serving loop, which runs in this very thread.
                threading.Thread(target=server.shutdown, daemon=True).start()

            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, end)
            ownership.publish(instance)
            try:
                server.serve_forever(poll_interval=0.05)
            finally:
                server.server_close()
                listener.close()
    except CachewrightError as error:
        sys.stderr.write(f"{control.ERROR_MARK}{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
