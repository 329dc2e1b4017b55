"""The chain rule's page without a browser: any formula, bad input, and the address that carries it all."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape.pages
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.pages.gradients.chain import CHAIN, FIRST, PRESETS, SCENARIOS, ChainSettings

FRAME = Path(landscape.pages.__file__).with_name("frame.py")


class Visit:
    """A visit to the page; every step of it fails if the page shows an exception."""

    def __init__(self, address=None):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(CHAIN.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [error.message for error in self.app.exception] == []
        parts = [each for each in self.app.get("bidi_component") if each.proto.component_name == "landscape_graph"]
        self.graph = json.loads(json.loads(parts[0].proto.json)["graph"]) if parts else None

    def set(self, name, value):
        (widget,) = [
            each
            for kind in ("text_input", "selectbox", "toggle", "button_group")
            for each in getattr(self.app, kind)
            if each.key == f"set_{name}"
        ]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    @property
    def inputs(self):
        return {field.label: float(field.value) for field in self.app.text_input if field.key.startswith("set_value_")}

    @property
    def gradients(self):
        return {row["input"]: row["gradient"] for row in self.graph["rows"]}

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.graph == self.graph
        assert other.inputs == self.inputs
        assert other.app.query_params == self.app.query_params


def test_the_first_screen_is_the_worked_example():
    visit = Visit()
    assert visit.inputs == {"a": 2, "b": -3, "c": 10, "f": -2}
    assert visit.gradients == {"a": "6", "b": "−4", "c": "−2", "f": "4"}
    assert visit.app.query_params == {}


def test_fields_are_made_from_the_names_in_the_formula_and_values_are_kept():
    visit = Visit()
    visit.set("formula", "w1*x + b")
    assert visit.inputs == {"w1": FIRST, "x": FIRST, "b": -3}
    visit.set("value_x", 4.0)
    assert visit.gradients == {"w₁": "4", "x": "0.5", "b": "1"}
    visit.set("formula", "(a*b + c)*f")
    assert visit.inputs == {"a": 2, "b": -3, "c": 10, "f": -2}
    visit.set("formula", "w1*x")
    assert visit.inputs == {"w1": FIRST, "x": 4}
    visit.same()


@pytest.mark.parametrize(
    ("formula", "named"), [("a*e + d", ["e is"]), ("e^(pi*a) + e", ["e is", "pi is"]), ("exp(a)", [])]
)
def test_a_letter_that_is_a_number_is_told_of(formula, named):
    visit = Visit({"formula": formula})
    told = [each.value for each in visit.app.caption if re.match(r"(e|pi) is", each.value)]
    assert [text[: len(start)] for text, start in zip(told, named, strict=True)] == named
    assert not {"e", "pi"} & visit.inputs.keys()


@pytest.mark.parametrize("formula", PRESETS)
def test_a_preset_brings_its_values(formula):
    visit = Visit({"formula": "p*q"})
    visit.set("preset", formula)
    assert visit.inputs == PRESETS[formula]
    visit.same()


@pytest.mark.parametrize(
    ("formula", "reason", "place"),
    [
        ("a * sine(b)", "Did you mean sin?", 4),
        ("a +", "a variable or a function is missing", 3),
        ("2 + 3", "nothing to differentiate", 0),
        ("", "empty", 0),
        ("__import__('os')", "is not known", 0),
        ("<b>x</b>", "“<”", 0),
    ],
)
def test_what_is_no_formula_gets_a_sentence_and_its_place(formula, reason, place):
    visit = Visit()
    visit.set("formula", formula)
    (error,) = visit.app.error
    assert reason in error.value.replace("\\", "")
    assert visit.app.code[0].value == f"{formula}\n{' ' * place}^".lstrip("\n")
    assert error.value.replace("\\", "").endswith("What is shown is (a*b + c)*f.")
    assert visit.gradients == {"a": "6", "b": "−4", "c": "−2", "f": "4"}, "the last graph stays"
    visit.set("value_c", 9.0)
    assert visit.gradients["f"] == "3"
    visit.set("formula", "a*b")
    assert visit.inputs == {"a": 2, "b": -3}, "the values came back with the formula"
    assert not visit.app.error


def test_a_formula_to_start_from_brings_its_own_values_alone():
    visit = Visit()
    visit.set("value_c", 9.0)
    visit.set("preset", "sin(x^2)")
    assert visit.app.query_params == {"formula": "sin(x^2)", "values": "x~1.5"}


def test_an_emptied_field_keeps_its_value_and_nonsense_in_the_address_is_told():
    visit = Visit({"values": "a~2~b", "formula": "a*b"})
    assert "values" in visit.app.info[0].value
    assert visit.inputs == {"a": 2, "b": -3}
    visit.set("value_a", "")
    assert visit.inputs == {"a": 2, "b": -3}


@pytest.mark.parametrize("values", ["a~nan", "a~1e300", "a~2~b", "1a~3", "a~x", "~".join("a~1" for _ in range(50))])
def test_values_that_no_field_could_hold_are_refused(values):
    assert ChainSettings.read({"values": values})[1] == ["values"]


@pytest.mark.parametrize(("values", "told"), [("a~1~b~1", True), ("a~1~b~2", False)])
def test_a_kink_is_told(values, told):
    visit = Visit({"formula": "max(a, b)*2", "values": values})
    said = [each.value for each in visit.app.caption if "has no derivative" in each.value]
    assert len(said) == told
    assert all(each.startswith("Here v") for each in said)


def test_what_has_no_value_is_shown_as_such():
    visit = Visit({"formula": "log(a)", "values": "a~-1"})
    assert visit.graph["nodes"][-1]["value"] == "–"
    assert not visit.app.exception


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_asks_and_answers_in_every_language(scenario, language):
    _ = translation(language)
    answer = filled(_(scenario.answer), **CHAIN.facts(scenario.settings))
    spoken = [_(scenario.title), _(scenario.question), answer]
    assert all(bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en") for text in spoken)
    assert not re.search(r"[{}]|nan|\de[+-]\d", answer)
    assert "?" in scenario.question


def test_what_the_scenarios_claim():
    facts = {key: CHAIN.facts(scenario.settings) for key, scenario in SCENARIOS.items()}
    assert facts["one_input"]["gradient"]["c"] == -2
    assert facts["paths_meet"]["gradient"]["x"] == pytest.approx(3.0707, abs=1e-4)
    assert facts["vanishing"]["gradient"]["x"] < 0.01
    assert all(factor < 0.25 for factor in facts["vanishing"]["factor"])
    assert len(facts["vanishing"]["factor"]) == 4


def test_a_scenario_opens_with_its_own_formula():
    visit = Visit()
    visit.set("scenario", "vanishing")
    assert visit.inputs == {"x": 1}
    assert len(visit.graph["nodes"]) == 5
    visit.same()
