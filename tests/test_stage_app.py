"""What the stage works out for itself, in a real browser: heights and distances are those of the core."""

import base64
import itertools
import json
import math
import re
from dataclasses import asdict

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.field import field
from landscape.figures.height import Height
from landscape.figures.landscape import Marks, contour
from landscape.stage import playback
from landscape.stage.assets import address


@pytest.fixture(scope="module")
def page(server, browser):
    """A page of the server without the app, which the stage's modules do not need."""
    page = browser("en-GB", False).new_page()
    page.goto(f"{server}/_stcore/health")
    yield page
    page.close()


def worked_out(page, function, *arguments, module="height.js"):
    """What a function of one of the stage's modules makes of arguments."""
    script = """async ([address, name, given]) => {
        const module = await import(address);
        const found = module[name](...given);
        if (typeof found === "string") return found;
        return Array.from(found, (value) => (Number.isNaN(value) ? null : value));
    }"""
    return page.evaluate(script, [f"/{address(f'stage/{module}')}", function, arguments])


@pytest.mark.parametrize("logarithmic", [True, False])
def test_paths_are_lifted_like_the_surface(page, logarithmic):
    height = Height(logarithmic, lowest=-2.5, unit=0.3, ceiling=400.0)
    losses = [-2.5, -2.4999, 0.0, 17.0, 399.9, 400.1, 1e30, math.nan]
    *lifted, nothing = worked_out(page, "heights", losses, asdict(height))
    assert nothing is None
    np.testing.assert_allclose(lifted, height(losses[:-1]), rtol=1e-12)


def test_the_distance_is_to_the_nearest_minimum(page):
    minima = ls.FUNCTIONS["himmelblau"].minima
    x, y = np.random.default_rng(3).uniform(-5, 5, (2, 40)).tolist()
    nearest = [min(math.dist(point, minimum) for minimum in minima) for point in zip(x, y, strict=True)]
    np.testing.assert_allclose(worked_out(page, "distances", x, y, minima), nearest, rtol=1e-12)
    assert worked_out(page, "distances", x, y, []) == []


READ = """async ([address, figure, points]) => {
    const { Grid } = await import(address), grid = new Grid(figure);
    return points.map(([x, y]) => grid.at(x, y));
}"""


def packed(values, dtype):
    return {"dtype": dtype, "bdata": base64.b64encode(np.asarray(values, dtype).tobytes()).decode()}


def test_between_the_points_of_a_grid_the_loss_is_told_with_what_it_may_be_off(page):
    cases = (
        *itertools.product(["rosenbrock", "himmelblau", "bowl", "cliff"], [2, 6, 60]),
        ("rastrigin", 2),
        ("rastrigin", 6),
    )
    for key, half in cases:  # waves as narrow as a cell are seen neither here nor on the plot
        function = ls.FUNCTIONS[key]
        grid = field(function, ((-half, half), (-half, half)), (121, 121))
        figure = {"x": packed(grid.x, "f8"), "y": packed(grid.y, "f8")}
        figure["customdata"] = packed(np.stack([grid.loss, *grid.gradient], axis=-1), "f4")
        spots = [(x, x * x) for x in np.linspace(-1.4, 1.4, 29)]  # along Rosenbrock's valley
        spots += np.random.default_rng(5).uniform(-half, half, (200, 2)).tolist()
        value, error = np.array(page.evaluate(READ, [f"/{address('stage/interpolation.js')}", figure, spots])).T
        theta = np.array(spots).T
        true = np.array([function(theta), *function.gradient(theta)])
        off = np.abs(value - true) > error
        assert off.mean() <= (0.05 if key in ("rastrigin", "cliff") else 0), (key, half)  # a wide grid misses waves
        if (key, half) == ("himmelblau", 6):  # where the grid is fine enough, there are digits
            assert np.median(error / np.abs(true)) < 1e-4


def test_of_an_uncertain_number_only_sure_digits_are_shown(page):
    for value, error, text in (
        (3.14159, 0, "3.142"),
        (3.14159, 0.02, "3.1"),
        (0.0, 0, "0"),
        (-6.0, 42.0, "−10 ± 50"),
        (0.000459, 0.0071, "0 ± 0.008"),
        (1234567, 100, "1.235 × 10⁶"),
    ):
        assert worked_out(page, "estimate", [value, error], module="numbers.js") == text


