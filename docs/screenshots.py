"""Make the README's pictures: `python docs/screenshots.py` starts the app, looks at its pages and saves docs/*.png."""

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import sleep

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]

# name, address, what has to be there, keys to press
PICTURES = [
    ("explore", "/?focus=1", ".stage[data-space]", ["Home", *["ArrowRight"] * 8]),
    ("batches", "/batches?focus=1", ".stage[data-space]", ["Home", *["ArrowRight"] * 24]),
    ("gradients", "/chain-rule", ".graph-stage[data-drawn] .node", ["End"]),
]


def main() -> None:
    """Start, look, save."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=[*WEBGL, "--no-sandbox", "--disable-dev-shm-usage"]
            )
            for name, address, sign, keys in PICTURES:
                page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
                page.goto(f"http://127.0.0.1:{port}{address}")
                page.wait_for_selector(sign, timeout=60_000)
                for key in keys:
                    page.keyboard.press(key)
                page.wait_for_timeout(2500)
                page.screenshot(path=ROOT / "docs" / f"{name}.png")
                page.close()
    finally:
        server.terminate()
        server.wait()


def wait(address: str) -> None:
    """Until the server answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(address)
        except OSError:
            sleep(0.5)
        else:
            return
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
