from pathlib import Path

import pytest
from django.forms import Form
from django.template.loader import get_template

import clearpath.web

pytestmark = pytest.mark.urls("tests.web.urls")
TEMPLATES = Path(clearpath.web.__file__).parent / "templates"


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("name", sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html")))
def test_every_template_can_be_read(name):
    assert get_template(name)


@pytest.mark.parametrize("address", ["/style", "/style/door", "/style/refusal"])
def test_the_style_pages_do_not_exist_on_a_real_network(client, settings, address):
    settings.DEMO = settings.DEBUG = False

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("tr", "ltr"), ("ar", "rtl")])
def test_a_page_is_in_the_readers_language_and_direction(client, demo, language, direction):
    page = client.get("/style", HTTP_ACCEPT_LANGUAGE=language).content.decode()

    assert f'<html lang="{language}" dir="{direction}">' in page
    assert ("tabler.rtl.min.css" in page) == (direction == "rtl")


def test_a_page_is_served_under_a_policy_that_allows_no_other_host_and_no_inline_code(client, demo):
    policy = client.get("/style")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_when_something_broke_the_page_needs_no_context(name):
    assert "<h1>" in get_template(name).render()


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "429.html"])
def test_the_other_apologies_stand_with_a_request_alone(rf, name):
    assert get_template(name).render({}, rf.get("/")).count("<h1>") == 1


def test_the_door_shows_personas_only_where_there_are_any(client, demo, rf):
    with_personas = client.get("/style/door").content.decode()
    without = get_template("web/door.html").render({"form": Form()}, rf.get("/"))

    assert with_personas.count('class="cp-persona"') == 6
    assert "cp-persona" not in without


def test_sign_in_wears_our_dress_and_works_by_a_plain_form(client):
    page = client.get("/accounts/login/").content.decode()

    assert 'class="cp cp-entrance"' in page
    assert '<form method="post" action="/accounts/login/">' in page
    assert "cp-persona" not in page