def test_lines_of_equal_height_are_where_the_height_is(page):
    circles, branches = page.evaluate(
        """async (address) => {
            const { isolines } = await import(address);
            const size = 41, heights = [], saddle = [];
            for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) {
                heights.push((column - 20) ** 2 + (row - 20) ** 2);
                saddle.push((column - 20.5) * (row - 20.5));
            }
            return [isolines(heights, size, size, [25, 100]), isolines(saddle, size, size, [0.1])];
        }""",
        f"/{address('stage/isolines.js')}",
    )
    assert len(circles) == 2
    for points, radius in zip(circles, (5, 10), strict=True):
        assert points[0] == points[-1], "a closed line"
        assert [((x - 20) ** 2 + (y - 20) ** 2) ** 0.5 for x, y in points] == pytest.approx(
            [radius] * len(points), abs=0.06
        )
    assert len(branches) == 2, "the two branches of a hyperbola do not touch"


UNDER = """async ([address, heights, rays]) => {
    const { Space } = await import(address), lines = [0, 1, 2, 3, 4];
    const space = Object.assign(Object.create(Space.prototype), { grid: { x: lines, y: lines, z: heights } });
    return rays.map((ray) => space.under(null, { ray: () => ray }));
}"""


@pytest.mark.parametrize("tilt", [0.0, 1.0])
@pytest.mark.parametrize("height", [3.0, 0.0, -1e12])
def test_a_pointer_finds_the_place_on_a_surface_that_is_flat_too(page, height, tilt):
    above, below = height + 3 * max(abs(height), 1), height - 3 * max(abs(height), 1)
    straight, slanted = [[2.6, 1.4, above], [2.6, 1.4, below]], [[0.6, 2.4, above], [4.6, 0.4, below]]
    beside, level = [[9, 1, above], [9, 1, below]], [[1, 1, above], [3, 1, above]]
    surface = [[height + tilt * (x - 2.6) * max(abs(height), 1) for x in range(5)] for _ in range(5)]
    found = page.evaluate(UNDER, [f"/{address('stage/space.js')}", surface, [straight, slanted, beside, level]])
    assert found[:2] == [[pytest.approx(2.6, abs=0.05), pytest.approx(1.4, abs=0.05)]] * 2
    assert found[2:] == [None, None]


MARKED = """async ([address, symbol, alpha]) => {
    const { mark } = await import(address), context = new OffscreenCanvas(40, 40).getContext("2d");
    context.globalAlpha = alpha;
    mark(context, symbol, [20, 20], { font: 28, mark: "#000000", casing: "#ffffff" });
    return context.getImageData(20, 20, 1, 1).data[3] / 255;
}"""


@pytest.mark.parametrize("symbol", ["star", "x"])
def test_a_mark_behind_a_hill_shines_through_it(page, symbol):
    before, behind = (page.evaluate(MARKED, [f"/{address('stage/ink.js')}", symbol, alpha]) for alpha in (1, 0.4))
    assert before == 1
    assert 0.3 < behind < 0.8


def test_a_landscape_drawn_while_another_one_is_drawn_is_followed_once(page):
    def drawn(half_width, half_height):
        seen = field(ls.FUNCTIONS["bowl"], ((-half_width, half_width), (-half_height, half_height)), (9, 9))
        plot = contour(seen, Height.of(seen.loss), theme="light", lines=5, marks=Marks(), arrows=None, loss="loss")
        return {**json.loads(plot.to_json()), "config": {}}

    followed, kept = page.evaluate(
        """async ([plane, plotly, square, wider, [wide, flat]]) => {
            const { Plane } = await import(plane), { loadPlotly } = await import(plotly);
            await loadPlotly();
            const element = document.createElement('div');
            element.innerHTML = '<div class="plot"></div><canvas></canvas><p class="tip"></p>';
            const drawing = new Plane(element, null), { plot } = drawing;
            await Promise.all([drawing.draw(square), drawing.draw(wider)]);
            const followed = plot._ev.listenerCount('plotly_afterplot');
            await drawing.draw(wide);
            plot.on('plotly_click', () => {}); // which goes with everything else where a plot is made anew
            await drawing.draw(flat);
            return [followed, plot._ev.listenerCount('plotly_click')];
        }""",
        [
            *(f"/{address(f'stage/{module}')}" for module in ("plane.js", "plotly.js")),
            drawn(1, 1),
            drawn(2, 2),
            [drawn(9, 1), drawn(8, 1)],
        ],
    )
    assert followed == 1
    assert kept == 1, "axes that are not tied to one another are drawn again, not anew"


