"""What is refused as a setting, and the sentence that says why."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from landscape.descent.hyperparameters import Hyperparameters, hyperparameter


@dataclass(frozen=True)
class Settings(Hyperparameters):
    share: float = hyperparameter(0.5, minimum=0.0, maximum=1.0, symbol="s", help="A share.")
    count: int = hyperparameter(3, minimum=1, maximum=10, symbol="n", help="A count.")
    size: float = hyperparameter(1.0, minimum=0.0, maximum=np.inf, symbol="a", help="A size.")
    limit: float | None = hyperparameter(None, minimum=-np.inf, maximum=np.inf, symbol="l", help="A limit.")


@pytest.mark.parametrize("value", [1.5, -0.1, np.nan, np.inf, None, True, "0.5", Decimal("0.5"), 1j, [0.5], 10**400])
def test_what_is_no_number_in_range_is_refused(value):
    with pytest.raises(ValueError, match=r"^Settings: share must be a number from 0 to 1, but it is "):
        Settings(share=value)


@pytest.mark.parametrize("value", [0, 11, 2.0, True, None])
def test_a_count_is_whole(value):
    with pytest.raises(ValueError, match=r"^Settings: count must be a whole number from 1 to 10, but it is "):
        Settings(count=value)


def test_an_open_range_still_wants_finite_numbers():
    assert Settings(size=1e300, limit=-1e300).size == 1e300
    with pytest.raises(ValueError, match="size must be a finite number of at least 0, but it is inf"):
        Settings(size=np.inf)
    with pytest.raises(ValueError, match="limit must be a finite number, but it is nan"):
        Settings(limit=np.nan)


def test_none_is_allowed_where_it_is_the_default():
    assert Settings(limit=None).limit is None


def test_every_lane_is_checked():
    lanes = np.array([0.1, 0.9])
    assert Settings(share=lanes).share is lanes
    with pytest.raises(ValueError, match="share"):
        Settings(share=np.array([0.1, 1.1]))


def test_scalars_become_plain_numbers():
    settings = Settings(share=np.float32(0.5), count=np.int64(4), size=2)
    assert [type(value) for value in (settings.share, settings.count, settings.size)] == [float, int, float]
    assert settings == Settings(0.5, 4, 2.0)
