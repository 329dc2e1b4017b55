"""The Batches page without a browser: every control, and the address that carries it."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from batches_visit import FRAME, Visit, loss_of, path, updates
from hypothesis import given
from hypothesis import strategies as st
from sent import unpacked
from streamlit.testing.v1 import AppTest

from landscape.analysis.efficiency import efficiency, target_loss
from landscape.descent.descend import descend
from landscape.descent.optimizers import OPTIMIZERS, Adam
from landscape.descent.schedules import InverseTimeDecay
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.objectives.sample_loss import LOSSES
from landscape.objectives.samples import SAMPLES, MadeDataSet, standardize
from landscape.pages.batches.edits import Edit
from landscape.pages.batches.page import BATCHES
from landscape.pages.batches.results import duration, far_away
from landscape.pages.batches.scenarios import SCENARIOS
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import MOST_EPOCHS, OWN, SAMPLING, BatchRun, Settings
from landscape.pages.run_settings import MOST_RUNS, RATES
from landscape.pages.stage_settings import HEIGHTS, QUANTITIES

languages = pytest.mark.parametrize("language", LANGUAGES)


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
            np.testing.assert_allclose(unpacked(run["batch_loss"])[:-1], expected.batch_loss, rtol=1e-5)
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
        loss = unpacked(run["loss"])
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
    step = [unpacked(column) for column in run["moves"]]
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
        np.testing.assert_allclose([unpacked(column) for column in sent[name]], values, rtol=1e-5, atol=1e-6)


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
        assert len(unpacked(run["seeds"]["ends"][0])) == 30
        low, middle, high = (unpacked(run["seeds"][name]) for name in ("lower", "median", "upper"))
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
    assert unpacked(visit.runs[0]["seeds"]["at"])[-1] == 33
    visit.set("epochs", 30)
    assert "computed up to" not in visit.text


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
