"""Numbers as a person reads them."""

import math

import pytest

from landscape.figures.numeral import aligned, apart, latex, plain


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


def test_what_is_subtracted_has_the_digits_that_it_needs_and_what_comes_of_it_those_that_are_sure():
    assert aligned(10000000000.0, 10000200001.0) == (11, 11, 6), "both exact: so is 200001"
    assert aligned(9.0, 16.0)[2] == 6
    assert aligned(0.01**2, (-0.01) ** 2)[:2] == (1, 1), "10⁻⁴, and no noise of the eighteenth digit"
    assert aligned(0.1, 0.1 + 1e-7)[2] == 5, "neither is exact"
