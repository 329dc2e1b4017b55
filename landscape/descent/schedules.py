"""The learning rate as a function of the step."""

from dataclasses import dataclass
from typing import ClassVar

from landscape.descent.hyperparameters import Hyperparameters, hyperparameter


class Schedule(Hyperparameters):
    """A learning rate for every step, counted from 0 as in torch.optim.lr_scheduler."""

    name: ClassVar[str]
    about: ClassVar[str]
    latex: ClassVar[str]

    def __call__(self, step: int) -> float:
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate at every step."""

    initial: float = hyperparameter(
        minimum=0.0, maximum=1e6, symbol=r"\eta_{0}", help="The learning rate.", scale="log"
    )

    name = "Constant"
    about = "The same learning rate at every step."
    latex = r"\eta_{t} = \eta_{0}"

    def __call__(self, step: int) -> float:
        return self.initial
