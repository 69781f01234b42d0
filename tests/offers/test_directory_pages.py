"""The provider's own page, the page that everybody sees, and a file from choosing it to its one confirmation."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from clearpath import jobs
from clearpath.offers.directory import files
from clearpath.offers.models import Capacity, DirectoryFile, Service, Site
from clearpath.parties.models import Person
from tests.factories import actor_at, make_organisation, make_person
from tests.offers import sheets

pytestmark = pytest.mark.django_db
LAY = "offers:lay_file"


@pytest.fixture
def provider():
    return make_organisation("provider")


@pytest.fixture
def desk(client, provider):
    """The provider's international desk, signed in."""
    client.force_login(Person.objects.get(pk=actor_at(provider, "provider").person_id))
    return client


def lay(desk, content, name="directory.xlsx", **answers):
    return desk.post(reverse(LAY), {"file": SimpleUploadedFile(name, content), **answers}, follow=True)


def take(desk, file):
    return desk.post(reverse("offers:take_file", args=[file.pk]), follow=True)


def test_nothing_is_changed_before_the_preview_was_confirmed(desk, provider):
    page = lay(desk, sheets.whole(3))

    assert Site.objects.count() == 0
    told = page.content.decode()
    assert "Take 7 changes" in told  # a site, a doctor, three services, a package, a week
    page = take(desk, DirectoryFile.objects.get())
    assert Service.objects.filter(provider=provider).count() == 3
    assert "New knee" in page.content.decode()
    assert bytes(DirectoryFile.objects.get().content) == b""


def test_three_bad_rows_are_repaired_on_the_page_and_the_good_ones_kept(desk):
    rows = sheets.services(200)
    rows[3][7] = "8.000"  # price from: eight, or eight thousand?
    rows[5][2] = "Kneee"  # procedure
    rows[7][1] = "ANNEX"  # no such site
    page = lay(desk, sheets.workbook(sites=sheets.SITES, services=rows)).content.decode()
    file = DirectoryFile.objects.get()

    assert page.count('name="fix:service:') == 3
    assert 'name="fix:service:4:price_from" value="8.000"' in page
    assert "3 rows are left out" in page
    assert "Services, row 6" in page
    page = desk.post(
        reverse("offers:repair_file", args=[file.pk]),
        {
            "fix:service:4:price_from": "8000",
            "fix:service:6:procedure": "knee_replacement",
            "fix:service:8:site": "MAIN",
        },
        follow=True,
    ).content.decode()
    assert 'name="fix:' not in page
    take(desk, file)
    assert Service.objects.count() == 200
    assert set(Service.objects.values_list("price_from_minor", flat=True)) == {800_000}


def test_what_is_left_unrepaired_stays_out_and_the_rest_is_taken(desk):
    rows = sheets.services(3)
    rows[2][4] = "four"

    assert "without 1 wrong row" in lay(desk, sheets.workbook(sites=sheets.SITES, services=rows)).content.decode()
    take(desk, DirectoryFile.objects.get())
    assert Service.objects.count() == 2


def test_a_change_is_shown_field_by_field(desk):
    lay(desk, sheets.whole())
    take(desk, DirectoryFile.objects.get())
    rows = sheets.services()
    rows[1] = [*sheets.KNEE[:8], 9000, *sheets.KNEE[9:]]

    page = lay(desk, sheets.workbook(services=rows)).content.decode()

    assert "EUR\u00a09,500.50" in page
    assert "EUR\u00a09,000.00" in page
    assert "Price to" in page


def test_a_file_that_cannot_be_read_says_why(desk):
    page = lay(desk, b"\x89PNG\r\n\x1a\n\x00\x00", name="photo.xlsx").content.decode()

    assert "cannot be read" in page
    assert Site.objects.count() == 0


