"""Batches: which samples each update of a run sees. Their order is drawn once from the seed, for every batch size."""

import operator
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Batches", "blocks", "sample_order"]

MOST_SAMPLES = 20_000_000  # that a run may draw: 160 MB
CACHED_SAMPLES = 2**17  # in an order that is worth keeping: 1 MB
BLOCK = 2**16  # samples at a time, so that what is computed from them stays in the processor's cache

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Batches:
    """The batches of a run, one for each update: batches[k] holds the indices of update k's samples, read-only.

    Each epoch is cut into batches of `batch_size` samples; the last of an epoch is as short as it has to be. ValueError
    for an argument that is unfit.
    """

    samples: int
    """n, how many samples there are."""
    batch_size: int
    updates: int
    """How many batches, which is how many updates."""
    seed: int = 0
    reshuffle: bool = True
    """Whether every epoch has an order of its own, or all have the first one's."""
    replacement: bool = False
    """Whether samples are drawn independently, so that an epoch has some twice and lacks others."""

    def __post_init__(self) -> None:
        size = _index(self.batch_size)
        if size is None or not 1 <= size <= self.samples:
            raise ValueError(
                f"batch_size must be a whole number from 1 to {self.samples}, the number of samples, but it is"
                f" {self.batch_size!r}."
            )
        seed = _index(self.seed)
        if seed is None or seed < 0:
            raise ValueError(f"seed must be a whole number of at least 0, but it is {self.seed!r}.")
        if self.replacement and not self.reshuffle:
            raise ValueError("With replacement every epoch is drawn anew: reshuffle=False does not go with it.")
        object.__setattr__(self, "batch_size", size)
        object.__setattr__(self, "seed", seed)
        if not self.whole and self.epochs * self.samples > MOST_SAMPLES:
            raise ValueError(
                f"A run may draw {MOST_SAMPLES:,} samples, but {self.epochs:,} epochs of {self.samples:,} are more."
            )

    def __getstate__(self) -> dict[str, Any]:  # the order can be drawn again
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def whole(self) -> bool:
        """Whether every batch is all samples, so that nothing is drawn."""
        return self.batch_size == self.samples and not self.replacement

    @property
    def per_epoch(self) -> int:
        """Updates in an epoch."""
        return -(-self.samples // self.batch_size)

    @property
    def epochs(self) -> int:
        """Epochs that were begun."""
        return -(-self.updates // self.per_epoch)

    @cached_property
    def order(self) -> Indices:
        """(epochs, n): the samples of each epoch one after another."""
        return sample_order(self.samples, self.epochs, self.seed, self.reshuffle, self.replacement)

    def seen(self, updates: ArrayLike) -> Any:
        """How many samples the first so many updates saw, in the shape of `updates`."""
        epochs, rest = np.divmod(updates, self.per_epoch)
        return epochs * self.samples + rest * self.batch_size

    def __len__(self) -> int:
        return self.updates

    def __getitem__(self, update: int) -> Indices:
        if not -self.updates <= update < self.updates:
            raise IndexError(f"There are {self.updates} batches, and none has the index {update}.")
        if self.whole:
            everything: Indices = np.arange(self.samples)
            everything.flags.writeable = False
            return everything
        epoch, batch = divmod(update % self.updates, self.per_epoch)
        return self.order[epoch, batch * self.batch_size : (batch + 1) * self.batch_size]


def sample_order(n: int, epochs: int, seed: int = 0, reshuffle: bool = True, replacement: bool = False) -> Indices:
    """The samples of each epoch in the order in which they are seen, shape (epochs, n), read-only.

    Every epoch is a permutation of 0 … n − 1, or with `replacement` n independent draws. A longer order of the same
    seed begins with the shorter one, so that runs of different lengths and batch sizes see the same.
    """
    draw = _kept if n * epochs <= CACHED_SAMPLES else _drawn
    return draw(n, epochs, seed, reshuffle, replacement)


def _drawn(n: int, epochs: int, seed: int, reshuffle: bool, replacement: bool) -> Indices:
    rng = np.random.default_rng(seed)
    if replacement:
        drawn = rng.integers(n, size=(epochs, n), dtype=np.intp)
    elif reshuffle:
        drawn = rng.permuted(np.broadcast_to(np.arange(n, dtype=np.intp), (epochs, n)), axis=1)
    else:
        drawn = np.tile(rng.permutation(n).astype(np.intp), (epochs, 1))
    drawn.flags.writeable = False
    return drawn


_kept = lru_cache(maxsize=128)(_drawn)


def blocks(orders: Indices, batch_size: int, updates: int) -> Iterator[tuple[Indices, Indices]]:
    """Consecutive batches of orders of shape (*lanes, epochs, n), a block of whole epochs at a time.

    A block is the indices of its samples, (*lanes, m), and the places in them where its batches start, (batches,).
    """
    *lanes, epochs, n = orders.shape
    within = np.arange(0, n, batch_size)
    width = max(1, BLOCK // (n * int(np.prod(lanes))))
    for first in range(0, epochs, width):
        block = orders[..., first : first + width, :]
        starts = (np.arange(block.shape[-2])[:, None] * n + within).ravel()
        left = updates - first * len(within)
        end = starts[left] if left < len(starts) else block.shape[-2] * n
        yield block.reshape(*lanes, -1)[..., :end], starts[:left]


def _index(number: Any) -> int | None:
    try:
        return operator.index(number)
    except TypeError:
        return None
