"""The Batches page without a browser: every control, data that people bring, and the address that carries the rest."""

import base64
import gc
import json
import re
import weakref
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import landscape.pages
from landscape.analysis.efficiency import efficiency, target_loss
from landscape.descent.descend import descend
from landscape.descent.optimizers import OPTIMIZERS, Adam
from landscape.descent.schedules import InverseTimeDecay
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.sample_loss import LOSSES
from landscape.objectives.samples import SAMPLES, MadeDataSet, standardize
from landscape.pages.batches.data import Own
from landscape.pages.batches.edits import MOST_EDITS, Edit
from landscape.pages.batches.own_controls import LONGEST_TEXT
from landscape.pages.batches.page import BATCHES
from landscape.pages.batches.results import duration, far_away
from landscape.pages.batches.scenarios import SCENARIOS
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import MOST_EPOCHS, OWN, SAMPLING, BatchRun, Settings
from landscape.pages.run_settings import MOST_RUNS, RATES
from landscape.pages.stage_settings import HEIGHTS, QUANTITIES

FRAME = Path(landscape.pages.__file__).with_name("frame.py")
PAGE = """
import streamlit as st

from landscape.pages.address import arrive
from landscape.pages.batches.own_controls import take
from landscape.pages.batches.page import BATCHES
from landscape.pages.batches.points import on_points

arrive(BATCHES)
if "wish" in st.session_state:  # what the stage sends when a person changes a sample
    on_points(st.session_state.pop("wish"))
if "file" in st.session_state:
    take(st.session_state.pop("file"), "data.csv")
BATCHES.draw(BATCHES)
"""

languages = pytest.mark.parametrize("language", LANGUAGES)


class Visit:
    """A visit to the page. Every step of it fails if the page shows an exception or sends the stage what is no JSON."""

    def __init__(self, address=None, **context):
        self.app = AppTest.from_string(PAGE, default_timeout=60)
        self.app.query_params.update(address or {})
        self.app.context.update(context)
        for popover in ("bring", "samples", "loss", "view", "method", "order"):
            self.app.session_state[popover] = True
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []
        sent = {part.proto.component_name: part.proto.json for part in self.app.get("bidi_component")}
        self.landscape = strict(strict(sent["batches_stage"])["landscape"])
        self.data = strict(strict(sent["batches_stage"])["data"])
        self.paths = strict(strict(sent["landscape_paths"])["paths"])
        assert self.paths["landscape"] == self.landscape["id"], "the paths lie on another landscape"

    def widget(self, name):
        kinds = "selectbox text_input text_area slider select_slider toggle button_group radio multiselect"
        found = [each for kind in kinds.split() for each in getattr(self.app, kind)]
        (widget,) = [each for each in found if each.key in (name, f"set_{name}")]
        return widget

    def set(self, name, value):
        """Give a widget, known by its key or the end of it, a value."""
        widget = self.widget(name)
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    def click(self, name):
        """Press a button, known by its key or its label."""
        (button,) = [each for each in self.app.button if name in (each.key, each.label)]
        assert not button.disabled
        self.run(button.click())

    def paste(self, text):
        """Bring data of one's own."""
        if self.settings.data != OWN:
            self.set("data", OWN)
        self.set("own_text", text)

    def act(self, **wish):
        """Change a sample on the stage."""
        self.app.session_state["wish"] = wish
        self.run(self.app)

    @property
    def settings(self):
        """What the address says."""
        address = self.app.query_params
        base = SCENARIOS[address["scenario"]].settings if "scenario" in address else None
        read, refused = Settings.read(address, base)
        assert refused == []
        return read

    @property
    def runs(self):
        return self.paths["runs"]

    @property
    def text(self):
        """All sentences of the page."""
        kinds = ("markdown", "info", "warning", "error", "success", "caption")
        return "\n".join(each.value for kind in kinds for each in getattr(self.app, kind))

    @property
    def table(self):
        """The cells of the table of what each run costs, in its rows."""
        (table,) = [each.value for each in self.app.markdown if each.value.startswith("<table")]
        rows = re.findall("<tr.*?</tr>", table)
        return [[unescape(cell) for cell in re.findall("<t[hd].*?>(.*?)<", row)] for row in rows]

    @property
    def samples(self):
        return np.array([numbers(self.data["x"]), numbers(self.data["y"])])

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.paths == self.paths
        assert other.landscape == self.landscape
        assert other.data == self.data
        assert other.app.query_params == self.app.query_params
        assert other.app.info.len == self.app.info.len


def strict(text):
    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    return json.loads(text, parse_constant=refuse)


def numbers(text):
    if text.startswith("way:"):
        data = base64.b64decode(text[4:])
        return np.cumsum([*np.frombuffer(data[:8], "<f8"), *np.frombuffer(data[8:], "<f4").astype(float)])
    kind, data = ("<f8", text[3:]) if text.startswith("f8:") else ("<f4", text)
    return np.frombuffer(base64.b64decode(data), dtype=kind)


def updates(run):
    """The updates after which a run's frames are."""
    return numbers(run["updates"]).astype(int) if "updates" in run else np.arange(path(run).shape[1])


def path(run):
    return np.array([numbers(run["x"]), numbers(run["y"])])


def loss_of(settings, samples=None):
    """The loss that a page with these settings is about, made by hand."""
    data_set = SAMPLES[settings.data]
    samples = samples or data_set.samples()
    scaled = data_set.scaled if settings.scaled is None else settings.scaled
    x = standardize(samples.x).x if scaled else samples.x
    if data_set.classes:
        return LogisticRegression(x, samples.y, l1=settings.l1, l2=settings.l2)
    return LinearRegression(x, samples.y, loss=settings.loss, l1=settings.l1, l2=settings.l2)


def test_the_first_screen_races_three_batch_sizes():
    visit = Visit()
    assert visit.app.query_params == {}
    assert visit.app.info.len == visit.app.warning.len == visit.app.error.len == 0
    assert [run["name"] for run in visit.runs] == ["Batch size 1", "Batch size 8", "Whole batch (64)"]
    assert [path(run).shape[1] - 1 for run in visit.runs] == [640, 80, 10]
    assert {tuple(path(run)[:, 0]) for run in visit.runs} == {(-1.5, 2.5)}
    loss = loss_of(Settings())
    for size, run in zip((1, 8, 64), visit.runs, strict=True):
        expected = descend(loss, start=(-1.5, 2.5), learning_rate=0.05, batch_size=size, epochs=10)
        np.testing.assert_allclose(path(run), expected.theta, rtol=1e-5, atol=1e-5)
        if size < 64:  # the loss of all samples is drawn already
            np.testing.assert_allclose(numbers(run["batch_loss"])[:-1], expected.batch_loss, rtol=1e-5)
    assert "batch_loss" not in visit.runs[2]
    assert visit.samples.shape == (2, 64)
    assert SAMPLES["noisy_line"].about in visit.text
    visit.same()


