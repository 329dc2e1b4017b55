"""The real app in a real Chromium: what a mouse, a finger and a keyboard do, and what links and phones show."""

import gzip
import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import plotly
import pytest

import landscape as ls
from landscape.analysis.convergence import convergence
from landscape.figures.palette import RUNS, THEMES
from landscape.locale import LANGUAGES, translation
from landscape.objectives.functions import FUNCTIONS
from landscape.stage.assets import address, pictured

SMALL = "/?steps=60&lang=en"

# The pixel of a point of the plane in the window, and the point of a pixel, by Plotly's own axes. A mouse event has
# whole pixels.
TO_PIXEL = """([x, y]) => {
    const plot = document.querySelector('.stage .plane .plot'), { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)].map(Math.round);
}"""
TO_POINT = """([left, top]) => {
    const plot = document.querySelector('.stage .plane .plot'), { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [xaxis.p2l(left - box.left - xaxis._offset), yaxis.p2l(top - box.top - yaxis._offset)];
}"""
RANGES = """() => {
    const { xaxis, yaxis } = document.querySelector('.stage .plane .plot')._fullLayout;
    return [...xaxis.range, ...yaxis.range];
}"""
EYE = """() => {
    const { eye } = document.querySelector('.stage .space .plot')._fullLayout.scene._scene.getCamera();
    return [eye.x, eye.y, eye.z];
}"""

# An annotation in the scene is placed by Plotly itself; its centre is where the point has to be.
PROJECTED_BY_PLOTLY = """async ([x, y]) => {
    const plot = document.querySelector('.stage .space .plot'), { x: xs, y: ys, z: zs } = plot._fullData[0];
    const pause = () => new Promise((resume) => setTimeout(resume, 400));
    const nearest = (values, value) => {
        const away = Array.from(values, (v) => Math.abs(v - value));
        return away.indexOf(Math.min(...away));
    };
    const place = { x, y, z: zs[nearest(ys, y)][nearest(xs, x)] };
    const look = { text: '+', showarrow: false, xanchor: 'center', yanchor: 'middle', borderpad: 0 };
    await Plotly.relayout(plot, { 'scene.annotations': [{ ...place, ...look }] });
    await pause();
    const box = plot.querySelector('.annotation-text-g').getBoundingClientRect(), home = plot.getBoundingClientRect();
    await Plotly.relayout(plot, { 'scene.annotations': [] });
    await pause();
    return [(box.left + box.right) / 2 - home.left, (box.top + box.bottom) / 2 - home.top];
}"""
SADDLE = (-3.073, -0.0814)  # of Himmelblau's function, away from the path
# The middle of the darkest ink over the surface, faint lines apart: the marker of the first run.
INK = """() => {
    const canvas = document.querySelector('.stage .space > canvas'), { width, height, clientWidth } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    let n = 0, x = 0, y = 0;
    for (let i = 0; i < data.length / 4; i++)
        if (data[4 * i + 3] > 105 && data[4 * i] < 25) { n++; x += i % width; y += Math.floor(i / width); }
    return [(x / n + 0.5) * clientWidth / width, (y / n + 0.5) * clientWidth / width];
}"""
COLOURS = """(selector) => {
    const canvas = document.querySelector(selector), { width, height } = canvas, found = new Set();
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255)
        found.add('#' + [0, 1, 2].map((j) => data[i + j].toString(16).padStart(2, '0')).join(''));
    return [...found];
}"""
# The colours of a canvas at some of its pixels, each as #rrggbb, or nothing where one can see through.
DRAWN = """([part, pixels]) => {
    const canvas = document.querySelector(`.stage .${part} > canvas`), scale = canvas.width / canvas.clientWidth;
    const context = canvas.getContext('2d'), hex = (value) => value.toString(16).padStart(2, '0');
    return pixels.map((pixel) => {
        const [red, green, blue, alpha] = context.getImageData(...pixel.map((at) => Math.floor(at * scale)), 1, 1).data;
        return alpha === 255 ? `#${[red, green, blue].map(hex).join('')}` : null;
    });
}"""
# The pixels of points on the canvas of the plane, or of the curves.
ON_CANVAS = """([part, points]) => {
    const plot = document.querySelector(`.stage .${part} .plot`), { xaxis, yaxis } = plot._fullLayout;
    const linear = (axis, value) => axis.type === 'log' ? Math.log10(value) : value;
    const at = (axis, value) => axis._offset + axis.l2p(linear(axis, value));
    return points.map(([x, y]) => [at(xaxis, x), at(yaxis, y)]);
}"""
CURVE = """() => {
    const { _fullData: [{ y }], _fullLayout: { yaxis } } = document.querySelector('.stage .curves .plot');
    return [yaxis.title.text, Array.from(y)];
}"""
# The runs race at first sight; the tests want them where they can be found again.
STOP = """() => {
    const [scrubber, play] = ['input[type=range]', '[data-act=play]'].map((s) => document.querySelector(`.stage .playback ${s}`));
    if (!play.classList.contains('playing') && scrubber.value !== scrubber.max) return;
    scrubber.value = Math.round(scrubber.max / 8);
    scrubber.dispatchEvent(new Event('input'));
}"""
UNNAMED = """() => [...document.querySelectorAll('.stMain :is(button, input, select, a[href], [role=slider])')]
    .filter((e) => e.checkVisibility())
    .filter((e) => !(e.getAttribute('aria-label') || e.title || e.labels?.length || e.textContent.trim()))
    .map((e) => e.outerHTML.slice(0, 120))"""
# The stage as it is while Plotly is still on its way.
UNDRAWN = """() => {
    const stage = document.querySelector('.stage'), { paths } = stage.dataset;
    delete stage.dataset.paths;
    const places = Object.fromEntries([...stage.querySelectorAll('section')].map((e) => [e.classList[0], e.getBoundingClientRect()]));
    const shown = [...stage.querySelectorAll('button, select, input, label, svg, canvas')]
        .filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => e.outerHTML);
    stage.dataset.paths = paths;
    return [JSON.parse(JSON.stringify(places)), shown];
}"""
SCALE = "document.querySelector('.stage .plane .plot')._fullData[0].colorscale"
# The colours of text and page.
WRITTEN = """() => ['.stage-details td', '.stApp'].map((selector, i) => {
    const style = getComputedStyle(document.querySelector(selector)), colour = i ? style.backgroundColor : style.color;
    return '#' + colour.match(/\\d+/g).slice(0, 3).map((part) => Number(part).toString(16).padStart(2, '0')).join('').toUpperCase();
})"""
# How much is seen of the page, now and while its header is still on its way.
UNFINISHED = """() => {
    const seen = () => getComputedStyle(document.querySelector('.stMainBlockContainer')).opacity, before = seen();
    const skeleton = document.createElement('div');
    skeleton.dataset.testid = 'stSkeleton';
    document.querySelector('.st-key-header').append(skeleton);
    const meanwhile = seen();
    skeleton.remove();
    return [before, meanwhile, seen()];
}"""
FOCUSED = """() => {
    const { activeElement } = document, act = activeElement.dataset.act;
    const part = activeElement.closest('[class*=st-key-]')?.className.match(/st-key-([a-z_]+)/)[1];
    return act ? `${part} ${act}` : part;
}"""
# Leaves Batches, which has still something to say.
LEAVE = """() => {
    document.querySelector('a[data-testid=stTopNavLink][href$="/"]').click();
    document.querySelector('.stage [data-switch=gradients]').click();
}"""
COUNT_MESSAGES = """() => {
    window.messages = 0;
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) { window.messages++; return send.call(this, data); };
}"""
ENGLISH = """() => {
    const page = document.querySelector('.stMain').cloneNode(true);
    for (const part of page.querySelectorAll('[data-testid=stIconMaterial], style, svg, math, .katex')) part.remove();
    return page.textContent.match(/[A-Za-z]{4,}/g);
}"""
LETTERS = """() => ['.st-key-overview p', '.stage-details td', '.stage .playback output', '.st-key-controls label p']
    .map((selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize))"""
