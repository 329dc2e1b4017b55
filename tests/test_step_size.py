"""The laboratory of the step without a browser: measured errors, what is predicted, and the address."""

import base64
import json
import math
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape.pages
from landscape.figures.numeral import plain
from landscape.gradients.numerical import DIFFERENCES
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.pages.gradients.step_size import SCENARIOS, STEP_SIZE, StepSizeSettings, facts

FRAME = Path(landscape.pages.__file__).with_name("frame.py")
SHOWN = {"landscape_ground", "landscape_figure"}  # of the components


class Visit:
    """A visit to the page; every step of it fails if the page shows an exception."""

    def __init__(self, address=None):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(STEP_SIZE.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [error.message for error in self.app.exception] == []
        parts = [each.proto for each in self.app.get("bidi_component")]
        sent = [json.loads(part.json) for part in parts if part.component_name in SHOWN]
        self.figure, self.lines, self.over = (
            (json.loads(sent[0]["figure"]), json.loads(sent[0]["lines"]), json.loads(sent[1]["over"]))
            if sent
            else (None, None, None)
        )

    def set(self, name, value):
        kinds = ("text_input", "selectbox", "select_slider", "button_group", "checkbox")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    @property
    def text(self):
        kinds = ("markdown", "warning", "success")
        return "\n".join(each.value for kind in kinds for each in getattr(self.app, kind))

    @property
    def names(self):
        """What the legend explains."""
        return [line["name"] for line in self.lines if line["name"]]

    def curve(self, name):
        (line,) = [each for each in self.lines if each["key"] == name]
        return unpacked(line)


def unpacked(line):
    return tuple(np.frombuffer(base64.b64decode(line[axis]["bdata"]), line[axis]["dtype"]) for axis in "xy")


def test_the_first_screen_is_the_sine_at_one():
    visit = Visit()
    assert visit.names[-5:] == ["Central", "Forward", "Backward", "Complex step", "least error"]
    h, error = visit.curve("Central")
    assert len(h) == 161
    at = np.argmin(abs(np.log10(h) + 4))
    assert error[at] == pytest.approx(1e-8 * math.cos(1) / 6, rel=1e-2)
    (handle,) = visit.over["handles"]
    assert (handle["x"], handle["moves"], handle["along"]) == (1e-4, "x", "Central")
    assert handle["y"] == pytest.approx(1e-8 * math.cos(1) / 6, rel=1e-2)


def test_best_and_usual_steps_are_marked_and_compared():
    visit = Visit()
    stars = [unpacked(each) for each in visit.lines if each["marker"] == "star" and not each["name"]]
    curves = [StepSizeSettings().errors(method, 64) for method in DIFFERENCES]
    marked = sorted((x, y) for (x,), (y,) in stars)
    assert marked == sorted((each.measured_best, each.least or 1e-18) for each in curves)
    lines = [each["x0"] for each in visit.figure["layout"]["shapes"]]
    assert lines == [1e-4, 1e-6]
    assert [each["text"] for each in visit.figure["layout"]["annotations"]] == ["10⁻⁴", "10⁻⁶"]
    head = next(line for line in visit.text.splitlines() if line.startswith("|"))
    assert "10⁻⁴" in head
    assert "10⁻⁶" in head


def test_the_best_steps_of_the_sine_at_one():
    """Forward ≈ 6e-9 with an error of 2.5e-9, central ≈ 6e-6 with 4e-13, as far as rounding's luck goes."""
    settings = StepSizeSettings(x=1.0)
    forward, central = settings.errors("forward", 64), settings.errors("central", 64)
    assert 1e-9 < forward.measured_best < 4e-8
    assert 5e-10 < forward.least < 1e-8
    assert 1e-6 < central.measured_best < 4e-5
    assert 5e-14 < central.least < 2e-12
    assert settings.errors("forward", 64, 1e-12).error[0] == pytest.approx(4e-5, rel=0.1)


def test_what_is_predicted_bounds_what_is_measured():
    visit = Visit({"method": "forward", "others": "no"})
    (_, error), (_, truncation) = visit.curve("Forward"), visit.curve("truncation")
    (_, rounding) = visit.curve("rounding")
    assert (error <= 1.1 * (truncation + rounding)).all()
    assert visit.names == ["truncation, predicted", "rounding, predicted", "Forward", "least error"]


def test_64_and_32_bit_side_by_side():
    visit = Visit({"bits": "both", "others": "no"})
    assert visit.names[-3:-1] == ["Central, 64 bit", "Central, 32 bit"]
    assert visit.curve("Central, 32 bit")[1].min() > 1e3 * visit.curve("Central, 64 bit")[1].min()
    visit.set("bits", "32")
    assert visit.names[-2] == "Central"
    assert "ε = 1.2\xa0×\xa010⁻⁷" in visit.text


@pytest.mark.parametrize("method", ["forward", "backward", "central", "complex"])
@pytest.mark.parametrize("bits", ["32", "both"])
def test_every_method_is_measured_in_both_precisions_and_named(bits, method):
    visit = Visit({"bits": bits, "method": method, "others": "no"})
    settings = StepSizeSettings(method=method, bits=bits)
    wanted = {"32": [32], "both": [32, 64]}[bits]
    lines = [each for each in visit.lines if each["width"] and each["key"] not in ("", "truncation", "rounding")]
    assert len(lines) == len(wanted)
    for line, wide in zip(lines, wanted, strict=True):
        _, error = unpacked(line)
        curve = settings.errors(method, wide)
        assert error == pytest.approx(np.maximum(curve.error, 1e-18), rel=1e-6)
        assert (line["dash"] == "dot") is (wide == 32)
        assert (bits == "both") is line["key"].endswith(f"{wide} bit")
    best = [line.split("|")[2].strip() for line in visit.text.splitlines() if line.startswith("| **")]
    assert best == [f"**{plain(settings.errors(method, wide).measured_best, 2)}**" for wide in reversed(wanted)]


@pytest.mark.parametrize("bits", ["64", "32"])
def test_h_goes_from_1e16_to_1(bits):
    visit = Visit({"bits": bits, "others": "no"})
    h, _ = visit.curve("Central")
    assert (h[0], h[-1]) == (pytest.approx(1e-16), pytest.approx(1))
    low, high = visit.figure["layout"]["xaxis"]["range"]
    assert low < -16 < 0 < high
    for end in (1e-16, 1.0):
        visit.set("h", end)
        (handle,) = visit.over["handles"]
        assert handle["x"] == end
        wanted = float(StepSizeSettings().errors("central", int(bits), end).error[0])
        assert handle["y"] == pytest.approx(wanted)
        assert f"at h = {plain(end, 2)}" in visit.text
        assert visit.app.query_params["h"] == ("1" if end == 1 else "1e-16")


def test_errors_of_zero_stand_at_the_foot_of_the_figure():
    _, error = Visit({"method": "complex", "others": "no"}).curve("Complex step")
    assert error.min() == pytest.approx(1e-18)
    assert (error > 0).all()


@pytest.mark.parametrize("x", ["-30", "-300", "-700", "0"])
def test_errors_of_any_size_fill_the_figure(x):
    visit = Visit({"curve": "sigmoid", "x": x})
    low, high = visit.figure["layout"]["yaxis"]["range"]
    error = np.log10(visit.curve("Central")[1])
    assert low < error.min() < error.max() < high
    assert error.max() - error.min() > 0.3 * (high - low)
    assert len(visit.figure["layout"]["yaxis"]["tickvals"]) < 16


@pytest.mark.parametrize(
    ("h", "says"), [("0.01", "truncation rules"), ("1e-9", "rounding rules"), ("1e-5", "about the best there is")]
)
def test_which_error_rules(h, says):
    visit = Visit({"h": h})
    assert says in visit.text


def test_only_h_moves_leaves_the_figure_as_it_is():
    visit = Visit()
    before = visit.figure, visit.lines
    visit.set("h", 1e-8)
    assert (visit.figure, visit.lines) == before
    assert visit.over["handles"][0]["x"] == 1e-8
    assert "at h = 10⁻⁸" in visit.text


@pytest.mark.parametrize("method", DIFFERENCES)
@pytest.mark.parametrize("text", ["sin(x)/x", "exp(-x^2)", "x^0.5 + abs(x)", "max(x, x^2/2)"])
def test_a_typed_curve_with_every_difference(method, text):
    visit = Visit({"curve": "", "formula": text, "method": method, "x": "1.3"})
    _, error = visit.curve(visit.names[2])
    assert error.min() < (1e-10 if method == "complex" else 1e-6)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ({"curve": "absolute"}, "the slope is −1 from the left and 1 from the right"),
        ({"curve": "logarithm", "x": "-2"}, "no value at this point"),
        ({"curve": "root", "x": "0"}, "left of this point the curve has no value"),
        ({"curve": "", "formula": "exp(1000x)", "x": "1"}, "too large for a 64-bit number"),
    ],
)
def test_without_a_derivative_there_is_no_error(address, reason):
    visit = Visit(address)
    assert reason in visit.text
    assert "So there is no error to measure." in visit.text
    assert visit.figure is None


