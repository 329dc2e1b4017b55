"""The page in a real Chromium, beside the least pages that Streamlit can serve (benchmarks/floor/).

Run: python -m benchmarks.page [slider bytes playback panels start imports]. Needs Playwright and /usr/bin/chromium,
which draws WebGL without a graphics card here. Figures are medians, with the least and the largest behind them:
browser, server and whatever else the machine does share its cores.
"""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.server import APP, CHART, DEFAULTS, ROOT, SLIDER, Wire, serving

FLAGS = [
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),
    *("--no-sandbox", "--disable-dev-shm-usage"),
]
WIDE, TALL, PROJECTOR = (1440, 900), (1440, 2000), (1280, 720)
PHONE = (600, 900)  # the surface is folded away, and the numbers of a step are far below

RATE = ".st-key-set_rate input[type=range]"
ONE_PATH = "?function=rosenbrock&steps=500&runs=adam~0.001"
FOUR_PATHS = "?function=rosenbrock&steps=500&runs=gradient_descent~0.001~~momentum~0.0005~~adam~0.005~~rmsprop~0.002"

# The first task after an animation frame runs when that frame has been handed over, with all that the page paints in
# it. A timer would be late by whatever else waits: Streamlit's next render, or the curves.
WATCH = """([target, attribute]) => {
    const took = () => { window.took ??= performance.now() - window.pressed; };
    const shown = () => requestAnimationFrame(() => scheduler.postTask(took, { priority: "user-blocking" }));
    const what = attribute ? { attributeFilter: [attribute] } : { childList: true, subtree: true, characterData: true };
    new MutationObserver(shown).observe(document.querySelector(target), what);
    const start = (event) => { // a field that is applied while somebody types presses Enter by itself
        if (event.isTrusted) [window.took, window.pressed] = [undefined, performance.now()];
    };
    addEventListener("keydown", start, { capture: true });
}"""

QUIET = """async (milliseconds) => {
    let since = performance.now();
    while (performance.now() - since < milliseconds) {
        await new Promise((resume) => setTimeout(resume, 20));
        if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") since = performance.now();
    }
}"""

# How many frames a second show something new on the contour's canvas. Where nothing plays, one dot moves over it: that
# is the most that the browser delivers on this page and this machine.
PAINTS = """async ([seconds, dot]) => {
    const plane = document.querySelector(".stage .plane canvas"), { prototype } = CanvasRenderingContext2D;
    const clear = prototype.clearRect, end = performance.now() + 1000 * seconds;
    let paints = 0;
    prototype.clearRect = function (...box) {
        if (this.canvas === plane) paints++;
        clear.apply(this, box);
    };
    const context = plane.getContext("2d");
    while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        if (!dot) continue;
        context.clearRect(0, 0, plane.width, plane.height);
        context.fillRect(paints % 300, 50, 10, 10);
    }
    prototype.clearRect = clear;
    return paints / seconds;
}"""


def slider(browser: Browser) -> None:
    """From a key on a slider to the picture it leads to; the pages take turns."""
    with serving(SLIDER, *DEFAULTS) as (least, _), serving(SLIDER) as (tuned, _), serving(APP) as (app, _):
        pages = [
            (visit(browser, f"http://{least}/", ".st-key-line"), "input[type=range]", [".st-key-line", ""]),
            (visit(browser, f"http://{tuned}/", ".st-key-line"), "input[type=range]", [".st-key-line", ""]),
            (visit(browser, f"http://{app}/", ".stage[data-paths]", PHONE), RATE, [".stage", "data-paths"]),
            (visit(browser, f"http://{app}/", ".stage[data-space]"), RATE, [".stage", "data-paths"]),
        ]
        for page, _slider, drawn in pages:
            page.evaluate(WATCH, drawn)
        turns = zip(*(changes(page, slider, 24) for page, slider, _drawn in pages), strict=True)
        took = [[page.evaluate("window.took") for page, _slider, _drawn in pages] for _ in turns]
        for page, _slider, _drawn in pages:
            page.context.close()
    floor, tuned_floor, plane, both = (list(times) for times in zip(*took[4:], strict=True))  # the first warm up
    show("slider and a line of text", floor, "ms")
    show("the same with the app's settings", tuned_floor, "ms", beside=floor)
    show("slider and contour, surface folded", plane, "ms", beside=floor, target="1.6 ×")
    show("slider, contour and surface", both, "ms", beside=floor, target="4 ×")


def bytes_per_change(browser: Browser) -> None:
    """What the server sends for a change of the learning rate: its messages, and what of them is on the wire."""
    with serving(SLIDER) as (host, _):
        floor = received(browser, host, "", "input[type=range]", ".st-key-line")
    with serving(APP) as (host, _):
        path = received(browser, host, ONE_PATH, RATE, ".stage[data-paths]", PHONE)
        seen = received(browser, host, ONE_PATH, RATE, ".stage[data-paths]", TALL)
        first = received(browser, host, "", RATE, ".stage[data-paths]")
    for name, (messages, wire) in {
        "slider and a line of text": floor,
        "one path of 500 steps of Adam": path,
        "and the numbers of its steps in sight": seen,
        "the page at first sight": first,
    }.items():
        show(name, messages, "KB", beside=floor[0])
        show("  compressed, as it is sent", wire, "KB", beside=floor[1], target="20 KB" if messages is path[0] else "")


