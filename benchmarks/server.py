"""A Streamlit server in a process of its own, for the benchmarks that visit one."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

APP = "app.py"
SLIDER = "benchmarks/floor/slider.py"
CHART = "benchmarks/floor/chart.py"

DEFAULTS = ("--runner.postScriptGC=true", "--server.enableWebsocketCompression=false")
"""Streamlit's own, where .streamlit/config.toml differs for speed."""

ROOT = Path(__file__).parent.parent


@contextmanager
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
