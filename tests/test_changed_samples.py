"""Samples of the Batches page that are changed by hand, without a browser."""

import numpy as np
import pytest
from batches_visit import Visit
from sent import unpacked

from landscape.locale import LANGUAGES
from landscape.pages.batches.edits import MOST_EDITS, Edit
from landscape.pages.batches.settings import OWN

languages = pytest.mark.parametrize("language", LANGUAGES)


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
    assert set(unpacked(visit.data["y"])) == {0, 1}
