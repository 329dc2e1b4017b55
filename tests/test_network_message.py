"""What the stage of a network is told: a lesson whose every step shows only what is known by then."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

import landscape as ls
from landscape.figures.palette import THEMES
from landscape.gradients.backpropagation import backpropagate, gradient_by_differences
from landscape.gradients.tasks import TASKS
from landscape.locale import LANGUAGES, translation
from landscape.stage.network_message import Check, TrainingStep, network_message

STAGE = Path(ls.__file__).parent / "stage"


def lesson(
    *hidden, task="xor", criterion="cross_entropy", optimizer=None, rate=0.5, language="en", bias=0.0, **network
):
    batch, optimizer = TASKS[task], optimizer or ls.GradientDescent()
    model = ls.perceptron(batch.x.shape[1], *hidden, batch.outputs(criterion), **{"seed": 0, **network})
    model.parameters()[1].data += bias
    before = backpropagate(model, batch.x, batch.loss(criterion))
    check = Check(
        "W1", 1e-5, gradient_by_differences(model, model.parameters()[0], batch.x, batch.loss(criterion), 1e-5)
    )
    step = ls.train(model, batch.x, batch.loss(criterion), optimizer=optimizer, learning_rate=rate, steps=1)
    after = backpropagate(model, batch.x, batch.loss(criterion))
    shown = TrainingStep(batch, criterion, before, after, optimizer, rate, step.directions)
    return network_message(
        shown, check, theme="light", projector=False, language=language, scenario="", _=translation(language)
    )


def array(sent, name):
    """An array as the equations show it."""
    told = sent["arrays"][name]
    if "transpose" in told:
        return array(sent, told["transpose"]).T
    return np.array(told["values"], float).reshape(told["shape"])


NETWORKS = pytest.mark.parametrize(
    ("hidden", "task", "criterion"),
    [
        ((1,), "xor", "cross_entropy"),
        ((4, 3), "clusters", "mean_squared_error"),
        ((6, 6, 6), "ring", "cross_entropy"),
        ((5,), "ten_features", "mean_squared_error"),
    ],
)


@NETWORKS
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_the_equations_are_true_of_their_arrays(hidden, task, criterion, activation):
    sent = lesson(*hidden, task=task, criterion=criterion, activation=activation)
    functions = {"ReLU": lambda z: np.maximum(z, 0), "Tanh": np.tanh, "Sigmoid": lambda z: 1 / (1 + np.exp(-z))}
    kinds = set()
    for step in sent["steps"]:
        for equation in step["equations"]:
            if "result" not in equation:
                continue
            parts = [array(sent, part) for part in equation["parts"] if part in sent["arrays"]]
            match equation["kind"]:
                case "product":
                    expected = parts[0] @ parts[1] + (parts[2] if len(parts) > 2 else 0)
                case "each":
                    expected = functions[equation["function"]](parts[0])
                case "softmax":
                    expected = np.exp(parts[0]) / np.exp(parts[0]).sum(1, keepdims=True)
                case "error":
                    numerator, n = map(int, equation["factor"].split("/"))
                    expected = numerator / n * (parts[0] - parts[1])
                case "columns":
                    expected = parts[0].sum(0)
                case "times":
                    expected = parts[0] * parts[1]
                case "update":
                    expected = parts[0] - equation["rate"] * parts[1]
            kinds.add(equation["kind"])
            np.testing.assert_allclose(array(sent, equation["result"]), expected, rtol=1e-4, atol=1e-5)
    assert kinds >= {"product", "each", "error", "columns", "times", "update"}


@NETWORKS
def test_nothing_is_shown_before_its_step(hidden, task, criterion):
    sent = lesson(*hidden, task=task, criterion=criterion)
    seen = set()
    for k, step in enumerate(sent["steps"]):
        fresh = set(step["reveals"])
        shown = {part for equation in step["equations"] for part in equation["parts"] if part in sent["arrays"]}
        shown |= {equation["result"] for equation in step["equations"] if "result" in equation}
        known = {sent["arrays"][name].get("transpose", name) for name in shown}
        assert known <= seen | fresh
        assert {*filter(None, step["columns"]), *step["edges"]} <= seen | fresh
        seen |= fresh
        assert all(norm["from"] != k or {"dW1", "dW2", "dW3", "dW4"} & fresh for norm in sent["norms"])
    assert seen | {name for name, told in sent["arrays"].items() if "transpose" in told} | {"numerical", "off"} == set(
        sent["arrays"]
    )
    assert "dW1" in sent["steps"][sent["check"]["from"]]["reveals"]


def test_a_lesson_goes_forwards_backwards_and_updates():
    titles = [step["title"] for step in lesson(3)["steps"]]
    assert titles == [
        "The batch",
        "Forward: weights and bias of layer 1",
        "Forward: activation of layer 1",
        "Forward: weights and bias of layer 2",
        "Forward: softmax",
        "The loss",
        "Backward: the loss in the outputs",
        "Backward: weights and bias of layer 2",
        "Backward: to the units of layer 1",
        "Backward: through the activation of layer 1",
        "Backward: weights and bias of layer 1",
        "Update: layer 1",
        "Update: layer 2",
        "The loss after the update",
    ]


def test_vanishing_gradients_and_dead_units_are_named_at_their_step():
    sent = lesson(6, 6, 6, activation="sigmoid", init="xavier", seed=1)
    (note,) = [note for step in sent["steps"] for note in step.get("notes", [])]
    assert "360 times shorter" in note
    lengths = [norm["value"] for norm in sent["norms"]]
    assert lengths == sorted(lengths)
    assert [norm["name"] for norm in sent["norms"]] == ["W₁", "W₂", "W₃", "W₄"]

    sent = lesson(6, seed=3)
    (note,) = [note for step in sent["steps"] for note in step.get("notes", [])]
    step = next(step for step in sent["steps"] if step.get("notes"))
    dead = np.flatnonzero(sent["dead"][1]["units"]) + 1
    assert note.endswith(f"unit {dead[0]}, {dead[1]}.")
    assert sent["steps"][sent["dead"][1]["from"]] is step
    assert not array(sent, "H1")[:, dead - 1].any()

    notes = [note for step in lesson(3, bias=-100.0)["steps"] for note in step.get("notes", [])]
    assert "No gradient arrives" in notes[-2]
    assert notes[-1].startswith("3 of 3 hidden units are dead"), "where the loss stays, the last step says why"


@pytest.mark.parametrize(
    ("rate", "verb"), [(0.1, "fell"), (0.0, "stayed"), (1000.0, "rose"), (1e300, "is no longer a finite number")]
)
def test_what_the_update_did_to_the_loss(rate, verb):
    assert f"the loss {verb}" in lesson(3, rate=rate)["steps"][-1]["text"]


def test_an_optimizer_shows_its_formula_and_its_direction():
    sent = lesson(3, optimizer=ls.Adam(), activation="tanh", task="clusters")
    update = next(step for step in sent["steps"] if step["title"] == "Update: layer 1")
    assert len(update["formulas"]) == len(ls.Adam().formula) - 1 + 2
    np.testing.assert_allclose(np.abs(array(sent, "W1d")), 1, atol=1e-3)  # Adam's first step


def test_numbers_that_are_not_finite_are_json():
    sent = lesson(3, rate=1e200)
    text = json.dumps(sent, allow_nan=False)
    assert json.loads(text)["arrays"]["W1+"] == sent["arrays"]["W1+"]
    assert not re.search(r"\bnan\b|\binf\b", sent["steps"][-1]["text"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_formulas(language):
    sent = lesson(3, 2, optimizer=ls.NAdam(), language=language)
    script = "".join((STAGE / name).read_text(encoding="utf-8") for name in ("network.js", "playback.js"))
    pages = "".join((STAGE / name).read_text(encoding="utf-8") for name in ("network.html", "playback.html"))
    used = set(re.findall(r"\btexts\.(\w+)", script)) | set(re.findall(r'data-(?:text|label)="(\w+)"', pages))
    assert used | {"language"} == set(sent["texts"])
    assert sent["texts"]["forward"] == translation(language)("One step on (→)")  # the playback's own words stay
    for markup in [formula for step in sent["steps"] for formula in step["formulas"]] + [
        told["name"] for told in sent["arrays"].values()
    ]:
        ElementTree.fromstring(markup)
    for step in sent["steps"]:
        for text in (step["title"], step["text"]):
            assert not re.search(r"[{}]", text)
            assert bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en"), text


def test_the_look_follows_theme_and_projector():
    sent = lesson(3)
    assert sent["look"]["page"] == THEMES["light"].page
    assert sent["look"]["positive"] != sent["look"]["negative"]
