"""Everything that can be set on the Batches page."""

from dataclasses import dataclass, replace
from typing import Any, Self

from landscape.analysis.efficiency import AXES
from landscape.objectives.sample_loss import LOSSES
from landscape.objectives.samples import MOST_SAMPLES, SAMPLES, MadeDataSet
from landscape.pages.batches.edits import Edit, edited, edits, written_edits
from landscape.pages.parameters import automatic, flag, number, one_of, setting, whole
from landscape.pages.run_settings import RunSettings, runs, written_runs
from landscape.pages.stage_settings import StageSettings

__all__ = ["LARGEST_LOSS", "MOST_EPOCHS", "MOST_SEED", "OWN", "SAMPLING", "BatchRun", "Settings"]

OWN = "own"
"""The key of the data that a person brought."""
MOST_EPOCHS = 3000
MOST_SEED = 10**9
LARGEST_LOSS = 1e60
SAMPLING = ("reshuffled", "shuffled", "replacement")


@dataclass(frozen=True)
class BatchRun(RunSettings):
    """A run over batches; all runs of the page have one start."""

    batch_size: int | None = None
    """None: all samples."""

    def __str__(self) -> str:
        return super().__str__() + ("" if self.batch_size is None else f"~batch.{self.batch_size}")

    @classmethod
    def read(cls, text: str) -> Self:
        parts = text.split("~")
        sizes = [part.removeprefix("batch.") for part in parts if part.startswith("batch.")]
        run = super().read("~".join(part for part in parts if not part.startswith("batch.")))
        if len(sizes) > 1 or run.start:
            raise ValueError(text)
        return replace(run, batch_size=whole(1, 10**6)(sizes[0])) if sizes else run


DEFAULT_RUNS = (
    BatchRun("gradient_descent", 0.05, batch_size=1),
    BatchRun("gradient_descent", 0.05, batch_size=8),
    BatchRun("gradient_descent", 0.05),
)


@dataclass(frozen=True)
class Settings(StageSettings):
    """The whole page."""

    data: str = setting("noisy_line", one_of([*SAMPLES, OWN]))
    size: int | None = setting(None, whole(2, MOST_SAMPLES))
    """Of a made data set; None, as for the next two: as in the menu."""
    noise: float | None = setting(None, number(0, 1e6))
    data_seed: int | None = setting(None, whole(0, MOST_SEED))
    edits: tuple[Edit, ...] = setting((), edits, written_edits)
    loss: str = setting("squared", one_of(LOSSES))
    """Of a linear regression; classes have the cross-entropy."""
    l2: float = setting(0.0, number(0, 1e6))
    l1: float = setting(0.0, number(0, 1e6))
    scaled: bool | None = setting(None, automatic(flag))
    """None: as suits the data."""
    batch_lines: bool = setting(False, flag)
    gradients: bool = setting(False, flag)
    """Is every sample's gradient an arrow in the plane?"""
    features: bool = setting(False, flag)
    """Are two features of a regression the axes of the data, instead of what was measured and predicted?"""
    epochs: int | None = setting(None, automatic(whole(1, MOST_EPOCHS)))
    """None: as many as suit the data."""
    sampling: str = setting("reshuffled", one_of(SAMPLING))
    seed: int = setting(0, whole(0, MOST_SEED))
    seeds: bool = setting(False, flag)
    """Is every run repeated with other seeds?"""
    arrows: bool = setting(False, flag)
    runs: tuple[BatchRun, ...] = setting(DEFAULT_RUNS, runs(BatchRun), written_runs)
    axis: str = setting("updates", one_of(AXES))
    target: float | None = setting(None, automatic(number(0, LARGEST_LOSS)))
    """The loss to race for; None: what is left when 99 % of the way down is done."""

    LOOKS = (*StageSettings.LOOKS, "batch_lines", "gradients", "features", "seeds", "axis")
    LANDSCAPE = ("data", "size", "noise", "data_seed", "loss", "l2", "l1", "scaled")

    def mended(self) -> tuple[Self, list[str]]:
        """What StageSettings mend, and edits that fit the data."""
        settings, unfit = super().mended()
        if self.data != OWN and self.edits:
            data_set, made = SAMPLES[self.data], self.made
            samples = made.samples(self.size, self.noise, self.data_seed) if made else data_set.samples()
            try:
                edited(samples, self.edits, classes=data_set.classes)
            except ValueError:
                settings, unfit = replace(settings, edits=()), [*unfit, "edits"]
        return settings, unfit

    @property
    def made(self) -> MadeDataSet | None:
        """The data set, where its size, noise and seed can be chosen."""
        data_set = SAMPLES.get(self.data)
        return data_set if isinstance(data_set, MadeDataSet) else None

    def with_data(self, data: str) -> Self:
        """Other data: their own start and view, and their own epochs where a scenario chose them."""
        epochs = None if self.scenario else self.epochs
        return self.on_another_landscape(data=data, size=None, noise=None, data_seed=None, edits=(), epochs=epochs)

    def with_landscape(self, **changes: Any) -> Self:
        """The same data with another loss."""
        return self.on_another_landscape(start=self.start, **changes)

    def on_another_landscape(self, **changes: Any) -> Self:
        """As StageSettings; a loss to reach that was chosen says nothing about another landscape."""
        return super().on_another_landscape(**{"target": None, **changes})
