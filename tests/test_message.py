"""What the server tells the stage: strict JSON whose arrays are the runs, whose words are translated, whose formulas
have a number for every slot."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from sent import unpacked

import landscape as ls
from landscape.analysis.diagnosis import diagnose
from landscape.analysis.field import field
from landscape.figures.height import Height
from landscape.figures.palette import RUNS, THEMES
from landscape.locale import LANGUAGES, translation
from landscape.stage.batch_message import words as batch_words
from landscape.stage.message import ShownRun, ShownSeeds, landscape_message, packed_way, paths_message

STAGE = Path(ls.__file__).parent / "stage"
VIEW = ((-5.0, 5.0), (-5.0, 5.0))
ENDLESS = ls.Stopping(gradient=0, divergence=1e300)

languages = pytest.mark.parametrize("language", LANGUAGES)
optimizers = pytest.mark.parametrize("optimizer", [kind() for kind in ls.OPTIMIZERS.values()], ids=[*ls.OPTIMIZERS])


def named(key):
    return ls.FUNCTIONS[key]


RUN_CASES = {
    "converged": {"objective": named("himmelblau"), "start": (0.4, 4.1)},
    "all steps": {"objective": named("rosenbrock"), "start": (-1.5, 2), "learning_rate": 0.001, "max_steps": 40},
    "diverged": {"objective": named("bowl"), "start": (-4, 1.5), "learning_rate": 0.5},
    "overflow": {"objective": named("bowl"), "start": (-4, 1.5), "learning_rate": 3.0, "stop": ENDLESS},
    "left the domain": {"objective": ls.formula("log(x) + y^2"), "start": (0.5, 1), "learning_rate": 0.5},
    "outside the domain": {"objective": ls.formula("log(x)"), "start": (-1, 0)},
    "pole": {"objective": ls.formula("1/(x^2 + y^2)"), "start": (0, 0)},
    "no gradient": {"objective": ls.formula("sqrt(x) + y^2"), "start": (0, 1)},
    "constant": {"objective": ls.formula("3 + 0x"), "start": (1, 1)},
    "no step": {"objective": named("bowl"), "start": (1, 1), "max_steps": 0},
    "learning rate 0": {"objective": named("bowl"), "start": (1, 1), "learning_rate": 0.0, "max_steps": 9},
    "line search": {
        "objective": named("rosenbrock"),
        "start": (-1.5, 2),
        "learning_rate": ls.Backtracking(),
        "max_steps": 30,
    },
    "schedule": {
        "objective": named("bowl"),
        "start": (-4, 1.5),
        "learning_rate": ls.ExponentialDecay(0.1, factor=0.9),
        "max_steps": 30,
    },
    "singular": {"objective": ls.formula("x + y"), "start": (1, 1), "optimizer": ls.Newton(), "learning_rate": 1.0},
    "huge": {"objective": ls.formula("1e200 (x^2 + y^2)"), "start": (1, 1), "learning_rate": 1e-201, "stop": ENDLESS},
    "unbounded": {"objective": ls.formula("-x^4 + y^2"), "start": (1, 1), "learning_rate": 0.1},
}

cases = pytest.mark.parametrize("case", RUN_CASES)


def message(*runs, language="en", hidden=(), **changed):
    """The paths message of some runs, after a trip through strict JSON."""
    shown = [ShownRun(f"run {i}", run, diagnose(run), i not in hidden, i) for i, run in enumerate(runs)]
    settings = {
        "landscape": "abc",
        "start": (1.0, 2.0),
        "focus": 0,
        "with_numbers": True,
        "veiled": False,
        "arrows": True,
        "curve": "loss",
        "logarithmic": True,
    }
    settings |= {"scenario": "", "theme": "light", "_": translation(language)} | changed
    return strict(paths_message(shown, **settings))


def strict(value):
    return json.loads(json.dumps(value, allow_nan=False))


def run(case):
    return ls.descend(**RUN_CASES[case])


def assert_sent(text, values):
    """An array is what is said, to as many digits as were sent."""
    sent = unpacked(text)
    np.testing.assert_array_equal(sent, np.asarray(values).astype(sent.dtype))


@cases
def test_the_arrays_are_the_run(case):
    path = run(case)
    sent = message(path)
    (row,) = sent["runs"]
    for name, places in (("x", path.theta[0]), ("y", path.theta[1])):
        told, steps = unpacked(row[name]), np.diff(places)
        assert (np.abs(told - places)[1:] <= 1e-7 * np.abs(steps) + 1e-15 * np.abs(places[1:])).all()
        assert (np.abs(np.diff(told) - steps) <= 1e-4 * np.abs(steps) + 1e-15 * np.abs(places[1:])).all()
    for name, values in {
        "gx": path.gradient[0],
        "gy": path.gradient[1],
        "loss": path.loss,
    }.items():
        assert_sent(row[name], values)


def test_the_last_steps_of_a_run_are_told_in_the_bytes_of_single_precision():
    path = ls.descend(named("himmelblau"), start=(0.0, 0.0), learning_rate=0.01, max_steps=200)
    (row,) = message(path)["runs"]
    assert len(row["x"]) <= len(row["gx"]) + len("way:") + 8
    steps = np.diff([unpacked(row["x"]), unpacked(row["y"])])
    assert np.hypot(*np.diff(path.theta))[-1] < 1e-7
    np.testing.assert_allclose(np.hypot(*steps), np.hypot(*np.diff(path.theta)), rtol=1e-6)


def test_a_path_far_off_and_short_is_sent_as_it_is():
    bowl = ls.formula("(x - 1000000)^2 + y^2")
    path = ls.descend(bowl, start=(1000000.5, 0.5), learning_rate=0.1, max_steps=20)
    (row,) = message(path)["runs"]
    np.testing.assert_allclose(unpacked(row["x"]), path.theta[0], rtol=0, atol=1e-7)


def test_a_path_that_comes_back_from_far_away_is_sent_whole():
    there_and_back = np.array([0.0, 1e9, 1 / 3, 2 / 3])
    assert unpacked(packed_way(there_and_back)).tolist() == there_and_back.tolist()
    assert packed_way(there_and_back).startswith("f8:")


@cases
@languages
def test_every_end_and_every_finding_is_a_sentence(case, language):
    sent = message(run(case), language=language)
    (row,) = sent["runs"]
    for text in (row["ended"], row["diagnosis"], sent["numbers"]["about"]):
        assert text.endswith("." if language == "en" else "。")
        assert not re.search(r"[{}]|\bnan\b|\binf\b|\de[+-]\d", text)
        assert bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en")
    assert row["diagnosis"] in sent["summary"]
    assert row["name"] in sent["summary"]


@languages
def test_a_better_learning_rate_is_offered_in_words(language):
    path = run("diverged")
    (row,) = message(path, language=language)["runs"]
    assert row["remedy"]["learning_rate"] == diagnose(path).learning_rate < 0.2
    assert f"{row['remedy']['learning_rate']:.3g}" in row["remedy"]["label"]
    assert message(run("converged"))["runs"][0]["remedy"] is None


def test_the_runs_are_told_apart():
    six = [ls.descend(named("bowl"), start=(1, 1), learning_rate=0.01 * (i + 1), max_steps=3) for i in range(6)]
    for theme in THEMES:
        sent = message(*six, theme=theme, hidden={4})
        for style, row in zip(RUNS, sent["runs"], strict=True):
            assert (row["colour"], row["dash"], row["marker"]) == (style.colour[theme], style.dash, style.symbol)
        assert [row["visible"] for row in sent["runs"]] == [True, True, True, True, False, True]
        assert len({row["marker"] for row in sent["runs"]}) == 6


def test_no_run_is_a_message_too():
    sent = message()
    assert (sent["runs"], sent["numbers"], sent["summary"]) == ([], None, "")


def test_settings_pass_through():
    sent = message(run("converged"), start=(0.25, -3.0), arrows=False, curve="step", logarithmic=False, scenario="x")
    assert (sent["landscape"], sent["start"], sent["arrows"], sent["scenario"]) == ("abc", [0.25, -3.0], False, "x")
    assert sent["curve"] == {"quantity": "step", "logarithmic": False}


def test_an_open_question_is_not_answered_to_a_screen_reader():
    assert (
        message(run("converged"), veiled=True)["veiled"],
        message(run("converged"), veiled=True)["summary"],
    ) == (True, "")


def test_numbers_beyond_single_precision_are_sent_whole():
    path = run("huge")
    assert path.loss.max() > 1e100
    assert_sent(message(path)["runs"][0]["loss"], path.loss)
    np.testing.assert_array_equal(unpacked(message(path)["runs"][0]["loss"]), path.loss)


def test_the_serial_stands_for_the_whole_message():
    first, second = run("converged"), run("all steps")
    serial = message(first)["serial"]
    assert message(run("converged"))["serial"] == serial
    others = [message(second), message(first, focus=1), message(first, start=(0.0, 0.0)), message(first, hidden={0})]
    assert len({serial, *(sent["serial"] for sent in others)}) == 5


def raced(**changed):
    """The paths message of a run over batches."""
    path = run("converged")
    shown = ShownRun("run", path, diagnose(path), True, 0, **changed)
    settings = {"landscape": "abc", "start": (0, 0), "focus": 0, "with_numbers": False, "arrows": False}
    settings |= {"curve": "loss", "logarithmic": True, "scenario": "", "veiled": False, "theme": "light"}
    axes = [{"key": "epochs", "name": "epochs", "title": "epochs", "of": "epoch {k} of {n}"}]
    switches = {"gradients": True}
    sent = paths_message([shown], **settings, axes=axes, axis="epochs", switches=switches, _=translation("en"))
    assert (sent["axes"], sent["axis"], sent["switches"]) == (axes, "epochs", switches)
    hidden = paths_message([shown], **settings, axes=axes, axis="epochs", switches={}, _=translation("en"))
    assert hidden["serial"] == sent["serial"], "what is known of the runs stays known"
    return strict(sent)["runs"][0]


def test_updates_at_one_distance_are_one_number_and_others_are_all_told():
    updates = np.arange(len(run("converged").loss))
    short = np.minimum(updates * 24, 50 * (updates // 3) + 24 * (updates % 3))  # batches of 24, 24 and 2 samples
    row = raced(positions={"updates": updates, "epochs": updates / 8, "samples": short})
    assert (row["positions"]["updates"], row["positions"]["epochs"]) == (1, 0.125)
    assert_sent(row["positions"]["samples"], short)
    assert not {"updates", "moves"} & row.keys(), "every update is a frame"


def test_a_run_over_batches_has_the_batches_losses_and_its_repeats():
    loss = np.append(run("converged").loss[1:], np.nan)
    quartiles, ends = np.array([[1.0, 0.5], [2.0, 0.75], [4.0, 1.0]]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    row = raced(batch_loss=loss, seeds=ShownSeeds(at=[0, 9], quartiles=quartiles, ends=ends))
    assert_sent(row["batch_loss"], loss)
    for name, values in zip(("lower", "median", "upper"), quartiles, strict=True):
        assert_sent(row["seeds"][name], values)
    assert_sent(row["seeds"]["at"], [0, 9])
    assert_sent(row["seeds"]["ends"][1], ends[1])
    assert not {"batch_loss", "seeds", "positions"} & raced().keys()


def number(sent, name, component, k):
    """What the stage shows in a formula's slot at step k, counted from 0, by the rules of numbers.js."""
    row, numbers = sent["runs"][sent["focus"]], sent["numbers"]
    axis = "xy"[component]
    if name == "t":
        return k + 1
    if name.endswith("-"):
        return number(sent, name[:-1], component, k - 1) if k else 0
    here = {"theta": (axis, 0), "theta+": (axis, 1), "g": (f"g{axis}", 0)}
    if name in here:
        array, later = here[name]
        return unpacked(row[array])[k + later]
    if name in numbers["series"]:
        return unpacked(numbers["series"][name][component])[k]
    scalar = numbers["scalars"][name]
    return unpacked(scalar)[k] if isinstance(scalar, str) else scalar


