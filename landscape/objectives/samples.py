"""SAMPLES: data sets to fit, made and recorded, each with what it teaches; and features brought to one scale."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["SAMPLES", "Column", "DataSet", "MadeDataSet", "RecordedDataSet", "Samples", "Standardized", "standardize"]

DATA = Path(__file__).with_name("data")
MOST_SAMPLES = 5000  # of a made data set

Array = NDArray[np.float64]
Points = tuple[Array, Array]


class Column(NamedTuple):
    """What a column of numbers is: a name and a unit, which may be empty."""

    name: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Samples:
    """n samples: x of shape (n,) for one feature or (n, 2) for two, y of shape (n,), and what their columns are."""

    x: Array
    y: Array
    features: tuple[Column, ...]
    target: Column


@dataclass(frozen=True, eq=False, kw_only=True)
class DataSet:
    """A data set of the menu. With `classes`, y is 0 or 1 and asks for logistic regression.

    `source` is the title of what it was printed in, and `r_name` the name that R has for it; what has none is our own.
    """

    key: str
    name: str
    about: str
    source: str = ""
    r_name: str = ""
    features: tuple[Column, ...]
    target: Column
    classes: bool = False
    scaled: bool = False
    """Should its features be scaled at first? Unscaled, nothing would be learnt in the time that a class has."""

    def samples(self) -> Samples:
        """Its samples."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedDataSet(DataSet):
    """A data set that is what it is."""

    points: Callable[[], Points]

    def samples(self) -> Samples:
        return Samples(*self.points(), self.features, self.target)


@dataclass(frozen=True, eq=False, kw_only=True)
class MadeDataSet(DataSet):
    """A data set drawn at random: its size, the standard deviation of its noise and the seed can be chosen."""

    draw: Callable[[np.random.Generator, int, float], Points]
    size: int
    noise: float
    seed: int

    def samples(self, size: int | None = None, noise: float | None = None, seed: int | None = None) -> Samples:
        """The samples of a size from 2 to 5000, a noise of at least 0 and a seed; ValueError for others.

        The same numbers always give the same samples. What is None is as in the menu.
        """
        size = _whole("size", self.size if size is None else size, 2, MOST_SAMPLES)
        seed = _whole("seed", self.seed if seed is None else seed, 0, 2**63)
        noise = self.noise if noise is None else float(noise)
        if not 0 <= noise < math.inf:
            raise ValueError(f"noise must be a finite number of at least 0, but it is {noise!r}.")
        return Samples(*self.draw(np.random.default_rng(seed), size, noise), self.features, self.target)


@dataclass(frozen=True, eq=False)
class Standardized:
    """Features on one scale, x = (original − mean) / scale; mean and scale have one entry a feature."""

    x: Array
    mean: Array
    scale: Array


def standardize(x: ArrayLike) -> Standardized:
    """One feature (n,) with mean 0 and standard deviation 1; or two (n, 2), each divided by its root mean square.

    Two features are not shifted: without a bias nothing could undo that, and other lines would be fitted. A feature
    that is constant, or 0 everywhere, has no scale of its own and keeps it.
    """
    x = np.asarray(x, dtype=np.float64)
    mean = x.mean() if x.ndim == 1 else np.zeros(2)
    scale = np.sqrt(np.square(x - mean).mean(axis=0))
    constant = scale <= 1e-14 * np.abs(x).max(axis=0)
    scale = np.where(constant, 1.0, scale)
    return Standardized((x - mean) / scale, np.asarray(mean), scale)


