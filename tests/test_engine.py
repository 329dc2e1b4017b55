"""The page of automatic differentiation without a browser: every statement, its script, bad input, the address."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape as ls
import landscape.pages
from landscape.gradients.numerical import numerical_gradient
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.pages.gradients.engine import ENGINE, LETTERS, MOST_DONE, SCENARIOS, EngineSettings
from landscape.pages.gradients.examples import custom_operation

FRAME = Path(landscape.pages.__file__).with_name("frame.py")


class Visit:
    """A visit to the page; every step of it fails if the page shows an exception."""

    def __init__(self, address=None):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(ENGINE.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [error.message for error in self.app.exception] == []

    def press(self, *names):
        for name in names:
            button = self.button(name)
            assert not button.disabled
            self.run(button.click())

    def button(self, name):
        (button,) = [each for each in self.app.button if name in (each.key, each.label)]
        return button

    def set(self, name, value):
        kinds = ("text_input", "selectbox")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    @property
    def text(self):
        return "\n".join(each.value for kind in ("markdown", "warning", "info") for each in getattr(self.app, kind))

    @property
    def table(self):
        """What the page says the names of the script are."""
        rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\|$", self.text, re.M)
        return {name: (data.strip("*`"), grad.strip("*`")) for name, data, grad in rows}

    @property
    def script(self):
        (text,) = [each.value for each in self.app.code if "ls.Tensor(" in each.value and "@ls" not in each.value]
        return text


class TestStatements:
    def test_nothing_is_there_before_it_has_run(self):
        visit = Visit()
        assert visit.table == {"w": ("2", "None"), "b": ("1", "None"), "loss": ("not computed yet", "")}
        assert [visit.button(f"do_{name}").disabled for name in LETTERS.values()] == [False, False, True, True, True]

    def test_the_worked_example_with_its_right_gradients(self):
        """Row 17 of the source material: −17.3333 and −8.0, not 4.6667 and 3.0."""
        visit = Visit()
        visit.press("do_forward", "do_backward")
        assert visit.table == {"w": ("2", "−17.3333"), "b": ("1", "−8"), "loss": ("16.6667", "")}
        visit.press("do_backward")
        assert (visit.table["w"][1], visit.table["b"][1]) == ("−34.6667", "−16")
        assert "accumulate" in visit.text
        visit.press("do_zero_grad")
        assert visit.table["w"][1] == "None"
        visit.press("do_backward", "do_update")
        assert (visit.table["w"][0], visit.table["b"][0]) == ("2.17333", "1.08")
        assert visit.app.query_params == {"done": ["fbbzbu"]} or visit.app.query_params["done"] in (
            "fbbzbu",
            ["fbbzbu"],
        )

    def test_the_script_beside_it_runs_and_ends_where_the_page_does(self):
        visit = Visit()
        visit.set("learning_rate", 0.05)
        visit.press("do_step", "do_step", "do_forward", "do_backward")
        run = subprocess.run(
            [sys.executable, "-"], input=f"{visit.script}\nprint(w.data, w.grad)", capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        printed = [float(word) for word in run.stdout.split()]
        assert visit.table["w"] == tuple(f"{value:.6g}".replace("-", "−") for value in printed)

    def test_without_recording_there_is_no_way_back(self):
        visit = Visit()
        visit.press("do_unrecorded", "do_backward")
        assert visit.table["w"][1] == "None"
        assert any(each.value.startswith("RuntimeError: backward()") for each in visit.app.code)
        visit.press("do_forward", "do_backward")
        assert visit.table["w"][1] == "−17.3333"

    @pytest.mark.parametrize(
        ("done", "told", "not_told"),
        [
            ("fbub", ["old loss", "added to what was there"], []),
            ("fbuzb", ["old loss"], ["added"]),
            ("fbufb", ["gradients accumulate"], ["old loss"]),
        ],
    )
    def test_a_backward_after_an_update_is_of_the_old_loss(self, done, told, not_told):
        text = Visit({"done": done}).text
        assert all(each in text for each in told)
        assert not any(each in text for each in not_told)

    def test_undo_and_start_over(self):
        visit = Visit({"done": "fb"})
        visit.press("Undo")
        assert visit.table["w"][1] == "None"
        visit.press("Start over")
        assert visit.table["loss"] == ("not computed yet", "")
        assert visit.button("Undo").disabled

    def test_the_script_has_an_end(self):
        visit = Visit({"done": "f" * MOST_DONE})
        assert visit.button("do_forward").disabled
        assert visit.button("do_step").disabled
        assert "The script is full" in "".join(each.value for each in visit.app.caption)

    def test_another_start_does_the_same_statements_again(self):
        visit = Visit({"done": "fb"})
        visit.set("w", 3.0)
        visit.set("b", 3.0)
        assert visit.table == {"w": ("3", "0"), "b": ("3", "0"), "loss": ("0", "")}
        visit.set("w", "")  # an empty field: as at first
        assert visit.table["w"][0] == "2"

    def test_the_printed_gradients_are_shown_beside_the_right_ones(self):
        text = Visit().text
        assert "| Recorded operations | −17.3333 | −8 |" in text
        assert "| Central differences | −17.3333 | −8 |" in text
        assert "| What somebody finds | 4.6667 | 3 | 17.732 |" in text
        assert "negative" in text


@pytest.mark.parametrize("done", ["b", "fu", "z", "fx", "f" * (MOST_DONE + 1)])
def test_an_address_that_makes_no_sense_is_told_of(done):
    visit = Visit({"done": done})
    assert "done" in visit.app.info[0].value
    assert visit.table["loss"] == ("not computed yet", "")


class TestOperationByHand:
    """Row 20 of the source material."""

    def test_it_has_the_gradient_of_the_built_in_one(self):
        numbers = np.array([-1.0, 0.0, 2.0])
        by_hand = custom_operation.applied(custom_operation.my_relu, numbers)
        built_in = custom_operation.applied(ls.Tensor.relu, numbers)
        assert [list(each) for each in by_hand] == [list(each) for each in built_in] == [[0, 0, 2], [0, 0, 1]]
        away = np.array([-1.5, 0.7, 2.0])
        differences = numerical_gradient(lambda x: np.maximum(x, 0).sum(), away)
        np.testing.assert_allclose(custom_operation.applied(custom_operation.my_relu, away)[1], differences, atol=1e-9)

    def test_its_file_runs_as_it_is_shown(self):
        (shown,) = [each.value for each in Visit().app.code if "@ls.operation" in each.value]
        run = subprocess.run([sys.executable, "-"], input=shown, capture_output=True, text=True)
        assert run.stdout.splitlines() == ["my_relu [0. 0. 2.] [0. 0. 1.]", "relu [0. 0. 2.] [0. 0. 1.]"], run.stderr

    def test_on_numbers_of_ones_own(self):
        visit = Visit()
        visit.set("numbers", "−0.5， 3 4e-3")
        assert "| x | −0.5 | 3 | 0.004 |" in visit.text
        assert "| its gradient | 0 | 1 | 1 |" in visit.text
        assert visit.app.text_input(key="set_numbers").value == "-0.5, 3, 0.004"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [("a, b", "“a” is no number"), ("1e300", "out of range"), ("0,5", "two ways"), ("1 " * 9, "At most 8 numbers")],
    )
    def test_what_are_no_numbers_leaves_the_old_ones(self, text, sentence):
        visit = Visit()
        visit.set("numbers", text)
        assert "| x | −1 | 0 | 2 |" in visit.text
        assert visit.app.text_input(key="set_numbers").value == text
        assert [sentence in each.value for each in visit.app.error] == [True]
        visit.set("numbers", "0,5 1,5")
        assert "| x | 0.5 | 1.5 |" in visit.text
        assert not visit.app.error


class TestScenarios:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
    def test_it_asks_and_answers_in_every_language(self, scenario, language):
        _ = translation(language)
        answer = filled(_(scenario.answer), **ENGINE.facts(scenario.settings))
        spoken = [_(scenario.title), _(scenario.question), answer]
        assert all(bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en") for text in spoken)
        assert not re.search(r"[{}]|nan|\de[+-]\d", answer)

    def test_what_they_claim(self):
        facts = {key: ENGINE.facts(scenario.settings) for key, scenario in SCENARIOS.items()}
        assert facts["backward_twice"]["twice"] == pytest.approx(2 * -17.33333333)
        assert facts["printed"]["after"] < facts["printed"]["start"] < facts["printed"]["after_printed"]
        forgotten = SCENARIOS["forgotten"].settings
        assert forgotten.states[-1].loss == pytest.approx(0.38, abs=0.005)
        assert facts["forgotten"]["kept"] == pytest.approx(facts["forgotten"]["start"], rel=0.06)
        assert facts["forgotten"]["zeroed"] < 2

    def test_it_opens_with_its_own_statements(self):
        visit = Visit()
        visit.set("scenario", "forgotten")
        assert visit.table["loss"][0].startswith("0.38")


def test_settings_are_what_the_address_says():
    settings = EngineSettings(w=-1.5, learning_rate=0.2, done="fbnu", numbers=(1.0, -2.5))
    assert EngineSettings.read(settings.address()) == (settings, [])
