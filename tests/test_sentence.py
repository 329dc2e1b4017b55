"""Numbers in sentences look as in print."""

import pytest

from landscape.locale.sentence import filled


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (1.7e-5, ".2g", "1.7 × 10⁻⁵"),
        (-1.7e-5, ".2g", "−1.7 × 10⁻⁵"),
        (2e12, ".3g", "2 × 10¹²"),
        (-0.25, ".3g", "−0.25"),
        (12, "", "12"),
        (float("inf"), ".3g", "∞"),
        (float("-inf"), ".3g", "−∞"),
        ("e-05", "", "e-05"),
    ],
)
def test_a_number_reads_as_in_print(value: object, spec: str, text: str) -> None:
    assert filled(f"{{it:{spec}}}", it=value) == text


def test_a_missing_value_is_an_error_and_braces_can_be_written() -> None:
    assert filled("{{x}} = {x}", x=3) == "{x} = 3"
    with pytest.raises(KeyError):
        filled("{absent}")