def test_the_page_is_in_the_menu():
    from landscape.pages.menu import PAGES

    assert list(PAGES)[:2] == ["", "batches"]
    app = AppTest.from_file(FRAME, default_timeout=60).run()
    assert not app.exception


@languages
@pytest.mark.parametrize("key", SAMPLES)
def test_where_data_are_from_is_told_in_the_language_of_the_page(key, language):
    data_set, _ = SAMPLES[key], translation(language)
    captions = [each.value for each in Visit({"data": key, "lang": language}).app.caption]
    (told,) = [
        each for each in captions if each.startswith({"en": "Source: ", "zh-Hans": "来源："}.get(language, "來源："))
    ]
    assert data_set.source in told
    own_words = told.replace(data_set.source, "") if data_set.source else told
    assert language == "en" or re.findall("[A-Za-z]+", own_words) == ["R", data_set.r_name] * bool(data_set.r_name)
    (allowed,) = [each for each in captions if each.startswith(_("Licence: MIT, as this program")[:3])]
    assert ("MIT" in allowed) is not bool(data_set.source)
    assert ("GPL" in allowed) is bool(data_set.r_name)
    assert ("313.3" in allowed) is bool(data_set.source)
    assert (" in R as " in told) is (language == "en" and key in ("cars", "old_faithful", "fuel"))


