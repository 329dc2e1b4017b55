"""The network's page without a browser: what is set, what it computes, and the address that carries it all."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape as ls
import landscape.pages
from landscape.gradients.layers import ACTIVATION_LAYERS, INITIALIZATIONS
from landscape.gradients.tasks import TASKS
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.pages.gradients.network import (
    FIRST_ORDER,
    NETWORK,
    SCENARIOS,
    NetworkSettings,
    facts,
    message,
)

FRAME = Path(landscape.pages.__file__).with_name("frame.py")


class Visit:
    """A visit to the page; every step of it fails if the page shows an exception or sends what is no JSON."""

    def __init__(self, address=None, **context):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(NETWORK.key)  # switch_page knows files only
        self.app.session_state.first_weights = True  # the popover is open
        self.app.query_params.update(address or {})
        self.app.context.update(context)
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [error.message for error in self.app.exception] == []
        parts = [each.proto for each in self.app.get("bidi_component")]
        sent = {part.component_name: json.loads(part.json) for part in parts if part.json}
        self.stage = json.loads(sent["landscape_network"]["network"], parse_constant=lambda token: pytest.fail(token))
        self.curve = json.loads(sent["landscape_figure"]["figure"]) if "landscape_figure" in sent else None

    def set(self, name, value):
        kinds = ("selectbox", "text_input", "select_slider", "toggle", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    def click(self, key):
        (button,) = [each for each in self.app.button if each.key == key or each.label == key]
        assert not button.disabled
        self.run(button.click())

    def array(self, name):
        told = self.stage["arrays"][name]
        return np.array(told["values"], float).reshape(told["shape"])

    @property
    def settings(self):
        address = self.app.query_params
        base = SCENARIOS[address["scenario"]].settings if "scenario" in address else None
        read, refused = NetworkSettings.read(address, base)
        assert refused == []
        return read

    @property
    def loss(self):
        """The losses before and after the update, as the last formula has them."""
        after, before = re.findall(r"<mn>([\d.e-]+)</mn>", self.stage["steps"][-1]["formulas"][0])[-2:]
        return float(before), float(after)

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.stage == self.stage
        assert other.app.query_params == self.app.query_params


def test_the_first_screen_is_an_untrained_network_and_nothing_is_known_before_its_step():
    visit = Visit()
    assert visit.app.query_params == {}
    assert visit.curve is None
    assert visit.stage["steps"][0]["reveals"] == ["X", "Y", "W1", "b1", "W2", "b2"]
    assert visit.stage["steps"][0]["columns"] == ["X", "", ""]
    np.testing.assert_array_equal(visit.array("X"), TASKS["xor"].x)
    before, after = visit.loss
    assert after < before
    visit.same()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("activation", ACTIVATION_LAYERS)
def test_every_task_shows_the_numbers_of_the_core(task, activation):
    visit = Visit({"activation": activation, "hidden": "3~2"})
    visit.set("task", task)
    batch = TASKS[task]
    model = ls.perceptron(
        batch.x.shape[1], 3, 2, batch.outputs(batch.criteria[0]), activation=activation, init="xavier", seed=0
    )
    passed = ls.backpropagate(model, batch.x, batch.loss(batch.criteria[0]))
    for i, layer in enumerate(passed.learning, 1):
        np.testing.assert_allclose(visit.array(f"W{i}"), layer.parameters[0], rtol=1e-5)
        np.testing.assert_allclose(visit.array(f"Z{i}"), layer.output, rtol=1e-5)
        np.testing.assert_allclose(visit.array(f"dZ{i}"), layer.output_gradient, rtol=1e-5)
        np.testing.assert_allclose(visit.array(f"dW{i}"), layer.gradients[0], rtol=1e-5)
        np.testing.assert_allclose(visit.array(f"db{i}"), layer.gradients[1], rtol=1e-5)
        np.testing.assert_allclose(
            visit.array(f"W{i}+"), layer.parameters[0] - 0.5 * layer.gradients[0], rtol=1e-4, atol=1e-6
        )
    visit.same()


def test_layers_are_added_and_taken_away():
    visit = Visit({"check": "W2"})
    visit.set("hidden_1", 6)
    assert visit.settings.hidden == (4, 6)
    visit.set("hidden_2", 1)
    assert visit.settings.hidden == (4, 6, 1)
    visit.set("hidden_0", 2)
    assert visit.settings.hidden == (2, 6, 1)
    visit.set("check", "b4")
    visit.same()
    visit.set("hidden_1", 0)
    assert visit.settings.hidden == (2,)
    assert visit.settings.check == "W1"  # b4 is gone
    assert "W3" not in visit.stage["arrays"]


def test_there_is_no_fourth_hidden_layer():
    visit = Visit({"hidden": "3~3~3"})
    fields = [each.key for each in visit.app.selectbox if each.key.startswith("set_hidden")]
    assert fields == ["set_hidden_0", "set_hidden_1", "set_hidden_2"]
    visit = Visit({"hidden": "3~3~3~3"})
    assert visit.app.info[0].value.endswith(": hidden.")
    assert visit.settings.hidden == NetworkSettings().hidden


def test_every_array_is_told_with_its_shape():
    visit = Visit({"hidden": "3~2"})
    samples = len(TASKS["xor"].x)
    shapes = {"X": [samples, 2], "W1": [3, 2], "b1": [3], "Z1": [samples, 3], "H1": [samples, 3], "W2": [2, 3]}
    shapes |= {"H2": [samples, 2], "W3": [2, 2], "dW1": [3, 2], "db1": [3], "dW3": [2, 2], "W1+": [3, 2]}
    assert {name: visit.stage["arrays"][name]["shape"] for name in shapes} == shapes


@pytest.mark.parametrize("init", INITIALIZATIONS)
def test_the_seed_and_the_initialisation_decide_the_weights(init):
    visit = Visit()
    visit.set("init", init)
    visit.set("seed", 7)
    np.testing.assert_allclose(
        visit.array("W1"), ls.perceptron(2, 4, 2, init=init, seed=7).parameters()[0].data, rtol=1e-5
    )
    visit.same()


def test_training_by_steps_is_in_the_address():
    visit = Visit()
    losses = [visit.loss[0]]
    for key, steps in (("train_1", 1), ("train_10", 11), ("train_100", 111)):
        visit.click(key)
        assert visit.settings.steps == steps
        assert len(visit.curve["data"][0]["x"]["bdata"]) > 0
        losses.append(visit.loss[0])
        visit.same()
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 5
    model = ls.perceptron(2, 4, 2, activation="tanh", init="xavier", seed=0)
    training = ls.train(model, TASKS["xor"].x, TASKS["xor"].loss("cross_entropy"), learning_rate=0.5, steps=111)
    assert losses[-1] == pytest.approx(training.loss[-1], rel=1e-4)
    np.testing.assert_allclose(visit.array("W1"), model.parameters()[0].data, rtol=1e-5)
    visit.set("steps", 250)
    assert visit.settings.steps == 250
    visit.click("train_0")
    assert visit.app.query_params == {}
    assert visit.curve is None


@pytest.mark.parametrize("key", FIRST_ORDER)
def test_every_first_order_optimizer_updates_by_its_own_direction(key):
    visit = Visit({"optimizer": key, "steps": "7", "learning_rate": "0.01"})
    move = (visit.array("W1") - visit.array("W1+")) / 0.01
    np.testing.assert_allclose(move, visit.array("dW1" if key == "gradient_descent" else "W1d"), rtol=1e-2, atol=2e-4)
    visit.same()


def test_two_gradients_that_are_0_compare_nothing():
    visit = Visit({"hidden": "1", "activation": "relu", "seed": "2", "check": "W1"})
    assert not visit.array("dW1").any()
    assert "nothing is compared" in visit.stage["check"]["text"]


def test_a_gradient_is_checked_by_differences():
    visit = Visit()
    for name in ("W1", "b1", "W2", "b2"):
        visit.set("check", name)
        assert visit.stage["check"]["exact"] == f"d{name}"
        assert np.abs(visit.array("off")).max() < 1e-8
        np.testing.assert_allclose(visit.array("numerical"), visit.array(f"d{name}"), atol=1e-5)
        assert "same gradient" in visit.stage["check"]["text"]
    visit.set("h", 1.0)
    assert np.abs(visit.array("off")).max() > 1e-3
    assert "cuts corners" in visit.stage["check"]["text"]
    visit.same()


def test_a_kink_explains_why_differences_disagree():
    visit = Visit({"activation": "relu", "check": "b1"})
    assert "kink" in visit.stage["check"]["text"]


def test_a_training_that_diverges_says_so():
    visit = Visit({"scenario": "too_long", "steps": "400"})
    (warning,) = visit.app.warning
    assert re.search(r"After step \d+ the loss is no longer a finite number", warning.value)
    assert visit.stage["check"] is None
    visit.set("learning_rate", 0.1)
    assert visit.app.warning.len == 0
    visit.same()


@pytest.mark.parametrize("key", SCENARIOS)
def test_a_scenario_asks_and_answers_in_every_language(key):
    scenario = SCENARIOS[key]
    for language in LANGUAGES:
        visit = Visit({"lang": language} if language != "en" else {})
        visit.set("scenario", key)
        assert visit.settings == replace(scenario.opened(NetworkSettings()), lang="" if language == "en" else language)
        assert visit.app.success.len == 0
        visit.click(translation(language)("Show the answer"))
        (answer,) = visit.app.success
        assert not re.search(r"[{}]|\bnan\b|–", answer.value)
        visit.same()


def test_what_the_scenarios_claim():
    vanishing = facts(SCENARIOS["vanishing"].settings)
    assert vanishing["times"] > 100
    assert vanishing["after"] > 0.69  # ln 2: no better than a guess
    dead = facts(SCENARIOS["dead"].settings)
    assert (dead["dead"], dead["dead_later"], dead["units"]) == (2, 2, 6)
    assert dead["after"] < dead["before"] / 10
    assert facts(SCENARIOS["ten_five_one"].settings)["numbers"] == 50 + 5 + 5 + 1
    too_long = facts(SCENARIOS["too_long"].settings)
    assert too_long["after"] > 1e100
    assert too_long["careful"] < 0.1
    text = filled(SCENARIOS["too_long"].answer, **too_long)
    assert "4.7 × 10¹⁰⁹" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nonsense_in_the_address_is_named_and_replaced(language):
    nonsense = {
        "task": "moon",
        "hidden": "7",
        "activation": "cos",
        "seed": "-1",
        "optimizer": "newton",
        "learning_rate": "nan",
        "steps": "1e9",
        "check": "W9",
        "h": "0",
        "criterion": "hinge",
    }
    visit = Visit(nonsense | {"lang": language})
    (notice,) = visit.app.info
    assert set(re.findall(r"\w+", notice.value.replace("\\", "").lower())) >= set(nonsense)
    assert visit.stage["arrays"] == Visit({"lang": language}).stage["arrays"]


def test_a_loss_that_does_not_fit_the_task():
    visit = Visit({"task": "product", "criterion": "cross_entropy"})
    (notice,) = visit.app.info
    assert "criterion" in notice.value
    visit = Visit({"criterion": "mean_squared_error"})
    assert visit.array("Y").shape == (4, 1)
    visit.set("task", "product")
    visit.set("task", "xor")
    assert visit.app.info.len == 0
    visit.same()


def test_a_pass_leaves_the_network_that_others_look_at_alone():
    settings = NetworkSettings()
    model, _ = settings.training
    before = [(parameter.data.copy(), parameter.grad) for parameter in model.parameters()]
    assert settings.passed
    after = [(parameter.data, parameter.grad) for parameter in settings.training[0].parameters()]
    for (data, gradient), (same, still) in zip(before, after, strict=True):
        np.testing.assert_array_equal(data, same)
        assert gradient is still


def test_a_pass_is_worked_out_anew_only_where_something_decides_it():
    visit = Visit({"steps": "10"})
    before = message.cache_info().misses
    visit.set("logarithmic", True)
    Visit({"steps": "10", "logarithmic": "yes"})
    assert message.cache_info().misses == before
    visit.set("h", 1e-3)
    assert message.cache_info().misses == before + 1


def test_a_tiny_learning_rate_reads_as_every_number():
    visit = Visit({"learning_rate": "1e-9"})
    (slider,) = [each for each in visit.app.select_slider if each.key == "set_learning_rate"]
    assert slider.options[:2] == ["10⁻⁹", "0.001"]


def test_a_loss_that_stays_is_not_told_to_rise_and_the_dead_units_are_named():
    address = {"hidden": "4~4", "activation": "relu", "learning_rate": "10", "steps": "100"}
    last = Visit(address).stage["steps"][-1]
    assert "the loss stayed at 2.4713." in last["text"]
    settings = NetworkSettings(hidden=(4, 4), activation="relu", learning_rate=10.0, steps=100)
    dead = sum(int(layer.dead.sum()) for layer in settings.passed.layers)
    assert last["notes"] == [f"{dead} of 8 hidden units are dead for this batch: no gradient gets through them."]
    assert "fell" in Visit().stage["steps"][-1]["text"]


def test_an_example_forgets_what_was_refused_before_it():
    visit = Visit()
    visit.set("steps", "100000")
    assert "100000 is out of range" in visit.app.error[0].value
    visit.set("scenario", "dead")
    assert visit.app.error.len == 0
    assert visit.app.text_input(key="set_steps").value != "100000"