def _whole(name: str, value: Any, least: int, most: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, but it is {value!r}.")
    return number


def _file(name: str) -> Callable[[], Points]:
    def read() -> Points:
        x, y = np.loadtxt(DATA / name, delimiter=",", skiprows=1, unpack=True)
        return x, y

    return read


def _five_points() -> Points:
    x = np.arange(1.0, 6.0)
    return x, 2 * x


def _noisy_line(rng: np.random.Generator, size: int, noise: float) -> Points:
    x = standardize(rng.standard_normal(size)).x
    return x, 1.5 * x - 0.5 + noise * rng.standard_normal(size)


def _outliers(rng: np.random.Generator, size: int, noise: float) -> Points:
    x, y = _noisy_line(rng, size, noise)
    y[np.argsort(x)[-math.ceil(size / 10) :]] -= 8
    return x, y


def _flats(rng: np.random.Generator, size: int, noise: float) -> Points:
    x = rng.uniform(4, 16, size)
    return x, 0.3 * x + 1 + noise * rng.standard_normal(size)


def _two_features(rng: np.random.Generator, size: int, noise: float) -> Points:
    x = rng.standard_normal((size, 2)) * (3, 60)
    return x, x @ (8, 0.5) + noise * rng.standard_normal(size)


def _two_groups(rng: np.random.Generator, size: int, noise: float) -> tuple[Array, Array, Array]:
    """Deviations (n, 2) from the centre of a group, the groups' classes, and the direction from class 0 to 1."""
    classes = np.arange(size, dtype=np.float64) % 2
    return noise * rng.standard_normal((size, 2)), classes, np.array([0.8, 0.6])


def _overlapping(rng: np.random.Generator, size: int, noise: float) -> Points:
    x, y, towards = _two_groups(rng, size, noise)
    return x + np.outer(2 * y - 1, towards), y


def _separate(rng: np.random.Generator, size: int, noise: float) -> Points:
    x, y, towards = _two_groups(rng, size, noise)
    side = 2 * y - 1
    along = x @ towards
    return x + np.outer(side * (np.abs(along) + 0.5) - along, towards), y


def _by_key(*data_sets: DataSet) -> dict[str, DataSet]:
    return {data_set.key: data_set for data_set in data_sets}


FEATURE, TARGET = (Column("x"),), Column("y")
TWO_FEATURES, CLASS = (Column("x₁"), Column("x₂")), Column("class")

SAMPLES = _by_key(
    RecordedDataSet(
        key="five_points",
        name="Five points",
        about="Five points on the line y = 2x: the loss can become 0, and every step can be checked by hand.",
        features=FEATURE,
        target=TARGET,
        points=_five_points,
    ),
    MadeDataSet(
        key="noisy_line",
        name="Noisy line",
        about="Points around a line, with x standardised: the bowl is round; only random batches make a path jitter.",
        features=FEATURE,
        target=TARGET,
        draw=_noisy_line,
        size=64,
        noise=0.6,
        seed=7,
    ),
    MadeDataSet(
        key="outliers",
        name="Line with outliers",
        about="A tenth of the points lie far below the line: squared loss follows them, absolute loss hardly does.",
        features=FEATURE,
        target=TARGET,
        draw=_outliers,
        size=60,
        noise=0.5,
        seed=1,
    ),
    MadeDataSet(
        key="flats",
        name="Prices of flats",
        about="No area is near 0, so that weight and bias are entangled: a ravine, until the area is standardised.",
        features=(Column("area", "10 m²"),),
        target=Column("price", "100,000 €"),
        draw=_flats,
        size=80,
        noise=0.3,
        seed=3,
    ),
    MadeDataSet(
        key="two_features",
        name="Two features",
        about="One feature varies 20 times as much as the other: a ravine along the weaker one, until both are scaled.",
        features=(Column("temperature above normal", "°C"), Column("visitors above normal")),
        target=Column("ice creams above normal"),
        draw=_two_features,
        size=100,
        noise=15.0,
        seed=0,
    ),
    MadeDataSet(
        key="overlapping",
        name="Overlapping classes",
        about="No line separates the two classes: the loss has one minimum, and some samples stay on the wrong side.",
        features=TWO_FEATURES,
        target=CLASS,
        classes=True,
        draw=_overlapping,
        size=100,
        noise=1.0,
        seed=2,
    ),
    MadeDataSet(
        key="separate",
        name="Separate classes",
        about="A line separates the classes, so that longer weights are always better: only a penalty makes a minimum.",
        features=TWO_FEATURES,
        target=CLASS,
        classes=True,
        draw=_separate,
        size=60,
        noise=1.0,
        seed=0,
    ),
    RecordedDataSet(
        key="cars",
        name="Stopping distances",
        about="Cars of the 1920s: none of the speeds is near 0, so slope and intercept are found at very unlike rates.",
        source="Ezekiel, Methods of Correlation Analysis, 1930",
        r_name="cars",
        features=(Column("speed", "mph"),),
        target=Column("stopping distance", "ft"),
        points=_file("cars.csv"),
    ),
    RecordedDataSet(
        key="old_faithful",
        name="Old Faithful",
        about="After a long eruption the geyser rests longer. Eruptions are short or long: two clouds, and one line.",
        source="Azzalini and Bowman, A look at some data on the Old Faithful geyser, 1990",
        r_name="faithful",
        features=(Column("eruption", "min"),),
        target=Column("wait for the next", "min"),
        points=_file("old_faithful.csv"),
    ),
    RecordedDataSet(
        key="fuel",
        name="Fuel economy",
        about="Heavier cars go fewer miles on a gallon: 32 samples, few enough to watch every gradient.",
        source="Henderson and Velleman, Building multiple regression models interactively, 1981",
        r_name="mtcars",
        features=(Column("car weight", "1000 lb"),),
        target=Column("fuel economy", "mpg"),
        points=_file("fuel.csv"),
    ),
    RecordedDataSet(
        key="o_rings",
        name="Space Shuttle O-rings",
        about="Seals were damaged on 7 of 23 flights, mostly cold ones: known before the Challenger accident.",
        source="Dalal, Fowlkes and Hoadley, Risk analysis of the Space Shuttle, 1989",
        features=(Column("temperature", "°F"),),
        target=Column("damaged seals"),
        classes=True,
        scaled=True,
        points=_file("o_rings.csv"),
    ),
)