@pytest.mark.parametrize("key", SAMPLES)
def test_a_data_set_brings_its_start_its_view_and_runs_that_descend(key):
    visit = Visit({"data": "cars" if key != "cars" else "fuel"})
    visit.set("data", key)
    data_set = SAMPLES[key]
    assert data_set.about in visit.text
    (left, right), (bottom, top) = (visit.landscape["contour"]["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
    minimum = loss_of(Settings(data=key)).minimum
    x, y = visit.paths["start"]
    assert left < x < right
    assert bottom < y < top
    assert minimum is None or (left < minimum[0] < right and bottom < minimum[1] < top)
    for run in visit.runs:
        loss = numbers(run["loss"])
        assert np.isfinite(loss).all()
        assert loss[-1] < loss[0]
    visit.same()


RAVINE = "**No run ends near the minimum**: along the floor of the ravine"
STILL_FAR = "**No run ends near the minimum** yet"


@pytest.mark.parametrize("key", [key for key in SAMPLES if key != "separate"])  # which has no minimum
def test_at_first_sight_a_run_arrives_or_the_page_says_why_not(key):
    for loss in ["squared"] if SAMPLES[key].classes else LOSSES:
        for scaled in (None, False, True):
            scene = Scene(Settings().on_another_landscape(data=key, loss=loss, scaled=scaled))
            ends = [
                run.trajectory.theta[:, -2 - run.trajectory.stop.step // 10 :].mean(axis=1) for run in scene.records
            ]
            away = np.abs(np.subtract(ends, scene.objective.minimum)) / np.ptp(scene.view, axis=1)
            said = far_away(scene, [0, 1, 2], str)
            assert (not said) is bool((away < 0.06).all(axis=1).any())
            assert not said or (not scene.scaled and said.startswith(RAVINE))


def test_data_that_teach_nothing_unscaled_are_scaled_at_first():
    visit = Visit({"data": "o_rings"})
    assert visit.widget("scaled").value is True
    assert "Scaled at first" in visit.text
    assert "No run ends near" not in visit.text
    visit.set("scaled", False)
    assert visit.settings.scaled is False
    assert "Scaled at first" not in visit.text
    assert RAVINE in visit.text
    visit.same()
    visit.set("scaled", True)
    assert "scaled" not in visit.app.query_params
    visit.set("data", "flats")
    assert visit.widget("scaled").value is False


def test_epochs_suit_the_data_until_somebody_chooses_them():
    visit = Visit({"data": "five_points"})
    assert visit.widget("epochs").value == "50"
    near = visit.paths["runs"][0]
    assert np.abs(path(near)[:, -1] - (2, 0)).max() < 0.2
    visit.act(act="move", index=4, x=5, y=4, final=True)
    assert visit.widget("epochs").value == "50", "what a hand moves changes nothing else"
    visit.set("epochs", 5)
    assert STILL_FAR in visit.text or RAVINE in visit.text
    assert visit.settings.epochs == 5
    visit.same()
    visit.set("data", "noisy_line")
    assert visit.widget("epochs").value == "5"
    visit.set("epochs", "")
    assert visit.widget("epochs").value == "10"
    assert visit.app.query_params == {}
    visit = Visit({"scenario": "who_wins", "revealed": "yes"})
    visit.set("epochs", 1)
    visit.set("data", "fuel")
    assert visit.widget("epochs").value == "50"


def test_a_landscape_that_is_no_ravine_only_needs_more_epochs():
    visit = Visit({"epochs": "1", "runs": "gradient_descent~0.05"})
    assert STILL_FAR in visit.text
    visit.set("epochs", 100)
    assert "No run ends near" not in visit.text
    visit.set("rate_exact", 9)  # diverges, as the table says
    assert "No run ends near" not in visit.text


@languages
def test_only_a_run_that_has_arrived_has_noise_at_the_end(language):
    visit = Visit(
        {
            "runs": "~~".join(
                f"gradient_descent~{run}" for run in ("9~batch.1", "0.05~batch.8", "0.0005~batch.8", "0.05")
            ),
            "seeds": "yes",
            "lang": language,
        }
    )
    cells = [row[4] for row in visit.table[1:]]
    _ = translation(language)
    floors, advice = ([row[column] for row in visit.table[1:]] for column in (-2, -1))
    assert (floors[0], floors[3]) == (_("diverged"), _("none"))
    assert 0 < float(floors[1]) < 0.01
    assert advice[0] == _("Not at this learning rate, at which it diverged: take a smaller one.")
    assert advice[0] not in advice[1:]
    assert cells[:1] + cells[2:] == [_("diverged"), _("still descending"), _("none")]
    assert float(cells[1]) < 0.01


def test_runs_that_leave_their_learning_rate_open_share_one():
    visit = Visit({"data": "old_faithful"})
    visit.set("data", "flats")
    assert {run.learning_rate for run in visit.settings.runs} == {None}
    visit.set("focus", 0)
    rates = []
    for i in range(3):
        visit.set("focus", i)
        rates.append(visit.widget("rate").value)
    assert len(set(rates)) == 1
    visit.set("rate", 1e-5)
    visit.set("data", "cars")
    assert visit.settings.runs[2].learning_rate == 1e-5  # what a person chose stays


@pytest.mark.parametrize("key", [key for key, each in SAMPLES.items() if isinstance(each, MadeDataSet)])
def test_made_data_are_made_anew(key):
    visit = Visit({"data": key})
    visit.set("size", 20)
    visit.set("noise", 0.0)
    visit.set("data_seed", 5)
    expected = SAMPLES[key].samples(20, 0.0, 5)
    x, y = visit.samples
    np.testing.assert_allclose(x, expected.x if expected.x.ndim == 1 else expected.x[:, 0], rtol=1e-6)
    np.testing.assert_allclose(y, expected.y if expected.x.ndim == 1 else expected.x[:, 1], rtol=1e-6)
    visit.same()
    visit.set("data_seed", "")
    assert visit.settings.data_seed is None


def test_the_loss_its_penalties_and_its_scale_are_chosen():
    visit = Visit({"data": "fuel", "runs": "gradient_descent~0.001"})
    for name, value in (("loss", "absolute"), ("loss", "huber"), ("l2", 0.5), ("l1", 0.1), ("scaled", True)):
        before = visit.landscape["id"]
        visit.set(name, value)
        assert visit.landscape["id"] != before
        visit.same()
    loss = loss_of(replace(visit.settings, data="fuel"))
    run = descend(loss, start=(0, 0), learning_rate=0.001, epochs=10)
    np.testing.assert_allclose(path(visit.runs[0]), run.theta, rtol=1e-5, atol=1e-11)
    assert visit.landscape["lowest"] == pytest.approx(float(loss(loss.minimum)))
    assert visit.data["scale"] == pytest.approx([float(standardize(SAMPLES["fuel"].samples().x).scale)])


def test_what_scaling_does_is_told_in_numbers():
    visit = Visit({"data": "flats"})
    assert "Condition number 1163; with scaled features 1." in visit.text
    assert "2/λmax = 0.00866; with scaled features 1." in visit.text
    visit.set("loss", "absolute")
    assert "curvature is 0" in visit.text
    assert "subgradients is taken there" in visit.text, "of the kink"
    visit.set("data", "two_features")
    visit.set("loss", "squared")
    x = SAMPLES["two_features"].samples().x
    before, after = (np.linalg.cond(matrix) ** 2 for matrix in (x, x / np.sqrt((x**2).mean(axis=0))))
    assert f"Condition number {before:.4g}; with scaled features {after:.4g}." in visit.text
    visit.set("projector", True)
    assert f"Condition {before:.3g} (scaled {after:.3g})" in visit.text


def test_kinks_and_zero_weights_are_told():
    visit = Visit({"data": "overlapping", "l1": "0.3"})
    assert "subgradient" in visit.text
    assert "weight 2 is exactly 0" in visit.text
    visit.set("l1", 0.1)
    assert "no weight is 0 yet" in visit.text
    visit.set("l1", 0.0)
    assert "subgradient" not in visit.text


def test_a_batch_size_is_chosen():
    visit = Visit()
    assert visit.widget("batch_size").options == ["1: stochastic", "2", "4", "8", "16", "32", "64: whole batch"]
    visit.set("batch_size", 4)
    assert visit.runs[0]["name"] == "Batch size 4"
    assert path(visit.runs[0]).shape[1] == 161
    visit.set("batch_size", 64)
    assert visit.runs[0]["x"] == visit.runs[2]["x"]
    visit.same()
    visit.set("size", 10)
    visit.set("focus", 1)
    assert visit.widget("batch_size").options == ["1: stochastic", "2", "4", "8", "10: whole batch"]
    visit.set("size", 5)
    assert [run["name"] for run in visit.runs] == [
        "Whole batch (5), #1",
        "Batch size 4",
        "Whole batch (5), #2",
    ]
    visit.same()


EQUAL = "some batch sizes are the same, and so are their runs."


def test_equal_runs_over_a_single_sample_are_explained():
    visit = Visit()
    visit.paste("1 2\n")
    assert [run["name"] for run in visit.runs] == [f"Whole batch (1), #{i}" for i in (1, 2, 3)]
    assert f"With so few samples (n = 1) {EQUAL}" in visit.text
    visit.click("remove")
    visit.click("remove")
    assert EQUAL not in visit.text


@pytest.mark.parametrize(("count", "mini", "added"), [(9, 8, 2), (8, 4, 2), (5, 4, None), (4, 2, None), (3, 2, None)])
def test_no_two_runs_are_equal_where_there_are_few_samples(count, mini, added):
    """`added`: the batch size of one more run over a sample less; None, the whole batch, where each is taken."""
    visit = Visit()
    visit.paste("\n".join(f"{i} {2 * i + i % 2}" for i in range(count)))
    names = ["Batch size 1", f"Batch size {mini}", f"Whole batch ({count})"]
    assert [run["name"] for run in visit.runs] == names
    assert EQUAL not in visit.text
    visit.act(act="remove", index=0)
    assert any("#" in run["name"] for run in visit.runs) is (count == 3)
    assert (EQUAL in visit.text) is (count == 3)
    visit.click("add")
    assert visit.settings.runs[-1].batch_size == added


def test_a_learning_rate_that_nobody_chose_suits_the_data_that_were_chosen():
    visit = Visit()
    visit.set("data", "fuel")
    visit.set("data", "noisy_line")
    assert visit.app.query_params == {}  # those of the first screen are there again
    visit.set("loss", "absolute")
    visit.set("loss", "squared")
    assert visit.app.query_params == {}
    visit.set("data", "five_points")
    rate, loss = visit.widget("rate").value, visit.runs[0]["loss"]
    # It stays while samples are changed by hand, also where one rate suits them less: what is seen is what they do.
    visit.act(act="move", index=4, x=6, y=2, final=True)
    visit.act(act="add", x=3, y=7, final=True)
    for _ in range(6):
        visit.act(act="add", x=2, y=1, final=True)
    visit.act(act="remove", index=0)
    assert visit.widget("rate").value == rate
    assert visit.runs[0]["loss"] != loss
    visit.same()


def test_where_there_is_no_minimum_the_curvature_is_that_of_the_start():
    measured = "Measured at the start, for there is no minimum."
    assert measured in Visit({"data": "separate"}).text
    assert measured not in Visit({"data": "overlapping"}).text


def test_a_learning_rate_that_is_chosen_for_one_run_changes_no_other():
    visit = Visit()
    visit.set("scaled", True)
    before = visit.runs
    visit.set("rate_exact", 100)
    assert visit.runs[0]["loss"] != before[0]["loss"]
    assert [run["loss"] for run in visit.runs[1:]] == [run["loss"] for run in before[1:]]


def test_computing_time_is_measured_in_any_units():
    visit = Visit()
    visit.paste("1e12 1\n2e12 2\n3e12 3\n4e12 5\n")
    assert "computing time: " in visit.text
    assert not re.search(r"\b0 ns", visit.text)


@pytest.mark.parametrize("sampling", SAMPLING)
def test_the_order_is_chosen(sampling):
    visit = Visit({"seed": "3", "epochs": "2"})
    visit.set("sampling", sampling)
    order = {"reshuffle": sampling != "shuffled", "replacement": sampling == "replacement"}
    loss = loss_of(Settings())
    for size, run in zip((1, 8), visit.runs, strict=False):
        expected = descend(loss, start=(-1.5, 2.5), learning_rate=0.05, batch_size=size, epochs=2, seed=3, **order)
        np.testing.assert_allclose(path(run), expected.theta, rtol=1e-5, atol=1e-5)
    visit.same()


@pytest.mark.parametrize("key", OPTIMIZERS)
@pytest.mark.parametrize("sampling", SAMPLING)
def test_every_optimizer_runs_over_batches_or_says_why_not(key, sampling):
    visit = Visit({"runs": f"{key}~0.1~batch.8~~{key}~0.1~schedule.backtracking~batch.8", "sampling": sampling})
    needs_all = key in ("newton", "lbfgs")
    assert visit.runs[0]["name"].startswith("Whole batch" if needs_all else "Batch size 8")
    assert visit.runs[1]["name"].startswith("Whole batch")
    assert visit.widget("batch_size").disabled is needs_all
    visit.set("focus", 1)
    assert visit.widget("batch_size").disabled
    assert "its batch is the whole data" in visit.text
    visit.same()


@pytest.mark.parametrize("key", RATES)
def test_every_schedule_counts_updates(key):
    visit = Visit({"runs": f"gradient_descent~0.05~schedule.{key}~batch.4"})
    visit.same()
    if key == "inverse_time":
        run = descend(
            loss_of(Settings()), start=(-1.5, 2.5), learning_rate=InverseTimeDecay(0.05), batch_size=4, epochs=10
        )
        np.testing.assert_allclose(path(visit.runs[0]), run.theta, rtol=1e-5, atol=1e-5)


def test_runs_are_added_with_sizes_of_their_own():
    visit = Visit()
    for count in range(4, MOST_RUNS + 1):
        visit.click("add")
        assert len({run["name"] for run in visit.runs}) == count
    assert visit.app.button(key="add").disabled
    visit.click("duplicate") if not visit.app.button(key="duplicate").disabled else None
    visit.click("hide")
    assert visit.runs[-1]["visible"] is False
    visit.same()
    for left in range(MOST_RUNS - 1, -1, -1):
        visit.click("remove")
        assert len(visit.runs) == left
    assert visit.app.info.len == 1
    visit.same()
    visit.click("add")
    assert len(visit.runs) == 1


def test_long_runs_are_sent_in_as_many_points_as_a_page_needs():
    visit = Visit({"epochs": "300", "runs": "gradient_descent~0.05~batch.1"})
    (run,) = visit.runs
    expected = descend(loss_of(Settings()), start=(-1.5, 2.5), learning_rate=0.05, batch_size=1, epochs=300)
    assert expected.stop.step == 19_200
    shown = path(run)
    at = updates(run)
    assert shown.shape[1] == len(at) <= 1025
    np.testing.assert_array_equal(at[:513], np.arange(513), "at first every update is shown")
    assert at[-1] == 19_200
    assert set(np.diff(at)[512:]) == {64}
    np.testing.assert_allclose(shown, expected.theta[:, at], rtol=1e-5, atol=1e-5)
    step = [numbers(column) for column in run["moves"]]
    lengths = np.hypot(*np.diff(expected.theta))[at[:-1]]
    np.testing.assert_allclose(np.hypot(*step), lengths, rtol=1e-6, err_msg="a step is one update")
    assert len(json.dumps(visit.paths)) < 100_000
    visit.set("epochs", MOST_EPOCHS)
    assert "Computed up to update 20,000 of 192,000: Batch size 1." in visit.text
    assert "20000" in visit.runs[0]["ended"].replace(",", "")


def test_a_run_that_is_shorter_than_its_epochs_is_named():
    runs = "~~".join(f"gradient_descent~1e-5{batch}" for batch in ("~batch.500", "~batch.50", ""))
    visit = Visit({"size": "1000", "epochs": "1000", "runs": runs})
    assert [updates(run)[-1] for run in visit.runs] == [1000, 10_000, 1000]
    assert "Computed up to update 1,000 of 2,000: Batch size 500." in visit.text
    assert "Computed up to update 10,000 of 20,000: Batch size 50." in visit.text
    assert visit.text.count("Computed up to") == 2, "the whole batch takes its 1000 steps"
    visit.set("epochs", 500)
    assert [updates(run)[-1] for run in visit.runs] == [1000, 10_000, 500]
    assert "Computed up to" not in visit.text


def test_the_numbers_of_a_step_are_those_of_the_run_also_where_few_steps_are_sent():
    visit = Visit({"epochs": "40", "runs": "adam~0.05~batch.1"})
    visit.app.session_state["numbers_seen"] = True
    visit.run(visit.app)
    run = descend(loss_of(Settings()), start=(-1.5, 2.5), optimizer=Adam(), learning_rate=0.05, batch_size=1, epochs=40)
    sent, at = visit.paths["numbers"]["series"], updates(visit.runs[0])[:-1]
    assert np.diff(at).max() > 1
    assert len(visit.paths["numbers"]["lines"]) == len(Adam().formula)
    expected = {"g": run.batch_gradient[:, at], "m": run.states["m"][:, at]}
    expected["m-"] = np.column_stack([np.zeros(2), run.states["m"][:, at[1:] - 1]])
    for name, values in expected.items():
        np.testing.assert_allclose([numbers(column) for column in sent[name]], values, rtol=1e-5, atol=1e-6)


def test_who_is_first_is_told_for_every_axis():
    visit = Visit({"epochs": "50", "runs": "gradient_descent~0.05~~gradient_descent~0.05~batch.1"})
    told = next(each.value for each in visit.app.markdown if "First below" in each.value)
    loss = loss_of(Settings())
    target = 0.99 * loss(loss.minimum) + 0.01 * loss((-1.5, 2.5))
    whole, single = (
        descend(loss, start=(-1.5, 2.5), learning_rate=0.05, batch_size=size, epochs=50) for size in (64, 1)
    )
    updates = int(np.argmax(whole.loss <= target)), int(np.argmax(single.loss <= target))
    assert f"{target:.4g}" in told
    assert f"updates: {('Whole batch', 'Batch size 1')[updates[1] < updates[0]]}" in told.replace("\\", "")
    assert f"({min(updates)})" in told
    assert f"samples seen: Batch size 1 ({updates[1]})" in told
    assert re.search(r"computing time: .*(\([\d.]+ (µs|ms)\)|equal within 10)", told)
    assert "The winner changes" in told
    assert [axis["key"] for axis in visit.paths["axes"]] == ["updates", "epochs", "samples", "seconds"]
    places = visit.runs[1]["positions"]
    assert (places["updates"], places["samples"]) == (1.0, 1.0)  # an update sees one sample
    assert places["epochs"] == pytest.approx(1 / 64)


def test_the_table_tells_what_each_run_costs():
    visit = Visit()
    head, *rows = visit.table
    assert [row[1] for row in rows] == ["64", "8", "1"]
    assert [row[5] for row in rows] == ["16 B", "128 B", "1 KB"]
    scene = Scene(Settings())
    runs = [descent.trajectory for descent in scene.descents]
    expected = [efficiency(run, target_loss(runs), seconds) for run, seconds in zip(runs, scene.seconds, strict=True)]
    assert [row[2] for row in rows] == [duration(each.seconds_per_update) for each in expected]
    assert head[3] == f"epochs to loss {target_loss(runs):.4g}"
    assert [row[3] for row in rows[:2]] == [f"{each.reached['epochs']:.3g}" for each in expected[:2]]
    assert (rows[2][3], expected[2].reached) == ("not reached", None)
    assert len({row[-1] for row in rows}) == 3
    visit.set("seeds", True)
    assert "noise floor, 30 seeds (mean loss above the minimum)" in visit.table[0]
    for run in visit.runs:
        assert len(numbers(run["seeds"]["ends"][0])) == 30
        low, middle, high = (numbers(run["seeds"][name]) for name in ("lower", "median", "upper"))
        assert (low <= middle).all()
        assert (middle <= high).all()
    visit.same()


def test_the_loss_to_reach_is_chosen():
    visit = Visit()
    visit.set("target", 0.5)
    assert visit.app.query_params == {"target": "0.5"}
    head, *rows = visit.table
    assert head[3] == "epochs to loss 0.5"
    for row, run in zip(rows, Scene(Settings()).descents, strict=True):
        there = np.flatnonzero(run.trajectory.loss <= 0.5)
        assert row[3] == (f"{there[0] / run.trajectory.batches.per_epoch:.3g}" if len(there) else "not reached")
    assert "**First below the loss 0.5**, counted in" in visit.text
    visit.same()
    visit.set("target", 0.01)
    loss = loss_of(Settings())
    lowest = loss(loss.minimum)
    assert f"The loss 0.01 lies below the minimum, {lowest:.4g}, and no run can reach it." in visit.text
    visit.set("target", 0.2851375)
    assert "No run reaches the loss 0.2851." in visit.text
    visit.set("target", "")
    assert visit.app.query_params == {}
    assert "99\u00a0% of the way down" in visit.text
    visit.set("target", 0.5)
    visit.set("loss", "absolute")
    assert visit.settings.target is None  # of another landscape it says nothing


def test_one_run_may_win_on_every_axis_or_none_arrive():
    visit = Visit({"runs": "gradient_descent~0.05~batch.8", "epochs": "20"})
    assert "One run wins whatever is counted." in visit.text
    visit.set("epochs", 1)
    assert "No run reaches the loss" in visit.text


def test_where_the_samples_gradients_cancel_nothing_is_raced_for():
    visit = Visit()
    visit.paste("a,b,label\n0,0,0\n1,1,0\n0,1,1\n1,0,1\n")
    assert [updates(run)[-1] for run in visit.runs] == [40, 20, 0]
    assert "At the start the loss is down to 0.6931 already: there is nothing to race for." in visit.text
    assert "99 %" not in visit.text


def test_runs_that_are_alike_have_numbers():
    visit = Visit({"runs": "~~".join(["gradient_descent~0.05~batch.1"] * 2 + ["gradient_descent~0.05~batch.8"])})
    assert [run["name"] for run in visit.runs] == ["Batch size 1, #1", "Batch size 1, #2", "Batch size 8"]
    assert [row[0] for row in visit.table[1:]] == [run["name"] for run in visit.runs]


def test_five_batch_sizes_stand_together():
    runs = "~~".join(
        f"gradient_descent~0.01{batch}" for batch in ("~batch.1", "~batch.4", "~batch.16", "~batch.64", "")
    )
    visit = Visit({"size": "100", "runs": runs, "axis": "samples"})
    assert [run["name"] for run in visit.runs] == [*(f"Batch size {b}" for b in (1, 4, 16, 64)), "Whole batch (100)"]
    assert [row[1] for row in visit.table[1:]] == ["100", "25", "7", "2", "1"]
    assert {
        run["positions"]["samples"] if b in (1, 4, 100) else None
        for run, b in zip(visit.runs, (1, 4, 16, 64, 100), strict=True)
    } == {1.0, 4.0, None, 100.0}
    assert len({run["colour"] for run in visit.runs}) == len({run["marker"] for run in visit.runs}) == 5


def test_repeats_that_end_sooner_say_so():
    visit = Visit({"size": "5000", "epochs": "100", "runs": "gradient_descent~0.05", "seeds": "yes"})
    assert "With 30 seeds computed up to update 33 of 100: Whole batch (5000)." in visit.text
    assert numbers(visit.runs[0]["seeds"]["at"])[-1] == 33
    visit.set("epochs", 30)
    assert "computed up to" not in visit.text


# Data of one's own


def test_data_are_pasted():
    visit = Visit()
    visit.set("data", OWN)
    assert visit.app.info.len == 1
    assert visit.samples.shape == (2, 64)  # the plots keep what was
    visit.paste("km; Preis\n1,5; 10\n2,5; 20\n3,5; 31\n")
    assert visit.app.info.len == visit.app.error.len == 0
    np.testing.assert_allclose(visit.samples, [[1.5, 2.5, 3.5], [10, 20, 31]])
    assert "Preis from km, n = 3" in visit.text
    assert visit.settings.data == OWN
    assert "km" not in str(visit.app.query_params)
    assert visit.data["names"] == ["km", "Preis"]
    for run in visit.runs:
        assert numbers(run["loss"])[-1] < numbers(run["loss"])[0]


def test_whoever_has_not_the_data_gets_others_and_is_told():
    visit = Visit({"data": OWN, "edits": "0~1~1"})
    assert visit.app.info.len == 1
    assert visit.samples.shape == (2, 64)
    assert len(visit.runs) == 3


WRONG = {
    "a word": ("x,y\n1,2\n2,zwei\n3,4\n", "Line 3"),
    "one column": ("1\n2\n3\n", "one column"),
    "two separators": ("1,2\n3,4,5\n", "Line 2"),
    "names alone": ("x,y\n", "no row"),
    "words": ("a,b\nc,d\ne,f\n", "words"),
    "nothing in common": ("1,\n,2\n", "No row"),
    "too large": ("1,2\n3,1e31\n4,5\n", "Another unit"),
    "too small": ("1,2\n1e-31,4\n4,5\n", "Another unit"),
}


@languages
@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_in_pasted_data_gets_a_sentence_and_the_data_of_before_stay(name, language):
    text, part = WRONG[name]
    visit = Visit({"lang": language})
    visit.paste("1 2\n2 4\n3 7\n")
    before = visit.landscape, visit.data
    visit.paste(text)
    (error,) = visit.app.error
    assert (part in error.value) or language != "en"
    assert bool(re.search("[\u4e00-\u9fff]", error.value)) is (language != "en")
    assert not re.search(r"(?<!\\)[{}]", error.value)
    assert (visit.landscape, visit.data) == before
    kept = translation(language)("The last table was not understood; the one before stays.")
    assert [each.value for each in visit.app.warning] == [kept]  # also while the popover is closed
    assert visit.widget("own_text").value == text  # nothing that was typed is lost


def test_after_a_mistake_the_next_data_are_taken_and_kept_for_the_visit():
    visit = Visit()
    visit.paste(WRONG["two separators"][0])
    assert visit.app.error.len == 1
    visit.paste("1 2\n2 4\n3 8\n")
    assert visit.app.error.len == visit.app.warning.len == 0
    visit.set("data", "fuel")
    visit.set("data", OWN)
    np.testing.assert_allclose(visit.samples[1], [2, 4, 8])
    assert visit.widget("own_text").value == "1 2\n2 4\n3 8\n"


def test_what_a_person_wrote_cannot_write_into_the_page():
    visit = Visit()
    visit.paste("![](http://example.com/x.png),**y**\n1,2\n2,<b>x</b>\n")
    assert visit.app.error.len == 1
    visit.paste("![](http://example.com/x.png),**y**\n1,2\n2,3\n")
    assert "![](" not in visit.text
    assert "**y**" not in visit.text


def test_large_tables_are_sampled_and_it_says_so():
    visit = Visit()
    visit.paste("x,y\n" + "\n".join(f"{i},{i % 7}" for i in range(9000)))
    assert visit.samples.shape == (2, 2000)
    assert "9000 rows; 2000 of them" in visit.text.replace(",", "")
    assert "The first 100 of 2000 rows" in visit.text.replace(",", "")
    (preview,) = visit.app.dataframe
    assert list(preview.value.columns) == ["x", "y"]
    assert len(preview.value) == 100


def test_a_file_of_a_million_rows_is_sampled_and_it_says_so():
    visit = Visit({"data": OWN})
    visit.app.session_state["file"] = b"x,y\n" + b"1,2\n2,3\n3,5\n5,4\n" * 250_000
    visit.run(visit.app)
    assert visit.samples.shape == (2, 2000)
    assert "The text has 1000000 rows; 2000 of them, drawn at random, are used." in visit.text


UPLOADS = {
    "decimal commas": ("Größe;Preis\n1,5;2,5\n2,5;3,75\n3,5;5,5\n".encode(), "Preis from Größe, n = 3."),
    "an old Chinese encoding": ("面积,价格\n1,2\n2,3\n3,5\n".encode("gb18030"), "价格 from 面积, n = 3."),
    "UTF-16, as spreadsheets save it": ("面积\t价格\n1\t2\n2\t3\n".encode("utf-16"), "价格 from 面积, n = 2."),
    "no text": (b"PK\x03\x04" + bytes(range(256)), "This file is not a text file."),
    "nothing": (b"", "There is no text to read."),
    "missing cells": (b"x,y\n1,2\n,3\n3,NA\n4,9\n", "Empty cells in column x: 1."),
    "words": (b"name,x,y\nanna,1,2\nbert,2,3\n", "Column name holds words, such as “anna”"),
    "one row": (b"x,y\n1,2\n", "many lines pass through one point"),
    "a constant": (b"x,y\n1,5\n2,5\n", "Column y is 5 everywhere"),
    "many rows": (b"x,y\n" + b"1,2\n2,3\n3,5\n" * 100_000, "The text has 300000 rows; 2000 of them"),
}


@pytest.mark.parametrize(("content", "sentence"), UPLOADS.values(), ids=UPLOADS)
def test_a_file_is_read_or_gets_its_sentence(content, sentence):
    visit = Visit({"data": "own"})
    visit.app.session_state.own_data = True  # the popover is open
    visit.run(visit.app)
    (field,) = visit.app.file_uploader
    field.set_value(("some.csv", content, "text/csv"))
    visit.run(field)
    assert sentence in visit.text


def test_a_pasted_text_too_long_for_the_field_is_read_and_told():
    visit = Visit()
    rows = "x y\n" + "\n".join(f"{i / 7:.6f} {i % 7}" for i in range(LONGEST_TEXT // 8))
    visit.paste(rows)
    assert visit.samples.shape == (2, 2000)
    assert f"The pasted text has {len(rows):,} characters: it was read, but is too long to stay" in visit.text
    assert visit.widget("own_text").value == ""
    wrong = "words alone\n" * 20_000
    visit.set("own_text", wrong)
    assert visit.widget("own_text").value == wrong, "what is to be mended stays"
    assert visit.app.error.len == 1
    visit.set("own_text", "1 2\n2 4\n3 7\n")
    assert "too long" not in visit.text


def test_what_a_person_brought_leaves_with_the_visit(monkeypatch):
    arrays, read = [], Own.data

    def watched(own):
        data = read(own)
        arrays.append(weakref.ref(data.samples))
        return data

    monkeypatch.setattr(Own, "data", watched)
    visit = Visit({"seeds": "yes"})
    visit.paste("1 2\n2 4\n3 7\n4 4\n")
    assert arrays[-1]()
    del visit
    gc.collect()
    assert [array() for array in arrays if array()] == []


def test_columns_are_chosen():
    visit = Visit()
    visit.paste("a,b,c,group\n1,5,2,0\n2,3,4,1\n3,1,7,1\n4,8,8,0\n")
    assert visit.widget("own_target").value == "group", "the last one"
    visit.set("own_target", "c")
    visit.set("own_features", ["b"])
    np.testing.assert_allclose(visit.samples, [[5, 3, 1, 8], [2, 4, 7, 8]])
    visit.set("own_features", ["a", "b"])
    assert visit.data["kind"] == "prediction"
    visit.set("own_target", "group")
    assert visit.data["kind"] in ("probability", "boundary")
    visit.set("own_classes", False)
    assert visit.data["kind"] in ("line", "prediction")
    visit.set("own_features", [])
    assert visit.app.error.len == 0


def test_of_four_columns_the_last_is_the_target_and_the_rows_that_remain_are_counted():
    visit = Visit()
    visit.paste("a,b,c,d\n1,2,3,4\n2,3,4,\n3,5,9,7\n4,6,1,9\n")
    assert visit.text.count("Pasted text: d from a, n = 3 of 4 rows.") == 2, "beside the field and in the popover"
    assert visit.text.count("Empty cells in column d: 1.") == 2
    before = visit.data
    visit.set("own_text", "")
    assert [each.value for each in visit.app.toast] == ["The field is empty. The table before stays."]
    assert visit.data == before


def test_an_emptied_learning_rate_is_one_that_suits_and_says_so():
    visit = Visit()
    visit.set("rate_exact", 0.3)
    assert visit.app.toast.len == 0
    visit.set("rate_exact", "")
    (toast,) = visit.app.toast
    assert toast.value == f"The learning rate is chosen automatically now: {visit.widget('rate').value:.4g}."
    visit.set("epochs", 12)
    assert visit.app.toast.len == 0


def test_what_an_address_says_wrong_is_called_as_the_page_calls_it():
    visit = Visit({"seeds": "many", "l2": "x", "edits": "x", "target": "low"})
    for name in (
        "Repeats with other seeds (seeds)",
        "(l2)",
        "Samples changed by hand (edits)",
        "Loss to reach (target)",
    ):
        assert name in visit.text


def test_a_run_is_named_by_what_tells_it_from_the_others_and_no_more():
    names = [run["name"] for run in Visit({"scenario": "decay"}).runs]
    assert names == ["Batch size 1, Constant", "Batch size 1, Inverse time decay"]


def test_two_values_are_two_classes_whatever_they_are_called():
    visit = Visit()
    visit.paste("x,y\n1,5\n2,5\n3,9\n4,5\n5,9\n")
    assert visit.data["kind"] == "probability"
    assert visit.data["classes"] == ["5", "9"]
    assert set(numbers(visit.data["y"])) == {0, 1}


STRANGE = {
    "one row": "1 2\n",
    "one point": "1 1\n1 1\n1 1\n",
    "constant feature": "1 5\n1 6\n1 7\n",
    "all zero": "0 0\n0 0\n",
    "huge and tiny": "1e9 1e-9\n2e9 3e-9\n4e9 1e-9",
    "beyond all bounds": "1e-29 1e29\n2e-29 2e29\n3e-29 1e29\n",
    "huge feature": "1e29 1\n-1e29 2\n",
    "two classes": "1 0\n2 1\n",
    "two equal features": "1 1 0\n2 2 1\n3 3 0\n",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_data_are_drawn_and_explained(text):
    visit = Visit()
    visit.paste(text)
    visit.set("scaled", True)
    for name in LOSSES if visit.data["kind"] in ("line", "prediction") else ():
        visit.set("loss", name)
    visit.set("seeds", True)
    assert visit.app.error.len == 0
    for run in visit.runs:
        for sentence in (run["ended"], run["diagnosis"]):
            assert not re.search(r"[{}]|\bnan\b|\binf\b", sentence)
    many = text in [STRANGE[name] for name in ("one row", "one point", "constant feature", "all zero")]
    assert ("The minimum is one of many" in visit.text) is many
    assert ("Condition number ∞; with scaled features ∞." in visit.text) is many


# Samples changed by hand


def test_an_edit_in_the_address_is_drawn():
    visit = Visit({"data": "five_points", "edits": "4~5~2~~add~6~12~~0"})
    np.testing.assert_allclose(visit.samples, [[2, 3, 4, 5, 6], [4, 6, 8, 2, 12]])
    assert "Samples changed by hand: 3" in visit.text
    visit.same()
    visit.click("Undo these changes")
    assert visit.settings.edits == ()
    np.testing.assert_allclose(visit.samples[1], [2, 4, 6, 8, 10])
    visit = Visit({"data": "outliers", "edits": "4~5~2"})
    visit.set("size", 20)
    assert visit.settings.edits == ()  # other samples


@pytest.mark.parametrize("edits", ["4~5", "4~5~2~1", "x", "add", "99~1~1", "0~~1~~2~~3~~4"])
def test_edits_that_fit_no_sample_are_left_out(edits):
    visit = Visit({"data": "five_points", "edits": edits})
    np.testing.assert_allclose(visit.samples[1], [2, 4, 6, 8, 10])
    assert "edits" in visit.app.info[0].value


def test_samples_are_changed_on_the_stage():
    visit = Visit({"data": "five_points"})
    before = visit.landscape["id"]
    visit.act(act="move", index=4, x=5, y=2, final=True)
    assert visit.landscape["id"] != before
    assert visit.settings.edits == (Edit(4, (5.0, 2.0)),)
    minimum = np.polyfit(*visit.samples, 1)
    visit.same()
    assert visit.landscape["lowest"] == pytest.approx(
        np.mean((np.polyval(minimum, visit.samples[0]) - visit.samples[1]) ** 2)
    )
    landscapes = {before, visit.landscape["id"]}
    for left in (4, 3, 2, 1):
        visit.act(act="remove", index=0)
        assert visit.samples.shape == (2, left)
        landscapes.add(visit.landscape["id"])
    assert len(landscapes) == 6
    visit.act(act="remove", index=0)
    assert visit.samples.shape == (2, 1)
    assert "One sample has to stay." in visit.app.toast[0].value
    visit.act(act="add", x=1, y=1, target=None)
    assert visit.landscape["id"] not in landscapes
    visit.act(act="move", index=7, x=1, y=1)  # which is not there
    assert visit.samples.shape == (2, 2)
    visit.same()


def test_more_changes_than_an_address_carries_are_kept_for_the_visit():
    visit = Visit({"data": "outliers"})
    for i in range(MOST_EDITS):
        visit.act(act="add", x=i, y=-i, target=None)
    assert visit.settings.data == "outliers"
    expected = np.column_stack([visit.samples, [2.5, 2.5]])
    visit.act(act="add", x=2.5, y=2.5, target=None)
    assert (visit.settings.data, visit.settings.edits) == (OWN, ())
    np.testing.assert_allclose(visit.samples, expected)
    assert visit.app.toast.len == 1
    visit.act(act="remove", index=0)
    np.testing.assert_allclose(visit.samples, expected[:, 1:])


def test_a_class_between_two_classes_is_left_out():
    visit = Visit({"data": "o_rings", "edits": "3~40~0.5"})
    assert "edits" in visit.app.info[0].value
    assert set(numbers(visit.data["y"])) == {0, 1}


# The page as a whole


@languages
def test_the_page_speaks(language):
    visit = Visit({"seeds": "yes", "data": "overlapping", "l1": "0.1"})
    visit.set("lang", language)
    _ = translation(language)
    assert _("Scale the features") in [each.label for each in visit.app.toggle]
    assert visit.landscape["texts"]["language"] == language
    widgets = [*visit.app.selectbox, *visit.app.text_input, *visit.app.toggle]
    labels = [each.label for each in widgets if "followed" not in each.key]
    if language != "en":
        chinese = re.compile("[\u4e00-\u9fff]")
        assert [label for label in labels if label and not chinese.search(label) and "$" not in label] == []
        assert [run["name"] for run in visit.runs if not chinese.search(run["name"])] == []
        told = next(
            each.value
            for each in visit.app.markdown
            if "loss" in each.value or "损失" in each.value or "損失" in each.value
        )
        assert chinese.search(told)
    visit.same()


@pytest.mark.parametrize("key", SCENARIOS)
def test_a_scenario_sets_everything_asks_and_answers(key):
    scenario = SCENARIOS[key]
    visit = Visit({"data": "cars", "lines": "9"})
    visit.set("scenario", key)
    assert visit.settings == scenario.opened(Settings())
    assert scenario.question in visit.text
    assert visit.app.success.len == 0
    assert "First below" not in visit.text  # it would answer the question
    visit.click("Show the answer")
    answer = visit.app.success[0].value
    assert answer == filled(scenario.answer, **BATCHES.facts(scenario.settings))
    visit.same()
    visit.set("lines", 9)
    assert visit.app.success[0].value == answer
    visit.set("rate", 0.001)
    assert visit.app.success[0].value == f"{answer} This is about the example as it was opened."
    visit.same()
    visit.set("data", "fuel")
    assert visit.app.success.len == 0


def stars(visit):
    """How many minima the contour marks."""
    marked = [each for each in visit.landscape["contour"]["data"] if each.get("marker", {}).get("symbol") == "star"]
    return sum(len(each["x"]) for each in marked)


@pytest.mark.parametrize("key", SCENARIOS)
def test_no_star_answers_a_question_about_the_minimum(key):
    visit = Visit({"scenario": key})
    assert stars(visit) == (key not in ("outlier", "sparse"))
    assert "is exactly 0" not in visit.text
    visit.click("Show the answer")
    assert stars(visit) == 1


@languages
def test_nonsense_in_the_address_is_named_and_replaced(language):
    nonsense = {"data": "no_such", "size": "1", "noise": "-1", "loss": "cubic", "l1": "nan", "edits": "x", "axis": "z"}
    nonsense |= {"runs": "sdg~0.1~batch.1", "epochs": "0", "seed": "-1", "sampling": "never", "view": "1~0~0~1"}
    visit = Visit(nonsense | {"lang": language})
    (notice,) = visit.app.info
    assert set(re.findall(r"\w+", notice.value.replace("\\", "").casefold())) >= set(nonsense)
    visit.set("epochs", 5)
    assert visit.app.info.len == 0


@pytest.mark.parametrize(
    "runs", ["sgd~0.1~batch.0", "adam~0.1~batch.1~batch.2", "adam~0.1~x.1~y.2", "adam~0.1~batch.x"]
)
def test_a_run_with_nonsense_is_refused(runs):
    assert Settings.read({"runs": runs})[1] == ["runs"]


EXTREME = {
    "huge rate": {"runs": "gradient_descent~1000~batch.1~~adam~1000000~batch.1"},
    "rate 0": {"runs": "gradient_descent~0~batch.1~~momentum~0"},
    "no run": {"runs": "none", "seeds": "yes"},
    "two samples": {"size": "2"},
    "all there is": {"size": "5000", "epochs": "3000", "runs": "gradient_descent~0.05~batch.1~~adam~0.1~batch.4999"},
    "far start": {"start": "1e9~-1e9", "seeds": "yes"},
    "far view": {"view": "9e8~1e9~-1e9~1e9"},
    "at the minimum": {"data": "five_points", "start": "2~0"},
    "huge penalty": {"l1": "1000000", "l2": "1000000", "data": "two_features"},
    "no noise": {"noise": "0", "data": "separate"},
    "classes and absolute": {"data": "o_rings", "loss": "absolute"},
}


@pytest.mark.parametrize("name", EXTREME)
def test_whatever_can_be_set_is_drawn(name):
    visit = Visit(EXTREME[name])
    assert visit.app.error.len == 0
    for seeds in (True, False):
        visit.set("seeds", seeds)
    for run in visit.runs:
        assert np.isfinite(path(run)).all()
    assert not re.search(r"\bnan\b|\binf\b", visit.text)


def test_missing_numbers_are_no_accident():
    visit = Visit()
    for name in ("epochs", "seed", "start_x", "start_y", "rate_exact", "view_0"):
        for value in (None, 1):
            visit.set(name, value)
    visit.same()


def floats(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda value: value + 0.0)


@st.composite
def settings(draw):
    sizes = st.none() | st.integers(1, 10**6)
    run = st.builds(
        BatchRun, st.sampled_from([*OPTIMIZERS]), st.none() | floats(0, 1e6), visible=st.booleans(), batch_size=sizes
    )
    runs = tuple(draw(st.lists(run, max_size=MOST_RUNS)))
    data = draw(st.sampled_from([*SAMPLES, OWN]))
    features = len(SAMPLES[data].features) if data != OWN else 1
    classes = data != OWN and SAMPLES[data].classes
    target = st.sampled_from([0.0, 1.0]) if classes else floats(-1e9, 1e9)
    sample = st.tuples(*[floats(-1e9, 1e9)] * features, target)
    places = draw(st.lists(st.integers(0, 3), unique=True, max_size=3))
    moved = [Edit(place, draw(st.none() | sample)) for place in places]
    return Settings(
        data=data,
        size=draw(st.none() | st.integers(20, 5000)),
        noise=draw(st.none() | floats(0, 1e6)),
        data_seed=draw(st.none() | st.integers(0, 10**9)),
        edits=(*moved, *(Edit(None, each) for each in draw(st.lists(sample, max_size=3)))),
        loss=draw(st.sampled_from([*LOSSES])),
        l1=draw(floats(0, 1e6)),
        l2=draw(floats(0, 1e6)),
        scaled=draw(st.booleans()),
        height=draw(st.sampled_from(HEIGHTS)),
        batch_lines=draw(st.booleans()),
        gradients=draw(st.booleans()),
        features=draw(st.booleans()),
        target=draw(st.none() | floats(0, 1e9)),
        start=draw(st.none() | st.tuples(floats(-1e9, 1e9), floats(-1e9, 1e9))),
        epochs=draw(st.none() | st.integers(1, MOST_EPOCHS)),
        sampling=draw(st.sampled_from(SAMPLING)),
        seed=draw(st.integers(0, 10**9)),
        seeds=draw(st.booleans()),
        runs=runs,
        focus=draw(st.integers(0, max(0, len(runs) - 1))),
        axis=draw(st.sampled_from(["updates", "epochs", "samples", "seconds"])),
        curve=draw(st.sampled_from(QUANTITIES)),
        scenario=draw(st.sampled_from(["", *SCENARIOS])),
    )


@given(settings())
def test_all_that_is_set_comes_back_from_the_address(settings):
    assert Settings.read(settings.address()) == (settings, [])
    for scenario in SCENARIOS.values():
        if all(getattr(settings, name) is not None for name in ("size", "noise", "data_seed", "start")):
            assert Settings.read(settings.address(scenario.settings), scenario.settings) == (settings, [])


@pytest.mark.parametrize("data", ["cars", "flats", "two_features", "old_faithful"])
def test_an_address_with_data_alone_has_runs_that_suit_them(data):
    settings, refused = Settings.read({"data": data})
    assert refused == []
    assert [run.learning_rate for run in settings.runs] == [None] * 3
    assert Settings.read(settings.address()) == (settings, [])
    chosen = replace(settings, runs=Settings().runs)  # somebody wants just these numbers
    assert Settings.read(chosen.address()) == (chosen, [])
