"""Edits: what a person changed in a data set by hand, kept apart from it and short enough for an address."""

from dataclasses import dataclass, replace

import numpy as np

from landscape.objectives.samples import Samples
from landscape.pages.parameters import written

__all__ = ["MOST_EDITS", "Edit", "added", "edited", "edits", "moved", "removed", "written_edits"]

MOST_EDITS = 30  # that an address carries
FARTHEST = 1e30  # as in a table


@dataclass(frozen=True)
class Edit:
    """A sample of the data set moved or removed, or one added: `sample` holds its features and its target."""

    index: int | None
    """Of the sample in the unedited data set; None: added."""
    sample: tuple[float, ...] | None
    """None: removed."""

    def __str__(self) -> str:
        return written(("add" if self.index is None else self.index, *(self.sample or ())))


def edits(text: str) -> tuple[Edit, ...]:
    """The edits that an address describes; ValueError if it describes none, or too many."""
    found = []
    for part in text.split("~~") if text != "none" else ():
        place, *numbers = part.split("~")
        sample = tuple(map(float, numbers)) or None
        if sample is not None and (len(sample) not in (2, 3) or not all(abs(value) <= FARTHEST for value in sample)):
            raise ValueError(text)
        if place == "add" and sample is None:
            raise ValueError(text)
        found.append(Edit(None if place == "add" else int(place), sample))
    places = [edit.index for edit in found if edit.index is not None]
    if len(found) > MOST_EDITS or len(set(places)) < len(places) or min(places, default=0) < 0:
        raise ValueError(text)
    return tuple(found)


def written_edits(edits: tuple[Edit, ...]) -> str:
    """Edits as they stand in the address."""
    return "~~".join(map(str, edits)) or "none"


def edited(samples: Samples, edits: tuple[Edit, ...], *, classes: bool) -> Samples:
    """The samples with the edits: the unedited and moved ones in their old order, then the added ones.

    ValueError: edits of another data set, or ones that leave no sample.
    """
    if not edits:
        return samples
    table = np.column_stack([samples.x, samples.y])
    n, width = table.shape
    kept = np.ones(n, dtype=bool)
    more: list[tuple[float, ...]] = []
    for edit in edits:
        if (edit.index or 0) >= n or (edit.sample is not None and len(edit.sample) != width):
            raise ValueError("These edits belong to another data set.")
        if edit.sample is None:
            kept[edit.index] = False
        elif edit.index is None:
            more.append(edit.sample)
        else:
            table[edit.index] = edit.sample
    table = np.vstack([table[kept], *more])
    if not len(table):
        raise ValueError("No sample is left.")
    if classes and not np.isin(table[:, -1], (0, 1)).all():
        raise ValueError("A class is 0 or 1.")
    x = table[:, 0] if width == 2 else table[:, :2]
    return replace(samples, x=x, y=table[:, -1])


def added(edits: tuple[Edit, ...], sample: tuple[float, ...]) -> tuple[Edit, ...]:
    """The edits and one more sample."""
    return (*edits, Edit(None, sample))


def moved(edits: tuple[Edit, ...], n: int, place: int, sample: tuple[float, ...]) -> tuple[Edit, ...]:
    """The edits with the sample at a place of the edited data set, of n samples unedited, somewhere else."""
    index, edit = _origin(edits, n, place)
    if edit is None:
        return (*edits, Edit(index, sample))
    return tuple(Edit(index, sample) if each is edit else each for each in edits)


def removed(edits: tuple[Edit, ...], n: int, place: int) -> tuple[Edit, ...]:
    """The edits without the sample at a place of the edited data set, of n samples unedited."""
    index, edit = _origin(edits, n, place)
    others = tuple(each for each in edits if each is not edit)
    return others if index is None else (*others, Edit(index, None))


def _origin(edits: tuple[Edit, ...], n: int, place: int) -> tuple[int | None, Edit | None]:
    """The unedited sample that is now at a place, or None for an added one, and the edit that made it what it is."""
    gone = {edit.index for edit in edits if edit.sample is None}
    left = [index for index in range(n) if index not in gone]
    if place < len(left):
        return left[place], next((edit for edit in edits if edit.index == left[place]), None)
    return None, [edit for edit in edits if edit.index is None][place - len(left)]