def test_a_gallery_takes_the_focus_when_it_opens_and_leaves_the_browser_its_keys(page):
    focused, alt, in_order = page.evaluate(
        """async (address) => {
            const { gallery } = await import(address), parentElement = document.createElement('div');
            parentElement.innerHTML = '<div class="gallery"></div><input>';
            document.body.append(parentElement);
            const pictures = ["a", "b", "c"].map((key) => ({ key, name: key, address: "", text: key }));
            const show = (label, chosen) => gallery({ parentElement, data: { label, chosen, pictures } });
            const focused = [], press = (key, more) => document.activeElement.dispatchEvent(
                new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
            show('one', 'b');
            focused.push(document.activeElement.textContent);
            const passed = press('ArrowLeft', { altKey: true }), stayed = document.activeElement.textContent;
            press('ArrowLeft');
            focused.push(document.activeElement.textContent);
            parentElement.querySelector('input').focus();
            show('two', 'c');
            focused.push(document.activeElement.tagName);
            const inOrder = [...parentElement.querySelectorAll('[tabindex="0"]')].map((e) => e.textContent);
            parentElement.remove();
            return [focused, [passed, stayed], inOrder];
        }""",
        f"/{address('stage/gallery.js')}",
    )
    assert focused == ["bb", "aa", "INPUT"]
    assert alt == [True, "bb"]
    assert in_order == ["cc"]


def test_the_playhead_stands_wherever_a_long_wait_would_be(page):
    def stops(*runs):
        script = """async ([address, runs]) => {
            const { Timeline } = await import(address);
            return [...new Timeline(runs.map((run) => ({ ...run, steps: run.places.length - 1 }))).stops];
        }"""
        return page.evaluate(script, [f"/{address('stage/timeline.js')}", runs])

    fast = {"places": [0, 1, 2, 3, 4, 8], "updates": [0, 1, 2, 3, 4, 8]}  # after 4 every fourth update is sent
    assert stops(fast, {"places": [0, 4, 8], "updates": [0, 1, 2]}) == [0, 1, 2, 3, 4, 8]
    many = np.arange(401.0).tolist()
    thinned = {"places": [*many[:10], *many[10::50]], "updates": [*range(10), *range(10, 401, 50)]}
    together = stops(thinned, {"places": many, "updates": list(range(401))})
    assert together == many, "what is thinned is no reason to stand still for an eighth of the way"


def test_the_speed_is_how_many_steps_pass_in_a_time(page):
    passed = page.evaluate(
        """async ([address, html]) => {
            const { Playback } = await import(address), { requestAnimationFrame } = window;
            const element = document.createElement('div');
            element.innerHTML = html;
            const playback = new Playback(element, { texts: {}, paint() {} }), frames = [];
            window.requestAnimationFrame = (frame) => frames.push(frame); // time passes as told below
            playback.measure(400);
            const passed = [...playback.speed.options].map(({ value }) => {
                playback.first();
                playback.speed.value = value;
                playback.play();
                const now = performance.now();
                for (const after of [0, 100, 200]) frames.pop()(now + after);
                playback.play(); // pauses
                return [Number(value), playback.position];
            });
            window.requestAnimationFrame = requestAnimationFrame;
            playback.destroy();
            return passed;
        }""",
        [f"/{address('stage/playback.js')}", playback.HTML],
    )
    assert [speed for speed, _ in passed] == [0.25, 0.5, 1, 2, 4]
    at_once = dict(passed)[1]
    assert at_once == pytest.approx(400 / 8 / 5, abs=0.5), "a fifth of a second of eight for the whole run"
    assert [steps for _, steps in passed] == pytest.approx([speed * at_once for speed, _ in passed], rel=0.05)


