from types import SimpleNamespace

import pytest

from clearpath.web import navigation, words
from clearpath.web.context import Shell

pytestmark = pytest.mark.urls("tests.web.urls")


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch):
    monkeypatch.setattr(navigation, "_places", {})
    monkeypatch.setattr(navigation, "_menu", {})
    monkeypatch.setattr(navigation, "_bell", [])
    monkeypatch.setattr(navigation, "_switch", [])
    monkeypatch.setattr(words, "_words", {})


def test_places_are_those_of_the_role_and_of_everybody_in_order(rf):
    navigation.register("doctor", "Later", "web:style_door", "user", 20)
    navigation.register("*", "First", "web:style", "user", 10, count=lambda _request: 3)
    navigation.register("agency", "Not for doctors", "web:style_refusal", "user", 5)

    shown = navigation.places_for("doctor", rf.get("/style/door"))

    assert [(link.label, link.url, link.current, link.count) for link in shown] == [
        ("First", "/style", False, 3),
        ("Later", "/style/door", True, 0),
    ]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "/"), ("/style", "/style"), ("/style/door", "/style"), ("/styles", ""), ("/elsewhere", "")],
)
def test_the_current_place_is_the_one_that_holds_the_page(rf, monkeypatch, path, current):
    monkeypatch.setattr(navigation, "_url_of", lambda entry: entry.url_name)
    navigation.register("doctor", "Start", "/", "user")
    navigation.register("doctor", "Style", "/style", "user")

    shown = navigation.places_for("doctor", rf.get(path))

    assert [link.url for link in shown if link.current] == [current] * bool(current)


def test_a_place_of_a_package_that_is_left_out_is_not_shown(rf):
    navigation.register("doctor", "Queue", "nowhere:queue", "list")

    assert navigation.places_for("doctor", rf.get("/")) == []


def test_registering_a_place_twice_shows_it_once(rf):
    navigation.register("doctor", "Old", "web:style", "user")
    navigation.register("doctor", "New", "web:style", "user")

    assert [link.label for link in navigation.places_for("doctor", rf.get("/"))] == ["New"]


@pytest.mark.parametrize(("count", "tabs", "more"), [(3, 3, 0), (5, 5, 0), (6, 4, 2)])
def test_tabs_hold_what_fits_a_phone(rf, count, tabs, more):
    shell = Shell(rf.get("/"))
    shell.places = [navigation.Link(f"{n}", f"/{n}", "user", False, 0) for n in range(count)]

    assert (len(shell.tabs), len(shell.more)) == (tabs, more)


def test_the_shell_of_nobody_asks_for_no_hat(rf):
    request = rf.get("/")
    request.hats = []

    shell = Shell(request)

    assert (shell.role, shell.name, shell.places, shell.hats, shell.bell) == ("", "", [], [], None)


def test_the_shell_knows_in_which_role_the_reader_acts_and_which_others_they_have(rf):
    doctor = SimpleNamespace(key="d", role="doctor", organisation="Marmara", for_person="")
    patient = SimpleNamespace(key="p", role="patient", organisation="", for_person="")
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=True, name="Selin")
    request.hat, request.hats = doctor, [doctor, patient]
    navigation.register_switch("web:style")

    shell = Shell(request)

    assert (shell.role, shell.name, shell.acting_for, shell.hats) == ("doctor", "Selin", "Marmara", [patient])


def test_without_a_page_to_change_roles_there_is_no_choice(rf):
    hats = [SimpleNamespace(key=key, role="doctor", organisation="", for_person="") for key in "ab"]
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=True, name="Selin")
    request.hat, request.hats = hats[0], hats

    assert Shell(request).hats == []


def test_words_are_those_registered_or_the_key_made_readable():
    words.register({"consent": "your consent"})

    assert [str(words.word_for(key)) for key in ("consent", "doctor", "records.give_opinion", "not consent")] == [
        "your consent",
        "Doctor",
        "give opinion",
        "not: your consent",
    ]
