"""The laboratories of the plane, of numpy.gradient and of common functions in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from landscape.figures.palette import THEMES

PLACE = """([key, x, y]) => {
    const plot = document.querySelector(`.st-key-${key} .plot`), { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""
WHERE = """key => {
    const plot = document.querySelector(`.st-key-${key} .plot`), { xaxis, yaxis } = plot._fullLayout;
    return [...document.querySelectorAll(`.st-key-${key} .handle`)].map(handle => {
        const box = handle.getBoundingClientRect(), home = plot.getBoundingClientRect();
        const pixel = [box.left + box.width / 2 - home.left, box.top + box.height / 2 - home.top];
        return [handle.dataset.id, xaxis.p2d(pixel[0] - xaxis._offset), yaxis.p2d(pixel[1] - yaxis._offset)];
    });
}"""

# Are these the colours of the lowest ground, and of the words on the figure beside it?
COLOURS = """([lowest, text]) => {
    const [plane, slopes] = ["plane", "slopes"].map((key) => document.querySelector(`.st-key-${key} .plot`));
    return plane._fullData[0].colorscale[0][1] === lowest && slopes._fullLayout.font.color === text;
}"""

# Right of each figure.
ROOM = "[...document.querySelectorAll('.figure .plot')].map((plot) => plot._fullLayout.margin.r)"


class Laboratory:
    """A page with figures, and what is done with them."""

    def __init__(self, page, settle, *keys):
        self.page, self._settle = page, settle
        for key in keys:
            page.wait_for_selector(f".st-key-{key} .figure[data-drawn]")
        self.settle()

    def settle(self):
        self._settle(self.page)

    def handle(self, key, name):
        return self.page.locator(f".st-key-{key} .handle[data-id={name}]")

    def where(self, key, name):
        """A handle's place in the data's coordinates, as it is seen."""
        return {each: (x, y) for each, x, y in self.page.evaluate(WHERE, key)}[name]

    def drag(self, key, name, x, y):
        self.page.locator(f".st-key-{key} .figure").scroll_into_view_if_needed()
        box = self.handle(key, name).bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(*self.page.evaluate(PLACE, [key, x, y]), steps=10)
        self.page.mouse.up()
        self.settle()

    def press(self, key, name, *keys):
        self.handle(key, name).focus()
        for each in keys:
            self.page.keyboard.press(each)
        self.settle()

    def bottom(self, key):
        box = self.page.locator(f".st-key-{key}").bounding_box()
        return box["y"] + box["height"]

    @property
    def setting(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    @property
    def text(self):
        return self.page.locator(".stMain").inner_text().replace("\N{WORD JOINER}", "")


@pytest.fixture
def laboratory(open_page, settle):
    """A function that opens a laboratory and waits for these of its figures."""
    return lambda path, *keys, **visitor: Laboratory(open_page(path, **visitor), settle, *keys)


BOWL = "/plane?lang=en&function=&formula=x%5E2%2By%5E2&point=3~4"


def test_the_point_is_dragged_and_the_gradient_follows(laboratory):
    plane = laboratory(BOWL, "plane", "slopes")
    assert "|∇f| = 10 long" in plane.text
    assert plane.page.evaluate(ROOM)[0] >= 30, "a click beside the plot is one on Plotly's buttons"
    plane.page.mouse.move(*plane.page.evaluate(PLACE, ["plane", -3, -4]))
    plane.page.wait_for_function("document.querySelector('.st-key-plane .hoverlayer').textContent.includes('x = −3')")
    assert "f = 2" in plane.page.locator(".st-key-plane .hoverlayer").text_content()
    plane.drag("plane", "point", -2, 1)
    x, y = (float(part) for part in plane.setting["point"].split("~"))
    assert (x, y) == (pytest.approx(-2, abs=0.05), pytest.approx(1, abs=0.05))
    assert re.search(rf"∂f/∂x = −{-2 * x:.4g} < 0: moving right lowers f", plane.text)
    assert plane.where("plane", "point") == (pytest.approx(x, abs=0.05), pytest.approx(y, abs=0.05))


def test_a_click_and_the_arrow_keys_move_the_point_on_a_projector(laboratory):
    plane = laboratory(f"{BOWL}&projector=yes", "plane", "slopes", viewport=(1280, 720))
    assert plane.bottom("plane") <= 720
    plane.page.mouse.click(*plane.page.evaluate(PLACE, ["plane", -4, -3]))
    plane.settle()
    before = float(plane.setting["point"].split("~")[0])
    assert before == pytest.approx(-4, abs=0.05)
    plane.press("plane", "point", "ArrowRight", "ArrowRight")
    assert 0 < float(plane.setting["point"].split("~")[0]) - before < 0.3


def test_the_dial_is_turned_on_the_plane_and_on_the_cosine(laboratory):
    plane = laboratory(BOWL, "plane", "slopes")
    plane.drag("plane", "direction", 3, 5.5)
    assert float(plane.setting["direction"]) == pytest.approx(90, abs=1)
    x, y = plane.where("plane", "direction")
    assert ((x - 3) ** 2 + (y - 4) ** 2) ** 0.5 == pytest.approx(0.17 * 12, abs=0.1), "it comes to rest on the circle"
    plane.drag("slopes", "direction", 233, 0)
    assert float(plane.setting["direction"]) == pytest.approx(233, abs=2)
    assert re.search(r"cos −?1(79|80)(\.\d+)?° = −(10|9\.9\d+)\.", plane.text)
    plane.press("slopes", "direction", "Shift+ArrowLeft")
    assert float(plane.setting["direction"]) < 231
    # The system's theme changes: so do the ground, what moves over it, and the other figure.
    dark = THEMES["dark"]
    plane.page.emulate_media(color_scheme="dark")
    plane.page.wait_for_function(COLOURS, arg=[dark.landscape[0][1], dark.muted])


def test_a_sample_is_chosen_on_the_map_and_the_spacing_by_keys_on_a_projector(laboratory):
    grid = laboratory("/numpy-gradient?lang=en&projector=yes", "fields", "errors", viewport=(1280, 720))
    assert max(grid.bottom("fields"), grid.bottom("errors"), grid.bottom("set_edge_order")) <= 720
    grid.page.mouse.click(*grid.page.evaluate(PLACE, ["errors", 3.2, -3.4]))
    grid.settle()
    for figure in ("fields", "errors"):
        assert grid.where(figure, "sample") == (pytest.approx(3.3, abs=0.05), pytest.approx(-3.3, abs=0.05))
    grid.page.locator(".st-key-set_intervals input[type=range]").press("ArrowRight")
    grid.settle()
    assert grid.setting["intervals"] == "20"
    assert "f was asked 441 times" in grid.text


# The colour that the canvas over a figure has at a share of the way from left to right and from below to above.
PAINTED = """([name, across, up]) => {
    const home = document.querySelector(`.st-key-${name} .figure`), canvas = home.querySelector(".lines");
    const { xaxis, yaxis } = home.querySelector(".plot")._fullLayout, ratio = canvas.width / canvas.clientWidth;
    const x = xaxis._offset + across * xaxis._length, y = yaxis._offset + (1 - up) * yaxis._length;
    return [...canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data];
}"""


def test_maps_are_painted_the_right_way_up_in_their_colours(laboratory):
    grid = laboratory("/numpy-gradient?lang=en&function=&formula=exp(y)%2Blog(x)&intervals=10", "fields", "errors")
    ground, missing = ([*bytes.fromhex(getattr(THEMES["light"], name)[1:]), 255] for name in ("panel", "muted"))
    left, below, above = (grid.page.evaluate(PAINTED, ["errors", *at]) for at in ((0.2, 0.3), (0.8, 0.12), (0.8, 0.88)))
    assert left == missing, "left of 0 there is no logarithm"
    assert sum(ground) - sum(above) > sum(ground) - sum(below), "the steeper, the redder"
    # Far up the first class is the only one: of its row and column nothing is left but 0, the ground's colour.
    functions = laboratory("/common-functions?lang=en&logits=8~-8~-8", "jacobian", "pushes")
    assert functions.page.evaluate(PAINTED, ["jacobian", 0.1, 0.9]) == pytest.approx(ground, abs=2)
    functions = laboratory("/common-functions?lang=en&logits=0~0~-8", "jacobian", "pushes")
    first, other, last = (
        functions.page.evaluate(PAINTED, ["jacobian", *at]) for at in ((0.1, 0.9), (0.4, 0.9), (0.9, 0.1))
    )
    assert first[0] > first[2], "a probability rises with its own logit"
    assert other[2] > other[0], "and falls with another's"
    assert last == pytest.approx(ground, abs=2)


def test_the_arithmetic_stays_open_when_another_sample_is_chosen(laboratory):
    grid = laboratory("/numpy-gradient?lang=en", "fields", "errors")
    grid.page.get_by_text("The arithmetic at the sample").click()
    formulas = grid.page.locator(".st-key-arithmetic .katex, [data-testid=stExpander] .katex").first
    formulas.wait_for()
    before = grid.page.get_by_text("Exact at").first.inner_text()
    grid.page.mouse.click(*grid.page.evaluate(PLACE, ["errors", 3.2, -3.4]))
    grid.settle()
    formulas.wait_for()
    assert grid.page.get_by_text("Exact at").first.inner_text() != before


def test_the_point_of_a_function_slides_on_its_curve(laboratory):
    functions = laboratory("/common-functions?lang=en", "activation", "pushes")
    functions.drag("activation", "x", 6, 1)
    x = float(functions.setting["x"])
    assert x == pytest.approx(6, abs=0.05)
    assert functions.where("activation", "x")[1] == pytest.approx(1 / (1 + 2.718281828**-x), abs=0.02)
    functions.page.get_by_role("radio", name="ReLU", exact=True).or_(
        functions.page.get_by_role("button", name="ReLU", exact=True)
    ).first.click()
    functions.settle()
    assert functions.setting["activation"] == "relu"
    assert functions.where("activation", "x")[1] == pytest.approx(x, abs=0.1)
    functions.page.get_by_role("radio", name="Softmax", exact=True).or_(
        functions.page.get_by_role("button", name="Softmax", exact=True)
    ).first.click()
    functions.settle()
    functions.drag("activation", "x", 5, 1)
    logit = float(functions.setting["logits"].split("~")[0])
    assert logit == pytest.approx(5, abs=0.05)
    assert functions.where("logits", "x1")[1] == pytest.approx(logit, abs=0.2), "one point, on the curve and as a bar"


def test_a_logit_is_dragged_and_the_probabilities_follow(laboratory):
    functions = laboratory("/common-functions?lang=en", "logits", "pushes")
    functions.drag("logits", "x3", 3, 4)
    assert float(functions.setting["logits"].split("~")[2]) == pytest.approx(4, abs=0.1)
    assert re.search(r"With probabilities s = \(0\.11\d, 0\.04\d, 0\.8[34]\d\)", functions.text)


@pytest.mark.parametrize("path", ["/plane", "/numpy-gradient", "/common-functions"])
def test_a_phone_scrolls_down_only(laboratory, path):
    page = laboratory(path, viewport=(390, 844), touch=True).page
    page.wait_for_selector(".figure[data-drawn]")
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    assert max(page.evaluate(ROOM)) < 30, "there are no buttons of Plotly's to make room for"
    shown = page.locator(".stMarkdown table").evaluate_all("(tables) => tables.map((e) => getComputedStyle(e).display)")
    assert set(shown) <= {"table"}, "as anything else it is none to a screen reader"