@optimizers
@pytest.mark.parametrize("learning_rate", [0.01, ls.CosineDecay(0.01, steps=40), ls.Backtracking()])
def test_every_slot_of_a_formula_has_a_number_at_every_step(optimizer, learning_rate):
    path = ls.descend(
        named("himmelblau"), start=(0.4, 4.1), optimizer=optimizer, learning_rate=learning_rate, max_steps=9
    )
    sent = message(path)
    lines = sent["numbers"]["lines"]
    assert len(lines) == len(optimizer.formula)
    for line, markup in zip(optimizer.formula, lines, strict=True):
        slots = re.findall(r"<([^<>]+)>", line)
        places = [
            found.text for found in ElementTree.fromstring(markup["values"]).iter() if found.tag.endswith("mtext")
        ]
        assert sorted(places) == sorted(f"⟨{slot}⟩" for slot in slots)
        assert "⟨" not in markup["symbols"]
        ElementTree.fromstring(markup["symbols"])
        for k in range(len(path.learning_rate)):
            assert np.isfinite([number(sent, slot, i, k) for slot in slots for i in (0, 1)]).all()


@optimizers
def test_the_numbers_of_the_last_line_add_up(optimizer):
    path = ls.descend(
        named("himmelblau"),
        start=(0.4, 4.1),
        optimizer=optimizer,
        learning_rate=ls.StepDecay(0.02, every=5),
        max_steps=20,
    )
    sent = message(path)
    for k in range(len(path.learning_rate)):
        for i in (0, 1):
            before, after, rate, d = (number(sent, name, i, k) for name in ("theta", "theta+", "eta", "d"))
            assert after == pytest.approx(before - rate * d, rel=1e-5, abs=1e-5)


