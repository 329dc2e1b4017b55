"""Samples added, moved and removed on the stage: what the stage asks for is done to the data, or nothing is."""

import numpy as np
import pytest

from landscape.pages.batches.edits import Edit
from landscape.pages.batches.points import edited
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import Settings


def after(settings, **wish):
    """The samples after a wish, as rows."""
    edits = edited(Scene(settings), wish)
    data = Scene(settings).unedited.edited(edits)
    return np.column_stack([data.samples.x, data.samples.y])


FIVE = Settings(data="five_points")


def test_a_line_has_points_added_moved_and_removed():
    np.testing.assert_allclose(after(FIVE, act="add", x=6.00000049, y=12, target=None)[-1], [6, 12])
    np.testing.assert_allclose(after(FIVE, act="move", index=4, x=5, y=2, final=True)[4], [5, 2])
    np.testing.assert_allclose(after(FIVE, act="remove", index=0)[:, 0], [2, 3, 4, 5])


def test_an_edited_set_is_edited_further():
    settings = Settings(data="five_points", edits=(Edit(0, None), Edit(None, (9.0, 9.0))))
    np.testing.assert_allclose(after(settings, act="move", index=4, x=8, y=8)[-1], [8, 8])
    np.testing.assert_allclose(after(settings, act="remove", index=0)[:, 0], [3, 4, 5, 9])


def test_a_sample_of_two_features_keeps_its_class_and_a_new_one_has_the_chosen():
    settings = Settings(data="overlapping")
    before = Scene(settings).data.samples
    moved = after(settings, act="move", index=1, x=0.5, y=-0.5, target=before.y[1])
    np.testing.assert_allclose(moved[1], [0.5, -0.5, before.y[1]])
    for label in (0, 1):
        np.testing.assert_allclose(after(settings, act="add", x=1, y=2, target=label)[-1], [1, 2, label])


def test_of_two_features_what_was_measured_is_changed_and_a_sample_added():
    settings = Settings(data="two_features")
    before = Scene(settings).data.samples
    x, y = (float(f"{value:.6g}") for value in before.x[3])
    np.testing.assert_allclose(after(settings, act="move", index=3, x=x, y=y, target=400.0)[3], [x, y, 400])
    np.testing.assert_allclose(after(settings, act="move", index=3, x=1, y=2, target=-3.5)[3], [1, 2, -3.5])
    np.testing.assert_allclose(after(settings, act="add", x=5, y=-60, target=12.3456789)[-1], [5, -60, 12.3457])


def test_a_class_over_one_feature_stays_a_class():
    rows = after(Settings(data="o_rings"), act="move", index=3, x=40, y=1)
    np.testing.assert_allclose(rows[3], [40, 1])
    assert Scene(Settings(data="o_rings", edits=(Edit(3, (40.0, 1.0)),))).objective.sample_count == 23


@pytest.mark.parametrize("index", [-1, 5, 10**9])
@pytest.mark.parametrize("act", ["move", "remove"])
def test_a_sample_that_is_not_there_changes_nothing(act, index):
    assert edited(Scene(FIVE), {"act": act, "index": index, "x": 1, "y": 1}) is None


def test_the_view_stays_while_a_sample_is_dragged_unless_the_minimum_leaves_it():
    settings = Settings(data="fuel")
    near = Scene(Settings(data="fuel", edits=(Edit(0, (2.6, 22.0)),)))
    far = Scene(Settings(data="fuel", edits=(Edit(0, (2.6, 22000.0)),)))
    assert near.view == Scene(settings).view
    assert far.view != near.view
    (left, right), (bottom, top) = far.view
    x, y = far.objective.minimum
    assert left < x < right
    assert bottom < y < top
