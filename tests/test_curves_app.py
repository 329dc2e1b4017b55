"""The curves in a real browser: what a logarithmic loss is measured from."""

import pytest

STAGE = ".stage[data-paths][data-space]"
VERTICAL = """() => {
  const { yaxis } = document.querySelector(".stage .curves .js-plotly-plot")._fullLayout;
  return [yaxis.title.text, yaxis.type];
}"""


@pytest.mark.parametrize(
    ("address", "vertical"),
    [
        ("/?lang=en&function=rosenbrock", ["f − f*", "log"]),
        ("/?lang=en&function=monkey_saddle", ["loss", "linear"]),  # falls for ever: there is no f*
        ("/?lang=en&function=&formula=x^2%2By", ["loss", "linear"]),
        ("/?lang=en&function=&formula=x^2%2By^2%2B1", ["loss", "log"]),  # nobody has told its lowest point
    ],
)
def test_a_gap_is_shown_only_above_a_lowest_point_that_is_known(open_page, address, vertical):
    page = open_page(address)
    page.wait_for_selector(STAGE)
    page.wait_for_function("() => document.querySelector('.stage .curves .js-plotly-plot')?._fullLayout?.yaxis")
    assert page.evaluate(VERTICAL) == vertical
