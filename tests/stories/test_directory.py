"""A hospital's desk loads 200 services from Excel in a browser, repairs three bad rows, and a patient reads them."""

import pytest
from django.urls import reverse

from clearpath.offers.models import Service
from tests.factories import actor_at, make_organisation, patient_actor
from tests.offers import sheets

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def workbook():
    rows = sheets.services(200)
    rows[3][7] = "8.000"  # eight, or eight thousand?
    rows[5][2] = "Kneee"
    rows[7][1] = "ANNEX"
    return {
        "name": "services.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": sheets.workbook(sites=sheets.SITES, services=rows),
    }


@pytest.mark.parametrize("javascript", [True, False])
def test_two_hundred_services_from_excel_and_three_bad_rows(story, javascript):
    provider = make_organisation("provider", name="Harbour Clinic")
    story.joins("desk", actor_at(provider, "provider"), javascript=javascript)
    page = story.page

    page.click("nav >> text=What we do")
    page.click("text=Bring in a file")
    page.set_input_files("[type=file]", workbook())
    page.click("text=Look at it")
    assert "3 rows are left out" in story.text()
    assert page.locator("main input[aria-invalid=true]").count() == 3
    assert Service.objects.count() == 0
    page.fill("[name='fix:service:4:price_from']", "8000")
    page.fill("[name='fix:service:6:procedure']", "Knee replacement")
    page.fill("[name='fix:service:8:site']", "MAIN")
    page.click("text=Look at it again")
    assert "left out" not in story.text()
    page.click("text=Take 201 changes")
    assert "Your entry in the directory is changed" in page.inner_text("body")
    assert Service.objects.filter(provider=provider).count() == 200

    story.joins("patient", patient_actor(), javascript=javascript, phone=True)
    story.goto(reverse("offers:provider", args=[provider.pk]))
    assert "Page 1 of 8" in story.text()
    assert story.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert story.said == []