def test_the_gradient_in_a_batchs_formula_is_the_batchs_own():
    x = np.arange(1.0, 6.0)
    path = ls.descend(ls.LinearRegression(x, 2 * x), start=(0, 0), epochs=2, batch_size=2)
    numbers = message(path)["numbers"]
    for i in (0, 1):
        assert_sent(numbers["series"]["g"][i], path.batch_gradient[i])
        assert_sent(numbers["series"]["d"][i], path.batch_gradient[i])
    assert "g" not in message(run("converged"))["numbers"]["series"]


def test_the_numbers_stay_behind_until_they_are_wanted():
    assert message(run("converged"), with_numbers=False)["numbers"] is None


def test_the_numbers_belong_to_the_run_in_focus():
    first, second = run("converged"), ls.descend(named("himmelblau"), start=(1, 1), optimizer=ls.Adam(beta1=0.8))
    sent = message(first, second, focus=1)
    assert sent["numbers"]["scalars"]["beta1"] == 0.8
    assert_sent(sent["numbers"]["series"]["v"][1], second.states["v"][1])


def test_the_curvature_is_that_of_the_hessian():
    numbers = message(run("all steps"))["numbers"]
    path = run("all steps")
    eigenvalues = np.linalg.eigvalsh(np.moveaxis(path.objective.hessian(path.theta), -1, 0))
    for i in (0, 1):
        np.testing.assert_allclose(unpacked(numbers["eigenvalues"][i]), eigenvalues[:, i], rtol=1e-5)
    upwards = eigenvalues[:, 1] > 0
    np.testing.assert_allclose(unpacked(numbers["stable"])[upwards], 2 / eigenvalues[upwards, 1], rtol=1e-5)
    condition = abs(eigenvalues).max(axis=1) / abs(eigenvalues).min(axis=1)
    np.testing.assert_allclose(unpacked(numbers["condition"]), condition, rtol=1e-5)


