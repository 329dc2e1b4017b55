"""Samples changed by hand: what a person did to a data set comes back from the address, and to no other data set."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.objectives.samples import SAMPLES, Column, Samples
from landscape.pages.batches.edits import MOST_EDITS, Edit, added, edited, edits, moved, removed, written_edits

LINE = Samples(np.arange(4.0), np.arange(4.0) * 2, (Column("x"),), Column("y"))


def rows(samples):
    return np.column_stack([samples.x, samples.y]).tolist()


values = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: value + 0.0)


@given(st.data())
def test_edits_do_to_samples_what_a_list_does(data):
    """Against a plain list: an added sample is appended, a removed one closes the gap."""
    now, done = rows(LINE), ()
    for _ in range(data.draw(st.integers(0, 12))):
        act = data.draw(st.sampled_from(["add", "move", "remove"] if len(now) > 1 else ["add", "move"]))
        sample = (data.draw(values), data.draw(values))
        place = data.draw(st.integers(0, len(now) - 1))
        if act == "add":
            now, done = [*now, list(sample)], added(done, sample)
        elif act == "move":
            now, done = [*now[:place], list(sample), *now[place + 1 :]], moved(done, 4, place, sample)
        else:
            now, done = now[:place] + now[place + 1 :], removed(done, 4, place)
        assert rows(edited(LINE, done, classes=False)) == now
    assert edits(written_edits(done)) == done


def test_what_is_undone_leaves_no_trace():
    done = added((), (5.0, 5.0))
    assert removed(done, 4, 4) == ()
    twice = moved(moved((), 4, 1, (9.0, 9.0)), 4, 1, (8.0, 8.0))
    assert twice == (Edit(1, (8.0, 8.0)),)
    assert rows(LINE)[1] == [1.0, 2.0]  # the data set itself stays


def test_two_features_keep_their_columns():
    samples = SAMPLES["overlapping"].samples()
    done = (Edit(3, (1.5, -2.5, 1.0)), Edit(None, (0.0, 0.5, 0.0)), Edit(0, None))
    changed = edited(samples, done, classes=True)
    assert changed.x.shape == (100, 2)
    assert rows(changed)[2] == [1.5, -2.5, 1.0]
    assert rows(changed)[-1] == [0.0, 0.5, 0.0]
    assert changed.features == samples.features


def test_a_class_is_0_or_1():
    with pytest.raises(ValueError, match="class"):
        edited(SAMPLES["o_rings"].samples(), (Edit(3, (40.0, 0.5)),), classes=True)


@pytest.mark.parametrize(
    "wrong",
    [
        (Edit(4, None),),
        (Edit(0, (1.0, 2.0, 3.0)),),
        (Edit(None, (1.0, 2.0, 3.0)),),
        tuple(Edit(i, None) for i in range(4)),
    ],
    ids=["no such sample", "another width", "another width added", "nothing left"],
)
def test_edits_of_other_data_are_refused(wrong):
    with pytest.raises(ValueError, match=r"data set|No sample"):
        edited(LINE, wrong, classes=False)


NONSENSE = ["", "x", "1~2", "1~2~3~4~5", "add", "add~1", "-1", "1~nan~0", "1~0~1e300", "1~~1", "1.5", "~~"]


@pytest.mark.parametrize("text", [*NONSENSE, "~~".join(map(str, range(MOST_EDITS + 1)))])
def test_nonsense_describes_no_edits(text):
    with pytest.raises(ValueError):  # noqa: PT011
        edits(text)
