"""Every page that anybody finds by links, in three languages, on a desktop and on a phone: nothing for axe to find,
nothing sideways, nothing asked of another host, nothing that the browser complains of.

A page is opened once, judged, made narrow and judged again.
"""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import reverse

from clearpath.turns.models import Seat
from tests.stories.whole_network import Seen, make_whole_network, pages_of, session_of, signed_in
from tests.walk import walk_to

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long, pytest.mark.django_db(transaction=True)]

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = AXE_SCRIPT
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
DOORS = (
    "/accounts/login/", "/accounts/password/reset/", "/shl/view", "/charter", "/charter/version/2026.1", "/advertisers",
    "/nowhere",
)  # fmt: skip


def refusals_for(network) -> list[Seen]:
    """Cards: somebody else's part, something that comes first, too late, and nothing there."""
    waits, ended = network.cases[1].journey, network.cases[0].journey
    lane = Seat.objects.filter(subject_id=waits.pk, role="provider").first().lane_id

    def card(who: str, journey, step: str) -> Seen:
        return Seen(who, f"{reverse('turns:take', args=['journey', journey.pk, step])}?lane={lane}", f"no {who} {step}")

    return [
        card("guide2", waits, "records.give_opinion"),
        card("patient1", waits, "records.treat"),
        card("patient1", waits, "money.sign_contract"),
        card("guide", ended, "travel.confirm_arrival"),
        Seen("agency", "/nowhere", "nothing there"),
    ]


@pytest.mark.parametrize("languages", [["en"], ["tr", "ar"]], ids=",".join)
def test_every_page_is_for_everybody(browser, live_server, languages):
    network = make_whole_network()
    wrong: list[str] = []
    known: set[str] = set()
    looked_at = 0
    refusals = refusals_for(network)

    for who, actor in network.actors.items():
        client = signed_in(actor)
        seen = pages_of(who, actor, client, known) + [each for each in refusals if each.who == who]
        for language in languages:
            looked_at += look_at(browser, live_server.url, language, session_of(client), seen, wrong)
    for language in languages:
        doors = [Seen("anybody", address, address) for address in DOORS]
        looked_at += look_at(browser, live_server.url, language, "", doors, wrong)

    assert wrong == [], "\n".join(wrong)
    assert looked_at > 150 * len(languages)
    for kind in (
        "journey",
        "lead",
        "campaign",
        "creative",
        "agreement",
        "complaint",
        "organisation",
        "forum",
        "next_step",
        "charter",
    ):
        assert any(re.search(rf" /{kind}/\*/ ", shape) for shape in known), f"no page of a {kind} was looked at"


def look_at(browser, url, language, session, pages: list[Seen], wrong: list[str]) -> int:
    """Open each page once, wide and then narrow, and note what is wrong with it."""
    if not pages:
        return 0
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page = context.new_page()
    here = [pages[0]]
    listen(page, url, here, wrong)
    for each in pages:
        here[0] = each
        page.set_viewport_size(DESKTOP)
        page.goto(url + each.address)
        open_everything(page)
        direction = page.get_attribute("html", "dir")
        assert (page.get_attribute("html", "lang"), direction) == (language, "rtl" if language == "ar" else "ltr")
        judge(page, f"{each.shape} ({each.address}) as {each.who}, wide", wrong)
        page.set_viewport_size(PHONE)
        judge(page, f"{each.shape} ({each.address}) as {each.who}, narrow", wrong)
    context.close()
    return len(pages)


def listen(page, url, here, wrong) -> None:
    """The browser's complaints, and whatever is asked of another host."""
    page.on("pageerror", lambda error: wrong.append(f"{here[0].shape}: {error}"))
    page.on(
        "console",
        lambda message: (
            wrong.append(f"{here[0].shape}: {message.text}")
            if message.type in {"error", "warning"} and "Failed to load resource" not in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            wrong.append(f"{here[0].shape} asks {asked.url}") if not asked.url.startswith((url, "data:")) else None
        ),
    )


def open_everything(page) -> None:
    """What is folded away is part of the page."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


def judge(page, where: str, wrong: list[str]) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", ONLY_VIOLATIONS)["violations"]
    wrong += [f"{where}: {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:2]]
    sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if sideways > 0:
        wrong.append(f"{where}: {sideways} px sideways")


def test_a_form_sent_with_mistakes_says_where_they_are(browser, live_server):
    """The same for the answer to a form with mistakes: its summary links to the fields, and axe finds nothing."""
    walk = walk_to("records.give_opinion")
    client = signed_in(walk.doctor)
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(client), "url": live_server.url}])
    page = context.new_page()
    wrong: list[str] = []

    page.goto(live_server.url + reverse("turns:take", args=["journey", walk.journey.pk, "records.give_opinion"]))
    page.click("main form:has([name=key]) button.btn-primary")
    page.wait_for_selector(".cp-wrong a")
    judge(page, "a form with mistakes", wrong)
    page.click(".cp-wrong a[href='#id_plan']")

    assert wrong == []
    assert page.evaluate("document.activeElement.id") == "id_plan"
    context.close()