def test_the_border_is_that_of_the_runs_own_optimizer():
    ball = ls.descend(named("bowl"), start=(-4, 1.5), optimizer=ls.Momentum(0.9), learning_rate=0.01, max_steps=5)
    numbers = message(ball)["numbers"]
    np.testing.assert_allclose(unpacked(numbers["stable"]), 0.2, rtol=1e-6)
    np.testing.assert_allclose(unpacked(numbers["border"]), 0.38, rtol=1e-6)


def landscape(
    objective="himmelblau", *, view=None, lines=24, arrows=False, theme="light", projector=False, language="en"
):
    objective = named(objective) if isinstance(objective, str) else objective
    grid = field(objective, view or objective.domain, (31, 31))
    return strict(
        landscape_message(
            objective,
            grid,
            Height.of(grid.loss),
            arrows=field(objective, view or objective.domain, (9, 9)) if arrows else None,
            lines=lines,
            theme=theme,
            projector=projector,
            language=language,
            _=translation(language),
        )
    )


def test_a_landscape_has_three_figures_and_its_minima():
    sent = landscape()
    for name in ("contour", "surface", "curves"):
        assert {"data", "layout", "config"} <= sent[name].keys()
        assert sent[name]["config"]["displaylogo" if name != "curves" else "displayModeBar"] is False
    stars = sent["contour"]["data"][-1]
    assert sorted(zip(stars["x"], stars["y"], strict=True)) == sorted(named("himmelblau").minima)
    assert sent["lowest"] == pytest.approx(0, abs=1e-12)


