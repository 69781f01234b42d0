"""The shell in a real browser: nothing for axe to find, nothing sideways, nothing blocked by the policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.urls("tests.web.urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def said(page, live_server):
    """What the browser complained of, and whatever was asked of another host."""
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if "Failed to load" not in message.text else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((live_server.url, "data:")) else complaints.append(request.url),
    )
    return complaints


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_every_component_is_sound(page, live_server, said, language, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for address in ("/style", "/style/door", "/style/refusal", "/nowhere"):
        page.goto(live_server.url + address)

        found = Axe().run(page)
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

        assert found.violations_count == 0, found.generate_report()
        assert (address, sideways) == (address, 0)
    assert said == []


def test_a_refused_request_by_htmx_is_shown_and_brought_to_attention(page, live_server, said):
    page.goto(live_server.url + "/style")
    page.evaluate("htmx.ajax('GET', '/not-yours', {target: '#offers'})")

    page.wait_for_selector("#notice .cp-refusal")

    assert page.inner_text("#notice button") == "Hand this to the doctor"
    assert page.evaluate("document.activeElement.id") == "notice"
    assert page.locator("#offers").count() == 1
    assert said == []


def test_a_menu_closes_with_escape_and_gives_the_keyboard_back(page, live_server):
    page.goto(live_server.url + "/style")
    page.click(".cp-who")
    assert page.is_visible("text=Sign out")

    page.keyboard.press("Escape")

    assert not page.is_visible("text=Sign out")
    assert page.evaluate("document.activeElement.matches('.cp-who')")


def test_the_language_is_changed_without_javascript(browser, live_server):
    page = browser.new_page(java_script_enabled=False)
    page.goto(live_server.url + "/style")

    page.click("summary:has-text('Language')")
    page.click("button[value=ar]")

    assert page.url == live_server.url + "/style"
    assert page.get_attribute("html", "dir") == "rtl"
    page.close()


def test_the_keyboard_reaches_the_content_first(page, live_server):
    page.goto(live_server.url + "/style")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
