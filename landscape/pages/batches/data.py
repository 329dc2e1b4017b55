"""Data: the samples that the page is about, built in or brought, with a plain key by which caches know them."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from landscape.objectives.samples import SAMPLES, MadeDataSet, Samples
from landscape.objectives.table import Table, TableError
from landscape.pages.batches.edits import Edit, edited
from landscape.pages.batches.settings import OWN, Settings

__all__ = ["Data", "Own", "built_in"]


FEW = 4  # numbers of which only two are different say nothing yet
LARGEST = 1e30  # so that no square of a sum of squares overflows


@dataclass(frozen=True)
class Data:
    """Samples; two are the same if their keys are."""

    key: tuple[Any, ...]
    classes: bool
    samples: Samples = field(compare=False, repr=False)
    class_names: tuple[str, str] = field(default=("0", "1"), compare=False)

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.samples.y)

    @property
    def own(self) -> bool:
        """Did a person bring them?"""
        return bool(self.key[0] == OWN)

    @property
    def two_features(self) -> bool:
        return bool(self.samples.x.ndim == 2)

    def edited(self, edits: tuple[Edit, ...]) -> "Data":
        """These data with what was changed by hand. ValueError: edits of other data."""
        if not edits:
            return self
        return replace(self, key=(*self.key, edits), samples=edited(self.samples, edits, classes=self.classes))


def built_in(settings: Settings) -> Data:
    """The data set of the menu that settings name, unedited."""
    if settings.made:
        return _built_in(settings.data, settings.size, settings.noise, settings.data_seed)
    return _built_in(settings.data)


@lru_cache(maxsize=64)
def _built_in(key: str, *made: Any) -> Data:
    data_set = SAMPLES[key]
    samples = data_set.samples(*made) if isinstance(data_set, MadeDataSet) else data_set.samples()
    return Data((key, *made), data_set.classes, samples)


@dataclass(frozen=True, eq=False)
class Own:
    """A table that a person brought, and which of its columns are used. It lives as long as the visit."""

    table: Table
    features: tuple[str, ...]
    target: str
    classes: bool
    name: str
    """Of the file; empty for pasted text."""

    @classmethod
    def of(cls, table: Table, name: str = "") -> "Own":
        """The last column as the target, the first or, of classes, the first two as features."""
        *columns, target = table.columns
        classes = cls.two_valued(table, target, least=FEW)
        features = tuple(columns[: 2 if classes else 1])  # a plane without a bias is rarely meant
        return cls(table, features, target, classes, name)

    @classmethod
    def kept(cls, data: Data, name: str) -> "Own":
        """Data that were changed by hand so often that an address cannot tell it."""
        samples = data.samples
        names = tuple(column.name for column in (*samples.features, samples.target))
        columns = dict(zip(names, (*np.atleast_2d(samples.x.T), samples.y), strict=True))
        return cls(Table(columns, data.count, ()), names[:-1], names[-1], data.classes, name)

    @staticmethod
    def two_valued(table: Table, target: str, *, least: int = 2) -> bool:
        """Has a column of at least so many numbers exactly two values, so that they may be classes?"""
        column = table.columns[target]
        numbers = column[np.isfinite(column)]
        return len(numbers) >= least and len(np.unique(numbers)) == 2

    def data(self) -> Data:
        """The samples in the chosen columns. TableError where no row is complete."""
        samples = self.table.samples(self.features, self.target)
        names = ("0", "1")
        classes = self.classes and len(np.unique(samples.y)) == 2
        if classes:
            low, high = np.unique(samples.y).tolist()
            names = (f"{low:.6g}", f"{high:.6g}")
            samples = replace(samples, y=(samples.y == high).astype(float))
        sizes = np.abs(np.column_stack([samples.x, samples.y]))
        if sizes.max() > LARGEST or sizes[sizes > 0].min(initial=1.0) < 1 / LARGEST:
            raise TableError("Numbers should be between 10⁻³⁰ and 10³⁰ in size. Another unit would help.")
        digest = hashlib.sha256(np.column_stack([samples.x, samples.y]).tobytes()).hexdigest()[:16]
        return Data((OWN, digest, self.features, self.target, classes), classes, samples, names)