def test_a_landscape_tells_how_high_a_loss_is_drawn_and_where_minima_are():
    sent = landscape()
    assert Height(**sent["height"]) == Height.of(field(named("himmelblau"), named("himmelblau").domain, (31, 31)).loss)
    assert sent["minima"] == [list(minimum) for minimum in named("himmelblau").minima]


@languages
def test_the_buttons_of_a_figure_speak_the_language_of_the_page(language):
    words = landscape(language=language)["contour"]["config"]["locales"][language]["dictionary"]
    assert all(bool(re.search("[\u4e00-\u9fff]", text)) is (language != "en") for text in words.values())


def test_a_minimum_out_of_view_is_no_mark_but_still_the_lowest():
    sent = landscape(view=((-1.0, 1.0), (-1.0, 1.0)))
    assert len(sent["contour"]["data"]) == 1
    assert sent["lowest"] == pytest.approx(0, abs=1e-12)


def test_a_landscape_without_a_single_height_has_no_surface():
    sent = landscape(ls.formula("log(-1 - x^2)"), view=VIEW)
    assert (sent["surface"], sent["lowest"]) == (None, None)
    assert sent["contour"]["layout"]["xaxis"]["range"] == list(VIEW[0])


def test_nothing_offers_to_send_a_figure_away():
    for name in ("contour", "surface"):
        buttons = {button for group in landscape()[name]["config"]["modeBarButtons"] for button in group}
        assert buttons
        assert not re.search("cloud|send|edit", " ".join(buttons), re.IGNORECASE)


def test_another_look_is_another_landscape():
    looks = [landscape(), landscape("bowl"), landscape(lines=25), landscape(arrows=True), landscape(theme="dark")]
    looks += [landscape(projector=True), landscape(language="zh-Hans"), landscape(view=VIEW)]
    assert len({look["id"] for look in looks}) == len(looks)
    assert landscape()["id"] == landscape()["id"]


def test_a_projector_gets_large_letters_thick_lines_and_markers():
    sent = landscape(projector=True)
    assert sent["look"]["projector"] is True
    assert sent["look"]["font"] >= 20
    assert sent["look"]["line"] >= 4
    assert sent["look"]["marker"] >= 12
    assert {sent[name]["layout"]["font"]["size"] >= 18 for name in ("contour", "surface", "curves")} == {True}


def loaded(name):
    """The text of a module of the stage and of all that it imports."""
    text = (STAGE / name).read_text(encoding="utf-8")
    return text + "".join(loaded(other) for other in re.findall(r'from "\./([\w.]+)"', text))


@languages
def test_the_stage_has_all_its_words(language):
    pages = [
        (STAGE / name).read_text(encoding="utf-8")
        for name in ("stage.html", "playback.html", "details.html", "batches.html")
    ]
    script = "".join([loaded("stage.js"), *pages])
    used = set(re.findall(r"\btexts\.(\w+)", script)) | set(re.findall(r'data-(?:text|label)="(\w+)"', script))
    texts = landscape(language=language)["texts"] | batch_words(translation(language))
    assert used <= texts.keys()
    assert used >= texts.keys()
    assert all(texts.values())
    if language != "en":
        english = landscape()["texts"] | batch_words(translation("en"))
        same = {name for name, text in english.items() if texts[name] == text}
        assert sorted(same) == []
