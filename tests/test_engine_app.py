"""The page of automatic differentiation in a real browser: statements by button, their script, undoing them."""


def test_statements_are_pressed_and_written_down(open_page, settle):
    page = open_page("/automatic-differentiation")
    assert page.locator(".st-key-do_backward button").is_disabled()
    for name in ("forward", "backward", "backward"):
        page.locator(f".st-key-do_{name} button").click()
        settle(page)
    script = page.locator(".st-key-script")
    assert "# w.grad = -17.3333, b.grad = -8" in script.inner_text()
    assert "# w.grad = -34.6667, b.grad = -16" in script.inner_text()
    assert page.url.endswith("?done=fbb")
    last = """() => {
        const box = document.querySelector(".st-key-script");
        return box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
    }"""
    page.wait_for_function(last)
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert "-34.6667" not in script.inner_text()
    page.go_back()
    settle(page)
    assert page.locator(".st-key-fit .figure[data-drawn]").count() == 1


def test_it_fits_a_phone(open_page):
    page = open_page("/automatic-differentiation?done=nb", viewport=(390, 844), touch=True)
    page.wait_for_selector(".st-key-fit .figure[data-drawn]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_text("Nothing was recorded").is_visible()