def test_a_trail_that_grows_looks_like_one_that_is_drawn_at_once_and_shrinks_again(page):
    grown, at_once, shrunk, short = page.evaluate(
        """async (address) => {
            const { Trail } = await import(address), size = 200;
            const points = Array.from({ length: 90 }, (_, k) => [10 + 2 * k, 100 + 80 * Math.sin(k / 9)]);
            const trail = () => new Trail(points, { colour: '#111111', width: 4, dash: 'solid' }, [0, 0, size, size]);
            const seen = (trail, ...counts) => {
                const context = new OffscreenCanvas(size, size).getContext('2d');
                for (const count of counts) { context.clearRect(0, 0, size, size); trail.paint(context, count); }
                const { data } = context.getImageData(0, 0, size, size);
                return Array.from({ length: size * size }, (_, i) => i).filter((i) => data[4 * i + 3] > 128);
            };
            const growing = trail(), steps = Array.from({ length: 90 }, (_, k) => k + 1);
            return [seen(growing, ...steps), seen(trail(), 90), seen(growing, 30), seen(trail(), 30)];
        }""",
        f"/{address('stage/trail.js')}",
    )
    for one, other in ((grown, at_once), (shrunk, short)):
        assert len(set(one) ^ set(other)) < 0.02 * len(other)
    assert len(short) < len(at_once) / 2


# At which edges of the plane there is ink outside: all but the marks of paths that leave is cut there.
EDGES = """() => {
    const plane = document.querySelector('.stage .plane'), canvas = plane.querySelector(':scope > canvas');
    const { xaxis, yaxis } = plane.querySelector('.plot')._fullLayout, scale = canvas.width / canvas.clientWidth;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), found = new Set();
    const [left, top] = [xaxis._offset, yaxis._offset], [right, bottom] = [left + xaxis._length, top + yaxis._length];
    for (let i = 0; i < data.length / 4; i++) {
        if (data[4 * i + 3] < 255) continue;
        const x = (i % canvas.width) / scale, y = Math.floor(i / canvas.width) / scale;
        const beyond = { left: left - x, right: x - right, top: top - y, bottom: y - bottom };
        for (const edge in beyond) if (beyond[edge] > 3) found.add(edge);
    }
    return [...found].sort();
}"""


def test_where_a_path_leaves_the_view_its_edge_is_marked(open_page):
    page = open_page("/?formula=x^2%2By^2&view=-2~2~-2~2&start=1~0&steps=20&runs=gradient_descent~0.1&lang=en")
    page.wait_for_selector(".stage[data-paths][data-space]")
    assert page.evaluate(EDGES) == []
    for label, text, edges in (
        ("Learning rate, exactly", "1.1", ["left", "right"]),
        ("Start x", "0", []),  # the minimum
        ("Start y", "1", ["bottom", "top"]),
    ):
        field = page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")
        page.wait_for_function(f"edges => String(({EDGES})()) === String(edges)", arg=edges)


def test_a_run_that_never_enters_the_view_is_told_at_the_edge_towards_it(open_page):
    runs = "gradient_descent~0.001~~gradient_descent~0.001~x.1~y.9"
    page = open_page(f"/?formula=x^2%2By^2&view=-2~2~-2~2&start=9~1&steps=9&runs={runs}&lang=en")
    page.wait_for_selector(".stage[data-paths][data-space]")
    assert page.evaluate(EDGES) == ["right", "top"]
    # One that is in the view at the playhead needs none.
    page = open_page("/?formula=x^2%2By^2&view=-2~2~-2~2&start=3~0&steps=9&runs=gradient_descent~0.1&lang=en")
    page.wait_for_selector(".stage[data-paths][data-space]")
    page.get_by_role("button", name="To the start").click()
    page.wait_for_function(f"() => String(({EDGES})()) === 'right'")
    page.keyboard.press("End")
    page.wait_for_function(f"() => String(({EDGES})()) === ''")


