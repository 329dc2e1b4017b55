"""The curves in a real browser: what a logarithmic loss is measured from."""

SHOWN = """wanted => {
  const axis = document.querySelector(".stage .curves .js-plotly-plot")?._fullLayout?.yaxis;
  return axis && `${axis.title.text}, ${axis.type}` === wanted;
}"""


def test_a_gap_is_shown_only_above_a_lowest_point_that_is_known(open_page, settle, choose):
    page = open_page("/?lang=en&function=rosenbrock&runs=gradient_descent~auto~~newton~auto")
    page.wait_for_selector(".stage[data-paths][data-space]")

    def show(function):
        choose(page, "function", function)
        settle(page)

    def type_formula(text):
        field = page.get_by_role("textbox", name="f(x, y) =")
        field.fill(text)
        field.press("Enter")
        settle(page)

    page.wait_for_function(SHOWN, arg="f − f*, log")
    show("Monkey saddle")  # falls for ever: there is no f*
    page.wait_for_function(SHOWN, arg="loss, linear")
    show("Your own formula …")
    type_formula("x^2+y^2+1")  # nobody has told its lowest point
    page.wait_for_function(SHOWN, arg="loss, log")
    type_formula("x^2+y")
    page.wait_for_function(SHOWN, arg="loss, linear")
    type_formula("x^2+10y^2")  # Newton's method comes to 0 itself, which has no logarithm; the other run has
    page.wait_for_function(SHOWN, arg="loss, log")
    type_formula("x^3+y")
    page.wait_for_function(SHOWN, arg="loss, linear")