def test_a_big_file_is_read_and_taken_by_a_worker_and_the_page_shows_how_far_it_is(desk, monkeypatch):
    monkeypatch.setattr(files, "BIG", 1000)
    page = lay(desk, sheets.whole()).content.decode()
    file = DirectoryFile.objects.get()

    assert "<progress" in page
    assert "every 2s" in page
    while jobs.run_due(strict=True):
        pass
    partial = desk.get(reverse("offers:directory_file", args=[file.pk]), headers={"HX-Request": "true"})
    assert partial["HX-Refresh"] == "true"
    assert "Take 5 changes" in desk.get(reverse("offers:directory_file", args=[file.pk])).content.decode()
    take(desk, file)
    assert Site.objects.count() == 0
    while jobs.run_due(strict=True):
        pass
    file.refresh_from_db()
    assert (file.state, Site.objects.count()) == ("done", 1)


def test_a_dropped_file_leaves_nothing(desk):
    lay(desk, sheets.whole())
    desk.post(reverse("offers:drop_file", args=[DirectoryFile.objects.get().pk]))

    assert DirectoryFile.objects.count() == Site.objects.count() == 0


def test_another_provider_finds_no_file(desk, client):
    lay(desk, sheets.whole())
    file = DirectoryFile.objects.get()
    other = make_organisation("provider")
    client.force_login(Person.objects.get(pk=actor_at(other, "provider").person_id))

    for name in ("directory_file", "repair_file", "take_file", "drop_file"):
        ask = client.get if name == "directory_file" else client.post
        assert ask(reverse(f"offers:{name}", args=[file.pk])).status_code == 404
    assert DirectoryFile.objects.count() == 1


def test_the_own_page_is_for_providers_alone(client):
    client.force_login(make_person())

    for name in ("what_we_do", "export", LAY.partition(":")[2]):
        assert client.get(reverse(f"offers:{name}")).status_code == 404
    assert client.post(reverse("offers:capacity")).status_code == 404


def test_places_by_week_are_changed_on_the_page(desk):
    lay(desk, sheets.workbook(sites=sheets.SITES))
    take(desk, DirectoryFile.objects.get())
    site = Site.objects.get()
    page = desk.get(reverse("offers:what_we_do"))
    monday = page.context["provider"].weeks[0].monday

    desk.post(reverse("offers:capacity"), {f"{site.pk}:{monday}": "4", f"{site.pk}:2026-13-01": "4", "x:y": "z"})

    assert list(Capacity.objects.values_list("week", "places")) == [(monday, 4)]

    told = desk.post(reverse("offers:capacity"), {f"{site.pk}:{monday}": "-5"}, follow=True).content.decode()

    assert "a whole number from 0 to 9999" in told
    assert Capacity.objects.get().places == 4


def test_the_workbook_holds_no_formula(desk):
    sites = [sheets.SITES[0], ["MAIN", '\'=HYPERLINK("http://x")', "TR", "+Istanbul", "IST"]]
    lay(desk, sheets.workbook(sites=sites))
    take(desk, DirectoryFile.objects.get())
    assert Site.objects.get().name == '=HYPERLINK("http://x")'

    kept = load_workbook(io.BytesIO(desk.get(reverse("offers:export")).content))
    cells = [cell for page in kept for row in page.iter_rows() for cell in row]

    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert '\'=HYPERLINK("http://x")' in [cell.value for cell in cells]
    assert "'=HYPERLINK" in desk.get(reverse("offers:export"), {"as": "csv", "kind": "site"}).content.decode()


def test_everybody_on_the_network_sees_a_verified_provider_and_nobody_another(client, desk, provider):
    lay(desk, sheets.whole())
    take(desk, DirectoryFile.objects.get())
    waiting = make_organisation("provider", verified=False)
    client.force_login(make_person())

    page = client.get(reverse("offers:provider", args=[provider.pk])).content.decode()

    assert "EUR&nbsp;8,000.00" in page
    assert "Dr. Can Demir" in page
    assert "Ministry of Health" in page
    assert client.get(reverse("offers:provider", args=[waiting.pk])).status_code == 404
    assert client.get(reverse("offers:provider", args=[make_organisation("facilitator").pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_the_same_queries_for_any_number_of_services(desk, provider, count, django_assert_max_num_queries):
    lay(desk, sheets.whole(count))
    take(desk, DirectoryFile.objects.get())

    with django_assert_max_num_queries(34):
        desk.get(reverse("offers:provider", args=[provider.pk]))
