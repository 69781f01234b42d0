"""Pictures of advertisements, and what people answer for before one runs."""

import io
from datetime import date

import pytest
from django.urls import reverse
from PIL import Image

from clearpath.core.outcomes import Refused
from clearpath.marketing import steps
from clearpath.marketing.models import Creative, CreativePicture
from tests.factories import actor_at, make_organisation
from tests.marketing.factories import agency_of, client_of, make_campaign, make_creative
from tests.marketing.test_pages import page_of, sign_in, start, take

pytestmark = pytest.mark.django_db

LOUD = {"title": "The best hospital", "text": "Guaranteed, for €2,400."}
CLAIM = "We publish how many of all patients walk after a year."
PRICE = {"tr_price_without_inclusions": "Aimed at Kuwait only; four nights are included.",
         "kw_price_without_inclusions": "Our lawyer in Kuwait has a permit.",
         "tr_superlative": "We took the word out of the Turkish one."}  # fmt: skip


def doctor_of(creative):
    return actor_at(creative.doctor_id, "doctor")


def drawing(form="PNG", size=(40, 30), **options):
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, form, **options)
    return written.getvalue()


def photograph():
    """A JPEG that tells where and with which camera it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Canary Camera", 6
    exif.get_ifd(0x8825)[1] = "N"
    return drawing("JPEG", (3000, 1000), exif=exif, comment=b"Canary comment")


def test_a_claim_that_stands_out_is_answered_for_by_the_doctor_before_it_is_right():
    creative = make_creative(**LOUD)

    for answers in ({}, {"tr_guarantee": " "}, {"any_guarantee": CLAIM}):
        with pytest.raises(Refused, match="mark_without_answer"):
            steps.check_claims(creative, reviewed=answers, by=doctor_of(creative))
    creative.refresh_from_db()
    assert (creative.facts, creative.reviewed, creative.claims_checked_at) == ([], {}, None)

    steps.check_claims(creative, reviewed={"tr_guarantee": f" {CLAIM} ", "nonsense": "x"}, by=doctor_of(creative))
    creative.refresh_from_db()
    assert creative.reviewed == {"doctor": {"tr_guarantee": CLAIM}}


def test_a_promise_and_a_price_are_answered_for_by_the_client_beside_the_doctors_answers():
    creative = make_creative(**LOUD)
    steps.check_claims(creative, reviewed={"tr_guarantee": CLAIM}, by=doctor_of(creative))

    for missing in PRICE:
        with pytest.raises(Refused, match="mark_without_answer"):
            steps.approve_creative(creative, reviewed=PRICE | {missing: ""}, by=client_of(creative.part_of))
    steps.approve_creative(creative, reviewed=PRICE, by=client_of(creative.part_of))

    creative.refresh_from_db()
    assert (creative.stage, creative.reviewed) == ("approved", {"doctor": {"tr_guarantee": CLAIM}, "client": PRICE})


def test_a_country_without_rules_is_answered_for_by_the_client():
    creative = make_creative(countries=["ZZ"])
    steps.check_claims(creative, by=doctor_of(creative))

    with pytest.raises(Refused, match="mark_without_answer"):
        steps.approve_creative(creative, by=client_of(creative.part_of))
    steps.approve_creative(creative, reviewed={"unknown:ZZ": "A lawyer read it."}, by=client_of(creative.part_of))


def test_doctor_and_client_read_the_rules_and_answer_in_the_form(client):
    creative = make_creative(**LOUD)
    sign_in(client, doctor_of(creative))

    form = client.get(reverse("turns:take", args=["creative", creative.pk, "marketing.check_claims"])).content.decode()
    assert "Guaranteed" in form
    assert "Official Gazette 33075" in form  # beside the form
    assert "mark-tr_guarantee" in form
    assert "mark-tr_price_without_inclusions" not in form  # not the doctor's
    assert take(client, creative, "marketing.check_claims", note="").status_code == 422
    assert take(client, creative, "marketing.check_claims", **{"mark-tr_guarantee": CLAIM}).status_code == 302

    sign_in(client, client_of(creative.part_of))
    page = client.get(page_of(creative)).content.decode()
    assert CLAIM in page
    assert "not yet, by the client" in page
    take(client, creative, "marketing.approve_creative", **{f"mark-{key}": text for key, text in PRICE.items()})
    creative.refresh_from_db()
    assert (creative.stage, creative.reviewed["client"]) == ("approved", PRICE)


def submit(client, campaign, **fields):
    details = {"campaign_id": campaign.pk, "title": "Walk again", "text": "Knees", "landing_page": "https://example.org",
               "first_day": "2026-06-01", "last_day": "2030-06-30"}  # fmt: skip
    return start(client, "marketing.submit_creative", **(details | fields))


def test_the_agency_reads_what_stands_out_before_it_submits(client):
    campaign = make_campaign()
    sign_in(client, agency_of(campaign))

    answer = submit(client, campaign, text="Garantili!")

    page = answer.content.decode()
    assert (answer.status_code, Creative.objects.count()) == (422, 0)
    assert "“Garantili”" in page
    assert 'name="marks_read"' in page
    assert submit(client, campaign, text="Garantili!", marks_read="on").status_code == 302
    assert Creative.objects.get().stage == "checking"  # nothing is refused by a program


def test_a_picture_is_sent_by_the_form_and_shown_to_who_checks_it_and_to_nobody_else(client):
    campaign = make_campaign()
    sign_in(client, agency_of(campaign))
    sent = {"picture": io.BytesIO(drawing()), "picture_alt": "A teal wall"}
    sent["picture"].name = "wall.png"

    assert submit(client, campaign, **sent).status_code == 302

    creative = Creative.objects.get()
    url = reverse("marketing:creative_picture", args=[creative.pk, creative.picture_key])
    for actor in (agency_of(campaign), client_of(campaign), doctor_of(creative)):
        sign_in(client, actor)
        assert f'src="{url}" alt="A teal wall"' in client.get(page_of(creative)).content.decode()
        assert client.get(url).content == bytes(creative.picture.content)
    sign_in(client, actor_at(make_organisation("agency"), "agency"))
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_picture_without_words_for_who_does_not_see_it_is_sent_back(client):
    campaign = make_campaign()
    sign_in(client, agency_of(campaign))

    assert submit(client, campaign, picture=io.BytesIO(drawing())).status_code == 422
    assert Creative.objects.count() == 0
    with pytest.raises(Refused, match="picture_not_described"):
        make_creative(campaign, picture=drawing(), picture_alt=" ")


def test_a_picture_is_drawn_anew_upright_smaller_and_without_what_the_camera_wrote():
    creative = make_creative(picture=photograph(), picture_alt="A wall")

    content = bytes(creative.picture.content)
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (400, 1200), {})
    assert b"Canary" in photograph()
    assert b"Canary" not in content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_of_each_kind_are_taken(form):
    assert make_creative(picture=drawing(form), picture_alt="A wall").picture_key


@pytest.mark.parametrize(
    "content",
    [b"nonsense", drawing("GIF"), drawing()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", bytes(5_000_001)],
    ids=["nonsense", "GIF", "cut", "SVG", "large"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_nothing_remains(content):
    with pytest.raises(Refused, match="picture_not_readable"):
        make_creative(picture=content, picture_alt="A wall")

    assert (Creative.objects.count(), CreativePicture.objects.count()) == (0, 0)


def test_a_picture_is_looked_at_for_before_and_after_by_the_doctor():
    creative = make_creative(picture=drawing(), picture_alt="A wall")

    with pytest.raises(Refused, match="mark_without_answer"):
        steps.check_claims(creative, by=doctor_of(creative))
    steps.check_claims(creative, reviewed={"tr_before_after_pictures": "It shows a wall."}, by=doctor_of(creative))


def test_words_on_the_picture_stand_out_too():
    creative = make_creative(picture=drawing(), picture_alt="A guaranteed wall", first_day=date(2026, 6, 2))

    with pytest.raises(Refused, match="mark_without_answer"):
        steps.check_claims(creative, reviewed={"tr_before_after_pictures": "A wall."}, by=doctor_of(creative))