# How large the script of each mt is beside its letter, and how far below the letter's foot its own is.
SCRIPTS = """() => [...document.querySelectorAll('.stage-details .formula msub')].map(({ children }) => {
    const [letter, script] = children, name = letter.textContent + script.textContent;
    const size = (element) => parseFloat(getComputedStyle(element).fontSize);
    const foot = (element) => element.getBoundingClientRect().bottom;
    return [name, size(script) / size(letter), (foot(script) - foot(letter)) / size(letter)];
}).filter(([name]) => name.startsWith('m'))"""


@pytest.mark.parametrize("language", ["en", "zh-Hans"])  # which has another font for formulas
def test_a_script_is_small_and_low_with_any_font(open_page, language):
    page = open_page(f"/?steps=20&runs=adam~0.1&lang={language}")
    page.wait_for_selector(".stage[data-paths][data-space]")
    page.locator(".stage-details .formula").scroll_into_view_if_needed()
    page.wait_for_selector(".stage-details .formula math")
    found = page.evaluate(SCRIPTS)
    assert {name for name, *_ in found} >= {"mt", "mt−1"}
    for _, size, low in found:
        assert size < 0.75
        assert low > 0.15


def test_the_length_of_a_runs_last_steps_is_right(open_page):
    page = open_page("/?runs=gradient_descent~0.01&lang=en#step=65")
    page.wait_for_function("() => document.querySelector('.stage')?.dataset.playhead === '65'")
    slope, length = page.locator(".stage-details tbody td").all_text_contents()[3:5]
    assert [slope[:4], slope[-4:], length[:4], length[-4:]] == ["1.16", "10⁻⁶", "1.16", "10⁻⁸"]


# The longest level line of a colour on the plane.
LEVEL = """(colour) => {
    const canvas = document.querySelector('.stage .plane > canvas'), { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    let longest = 0;
    for (let i = 0, length = 0; i < width * height; i++) {
        const same = data[4 * i + 3] === 255 && colour.every((value, j) => data[4 * i + j] === value);
        length = same && i % width ? length + 1 : 0;
        longest = Math.max(longest, length);
    }
    return longest * canvas.clientWidth / width;
}"""


def test_a_runs_name_stands_in_a_frame_and_its_marker_is_not_taken_for_the_place_of_the_run(open_page):
    page = open_page("/?formula=x^2%2By^2&start=3~3&steps=40&runs=adam~0.1", motion=True)
    page.wait_for_function("() => document.querySelector('.stage')?.dataset.playhead === '40'")
    assert page.evaluate(LEVEL, [0x11, 0x11, 0x11]) > 40
    # A click in the curves, the first thing that a person does, leads the playhead to where a link then leads.
    page.locator(".stage .curves .nsewdrag").click()
    page.wait_for_function("() => location.hash === `#step=${document.querySelector('.stage').dataset.playhead}`")
    page.get_by_role("button", name="To the start").click()
    assert page.evaluate(LEVEL, [0x11, 0x11, 0x11]) < 20, "the run is not at the end of its path, where its name is"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Momentum 0.04, momentum 0.7", "Momentum 0.04, momentum 0.9"], ["momentum 0.7", "momentum 0.9"]),
        (["Momentum 0.04, momentum 0.7", "Adam 0.04, beta1 0.5"], None),
        (["Adam 0.1", "Adam 0.1, beta1 0.5"], None),
        (["Momentum 0.04, momentum 0.7"], None),
        (["Adam 0.1, (0.1, 0.9)", "Adam 0.1, (0.1, 0.5)"], ["(0.1, 0.9)", "(0.1, 0.5)"]),
    ],
)
def test_names_at_the_paths_say_what_tells_one_run_from_another(page, names, told):
    script = "async ([address, names]) => (await import(address)).telling(names)"
    assert page.evaluate(script, [f"/{address('stage/plane.js')}", names]) == (told or names)


def test_a_click_sets_a_start_that_can_be_read(open_page, settle):
    page = open_page("/?function=himmelblau")
    page.wait_for_selector(".stage[data-paths][data-space]")
    box = page.locator(".stage .plane .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.3137 * box["width"], box["y"] + 0.7291 * box["height"])
    page.wait_for_function("() => location.search.includes('start=')")
    start = page.evaluate("new URLSearchParams(location.search).get('start')")
    assert max(len(part.partition(".")[2]) for part in re.split("[~,]", start)) <= 2, start
