"""What the server tells the stage of the batches: the samples in their own units, and what each update sees."""

import json
import math
import re

import numpy as np
import pytest
from sent import unpacked

import landscape as ls
from landscape.figures.height import Height
from landscape.locale import LANGUAGES, translation
from landscape.objectives.samples import SAMPLES, Column, Samples, standardize
from landscape.stage.batch_message import MOST_GLIMPSED, data_message, glimpse_message

VIEW = ((-3.0, 4.0), (-2.0, 5.0))
HEIGHT = Height.of(np.linspace(0.3, 30, 100))

languages = pytest.mark.parametrize("language", LANGUAGES)


def strict(value):
    return json.loads(json.dumps(value, allow_nan=False))


def told(samples, *, classes=False, scaled=None, key="some", language="en", **changed):
    settings = {"classes": classes, "scaled": scaled, "key": key, "parameters": ("weight", "bias")}
    return strict(data_message(samples, **settings, _=translation(language), **changed))


@pytest.mark.parametrize(
    ("key", "kind"),
    [("flats", "line"), ("o_rings", "probability"), ("overlapping", "boundary"), ("two_features", "prediction")],
)
def test_the_kind_of_data_decides_what_is_drawn(key, kind):
    data_set = SAMPLES[key]
    samples = data_set.samples()
    sent = told(samples, classes=data_set.classes)
    across, up = samples.x.T if samples.x.ndim == 2 else (samples.x, samples.y)
    assert sent["kind"] == kind
    np.testing.assert_allclose(unpacked(sent["x"]), across, rtol=1e-6)
    np.testing.assert_allclose(unpacked(sent["y"]), up, rtol=1e-6)
    assert (sent["target"] is not None) is (kind == "prediction")
    assert (sent["labels"] is not None) is data_set.classes
    assert len(sent["axes"]) == len(sent["names"]) == (3 if samples.x.ndim == 2 else 2)


def test_columns_are_named_with_their_units():
    sent = told(Samples(np.ones(2), np.ones(2), (Column("area", "10 m²"),), Column("price")))
    assert sent["axes"] == ["area (10 m²)", "price"]
    assert sent["names"] == ["area", "price"]


@pytest.mark.parametrize("key", ["flats", "overlapping"])
def test_what_a_run_predicts_can_be_drawn_over_the_features_own_units(key):
    data_set = SAMPLES[key]
    samples = data_set.samples()
    scaled = standardize(samples.x)
    sent = told(samples, classes=data_set.classes, scaled=scaled)
    mean, scale, theta = np.array(sent["mean"]), np.array(sent["scale"]), np.array([0.7, -1.3])
    if samples.x.ndim == 1:
        drawn = theta[0] / scale[0] * samples.x + theta[1] - theta[0] * mean[0] / scale[0]
        np.testing.assert_allclose(drawn, theta[0] * scaled.x + theta[1])
    else:
        np.testing.assert_allclose(samples.x @ (theta / scale), scaled.x @ theta)
    assert (told(samples)["mean"], told(samples)["scale"]) == ([0] * len(mean), [1] * len(mean))


def test_another_sample_is_another_message():
    samples = SAMPLES["noisy_line"].samples()
    moved = Samples(samples.x, samples.y + np.eye(64)[3], samples.features, samples.target)
    ids = [
        told(samples)["id"],
        told(moved)["id"],
        told(samples, key="other")["id"],
        told(samples, language="zh-Hans")["id"],
    ]
    assert len(set(ids)) == 4
    assert told(samples)["id"] == ids[0]


@languages
def test_the_words_are_in_the_language_of_the_page(language):
    texts = told(SAMPLES["flats"].samples(), language=language)["texts"]
    assert all(texts.values())
    if language != "en":
        same = {name for name, text in told(SAMPLES["flats"].samples())["texts"].items() if texts[name] == text}
        assert sorted(same) == []


LINE = SAMPLES["noisy_line"].samples()
LOSS = ls.LinearRegression(LINE.x, LINE.y)


def walk(loss=LOSS, batch_size=8, **changed):
    settings = {"start": (-1.5, 2.5), "learning_rate": 0.1, "epochs": 3, "seed": 4} | changed
    return ls.descend(loss, batch_size=batch_size, **settings)


def seen(run, *frames, lines=False, kept=None, language="en"):
    asked = {"paths": "abc", "run": 2, "frames": list(frames), "lines": lines}
    settings = {
        "landscape": "def",
        "kept": np.arange(run.stop.step + 1) if kept is None else kept,
        "height": HEIGHT,
        "view": VIEW,
        "_": translation(language),
    }
    return strict(glimpse_message(run, asked=asked, **settings))


def test_a_glimpse_says_what_it_belongs_to():
    sent = seen(walk(), 3, 5)
    assert (sent["landscape"], sent["paths"], sent["run"]) == ("def", "abc", 2)
    assert [frame["k"] for frame in sent["frames"]] == [3, 5]


@pytest.mark.parametrize("update", [2, 8])
def test_a_frame_holds_the_gradients_at_its_own_place(update):
    run = walk()
    (frame,) = seen(run, 2, kept=np.array([0, 1, update, 24]))["frames"]
    theta, batch = run.theta[:, update], run.batches[update]
    np.testing.assert_array_equal(unpacked(frame["samples"]), batch)
    each = np.stack([unpacked(column) for column in frame["each"]], axis=1)
    np.testing.assert_allclose(each, LOSS.sample_gradients(theta), rtol=1e-6)
    np.testing.assert_allclose(frame["whole"], LOSS.gradient(theta))
    np.testing.assert_allclose(frame["batch"], LOSS.batch(batch).gradient(theta))
    assert f"Next, update {update + 1}: 8 of 64 samples" in frame["text"]


