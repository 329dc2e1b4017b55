"""A Streamlit server in a process of its own, for the benchmarks that visit one."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Self

APP = "app.py"
SLIDER = "benchmarks/floor/slider.py"
CHART = "benchmarks/floor/chart.py"

DEFAULTS = ("--runner.postScriptGC=true", "--server.enableWebsocketCompression=false")
"""Streamlit's own, where .streamlit/config.toml differs for speed."""

ROOT = Path(__file__).parent.parent


@contextlib.contextmanager
def serving(script: str, *options: str) -> Iterator[tuple[str, int]]:
    """`host:port` and the process's id of a server that runs a script, and ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    place = [f"--server.{name}={value}" for name, value in zip(("address", "port"), host.split(":"), strict=True)]
    quiet = ["--server.headless=true", "--server.fileWatcherType=none", "--logger.level=error"]
    command = [sys.executable, "-m", "streamlit", "run", script, *place, *quiet, *options]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_health(host, process)
            yield host, process.pid
        finally:
            process.terminate()


def wait_for_health(host: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://{host}/_stcore/health", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("The server did not start.")


class Wire(threading.Thread):
    """A loopback address that passes all on to a server and back, and counts the bytes that the server sends."""

    def __init__(self, host: str) -> None:
        super().__init__(daemon=True)
        name, port = host.split(":")
        self.server = name, int(port)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.door.getsockname()[1]}"
        self.sent = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.door.close()

    def run(self) -> None:
        with contextlib.suppress(OSError):  # the door is closed
            while True:
                browser, _ = self.door.accept()
                server = socket.create_connection(self.server)
                for ends in ((browser, server, False), (server, browser, True)):
                    threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket, count: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self.sent += len(data) if count else 0
                target.sendall(data)
        for end in (source, target):
            end.close()
