"""The laboratories of the slope and of the step in a real browser: handles dragged, clicked and moved by keys."""

import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest

PLACE = """([key, x, y]) => {
    const plot = document.querySelector(`.st-key-${key} .plot`), { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""

# Pressed at once, while the server is still to answer the first.
KEYS = """(keys) => {
    for (const [id, key] of keys) {
        const handle = document.querySelector(`.handle[data-id=${id}]`);
        handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}"""

# The most messages that the page sends to the server between two answers drawn.
SENT_BETWEEN_ANSWERS = """() => {
    let sent = window.most = 0;
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
        window.most = Math.max(window.most, ++sent);
        return send.call(this, data);
    };
    const answered = () => { sent = 0; };
    new MutationObserver(answered).observe(document.querySelector('.figure'), { attributeFilter: ['data-drawn'] });
}"""


class Laboratory:
    """A page with a figure, and what is done with it."""

    def __init__(self, page, key, settle):
        self.page, self.key, self._settle = page, key, settle
        page.wait_for_selector(f".st-key-{key} .figure[data-drawn] .handle")
        self.settle()

    def settle(self):
        self._settle(self.page)

    def handle(self, name):
        return self.page.locator(f".st-key-{self.key} .handle[data-id={name}]")

    def value(self, name):
        return float(self.handle(name).get_attribute("aria-valuenow"))

    def pixel(self, x, y):
        return self.page.evaluate(PLACE, [self.key, x, y])

    def drag(self, name, x, y):
        box = self.handle(name).bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(x, y), steps=12)
        self.page.mouse.up()
        self.settle()

    def press(self, name, *keys):
        self.handle(name).focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    @property
    def setting(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    @property
    def legend(self):
        return self.page.locator(f".st-key-{self.key} .legend li").all_text_contents()


@pytest.fixture
def laboratory(open_page, settle):
    """A function that opens a laboratory and waits for its figure."""
    return lambda path, key, **visitor: Laboratory(open_page(path, **visitor), key, settle)


def test_the_point_and_the_end_of_the_secant_are_dragged(laboratory):
    slope = laboratory("/slope?lang=en", "slope")
    assert slope.legend == ["f(x)", "tangent, slope 6", "secant, slope 7"]
    places = slope.page.evaluate("history.length")
    slope.drag("point", 1, 1)
    slope.page.wait_for_function("() => location.search.includes('x=')")
    assert slope.page.evaluate("history.length") == places + 1, "the way back leads over one place, not all on the way"
    x = slope.value("point")
    assert x == pytest.approx(1, abs=0.02)
    assert float(slope.setting["x"]) == x
    assert slope.legend[1] == f"tangent, slope {2 * x:g}"
    slope.drag("h", x + 0.5, (x + 0.5) ** 2)
    assert float(slope.setting["h"]) == pytest.approx(0.5, rel=0.1)
    slope.drag("h", x - 1, x**2)  # past the point it does not get: it stands off, to be dragged out again
    h = float(slope.setting["h"])
    assert 0 < h < 0.02
    assert slope.value("h") == pytest.approx(x + h), "it was on this side all the way"
    mark = slope.handle("h").locator("canvas").bounding_box()
    middle = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
    assert middle == pytest.approx(slope.pixel(x + h, (x + h) ** 2), abs=1), "only its grip stands off the curve"
    boxes = [slope.handle(name).bounding_box() for name in ("point", "h")]
    assert math.dist(*((box["x"], box["y"]) for box in boxes)) > 30
    slope.drag("h", x + 0.5, (x + 0.5) ** 2)
    assert float(slope.setting["h"]) == pytest.approx(0.5, rel=0.1)


def test_a_click_and_the_arrow_keys_move_the_point(laboratory):
    slope = laboratory("/slope?lang=en&curve=sine", "slope")
    slope.page.mouse.click(*slope.pixel(3, -0.5))
    slope.settle()
    assert slope.value("point") == pytest.approx(3, abs=0.02)
    before = slope.value("point")
    slope.press("point", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    step = (before - slope.value("point")) / 3
    assert 0 < step <= 0.1
    slope.press("point", "Shift+ArrowRight")
    assert slope.value("point") == pytest.approx(before + 7 * step)
    assert re.fullmatch(r"x = [\d.]+, f\(x\) = −[\d.]+", slope.handle("point").get_attribute("aria-valuetext"))
    before = slope.value("point")
    slope.page.evaluate(KEYS, [["point", "ArrowLeft"], ["point", "ArrowLeft"], ["h", "ArrowLeft"]])
    slope.settle()
    assert slope.value("point") == pytest.approx(before - 2 * step), "another handle does not take its place"
    assert float(slope.setting["x"]) == slope.value("point")


def test_the_handle_goes_ahead_of_the_server_and_the_server_is_not_overrun(laboratory):
    slope = laboratory("/slope?lang=en", "slope")
    slope.page.evaluate(SENT_BETWEEN_ANSWERS)
    box = slope.handle("point").bounding_box()
    slope.page.mouse.move(box["x"] + 22, box["y"] + 22)
    slope.page.mouse.down()
    there = slope.pixel(-1, 1)
    slope.page.mouse.move(*there, steps=60)
    now = slope.handle("point").bounding_box()
    assert now["x"] + 22 == pytest.approx(there[0], abs=4)
    slope.page.mouse.up()
    slope.settle()
    assert slope.value("point") == pytest.approx(-1, abs=0.02)
    assert 1 <= slope.page.evaluate("window.most") <= 2


def test_h_is_moved_along_the_measured_errors(laboratory):
    step = laboratory("/step-size?lang=en", "errors")
    assert step.value("h") == 1e-4
    drawn = step.page.evaluate("document.querySelector('.st-key-errors .figure').dataset.drawn")
    step.press("h", "ArrowRight")
    step.page.wait_for_url(re.compile(r"h=0\.00012"))
    assert step.page.evaluate("document.querySelector('.st-key-errors .figure').dataset.drawn") != drawn
    step.drag("h", 1e-10, 1e-6)
    assert step.value("h") == pytest.approx(1e-10, rel=0.2)
    assert "rounding rules" in step.page.locator(".stMain").inner_text()
    slider = step.page.locator(".st-key-set_h input[type=range]")
    before, place = step.value("h"), int(slider.input_value())
    for _ in range(20):
        slider.press("ArrowRight")
    step.settle()
    assert step.value("h") == pytest.approx(10 * before), "the same way leads over a decade wherever the slider is"
    assert int(slider.input_value()) == place + 20


def test_a_link_leads_from_one_laboratory_to_the_other_with_the_curve(laboratory):
    slope = laboratory("/slope?lang=en&curve=exponential&x=0.5", "slope")
    slope.page.get_by_role("link", name="Which h is best?").click()
    slope.page.wait_for_selector(".st-key-errors .figure[data-drawn]")
    slope.settle()
    assert slope.setting == {"curve": "exponential", "x": "0.5", "lang": "en"}


def test_a_phone_shows_the_figure_first_and_moves_the_point_by_touch(laboratory):
    slope = laboratory("/slope?lang=en", "slope", viewport=(390, 844), touch=True)
    tops = [slope.page.locator(f".st-key-{key}").bounding_box()["y"] for key in ("slope", "magnified", "set_x")]
    assert tops == sorted(tops)
    assert slope.page.evaluate("document.documentElement.scrollWidth") <= 390
    slope.page.touchscreen.tap(*slope.pixel(1, 1))
    slope.settle()
    assert slope.value("point") == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("path", "parts"), [("slope?h=0.011&", ("slope", "magnified", "set_x", "slope ~ *")), ("step-size?", ("errors",))]
)
def test_a_projector_shows_all_that_moves_and_hides_no_difference_at_the_end_of_a_row(laboratory, path, parts):
    page = laboratory(f"/{path}lang=en&projector=yes", parts[0], viewport=(1280, 720)).page
    for part in parts:
        box = page.locator(f".st-key-{part}").last.bounding_box()
        assert box["y"] + box["height"] <= 720, part
    for table in page.locator(".st-key-magnified ~ * table").all():
        box = table.bounding_box()
        assert box["y"] + box["height"] <= 720
    row = page.locator(".st-key-set_method").bounding_box()
    for choice in page.locator(".st-key-set_method button").all():
        box = choice.bounding_box()
        assert box["x"] + box["width"] <= row["x"] + row["width"] + 1