def test_the_ellipse_of_a_batch_is_narrower_by_the_root_of_its_size():
    run = walk(replacement=True)
    (frame,) = seen(run, 5)["frames"]
    sizes = [
        np.ptp([unpacked(column) for column in frame[name]], axis=1) for name in ("sample_ellipse", "batch_ellipse")
    ]
    np.testing.assert_allclose(sizes[0] / sizes[1], math.sqrt(8), rtol=1e-4)


def test_the_angle_is_the_one_between_the_gradients():
    run = walk(batch_size=1)
    for frame in seen(run, *range(12))["frames"]:
        a, b = np.array(frame["batch"]), np.array(frame["whole"])
        angle = math.degrees(math.acos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))
        assert int(re.search(r"(\d+)°", frame["text"])[1]) == pytest.approx(angle, abs=0.51)


def test_the_batchs_landscape_has_the_heights_of_its_own_loss():
    run = walk()
    sent = seen(run, 7, lines=True)
    heights = unpacked(sent["frames"][0]["heights"]).reshape(sent["shape"])
    own = LOSS.batch(run.batches[7])
    for row, column in [(0, 0), (0, -1), (-1, 0), (16, 20)]:
        place = [np.linspace(*ends, count)[i] for ends, count, i in zip(VIEW, (33, 33), (column, row), strict=True)]
        assert heights[row, column] == pytest.approx(float(HEIGHT(own(place))), rel=1e-5)
    assert seen(run, 7)["frames"][0]["heights"] is None


def test_after_the_last_update_its_batch_stays():
    run = walk()
    (frame,) = seen(run, 24, lines=True)["frames"]
    assert (frame["batch"], frame["batch_ellipse"]) == (None, None)
    np.testing.assert_array_equal(unpacked(frame["samples"]), run.batches[23])
    corner = float(HEIGHT(LOSS.batch(run.batches[23])([VIEW[0][0], VIEW[1][0]])))
    assert unpacked(frame["heights"])[0] == pytest.approx(corner, rel=1e-5)
    assert frame["text"].startswith("After 24 updates")
    assert frame["text"].endswith("the batch of the last update, 8 of 64 samples.")
    (whole,) = seen(walk(batch_size=64), 3)["frames"]
    assert whole["text"].startswith("After 3 updates")
    assert "batch" not in whole["text"]


def test_without_an_update_there_is_no_batch():
    run = walk(start=LOSS.minimum, batch_size=64)
    (frame,) = seen(run, 0, lines=True)["frames"]
    assert (frame["samples"], frame["heights"]) == (None, None)
    assert frame["text"].startswith("After 0 updates")


def test_a_batch_of_all_samples_has_one_gradient():
    (frame,) = seen(walk(batch_size=64), 0, lines=True)["frames"]
    assert len(unpacked(frame["samples"])) == 64
    assert (frame["batch"], frame["batch_ellipse"]) == (None, None)
    assert frame["heights"] is not None
    assert frame["text"].startswith("Next, update 1: all 64 samples.")


def test_no_more_is_computed_than_a_page_asks_for():
    assert len(seen(walk(batch_size=1), *range(40))["frames"]) == MOST_GLIMPSED


def test_numbers_without_end_are_no_number():
    run = walk(learning_rate=1e150, stop=ls.Stopping(divergence=1e308))
    for frame in seen(run, *range(run.theta.shape[1]), lines=True)["frames"]:
        assert frame["whole"] is None or np.isfinite(frame["whole"]).all()
        assert not re.search(r"\bnan\b|\binf\b|[{}]", frame["text"])


@languages
@pytest.mark.parametrize("batch_size", [1, 64])
def test_every_frame_is_told_in_a_sentence(batch_size, language):
    run = walk(batch_size=batch_size, epochs=1)
    last = run.theta.shape[1] - 1
    for frame in seen(run, 0, last, language=language)["frames"]:
        assert frame["text"].endswith("." if language == "en" else "。")
        assert bool(re.search("[\u4e00-\u9fff]", frame["text"])) is (language != "en")


def test_a_frame_at_rest_has_the_spread_of_batches_measured_beside_predicted():
    run = walk()
    (frame,) = seen(run, 5)["frames"]
    spread, theta = frame["spread"], run.theta[:, 5].tolist()
    assert spread["sizes"] == [1, 4, 16, 64]
    away = LOSS.sample_gradients(theta) - LOSS.gradient(theta)
    one = np.sqrt((away**2).sum(axis=1).mean())
    corrected = [one * np.sqrt((64 - size) / 63 / size) for size in (1, 4, 16, 64)]
    np.testing.assert_allclose(spread["predicted"], corrected)
    np.testing.assert_allclose(spread["measured"], corrected, rtol=0.1)
    assert spread["measured"][-1] == 0
    assert [each["spread"]["measured"] for each in seen(run, 5, 6)["frames"]] == [None, None]
    assert (spread["predicted_as"], bool(spread["why"])) == ("predicted, as √((n − b)/((n − 1) b))", True)
    replaced = seen(walk(replacement=True), 5)["frames"][0]["spread"]
    assert (replaced["predicted_as"], replaced["why"]) == ("predicted, as 1/√b", "")
    np.testing.assert_allclose(replaced["predicted"][1:], [replaced["predicted"][0] / b**0.5 for b in (4, 16, 64)])
