"""Numbers as a person reads them."""

import math

import pytest

from landscape.figures.numeral import apart, latex, plain


@pytest.mark.parametrize(
    ("value", "text", "typeset"),
    [
        (0.0, "0", "0"),
        (-2.5, "−2.5", "-2.5"),
        (0.001, "0.001", "0.001"),
        (1e-4, "10⁻⁴", "10^{-4}"),
        (-6.25e-9, "−6.25\xa0×\xa010⁻⁹", r"-6.25 \cdot 10^{-9}"),
        (123456.789, "1.2346\xa0×\xa010⁵", r"1.2346 \cdot 10^{5}"),
        (9.999999, "10", "10"),
        (99999.9, "10⁵", "10^{5}"),
        (12345.0, "12345", "12345"),
        (math.inf, "∞", r"\infty"),
        (-math.inf, "−∞", r"-\infty"),
        (math.nan, "–", r"\text{–}"),
    ],
)
def test_a_number_reads_as_in_print(value, text, typeset):
    assert plain(value) == text
    assert latex(value) == typeset


def test_two_numbers_get_the_digits_that_tell_them_apart():
    digits = apart(9.0, 9.0000006)
    assert plain(9.0000006, digits) == "9.0000006"
    assert apart(1.0, 2.0) == 4
    assert apart(1.0, 1.0) == 17
    assert apart(0.0, 0.0) == apart(math.nan, 1.0) == apart(1.0, math.nan) == 4