TOO_WIDE = """() => [...document.querySelectorAll('.stMain *')]
    .filter((e) => e.checkVisibility() && !e.closest('.unseen, .table, .lines, .katex'))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => `${e.tagName}.${e.className}`).slice(0, 5)"""
# Drawn, and the browser keeps up: WebGL in software can hold it for seconds.
READY = """async () => {
    const pause = () => new Promise((resume) => requestAnimationFrame(resume)), asked = performance.now();
    for (let quick = 0; quick < 5;) {
        const since = performance.now(), stage = document.querySelector('.stage');
        await pause();
        const drawn = stage?.dataset.paths && (stage.dataset.space || innerWidth <= 640);
        quick = drawn && performance.now() - since < 150 ? quick + 1 : 0;
        if (since - asked > 60000) throw Error(`Not ready: ${JSON.stringify({ ...stage?.dataset })}`);
    }
}"""


class Stage:
    """A page of the app, and what is done with it."""

    def __init__(self, page, settle, choose):
        self.page, self._settle, self._choose = page, settle, choose
        self.ready()

    def ready(self):
        """Wait until a page that was just opened is drawn."""
        self.page.bring_to_front()  # under another one it would stand still
        self.wait("document.querySelector('.stage')?.dataset.paths")
        self.wait("innerWidth <= 640 || document.querySelector('.stage').dataset.space", seconds=90)
        self.page.evaluate(STOP)
        self.settle()

    def settle(self):
        """Wait until what was done has had its effect."""
        self._settle(self.page)
        self.page.evaluate(READY)

    def wait(self, expression, seconds=30):
        self.page.wait_for_function(f"() => {expression}", timeout=1000 * seconds)

    @property
    def setting(self):
        """What the address says, each parameter once."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query, True).items()}

    @property
    def paths(self):
        return self.page.get_attribute(".stage", "data-paths")

    @property
    def playhead(self):
        return int(self.page.get_attribute(".stage", "data-playhead"))

    @property
    def start(self):
        return tuple(map(float, self.setting["start"].split("~")))

    def changed(self, act):
        """Do something that gives other paths, and wait for them."""
        before = self.paths
        act()
        self.wait(f"document.querySelector('.stage').dataset.paths !== '{before}'")
        self.settle()

    def pixel(self, x, y):
        return self.page.evaluate(TO_PIXEL, [x, y])

    def point(self, pixel):
        return self.page.evaluate(TO_POINT, pixel)

    def around(self, pixel):
        """The point at a pixel, as exact as half a pixel."""
        here, (x, y) = self.point(pixel), pixel
        return pytest.approx(here, abs=abs(self.point([x + 0.5, y])[0] - here[0]))

    def drag(self, *pixels, steps=3):
        """A drag as of a hand: it rests before it lets go."""
        mouse = self.page.mouse
        mouse.move(*pixels[0])
        mouse.down()
        for pixel in pixels[1:]:
            mouse.move(*pixel, steps=steps)
        self.page.wait_for_timeout(300)
        mouse.up()
        self.settle()

    def zoom(self, corner, opposite):
        middle = [(a + b) / 2 for a, b in zip(corner, opposite, strict=True)]
        self.drag(*(self.pixel(*point) for point in (corner, middle, opposite)))

    def turn(self, dx, dy):
        """Turn the camera by a drag across the surface."""
        box = self.page.locator(".stage .space .plot").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.drag((x, y), (x + dx / 2, y + dy / 2), (x + dx, y + dy), steps=1)  # each draws the surface anew

    def choose(self, name, option):
        self._choose(self.page, name, option)

    def speak(self, language):
        self.choose("lang", LANGUAGES[language])
        self.wait(f"document.querySelector('.stage').lang === '{language}'")
        self.settle()

    def texts(self, selector):
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]


@pytest.fixture
def stage(open_page, settle, choose):
    """A function that opens the app and waits until all of it is drawn."""
    return lambda path=SMALL, **visitor: Stage(open_page(path, **visitor), settle, choose)


def test_the_first_screen_needs_no_scrolling_and_everything_on_it_has_a_name(stage):
    first = stage("/")
    page = first.page
    assert first.setting == {}
    assert page.title() == "Loss landscape explorer"
    for part in (".plane", ".space", ".curves", ".playback"):
        box = page.locator(f".stage {part}").bounding_box()
        assert box["width"] > 300
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
    for control in ("function", "focus", "optimizer", "rate", "start_x", "start_y", "steps"):
        box = page.locator(f".st-key-set_{control}").bounding_box()
        assert box["y"] + box["height"] <= 900
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    # Every canvas over a plot has ink of all three runs on it.
    for part in ("plane", "space", "curves"):
        assert {"#111111", "#1f5fd0", "#d1350f"} <= set(page.evaluate(COLOURS, f".stage .{part} > canvas"))
    assert THEMES["light"].mark.lower() in page.evaluate(COLOURS, ".stage .space > canvas")  # saddle points
    # Before anything is drawn it has its place, and nothing there looks as if it could be pressed.
    places, shown = page.evaluate(UNDRAWN)
    assert places["plane"]["width"] > 300
    assert places["plane"]["bottom"] < 900
    assert shown == []
    assert page.evaluate(UNFINISHED) == ["1", "0", "1"]
    # What a screen reader gets.
    runs = ["Gradient descent 0.01", "Momentum 0.01", "Adam 0.1"]
    assert first.texts(".stage-details .name") == runs
    assert all(name in page.locator(".stage .summary").inner_text() for name in runs)
    assert page.evaluate(UNNAMED) == []
    for name in ("Add a run", "Duplicate this run", "Hide this run", "Remove this run"):
        assert page.get_by_role("button", name=name, exact=True).count() == 1
    # Nothing offers to leave this machine.
    buttons = page.evaluate("[...document.querySelectorAll('.stage .modebar-btn')].map((e) => e.dataset.title)")
    assert [name for name in buttons if re.search("share|cloud|studio", name, re.IGNORECASE)] == []
    links = page.evaluate("[...document.querySelectorAll('.stMain a[href]')].map((e) => e.href)")
    assert [link for link in links if urlsplit(link).hostname != "127.0.0.1"] == []
    # The keyboard reaches everything.
    reached = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
    parts = {"set_scenario", "set_lang", "set_projector", "set_function", "set_focus", "add", "set_optimizer"}
    parts |= {"set_rate", "set_start_x", "set_steps", "stage play", "stage end", "pictures"}
    parts |= {"duplicate", "hide", "remove", "method", "ending", "details"}
    assert sorted(parts - reached) == []
    # Also the functions in pictures.
    page.locator(".st-key-pictures button:visible").hover()
    page.get_by_role("tooltip", name="Functions in pictures").wait_for()
    page.locator(".st-key-pictures button:visible").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".gallery [role=option]:focus")
    assert page.locator(".gallery [aria-selected=true]").inner_text() == "Himmelblau"
    page.wait_for_function("() => [...document.querySelectorAll('.gallery img')].every((e) => e.naturalWidth)")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.innerText") == "Ravine"
    first.changed(lambda: page.keyboard.press("Enter"))
    assert first.setting["function"] == "ravine"
    assert (page.locator(".gallery").count(), page.evaluate(FOCUSED)) == (0, "pictures")


def test_a_small_projector_shows_plots_and_main_controls_without_scrolling(stage):
    six = "~~".join(f"{key}~0.01" for key in ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"))
    small = stage(f"/?projector=yes&lang=zh-Hans&runs={six}", viewport=(1280, 720))
    page = small.page
    for lang, question in (("zh-Hans", False), ("en", False), ("en", True)):
        if question:
            small.changed(lambda: small.choose("scenario", "The curved valley"))
        elif lang == "en":
            small.speak(lang)
        low = {
            part: page.locator(f".stage .{part}").bounding_box() for part in ("plane", "space", "curves", "playback")
        }
        for name in ("function", "focus", "optimizer", "rate", "start_x", "start_y", "steps"):
            low[name] = page.locator(f".st-key-set_{name}").bounding_box()
        # What the function teaches, unless a question has its place.
        lesson = translation(lang)(FUNCTIONS["rosenbrock" if question else "himmelblau"].about)
        assert (lesson in page.locator(".st-key-overview").inner_text()) is not question
        assert {name: box["y"] + box["height"] for name, box in low.items() if box["y"] + box["height"] > 720} == {}
        assert min(low["plane"]["width"], low["plane"]["height"]) > (420 if question else 450)
        for name in ("scenario", "lang"):  # nothing in the header is cut off
            field = page.locator(f".st-key-set_{name} input")
            assert field.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, field.input_value()
        assert page.get_by_role("button", name=translation(lang)("Reset"), exact=True).is_visible()
    assert page.locator(".stage-details .table").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    small.choose("scenario", "The rotated ravine")  # whose answer is the longest
    page.get_by_role("button", name="Show the answer").click()
    page.locator(".st-key-notices .stAlert").wait_for()
    small.settle()
    box = page.locator(".stage .playback").bounding_box()
    assert box["y"] + box["height"] <= 720


def test_a_click_sets_the_start_and_the_start_can_be_dragged(stage):
    plane = stage()
    mouse, tip = plane.page.mouse, plane.page.locator(".stage .plane .tip")
    spot = plane.pixel(5.49, 5.3)  # also beside the toolbar
    plane.changed(lambda: mouse.click(*spot))
    assert plane.start == plane.around(spot)
    spot = plane.pixel(-2.3, -1.7)
    plane.changed(lambda: mouse.click(*spot))
    assert plane.start == plane.around(spot)
    assert float(plane.page.get_by_label("Start x").input_value()) == pytest.approx(plane.start[0], rel=1e-5)
    # Drag: the answer comes while the button is still held.
    before, there, entries = plane.paths, plane.pixel(1.4, 3.1), plane.page.evaluate("history.length")
    mouse.move(*plane.pixel(*plane.start))
    tip.wait_for(state="visible")
    mouse.down()
    mouse.move(*there, steps=6)
    assert tip.is_hidden()  # it tells of a place that the hand has left
    plane.wait(f"document.querySelector('.stage').dataset.paths !== '{before}'")
    assert plane.start == plane.around(spot)  # the way back leads past the drag's places
    there, last = plane.around(there), plane.setting["start"]
    mouse.up()
    plane.wait(f"new URLSearchParams(location.search).get('start') !== '{last}'")
    plane.settle()
    assert plane.start == there
    assert plane.page.evaluate("history.length") == entries + 1
    # What lies under the mouse: a point of a path, or the landscape.
    mouse.move(*plane.pixel(*plane.start))
    tip.wait_for(state="visible")
    text = tip.inner_text().replace("−", "-")
    assert plane.start == pytest.approx([float(re.search(rf"{axis} = (\S+?),?\s", text)[1]) for axis in "xy"], rel=1e-3)
    assert all(part in text for part in ("loss", "∇f = ("))
    # The landscape is read exactly there, not at a point of its grid: Himmelblau's function by hand.
    spot = plane.pixel(-3.1, -5.03)
    mouse.move(*spot)
    plane.wait("document.querySelector('.stage .plane .tip').innerText.includes('≈')")
    assert of_himmelblau(tip.inner_text()) == plane.around(spot)
    mouse.move(*plane.pixel(-3.77931, -3.283186))
    plane.wait("document.querySelector('.stage .plane .tip').innerText.startsWith('minimum')")
    # A run with a start of its own is led by it.
    plane.changed(lambda: plane.page.get_by_role("button", name="Add a run").press("Enter"))
    shared = plane.setting["start"]
    plane.page.get_by_role("button", name="Stopping, arrows, own start").press("Enter")
    plane.page.get_by_label("This run has a start of its own").press("Space")
    plane.wait("location.search.includes('~x.')")
    plane.page.keyboard.press("Escape")
    plane.settle()
    spot = plane.pixel(2.2, -1.9)
    plane.changed(lambda: mouse.click(*spot))
    own = re.search("x.(.+)~y.(.+)", plane.setting["runs"]).groups()
    assert tuple(map(float, own)) == plane.around(spot)
    assert plane.setting["start"] == shared


def fill(field, text):
    field.fill(text)
    field.press("Enter")


def number(text):
    """What a number on the page means."""
    return float(text.replace("−", "-"))


def of_himmelblau(text):
    """The point that a tip tells of, after a look at what it says about Himmelblau's function there, by hand."""
    x, y = map(number, re.findall(r"[xy] = (\S+?)(?:,|\n)", text))
    assert number(re.search(r"loss ≈ (.+)", text)[1]) == pytest.approx(
        (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, rel=1e-3
    )
    gradient = 4 * x * (x * x + y - 11) + 2 * (x + y * y - 7), 2 * (x * x + y - 11) + 4 * y * (x + y * y - 7)
    told = re.search(r"∇f ≈ \((.+), (.+)\)", text).groups()
    assert tuple(map(number, told)) == pytest.approx(gradient, rel=1e-2)
    return x, y


def test_the_runs_race_at_first_sight_unless_a_person_wants_no_motion(open_page):
    page = open_page("/?steps=200&lang=en", motion=True)
    page.evaluate(COUNT_MESSAGES)
    reached = "step => Number(document.querySelector('.stage')?.dataset.playhead) >= step"
    page.wait_for_function(reached, arg=100, timeout=60_000)
    before = page.evaluate("messages")
    page.wait_for_function(reached, arg=200, timeout=60_000)
    assert page.evaluate("messages") == before  # the server has no part in it
    page.get_by_label("Start x").fill("−1,5")
    page.get_by_label("Start x").press("Enter")
    page.wait_for_function("() => location.search.includes('start=-1.5~4.1')")
    assert page.locator(".playback .playing").count() == 0  # once
    page.get_by_role("button", name="Reset").click()
    page.wait_for_selector(".playback .playing")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_function("() => document.querySelector('.stage')?.dataset.playhead === '16'")  # an eighth of 125
    assert page.locator(".playback .playing").count() == 0


def test_what_is_wrong_is_told_on_the_plane_and_under_the_field(stage):
    page = stage("/?steps=60&lang=en&runs=adam~0.1&function=&formula=log(x)%2By%5E2&start=2~1")
    notice, box = page.page.locator(".stage .notice"), page.page.locator(".stage .bar label")
    assert notice.is_hidden()
    assert (box.inner_text(), box.get_by_role("checkbox").is_checked()) == ("logarithmic (values ≤ 0)", False)
    assert box.get_by_role("checkbox").is_disabled()
    page.page.get_by_label("Quantity").select_option("gradient")
    assert (box.inner_text(), box.get_by_role("checkbox").is_checked()) == ("logarithmic", True)
    page.changed(lambda: page.page.get_by_role("button", name="Hide this run").click())
    assert notice.inner_text() == "All runs are hidden."
    page.changed(lambda: page.page.get_by_role("button", name="Show this run").click())
    assert notice.is_hidden()
    page.changed(lambda: page.page.mouse.click(*page.pixel(-2, 1)))
    assert "no finite value at this start" in notice.inner_text()
    field = page.page.get_by_label("Steps")
    field.fill("3O")
    field.press("Enter")
    page.page.get_by_text("Steps: “3O” is no number").wait_for()
    assert (field.input_value(), page.setting["steps"]) == ("3O", "60")
    field.fill("3e1")
    field.press("Enter")
    page.wait("location.search.includes('steps=30')")  # the paths stay: from there no step can be taken
    page.settle()
    assert (field.input_value(), page.setting["steps"]) == ("30", "30")


def test_back_over_another_page_finds_what_was_set(stage):
    page = stage("/?steps=60&lang=en&scenario=ravine")
    link = page.page.get_by_role("link", name=re.compile("^(Explore|Batches)$"))
    link.filter(has_text="Batches").click()
    page.wait("document.querySelector('.stage .data') && location.search")
    page.page.evaluate(LEAVE)
    page.wait("location.search.includes('scenario=ravine')")
    page.ready()
    for _ in range(2):  # to the bare address of the link, and further to the other page
        page.page.go_back()
        page.settle()
    page.wait("location.pathname === '/batches'")
    page.page.go_forward()
    page.wait("!document.querySelector('.stage .data')")
    page.ready()
    assert page.page.locator(".st-key-set_scenario input").input_value() == "The ravine"


def test_a_drag_over_the_plane_zooms_until_a_double_click_which_is_no_new_start(stage):
    plane = stage()
    whole, entries = plane.page.evaluate(RANGES), plane.page.evaluate("history.length")
    plane.zoom((-4, -4), (1, 1))
    plane.page.mouse.dblclick(*plane.pixel(-1, -1))
    plane.settle()
    assert plane.page.evaluate(RANGES) == pytest.approx(whole, abs=0.1)
    assert "start" not in plane.setting
    assert plane.page.evaluate("history.length") == entries
    spot = plane.pixel(-2, 1)
    plane.changed(lambda: plane.page.mouse.dblclick(*spot))  # where there is nothing to reset it is a click
    assert plane.start == plane.around(spot)
    # The zoom stays whatever is set.
    plane.zoom((-4, -4), (1, 1))
    zoomed, start = plane.page.evaluate(RANGES), plane.start
    assert zoomed == pytest.approx([-4, 1, -4, 1], abs=0.1)
    slider = plane.page.get_by_role("slider", name="Learning rate η")
    plane.changed(lambda: slider.press("ArrowRight"))
    plane.changed(lambda: plane.choose("optimizer", "Newton"))
    assert plane.page.evaluate(RANGES) == pytest.approx(zoomed)
    plane.changed(plane.page.locator(".st-key-set_projector label").first.click)
    assert plane.page.evaluate(RANGES) == pytest.approx(zoomed, abs=0.1)
    assert plane.start == start
    # A click inside the zoomed view is still exact.
    spot = plane.pixel(-1.2345, -2.3456)
    plane.changed(lambda: plane.page.mouse.click(*spot))
    assert plane.start == plane.around(spot)


def test_a_slider_takes_the_arrow_keys_while_it_has_the_focus(stage):
    page = stage()
    slider = page.page.get_by_role("slider", name="Learning rate η")
    slider.focus()
    playhead = page.playhead
    page.changed(lambda: slider.press("ArrowRight"))
    assert page.setting["runs"].startswith("gradient_descent~0.02~~momentum")
    page.changed(lambda: slider.press("ArrowLeft"))
    assert "runs" not in page.setting
    page.changed(lambda: slider.press("Home"))
    assert page.setting["runs"].startswith("gradient_descent~1e-05~~")
    assert page.playhead == playhead
    # The pointer drags it.
    thumb = page.page.get_by_test_id("stSliderThumbValue").first.locator("..").bounding_box()
    place = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    page.changed(lambda: page.drag(place, (place[0] + 60, place[1]), (place[0] + 120, place[1])))
    dragged = float(page.setting["runs"].split("~")[1])
    assert 1e-4 <= dragged <= 1
    assert page.page.get_by_label("Learning rate, exactly").input_value() == f"{dragged:g}"
    page.changed(lambda: slider.press("Home"))
    # Fast keys: some are told while the answer to the ones before is still on its way.
    for pause in (20, 150, 250, 50, 220, 150, 90, 250):
        slider.press("ArrowRight")
        page.page.wait_for_timeout(pause)
    page.settle()
    assert page.setting["runs"].startswith("gradient_descent~0.005~~")
    assert slider.get_attribute("aria-valuetext") == "0.005"
    assert page.page.get_by_label("Learning rate, exactly").input_value() == "0.005"
    # A number field keeps its keys too.
    field = page.page.get_by_label("Steps")
    field.fill("40")
    for key in ("Home", "1", "End", "0"):
        field.press(key)
    page.changed(lambda: field.press("Enter"))
    assert page.setting["steps"] == "1400"
    # Once the plane is touched the keys are the playhead's.
    page.changed(lambda: page.page.mouse.click(*page.pixel(1, 1)))
    page.page.keyboard.press("Home")
    assert page.playhead == 0
    page.page.keyboard.press("ArrowRight")
    assert page.playhead == 1
    assert page.setting["runs"].startswith("gradient_descent~0.005~~")


def test_playback_needs_keys_and_buttons_but_no_server(stage):
    page = stage()
    page.page.evaluate(COUNT_MESSAGES)
    keyboard, button = page.page.keyboard, lambda name: page.page.get_by_role("button", name=name)
    assert 0 < page.playhead < 60  # the runs are on their way
    box = page.page.locator(".stage .curves .nsewdrag").bounding_box()
    page.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.playhead == pytest.approx(30, abs=1)
    keyboard.press("Home")
    assert page.playhead == 0
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        keyboard.press(key)
    assert page.playhead == 1
    assert page.texts(".stage .playback output") == ["step 1 of 60"]
    button("One step on").click()
    assert page.playhead == 2
    button("One step back").click()
    button("To the start").click()
    assert page.playhead == 0
    button("Play").click()
    page.wait("Number(document.querySelector('.stage').dataset.playhead) > 3")
    button("Pause").click()
    stopped = page.playhead
    page.page.wait_for_timeout(250)
    assert page.playhead == stopped < 60
    told = page.texts(".stage-details tr")  # all numbers, which in playback are not written at every frame
    button("One step on").click()
    assert page.texts(".stage-details tr") != told
    button("One step back").click()
    assert page.texts(".stage-details tr") == told
    page.page.get_by_label("Speed").select_option("4")
    page.page.get_by_label("Speed").blur()
    keyboard.press("Space")
    page.wait("document.querySelector('.stage').dataset.playhead === '60'")
    button("Play (space)").wait_for()  # at the end it is no longer playing
    keyboard.press("Space")  # and begins anew
    page.wait("Number(document.querySelector('.stage').dataset.playhead) < 60")
    keyboard.press("Space")
    keyboard.press("End")
    assert page.playhead == 60
    page.page.get_by_label("Step", exact=True).fill("17")
    assert page.playhead == 17
    # A link to another step of the same page is followed at once, and only once.
    page.page.evaluate("location.hash = '#step=4'")
    page.wait("document.querySelector('.stage').dataset.playhead === '4'")
    page.page.get_by_label("Step", exact=True).fill("18")
    assert page.page.evaluate("window.messages") == 0
    # A changed setting leaves the playhead where it is.
    page.page.get_by_role("slider", name="Learning rate η").focus()
    page.changed(lambda: keyboard.press("ArrowLeft"))
    assert page.playhead == 18
    assert page.page.evaluate("window.messages") > 0


def test_the_paths_lie_on_the_surface_and_the_camera_stays_whatever_is_set(stage):
    page = stage("/?steps=60&lang=en&runs=gradient_descent~0.01")
    page.page.keyboard.press("Home")
    first = page.page.evaluate(EYE)
    # What lies under the mouse: an iterate, a marked point that no hill hides, or the surface.
    home, tip = page.page.locator(".stage .space").bounding_box(), page.page.locator(".stage .space .tip")

    def told(left, top):
        page.page.mouse.move(home["x"] + left, home["y"] + top)
        return tip.inner_text()

    assert told(*page.page.evaluate(PROJECTED_BY_PLOTLY, [0.4, 4.1])).startswith(
        "Gradient descent 0.01 · step 0\nx = 0.4, y = 4.1"
    )
    assert told(*page.page.evaluate(PROJECTED_BY_PLOTLY, SADDLE)).startswith("saddle point")
    spot = home["width"] * 0.45, home["height"] * 0.5
    point = of_himmelblau(told(*spot))
    assert page.page.evaluate(PROJECTED_BY_PLOTLY, point) == pytest.approx(spot, abs=4)
    page.page.mouse.move(*page.pixel(0, 0))
    assert tip.is_hidden()
    for dx, dy in ((0, 0), (90, 30), (-200, -60)):
        page.turn(dx, dy)
        expected = page.page.evaluate(PROJECTED_BY_PLOTLY, [0.4, 4.1])
        assert page.page.evaluate(INK) == pytest.approx(expected, abs=2.5)
    turned = page.page.evaluate(EYE)
    assert max(abs(a - b) for a, b in zip(first, turned, strict=True)) > 0.1
    page.page.get_by_role("slider", name="Learning rate η").focus()
    page.changed(lambda: page.page.keyboard.press("ArrowRight"))
    assert page.page.evaluate(EYE) == pytest.approx(turned)
    page.changed(lambda: page.choose("optimizer", "Adam"))
    assert page.page.evaluate(EYE) == pytest.approx(turned)
    # So does the zoom, and both of them whatever else is set; the keyboard reaches it.
    page.zoom((-4, -1), (3, 5))
    zoomed, button = page.page.evaluate(RANGES), lambda name: page.page.get_by_role("button", name=name, exact=True)
    for act, told in (
        (lambda: button("Duplicate this run").press("Enter"), "focus=1"),
        (lambda: button("Remove this run").press("Enter"), "focus=0|^[^f]*$"),
        (lambda: button("Hide this run").press("Enter"), "hidden"),
        (lambda: button("Show this run").press("Enter"), "adam(?!.*hidden)"),
        (lambda: fill(page.page.get_by_label("Start x"), "1.5"), "start=1.5~4.1"),
        (lambda: fill(page.page.get_by_label("Steps"), "70"), "steps=70"),
        (lambda: button("View").press("Enter"), ""),
        (lambda: page.page.get_by_role("slider", name="Contour lines").press("ArrowRight"), "lines=24"),
        (lambda: page.page.get_by_role("radio", name="Linear").click(), "height=linear"),
        (lambda: page.page.get_by_label("Arrows of the gradient (uphill)").press("Space"), "field=yes"),
        (lambda: page.page.keyboard.press("Escape"), ""),
    ):
        act()
        page.wait(f"RegExp('{told}').test(location.search)")
        page.settle()  # what is under the keys is made anew
    page.speak("zh-Hant")
    page.page.emulate_media(color_scheme="dark")
    dark = THEMES["dark"]
    page.wait(f"{SCALE}[0][1] === '{dark.landscape[0][1]}'")
    page.settle()
    assert page.page.evaluate(EYE) == pytest.approx(turned, abs=1e-3)
    assert page.page.evaluate(RANGES) == pytest.approx(zoomed, abs=0.01)
    # The dark theme: the plot, what is painted over it, and what is written.
    assert page.page.evaluate(SCALE) == [list(stop) for stop in dark.landscape]
    assert RUNS[0].colour["dark"].lower() in page.page.evaluate(COLOURS, ".stage .plane > canvas")
    assert page.page.evaluate(WRITTEN) == [dark.text, dark.page]
    surface = page.page.get_attribute(".stage", "data-space")
    page.changed(lambda: page.choose("function", "Rosenbrock"))
    page.wait(f"document.querySelector('.stage').dataset.space !== '{surface}'", seconds=90)
    assert page.page.evaluate(EYE) == pytest.approx(turned, abs=1e-3)
    assert page.page.evaluate(RANGES) == pytest.approx([-2, 2, -1, 3], abs=0.01)  # the whole view and nothing else


def test_a_copied_address_opens_the_same_page_and_reload_and_back_keep_it(stage):
    page = stage()
    page.changed(lambda: page.page.mouse.click(*page.pixel(-2, 1)))
    page.changed(lambda: page.choose("optimizer", "RMSProp"))
    page.page.get_by_role("button", name="Settings of this run").press("Enter")
    alpha = page.page.get_by_label(re.compile("^alpha"))
    alpha.fill("0.5")
    page.changed(lambda: alpha.press("Enter"))
    page.page.keyboard.press("Escape")
    page.changed(lambda: page.page.get_by_label("Quantity").select_option("gradient"))
    page.changed(lambda: page.page.get_by_label("logarithmic").click())
    page.changed(lambda: page.page.get_by_role("button", name="Add a run").click())
    assert page.setting.keys() == {"steps", "lang", "start", "runs", "focus", "curve", "logarithmic"}

    def seen(page):
        quantity, logarithmic = page.page.get_by_label("Quantity"), page.page.get_by_label("logarithmic")
        table, chips = page.texts(".stage-details tbody"), page.texts(".st-key-set_focus button")
        return page.setting, page.playhead, table, chips, quantity.input_value(), logarithmic.is_checked()

    page.page.mouse.click(*page.pixel(*page.start))  # the keys are the playhead's again
    for key in ("Home", *("ArrowRight",) * 7):
        page.page.keyboard.press(key)
    page.wait("location.hash === '#step=7'")
    before = seen(page)
    assert (before[1], *before[4:]) == (7, "gradient", False)
    link = urlsplit(page.page.url)
    assert seen(stage(f"{link.path}?{link.query}#{link.fragment}")) == before
    page.page.reload()
    page.ready()
    assert seen(page) == before
    page.page.goto(f"{link.scheme}://{link.netloc}/?function=bowl&lang=en")
    page.ready()
    page.page.go_back()
    page.ready()
    assert seen(page) == before


def test_the_back_button_leads_to_the_first_screen(stage):
    page = stage("/")
    before, chips = page.setting, page.texts(".st-key-set_focus button")
    page.page.get_by_role("slider", name="Learning rate η").focus()
    page.changed(lambda: page.page.keyboard.press("ArrowRight"))
    page.page.get_by_role("button", name=re.compile("^One step on")).click()
    page.wait("location.hash !== ''")
    page.changed(page.page.go_back)
    assert page.setting == before == {}
    assert page.texts(".st-key-set_focus button") == chips


def test_a_typed_formula_is_checked_and_drawn(stage):
    page = stage("/?lang=en&function=&formula=x%5E2%2B2y%5E2&steps=20")
    field = page.page.get_by_role("textbox", name="f(x, y) =")
    assert field.input_value() == "x^2+2y^2"
    surface = page.page.get_attribute(".stage", "data-space")
    entries = page.page.evaluate("history.length")
    field.fill("x^2 + foo")  # it is checked while somebody types, without Enter
    page.page.get_by_role("alert").wait_for()
    page.settle()
    assert page.page.evaluate("history.length") == entries  # what is no formula yet is no place to go back to
    assert "What is shown is x^2+2y^2" in page.page.locator(".st-key-overview").inner_text()
    assert "foo" in page.page.get_by_role("alert").inner_text()
    assert page.page.get_attribute(".stage", "data-space") == surface
    field.fill("sqrt(x + 3) + 3y^2")  # a part of the view is empty
    page.page.get_by_role("alert").wait_for(state="detached")
    page.settle()
    assert field.evaluate("(field) => field === document.activeElement")  # whoever types types on
    # Nor is what is still typed at.
    assert (page.page.evaluate("history.length"), page.setting["formula"]) == (entries, "x^2+2y^2")
    field.press("Enter")
    page.wait("location.search.includes('sqrt')")
    assert page.page.evaluate("history.length") == entries + 1
    assert page.setting["formula"] == "sqrt(x + 3) + 3y^2"
    field.fill("sqrt(sin(4x) + sin(4y) + 1)")  # many holes, which do not stop the page
    page.changed(lambda: field.press("Enter"))
    page.page.locator(".st-key-overview").click()
    page.page.keyboard.press("Home")
    assert page.playhead == 0


def test_the_language_is_switched_and_stays(stage):
    page = stage("/?steps=60")
    for language in ("zh-Hans", "zh-Hant"):
        page.speak(language)
        assert page.setting["lang"] == language
        assert page.page.get_by_role("button", name=re.compile("^播放")).count() == 1
        names = {"Adam", "Himmelblau", "English", "Language", "Hessian"}
        assert sorted(set(page.page.evaluate(ENGLISH)) - names) == []
    page.page.reload()
    page.ready()
    assert page.page.get_by_role("button", name=re.compile("^播放")).count() == 1
    assert page.page.title() == translation("zh-Hant")("Loss landscape explorer")


def test_a_scenario_asks_and_answers_and_keys_reach_it(stage):
    page = stage()
    page.page.keyboard.press("2")
    page.wait("document.querySelector('.st-key-question')")
    page.settle()
    assert page.setting["scenario"] == "speed_limit"
    assert page.playhead == 0  # predict first
    question = page.page.locator(".st-key-question")
    assert "Which arrive?" in question.inner_text()
    assert page.page.locator(".stage-details tbody tr:first-child td p").first.is_hidden()  # how it ends
    question.get_by_role("radio", name="Only 0.19").click()
    page.settle()
    assert "step 45" not in page.page.locator(".st-key-notices").inner_text()
    page.page.get_by_role("button", name="Show the answer").click()
    page.page.get_by_text("from step 45 on").wait_for()
    page.settle()
    assert page.texts(".stage-details .name") == [f"Gradient descent {rate}" for rate in (0.19, 0.2, 0.21)]
    # Large letters for a room.
    page.page.locator(".st-key-overview").click()
    page.page.keyboard.press("p")
    page.wait("document.querySelector('.stage.projector')")
    page.settle()
    assert page.setting["projector"] == "yes"
    assert min(page.page.evaluate(LETTERS)) >= 20
    page.page.keyboard.press("0")
    page.wait("!document.querySelector('.st-key-question')")
    page.settle()
    assert page.setting == {"lang": "en", "projector": "yes"}
    page.page.get_by_label("Start x").press("p")  # in a field it is a letter
    page.settle()
    assert page.setting["projector"] == "yes"
    page.page.get_by_role("button", name="Reset", exact=True).click()
    page.settle()
    assert page.setting == {"lang": "en", "projector": "yes"}


def test_an_open_question_is_not_answered_by_pointing(stage):
    page = stage("/?scenario=which_valley&lang=en")
    assert page.playhead == 0
    page.page.mouse.move(*page.pixel(2.9, 2))
    page.page.mouse.move(*page.pixel(3, 2))  # where a run ends
    assert page.texts(".stage .plane .tip")[0].startswith("minimum")  # of the landscape, and no step of a run


def test_the_table_sets_the_focus_and_a_better_learning_rate_and_the_numbers_add_up(stage):
    page = stage("/?lang=en&function=bowl&runs=adam~0.1~~gradient_descent~0.5&steps=50")
    page.changed(lambda: page.page.locator(".stage-details .name").nth(1).click())
    assert page.setting["focus"] == "1"
    assert page.page.locator(".stage-details .name").nth(1).get_attribute("aria-pressed") == "true"
    remedy = page.page.get_by_role("button", name=re.compile("^Use learning rate"))
    rate, ended = re.search("[0-9.]+$", remedy.inner_text())[0], page.page.locator(".stage-details tr:nth-child(2) p")
    assert "diverge" in " ".join(ended.all_inner_texts())
    page.changed(lambda: remedy.press("Enter"))
    assert page.setting["runs"] == f"adam~0.1~~gradient_descent~{rate}"
    assert re.match("Converged|Arrived at the minimum", ended.last.inner_text())
    page.page.locator(".stage-details .formula").scroll_into_view_if_needed()
    page.page.wait_for_selector(".stage-details .formula math")
    page.page.locator(".st-key-overview").click()
    page.page.keyboard.press("Home")
    cells = page.texts(".stage-details .lines > div")
    for cell, start in zip(cells[-2:], (-4, 1.5), strict=True):
        line = re.match(r"(−?[\d.]+)=\(?(−?[\d.]+)\)?−([\d.]+)·\(?(−?[\d.]+)\)?$", re.sub(r"\s", "", cell))
        assert line, cell
        after, before, shown_rate, gradient = (float(each.replace("−", "-")) for each in line.groups())
        assert (before, shown_rate) == (start, float(rate))
        assert after == pytest.approx(before - shown_rate * gradient, rel=1e-3, abs=1e-4)


def test_all_parts_show_the_same_step_and_its_numbers_are_those_of_the_core(stage):
    page = stage("/?runs=momentum~0.01&steps=60&lang=en")
    function, k = FUNCTIONS["himmelblau"], 9  # a step that leads elsewhere than down the gradient
    run = ls.descend(function, start=(0.4, 4.1), optimizer=ls.Momentum(), learning_rate=0.01, max_steps=60)
    colour, text = "#111111", THEMES["light"].text.lower()
    page.page.keyboard.press("Home")

    def drawn(part, *pixels):
        return page.page.evaluate(DRAWN, [part, np.array(pixels).tolist()])

    def on_canvas(part, *points):
        return np.array(page.page.evaluate(ON_CANVAS, [part, np.array(points).tolist()]))

    def disc(centre):
        return [np.add(centre, offset) for offset in ((0, 0), (4, 0), (-4, 0), (0, 4), (0, -4))]

    for _ in range(3):  # where no hill hides it
        page.page.keyboard.press("ArrowRight")
    spot = page.page.evaluate(PROJECTED_BY_PLOTLY, run.theta[:, 3].tolist())
    assert drawn("space", *disc(spot)) == [colour] * 5
    for _ in range(3, k):
        page.page.keyboard.press("ArrowRight")
    assert page.playhead == k
    # On the plane: the run, where it was and not yet where it will be, its step to scale, and another way down.
    here, there = on_canvas("plane", run.theta[:, k], run.theta[:, k + 1])
    past, ahead = on_canvas("plane", run.theta[:, 4:6].mean(axis=1), run.theta[:, 12:14].mean(axis=1))
    assert drawn("plane", here, past, ahead) == [colour, colour, None]
    step, downhill = there - here, -run.gradient[:, k] * (1, -1)
    step, downhill, length = step / np.hypot(*step), downhill / np.hypot(*downhill), np.hypot(*step)
    assert step @ downhill < 0
    assert drawn("plane", here + step * (length - 6), here + step * (length + 5)) == [colour, None]
    assert drawn("plane", here + downhill * 58, here + downhill * 69) == [text, None]
    # In the curves.
    losses = run.loss - min(function(np.array(minimum)) for minimum in function.minima)
    (point,) = on_canvas("curves", (k, losses[k]))
    assert drawn("curves", *disc(point)) == [colour] * 5
    # In the table.
    norm, long = np.hypot(*run.gradient), np.hypot(*np.diff(run.theta))
    position, *cells = page.texts(".stage-details tbody td")[1:7]
    assert [*map(number, position.strip("()").split(", "))] == pytest.approx(run.theta[:, k], rel=1e-3)
    assert [*map(in_digits, cells)] == pytest.approx([run.loss[k], norm[k], long[k], 60, run.loss[-1]], rel=1e-4)
    # In the step's numbers: curvature and pace.
    page.page.locator(".stage-details .formula").scroll_into_view_if_needed()
    page.page.wait_for_selector(".stage-details .formula math")
    assert page.texts(".stage-details h3 span") == [f"step {k} → {k + 1}"]
    curved, pace = page.texts(".stage-details .formula p")[1:]
    largest = np.linalg.eigvalsh(function.hessian(run.theta[:, k]))[-1]
    assert in_digits(re.search("2/λmax = (.+?);", curved)[1]) == pytest.approx(2 / largest, rel=1e-4)
    assert "the learning rate here is 0.01." in curved
    found = convergence(run)
    assert f"length by {found.measured:.4g} at every step; the curvature there predicts {found.predicted:.4g}." in pace
    # The other curves.
    for quantity, label, values in (
        ("gradient", "length of the gradient", norm),
        ("step", "step length", long),
    ):
        page.page.get_by_label("Quantity").select_option(quantity)
        page.wait(f"({CURVE})()[0] === '{label}'")
        assert page.page.evaluate(CURVE)[1] == pytest.approx(list(values), rel=1e-5)
    # Without a memory the step leads down the gradient.
    page.page.locator(".st-key-overview").click()
    page.changed(lambda: page.choose("optimizer", "Gradient descent"))
    rate = float(page.page.get_by_label("Learning rate, exactly").input_value())
    page.page.get_by_role("button", name="To the start").click()
    end = run.theta[:, 0] - rate * run.gradient[:, 0]
    here, there = on_canvas("plane", run.theta[:, 0], end)
    step = (there - here) / np.hypot(*(there - here))
    before, beyond = drawn("plane", there - 6 * step, there + 5 * step)
    assert before == colour != beyond


def in_digits(text):
    """What a number on the page means that may be written with a power of ten."""
    mantissa, _, exponent = text.partition("10") if "×" in text else (text, "", "")
    power = exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return number(mantissa.strip(" ×")) * 10.0 ** int(power or 0)


def test_a_phone_shows_everything_one_below_the_other(stage):
    page = stage(SMALL, viewport=(390, 844), touch=True)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    # The pictures open where there is room for them, though the button is far down.
    page.page.locator(".st-key-pictures button:visible").tap()
    page.page.wait_for_selector(".gallery [role=option]")
    assert page.page.get_by_test_id("stPopoverBody").bounding_box()["height"] > 400
    page.page.keyboard.press("Escape")
    page.settle()
    assert page.page.evaluate(TOO_WIDE) == []
    box = {name: page.page.locator(f".stage .{name}").bounding_box() for name in ("plane", "playback", "curves")}
    box["controls"] = page.page.locator(".st-key-controls").bounding_box()
    assert box["plane"]["y"] < box["playback"]["y"] < box["controls"]["y"] < box["curves"]["y"]
    assert box["plane"]["width"] == pytest.approx(box["plane"]["height"], abs=2)
    assert box["plane"]["y"] + box["plane"]["height"] < 844
    for control in ("function", "focus", "optimizer", "rate", "rate_exact", "start_x", "start_y", "steps"):
        widget = page.page.locator(f".st-key-set_{control}")
        widget.scroll_into_view_if_needed()
        assert widget.bounding_box()["x"] >= 0
        assert widget.bounding_box()["x"] + widget.bounding_box()["width"] <= 390
    # A tap sets the start.
    page.page.locator(".stage .plane").scroll_into_view_if_needed()
    spot = page.pixel(-2, 2)
    page.changed(lambda: page.page.touchscreen.tap(*spot))
    assert page.start == page.around(spot)
    # A finger drags it, and the page does not scroll meanwhile.
    touch, there = page.page.context.new_cdp_session(page.page), page.pixel(1, -2)
    scrolled, middle = page.page.evaluate("scrollY"), [(a + b) / 2 for a, b in zip(spot, there, strict=True)]

    def drag():
        for kind, places in (("Start", [spot]), ("Move", [middle]), ("Move", [there]), ("End", [])):
            points = [{"x": x, "y": y} for x, y in places]
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    page.changed(drag)
    assert page.start == page.around(there)
    assert page.page.evaluate("scrollY") == scrolled
    playhead, on = page.playhead, page.page.get_by_role("button", name="One step on")
    on.tap()
    assert page.playhead == playhead + 1
    assert on.bounding_box()["height"] >= 44
    # The surface comes on demand.
    assert not page.page.locator(".stage .space").is_visible()
    unfold = page.page.get_by_role("button", name="3-D surface")
    unfold.tap()
    page.wait("document.querySelector('.stage[data-space]')", seconds=90)
    assert page.page.locator(".stage .space").is_visible()
    assert unfold.get_attribute("aria-expanded") == "true"
    # A finger put on it is told what is there.
    page.page.locator(".stage .space").tap()
    page.page.locator(".stage .space .tip", has_text="loss").wait_for()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_bad_numbers_break_nothing(stage):
    page = stage()
    before = page.setting
    for label, text in (("Start x", "1e400"), ("Learning rate, exactly", "-1"), ("Start y", ""), ("Steps", "0")):
        field = page.page.get_by_label(label)
        field.fill(text)
        field.press("Enter")
        page.settle()
        assert page.page.locator(".stException").count() == 0
        assert page.setting == before
        assert field.input_value() == (text or "4.1")  # nothing that a person typed is lost
    assert page.page.locator(".st-key-controls").get_by_role("alert").count() == 3


def fetch(url, encoding="identity", accept="*/*"):
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding, "Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read()


def test_plotly_comes_from_here_compressed_and_once(server):
    url = f"{server}/{address('plotly/plotly.min.js')}"
    original = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
    headers, body = fetch(url, "gzip, br")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == original
    assert len(body) < 2_000_000
    assert headers.get_content_type() == "text/javascript"
    assert {"max-age=31536000", "immutable"} <= set(headers["Cache-Control"].split(", "))
    headers, body = fetch(url)
    assert headers["Content-Encoding"] is None
    assert body == original


def test_every_page_asks_for_plotly_at_once(server):
    for page in ("/", "/batches"):
        headers, body = fetch(f"{server}{page}", "gzip, br", accept="text/html,*/*;q=0.8")
        assert headers.get_content_type() == "text/html"
        assert int(headers["Content-Length"]) == len(body)
        assert body.decode().count(f'href="./{address("plotly/plotly.min.js")}"') == 1
        assert body.decode().rstrip().endswith("</html>")


def test_pictures_of_functions_are_small_and_kept(server):
    headers, body = fetch(f"{server}/{pictured('beale', 'dark')}")
    assert headers.get_content_type() == "image/png"
    assert len(body) < 16_000
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("plotly/other.js", 404),
        ("functions/dark/other.png", 404),
        ("stage/stage.py", 404),
        ("stage/%2e%2e/message.py", 400),
        ("../../app.py", 400),
    ],
)
def test_other_files_are_not_served(server, path, status):
    with pytest.raises(urllib.error.HTTPError, match=str(status)):
        fetch(f"{server}/{address('stage/stage.js').removesuffix('stage/stage.js')}{path}")


def test_what_another_version_has_is_not_kept_as_this_ones(server):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{server}/assets/0123456789ab/stage/stage.js")


def test_a_base_path_breaks_no_address(server_below):
    headers, body = fetch(f"{server_below}/{address('stage/stage.js')}")
    assert headers.get_content_type() == "text/javascript"
    assert b"export async function landscape" in body
