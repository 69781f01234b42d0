import pytest

from clearpath.core.outcomes import NotFound, NotYourPart, Objection, Refused
from clearpath.web.middleware import answer_to

pytestmark = pytest.mark.urls("tests.web.urls")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.mark.parametrize(("address", "status"), [("/missing", 404), ("/not-yours", 403), ("/refused", 409)])
def test_each_outcome_has_its_status_and_a_whole_page(client, address, status):
    page = client.get(address)

    assert page.status_code == status
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize(("address", "status"), [("/missing", 404), ("/not-yours", 403), ("/refused", 409)])
def test_for_htmx_the_card_alone_is_aimed_at_the_notice(client, address, status):
    card = client.get(address, **HTMX)

    assert (card.status_code, card["HX-Retarget"], card["HX-Reswap"]) == (status, "#notice", "innerHTML")
    assert "<html" not in card.content.decode()
    assert 'class="cp-refusal"' in card.content.decode()


def test_not_your_part_names_the_rightful_role_what_is_missing_and_offers_to_hand_it_over(client):
    page = client.get("/not-yours").content.decode()

    assert "Only a doctor may say so." in page
    assert '<form method="post" action="/hand-off/7">' in page
    assert '<input type="hidden" name="step" value="records.give_opinion">' in page
    assert "Hand this to the doctor" in page
    assert 'class="cp-missing"' in page


def test_without_an_address_to_hand_it_to_there_is_no_such_button(client):
    page = client.get("/not-yours?nowhere").content.decode()

    assert "Only a doctor may say so." in page
    assert "Hand this to the doctor" not in page


def test_a_refusal_speaks_the_readers_language(client):
    page = client.get("/not-yours", HTTP_ACCEPT_LANGUAGE="tr").content.decode()

    assert "Bunu doktora devret" in page
    assert '<html lang="tr" dir="ltr">' in page


def test_what_an_objection_says_is_text_and_not_markup(client):
    assert "&lt;b&gt;expired&lt;/b&gt;" in client.get("/refused").content.decode()


def test_a_bug_is_not_an_outcome(client):
    with pytest.raises(ValueError, match="a bug"):
        client.get("/broken")


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_language_form_comes_back_only_to_what_can_be_asked_for(rf, method):
    request = getattr(rf, method)("/refused?page=2")

    page = answer_to(request, Refused(Objection("no", "No."))).content.decode()

    back = "/refused?page=2" if method == "get" else "/"
    assert f'<input type="hidden" name="next" value="{back}">' in page


@pytest.mark.parametrize(
    ("cookie", "zone"),
    [("Europe/Istanbul", "Europe/Istanbul"), ("", "UTC"), ("Atlantis/Main", "UTC"), ("../../etc/passwd", "UTC")],
)
def test_times_are_told_in_the_zone_of_the_device_where_it_is_a_zone(client, cookie, zone):
    client.cookies["clearpath_zone"] = cookie

    assert client.get("/zone").content.decode() == zone


@pytest.mark.parametrize("kind", [NotFound, Refused])
def test_answer_to_needs_nothing_on_the_request(rf, kind):
    assert answer_to(rf.get("/"), kind(Objection("no", "No."))).status_code in {404, 409}


def test_not_your_part_with_only_something_missing_blames_nobody(rf):
    outcome = NotYourPart(Objection("missing", "First this."), step="offers.accept", missing=("consent",))

    page = answer_to(rf.get("/"), outcome)

    assert page.status_code == 403
    assert "Something comes first" in page.content.decode()
    assert "Whose part it is" not in page.content.decode()
