"""A field for a number: what people type is understood, or stays there with a sentence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from landscape.pages.number_field import read_number, read_numbers, written_number


def read(text, low=-1e9, high=1e9, *, whole=False):
    return read_number(text, low, high, whole, str)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("−2.8", -2.8),
        ("0,5", 0.5),
        ("0,500", 0.5),
        ("5e-4", 5e-4),
        ("1E9", 1e9),
        ("5 × 10⁻⁴", 5e-4),
        ("−10⁻⁴", -1e-4),
        ("2*10^3", 2000),
        ("10**-3", 1e-3),
        ("１．５", 1.5),
        ("－３。２", -3.2),
        (" 10 000 ", 10000),
        (".5", 0.5),
        ("+3.", 3),
    ],
)
def test_a_number_is_understood_as_people_write_it(text, number):
    assert read(text) == pytest.approx(number, rel=1e-15)


def test_an_empty_field_is_no_number_and_no_error():
    assert read("") is None
    assert read("  ") is None


@pytest.mark.parametrize(
    "text", ["abc", "--3", "5e", ".", "nan", "inf", "1.000,5", "1,2,3", "0x10", "3 px", "2^3", "1/0", "1+1"]
)
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(ValueError, match="is no number"):
        read(text)


def test_a_comma_that_may_mean_two_things_is_asked_about():
    with pytest.raises(ValueError, match=r"1,000 can be read in two ways\. Write 1000 or 1\.000\."):
        read("1,000")


def test_the_range_is_told_as_the_page_writes_numbers():
    with pytest.raises(ValueError, match="1e500 is out of range"):
        read_number("1e500", 1, 10000, False, str)
    with pytest.raises(ValueError, match="1000000000 is out of range: 1 to 10000"):
        read("1e9", 1, 10_000, whole=True)
    with pytest.raises(ValueError, match="out of range"):
        read("1e999", 0, 1e300)
    with pytest.raises(ValueError, match=r"2\.5 is no whole number"):
        read("2.5", 1, 10, whole=True)
    assert isinstance(read("1e3", 1, 10_000, whole=True), int)


def read_list(text, low=-1e6, high=1e6, most=8):
    return read_numbers(text, low, high, most, str)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("-1, 0, 2", (-1, 0, 2)),
        ("−1,0,2", (-1, 0, 2)),
        ("0,5 1,5", (0.5, 1.5)),
        ("0,5, 1,5", (0.5, 1.5)),
        ("0,5; 1,5", (0.5, 1.5)),
        ("0,5，1,5", (0.5, 1.5)),
        ("1，2、3", (1, 2, 3)),
        ("0.5,1.5", (0.5, 1.5)),
        ("1,-2", (1, -2)),
        ("[1 2\t3]", (1, 2, 3)),
        ("1 , 2 ,3", (1, 2, 3)),
        ("5", (5,)),
        ("1, 2,", (1, 2)),
        ("", None),
    ],
)
def test_a_list_is_understood_as_people_write_it(text, numbers):
    assert read_list(text) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0,5", r"0,5 can be read in two ways. Write 0\.5 or 0, 5\."),
        ("−1,5e3", "two ways"),
        ("1,000 2", r"1,000 can be read in two ways. Write 1000 or 1\.000\."),
        ("1,2,3 4", "“1,2,3” is no number"),
        ("1,,2", "“1,,2” is no number"),
        ("1, 2e9", "2000000000 is out of range"),
        ("1 " * 9, "At most 8 numbers"),
    ],
)
def test_a_list_that_means_no_numbers_or_two_lists_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_list(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e-5, "0.00001"),
        (-2.8, "-2.8"),
        (125, "125"),
        (1e12, "1e12"),
        (2.5e-8, "2.5e-8"),
        (123456789, "123456789"),
        (-0.0, "0"),
    ],
)
def test_a_number_is_shown_as_one_would_type_it(number, text):
    assert written_number(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_what_a_field_shows_is_what_it_reads(number):
    shown = written_number(number)
    assert read(shown, -math.inf, math.inf) == pytest.approx(number, rel=1e-5)
    assert written_number(read(shown, -math.inf, math.inf)) == shown


def app(language="en"):
    import streamlit as st

    from landscape.locale import translation
    from landscape.pages.number_field import number_field

    state = st.session_state
    state.setdefault("kept", 0.5)
    number_field(
        "Rate", 0, 10, key="rate", value=state.kept, act=lambda value: state.update(kept=value), _=translation(language)
    )
    if st.button("other way"):
        state.kept = 7.0
        st.rerun()


def test_what_was_typed_stays_with_its_sentence_until_the_number_changes():
    page = AppTest.from_function(app).run()
    page.text_input[0].set_value("0,5O").run()
    assert page.session_state.kept == 0.5
    assert page.text_input[0].value == "0,5O"
    assert page.error[0].value.startswith("Rate: “0,5O” is no number")
    page.text_input[0].set_value("−3").run()
    assert page.error[0].value == "Rate: −3 is out of range: 0 to 10."
    page.text_input[0].set_value("2,5").run()
    assert page.session_state.kept == 2.5
    assert (page.text_input[0].value, len(page.error)) == ("2.5", 0)
    page.text_input[0].set_value("*bold*").run()
    assert r"\*bold\*" in page.error[0].value
    page.button[0].click().run()
    assert (page.text_input[0].value, len(page.error)) == ("7", 0)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_the_name_of_a_field_stands_before_its_sentence_as_in_print(language):
    page = AppTest.from_function(app, kwargs={"language": language}).run()
    page.text_input[0].set_value("−3").run()
    assert page.error[0].value.startswith("Rate：−3")
