"""What the browser tests stand on: the real server, a real Chromium, and pages that fail a test when they complain."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from streamlit.components.v2 import manifest_scanner

from landscape.pages import ahead

pytest.register_assert_rewrite("batches_visit", "laboratory_visit", "sent", "stage_visit")

ROOT = Path(__file__).parent.parent

CHROMIUM = ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]

FLAGS = [
    # WebGL without a graphics card, in a container.
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),
    *("--no-sandbox", "--disable-dev-shm-usage"),
    # Without a graphics card what is flat is drawn faster by the processor itself than by way of WebGL's stand-in.
    *("--disable-gpu-compositing", "--disable-accelerated-2d-canvas"),
    # The app must need no network: no name is resolved but this machine's, and the browser does not phone home.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    *("--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--no-pings"),
]

# When the page last told the server something, from where, and when it last heard from it.
TALK = """window.told = window.heard = 0;
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        this.addEventListener('message', () => { window.heard = performance.now(); });
    }
    send(data) {
        window.told = performance.now();
        window.place = location.pathname;
        super.send(data);
    }
};"""

# A busy server is late with its answer, until which the page looks as if it were at rest.
# Streamlit waits 200 ms before it sends what a slider or a text field says, so only a longer quiet is the end of it.
QUIET = """async () => {
    let since = performance.now();
    const asked = since;
    while (performance.now() - since < 400) {
        await new Promise(resume => setTimeout(resume, 20));
        const app = document.querySelector('.stApp')?.dataset;
        const done = app?.testConnectionState === 'CONNECTED' && app.testScriptState === 'notRunning';
        // What was said by a page that was left then is not always answered.
        const late = window.heard < window.told && window.place === location.pathname;
        const old = document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
        if (!done || late || old) since = performance.now();
        if (since - asked > 40000) throw Error(`Not at rest: ${JSON.stringify({ ...app, late, old: old?.outerHTML })}`);
    }
}"""

# A busy machine is no reason to fail, and a failure in CI has to be the same on the next run.
hypothesis.settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """With `-n auto`: a browser test waits for a part of its time, in which another one can work."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """Browser tests come last, for they are slow, and one that failed is run once more.

    Where the machine is busy a press may come before what it is meant for. The summary names what needed a second try.
    """
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session", autouse=True)
def what_is_installed_is_looked_through_once():
    """A server looks for components in all installed packages when it starts; AppTest would at every visit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_a_browser_that_is_not_there():
    """Pages without a browser are thousands here. The real server is a process of its own, and does wait."""
    ahead.PAUSE = 0


@pytest.fixture(scope="session")
def torch():
    """PyTorch, which networks are compared with. Without it such a test is skipped."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # on a busy machine its threads only wait for each other
    return torch


@pytest.fixture(scope="session")
def in_pytorch(torch):
    """A function that makes the same network in PyTorch, with the same parameters, in float64."""

    def twin(layer):
        if not layer.parameters():
            return getattr(torch.nn, type(layer).__name__)()
        twin = torch.nn.Linear(*layer.weight.shape[::-1], dtype=torch.float64)
        twin.weight.data, twin.bias.data = torch.tensor(layer.weight.data), torch.tensor(layer.bias.data)
        return twin

    return lambda model: torch.nn.Sequential(*map(twin, model.layers))


@pytest.fixture(scope="session")
def server_log(tmp_path_factory):
    """The file that the server's output goes to."""
    return tmp_path_factory.mktemp("server") / "streamlit.log"


@contextmanager
def serving(log_file, base=""):
    """The address of the app while it is served by `streamlit run app.py` as a user would start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = "/".join([f"http://127.0.0.1:{port}", *filter(None, [base])])
    options = {"address": "127.0.0.1", "port": port, "headless": "true", "fileWatcherType": "none", "baseUrlPath": base}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--browser.gatherUsageStats=false"]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    with (
        log_file.open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for_health(address, process, log_file)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def server(server_log):
    """The address of the app, served once for all tests."""
    with serving(server_log) as address:
        yield address


@pytest.fixture
def server_below(tmp_path):
    """The address of the app, served below a base path."""
    with serving(tmp_path / "streamlit.log", base="class/descent") as address:
        yield address


def _wait_for_health(address, process, server_log, seconds=90):
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{server_log.read_text(errors='replace')}", pytrace=False)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A function that gives the Chromium of visitors with that language and that kind of pointer.

    Without one a browser test is skipped, but in CI it fails.
    """
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        sentence = "Browser tests need Playwright and a Chromium, such as Debian's package chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)

    # They come back in every test, each with a profile that stays: to load and compile everything, above all Plotly,
    # costs seconds until a browser has kept what it has compiled. The app stores nothing there, so that no test leaves
    # anything behind.
    @cache
    def launch(locale, touch):
        profile = tmp_path_factory.mktemp("profile")
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=FLAGS, locale=locale, has_touch=touch
        )
        context.set_default_timeout(45_000)  # a busy machine is no reason to fail
        context.add_init_script(TALK)
        launched.append(context)
        return context

    launched = []
    with sync_playwright() as playwright:
        yield launch
        for context in launched:
            context.close()


@pytest.fixture
def settle():
    """A function that waits until a page shows the outcome of the last change: no script runs or is about to."""
    return lambda page: page.evaluate(QUIET)


@pytest.fixture(scope="session")
def choose():
    """A function that picks an option of one of Streamlit's menus.

    A menu that was just opened scrolls by itself, and a press in that moment is on another option; what is left of it
    once a name was typed needs no scrolling.
    """

    def pick(page, name, option):
        page.locator(f".st-key-set_{name} input").fill(option)
        page.get_by_role("option", name=option, exact=True).click()

    return pick


@pytest.fixture
def open_page(server, server_log, browser, settle):
    """A function that opens the app as a visitor with that screen, language and theme.

    Unless told, it is one who wants no motion: the race at first sight takes a processor for itself.

    The test fails afterwards if a page raised or logged an error, asked another machine for anything, or if the server
    printed a traceback.
    """
    pages, complaints = [], []
    printed = server_log.stat().st_size

    def watch(page):
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(f"The page raised {error}"))
        page.on("popup", watch)
        page.on("console", complain)
        page.on("request", lambda request: stay_here(request.url))
        page.on("websocket", lambda socket: stay_here(socket.url))

    def complain(line):
        # Below the root Streamlit looks for its server in several places, and finds it in the last.
        if line.type == "error" and "/_stcore/" not in line.location["url"]:
            complaints.append(f"The console says {line.text}")

    def stay_here(url):
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
            complaints.append(f"The page asked for {url}")

    def visit(path="/", *, viewport=(1440, 900), locale="en-GB", theme="light", touch=False, motion=False):
        page = browser(locale, touch).new_page()
        watch(page)
        width, height = viewport
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="no-preference" if motion else "reduce")
        page.goto(server + path)
        settle(page)
        return page

    yield visit
    for page in pages:
        page.close()
    with server_log.open("rb") as log:
        log.seek(printed)
        output = log.read().decode(errors="replace")
    if "Traceback" in output:
        complaints.append(f"The server printed\n{output}")
    assert not complaints, "\n".join(complaints)