class TestScenarios:
    def test_numbers_of_the_answers(self):
        told = facts(SCENARIOS["smaller_is_better"].settings)
        assert (told["e12_64"], told["e16_64"]) == ("4\xa0×\xa010⁻⁵", "0.5")  # cos(1) = 0.54: the whole slope is lost
        settings = StepSizeSettings(x=1.0)
        assert 1000 * settings.errors("central", 64).least < settings.errors("forward", 64).least
        half = settings.errors("central", 32)
        assert half.least > 1e4 * settings.errors("central", 64).least
        assert half.measured_best > 1e-4

    @pytest.mark.parametrize("key", SCENARIOS)
    def test_the_curves_come_with_the_answer_and_until_then_each_h_tells_its_own_error(self, key):
        visit = Visit({"scenario": key})
        settings = SCENARIOS[key].settings
        assert (visit.lines, visit.over["lines"], visit.over["cells"]) == ([], [], None)
        assert not any(told in visit.text for told in ("| best h", "Predicted", "rules", "bends away"))
        assert "rises" not in visit.over["summary"]
        for h in (settings.h, 1e-8):
            visit.set("h", h)
            (handle,) = visit.over["handles"]
            error = float(settings.errors(settings.method, 64, h).error[0])
            assert handle["label"] == f"h = {plain(h, 2)}: error {plain(error, 2)}"
        asked = visit.figure["layout"]
        visit = Visit({"scenario": key, "revealed": "yes"})
        assert visit.figure["layout"] == asked, "nothing but the curves comes"
        assert visit.names
        assert "best h" in visit.text

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("key", SCENARIOS)
    def test_a_link_asks_and_answers(self, key, language):
        scenario, _ = SCENARIOS[key], translation(language)
        visit = Visit({"scenario": key, "revealed": "yes", "lang": language})
        assert _(scenario.question) in visit.text
        assert visit.app.success[0].value == filled(_(scenario.answer), **facts(scenario.settings))


def test_where_every_difference_is_exact_no_h_is_better():
    text = Visit({"curve": "", "formula": "5"}).text
    assert "meets it to the last digit" in text
    assert "larger h is better" not in text