def received(
    browser: Browser, host: str, path: str, slider: str, target: str, size: tuple[int, int] = WIDE
) -> tuple[list[float], list[float]]:
    """Kilobytes of the websocket's messages for each change, and what came through the connection for them."""
    page = visit(browser, "about:blank", size=size)
    frames: list[int] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.webSocketFrameReceived", lambda event: frames.append(length(event["response"])))
    messages, wire = [], []
    with Wire(host) as through:
        page.goto(f"http://{through.host}/{path}")
        page.wait_for_selector(target)
        page.evaluate(QUIET, 2000)
        frames.clear()
        before = through.sent
        for _ in changes(page, slider, 4):
            messages.append(sum(frames) / 1000)
            wire.append((through.sent - before) / 1000)
            frames.clear()
            before = through.sent
        page.context.close()
    return messages, wire


def length(frame: dict) -> int:
    data = frame["payloadData"]
    return len(base64.b64decode(data) if frame["opcode"] == 2 else data)


def playback(browser: Browser) -> None:
    """How often the contour's canvas is painted while four paths are played back, and while a dot moves over it.

    Without a graphics card most of a frame is the browser's own, the longer the larger its window.
    """
    with serving(APP) as (host, _):
        for size in (WIDE, PROJECTOR):
            dot, paths = [], []
            page = visit(browser, f"http://{host}/{FOUR_PATHS}", ".stage[data-space]", size)
            page.evaluate(QUIET, 1000)
            for _round in range(5):
                page.locator("[data-act=first]").click()
                dot.append(page.evaluate(PAINTS, [2, True]))
                page.locator("[data-act=play]").click()
                paths.append(page.evaluate(PAINTS, [2, False]))
            page.context.close()
            show(f"one dot, {size[0]} × {size[1]}", dot, "frames/s")
            show("  four paths of 500 steps", paths, "frames/s", beside=dot, target="30")


def panels(browser: Browser) -> None:
    """How often the contour of the Batches page is painted in playback: by itself, and with all panels beside it."""
    alone, together = [], []
    with serving(APP) as (host, _):
        page = visit(browser, f"http://{host}/batches?batch_lines=yes", ".stage[data-space]")
        page.evaluate(QUIET, 1000)
        for _round in range(5):
            for display, rates in (("none", alone), ("", together)):
                page.evaluate(
                    """display => {
                        for (const panel of document.querySelectorAll(".stage :is(.data, .cloud, .curves, .space)"))
                            panel.style.display = display;
                        document.querySelector("[data-switch=batch_lines]").checked = !display;
                    }""",
                    display,
                )
                page.locator("[data-act=first]").click()
                page.evaluate(QUIET, 500)
                page.locator("[data-act=play]").click()
                rates.append(page.evaluate(PAINTS, [2, False]))
        page.context.close()
    show("the contour by itself", alone, "frames/s")
    show("with samples, cloud, lines, curves", together, "frames/s", beside=alone, target="0.5 ×")


def start(browser: Browser) -> None:
    """From the server's command to the first picture: a fresh process, a browser that has nothing of it."""
    chart, contour, surface = [], [], []
    for _ in range(5):
        before = time.perf_counter()
        with serving(CHART) as (host, _):
            page = visit(browser, f"http://{host}/", ".js-plotly-plot .scatterlayer path")
            chart.append(time.perf_counter() - before)
            page.context.close()
        before = time.perf_counter()
        with serving(APP) as (host, _):
            page = visit(browser, f"http://{host}/", ".stage[data-paths]")
            contour.append(time.perf_counter() - before)
            page.wait_for_selector(".stage[data-space]")
            surface.append(time.perf_counter() - before)
            page.context.close()
    show("one st.plotly_chart", chart, "s")
    show("the app's contour and paths", contour, "s", beside=chart, target="2 ×")
    show("the app's surface", surface, "s", beside=chart)


def imports(_: Browser) -> None:
    """What a script waits for before its first line."""
    script = "import time; before = time.perf_counter(); import {}; print(time.perf_counter() - before)"
    # NumPy was compiled when it was installed; the project is by its first import, unless Python may not write that.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds: dict[str, list[float]] = {"numpy": [], "landscape": []}
    for _round in range(15):
        for name, each in seconds.items():
            command = [sys.executable, "-c", script.format(name)]
            run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
            each.append(1000 * float(run.stdout))
    show("import numpy", seconds["numpy"], "ms")
    show("import landscape", seconds["landscape"], "ms", beside=seconds["numpy"], target="2 ×")


def visit(browser: Browser, address: str, target: str = "body", size: tuple[int, int] = WIDE) -> Page:
    """A page in a context of its own, when its target is there."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(address)
    page.wait_for_selector(target, timeout=60_000)
    return page


def changes(page: Page, slider: str, count: int, turn: int = 5) -> Iterator[None]:
    """Moves a slider by a key, `turn` times to the right and as often back; yields when the page is quiet again."""
    for index in range(count):
        page.locator(slider).press("ArrowLeft" if index // turn % 2 else "ArrowRight")
        page.wait_for_function("() => !window.pressed || window.took")
        page.evaluate(QUIET, 500)
        yield


def show(name: str, values: list[float], unit: str, *, beside: list[float] | None = None, target: str = "") -> None:
    middle = median(values)
    ratio = f"{middle / median(beside):5.2f} ×" if beside else ""
    bounds = f"{min(values):.4g} to {max(values):.4g}"
    print(f"  {name:36}{middle:8.4g} {unit:9}{bounds:>18} {ratio:>9}  {target and f'target {target}'}", flush=True)


SECTIONS = {
    "slider": slider,
    "bytes": bytes_per_change,
    "playback": playback,
    "panels": panels,
    "start": start,
    "imports": imports,
}

if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name in sys.argv[1:] or SECTIONS:
            section = SECTIONS[name]
            print(f"{name}: {section.__doc__}")
            section(chromium)
        chromium.close()
