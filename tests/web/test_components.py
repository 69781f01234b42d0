import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from clearpath.web.parts import Cell, Column, Event, Message, Row, Seat, Stage, Turn

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NASTY = "<script>alert(1)</script>"


def shown(source: str, **context: object) -> str:
    return Template("{% load clearpath_web %}" + source).render(Context(context)).strip()


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("language", "minor", "currency", "amount"),
    [
        ("en", 1_245_000, "EUR", "12,450.00"),
        ("tr", 1_245_000, "EUR", "12.450,00"),
        ("ar", 1_245_000, "EUR", "12,450.00"),
        ("en", 3_890_500, "KWD", "3,890.500"),
        ("en", 98_000, "JPY", "98,000"),
        ("en", -5, "EUR", "-0.05"),
    ],
)
def test_money_has_the_decimals_of_its_currency_and_the_marks_of_the_language(language, minor, currency, amount):
    with translation.override(language):
        assert shown("{% money m c %}", m=minor, c=currency) == f'<bdi class="cp-money">{currency}&nbsp;{amount}</bdi>'


def test_when_tells_the_readers_zone_and_keeps_the_moment():
    with timezone.override("Europe/Istanbul"):
        assert shown("{% when m %}", m=NOON) == (
            '<time datetime="2026-06-01T12:00:00+00:00" title="June 1, 2026, 15:00 (Europe/Istanbul)">'
            "June 1, 2026, 15:00</time>"
        )


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("when m 'date'", "June 1, 2026"),
        ("when m 'day'", "June 1"),
        ("when m 'time'", "12:00"),
        ("when m 'time' 'Asia/Riyadh'", "15:00"),
        ("when m 'relative'", "now"),
        ("when later 'relative'", "in 3\xa0hours"),
        ("when before 'relative'", "2\xa0days ago"),
        ("when today", "June 1, 2026"),
    ],
)
def test_when_in_each_style(call, text):
    moments = {
        "m": NOON,
        "later": NOON + timedelta(hours=3),
        "before": NOON - timedelta(days=2),
        "today": date(2026, 6, 1),
    }

    assert re.sub(r"<[^>]+>", "", shown("{% " + call + " %}", **moments)) == text


def test_when_of_nothing_is_nothing():
    assert shown("{% when m %}{% due m %}", m=None) == ""


@pytest.mark.parametrize(
    ("hours", "tone", "text"),
    [(72, "calm", "due in 3\xa0days"), (3, "soon", "due in 3\xa0hours"), (-3, "late", "late by 3\xa0hours")],
)
def test_due_warns_within_a_day_and_says_how_late(hours, tone, text):
    clock = shown("{% due m %}", m=NOON + timedelta(hours=hours))

    assert f"cp-due-{tone}" in clock
    assert text in clock


def test_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in shown("{% icon 'heart' %}")
    assert 'role="img" aria-label="Heart"' in shown("{% icon 'heart' 'Heart' %}")


def test_icon_that_is_missing_stops_a_developer_and_no_reader(settings):
    assert "#circle-dashed" in shown("{% icon 'unicorn' %}")

    settings.DEBUG = True
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        shown("{% icon 'unicorn' %}")


def test_path_says_where_the_journey_stands():
    stages = [Stage("Inquiry", "done"), Stage("Decision", "now", "patient"), Stage("Treatment", "next", "doctor")]

    drawn = shown("{% path stages %}", stages=stages)

    assert 'aria-label="Stage 2 of 3"' in drawn
    assert drawn.count('aria-current="step"') == 1
    assert [drawn.index(word) for word in ("Done:", "Now:", "Later:")] == sorted(
        drawn.index(word) for word in ("Done:", "Now:", "Later:")
    )


def test_turn_card_of_mine_has_the_one_primary_button():
    mine = Turn("Choose", "patient", mine=True, url="/offers", action="Compare")

    card = shown("{% turn_card turn %}", turn=mine)

    assert "Your part now" in card
    assert '<a class="btn btn-primary btn-lg" href="/offers">Compare' in card


def test_turn_card_that_takes_a_step_is_a_form_with_its_token():
    step = Turn("Accept", mine=True, url="/accept", action="Accept", post=True)

    card = shown("{% turn_card turn %}", turn=step, csrf_token="t0ken")

    assert '<form method="post" action="/accept"><input type="hidden" name="csrfmiddlewaretoken" value="t0ken">' in card


def test_turn_card_of_somebody_else_says_whose_turn_it_is():
    assert "It is the doctor&#x27;s turn" in shown("{% turn_card turn %}", turn=Turn("Opinion", "doctor"))


def test_table_names_each_cell_for_the_phone():
    columns = [Column("Hospital"), Column("Price", "number"), Column("Open", "actions")]
    rows = [Row(("Marmara", Cell(100, "money", "EUR"), Cell("Open", "link", url="/7")))]

    drawn = shown("{% table 'Offers' columns rows %}", columns=columns, rows=rows)

    assert re.findall(r'<td[^>]*data-label="([^"]+)"', drawn) == ["Hospital", "Price", "Open"]
    assert '<caption class="visually-hidden">Offers</caption>' in drawn


def test_table_with_a_row_too_short_is_a_bug():
    with pytest.raises(ValueError, match="shorter"):
        shown("{% table 'Offers' columns rows %}", columns=[Column("A"), Column("B")], rows=[Row(("only one",))])


@pytest.mark.parametrize(
    "source",
    [
        "{% seat seat %}",
        "{% path stages %}",
        "{% turn_card turn %}",
        "{% whose_turn turns %}",
        "{% timeline events %}",
        "{% thread thread %}",
        "{% table nasty columns rows %}",
        "{% stat nasty nasty nasty %}",
        "{% empty_state nasty nasty 'inbox' '#' nasty %}",
        "{% money 1 nasty %}",
    ],
)
def test_what_people_typed_is_never_markup(source):
    seat = Seat("doctor", NASTY, NASTY)
    drawn = shown(
        source,
        nasty=NASTY,
        seat=seat,
        stages=[Stage(NASTY, "now", what=NASTY)],
        turn=Turn(NASTY, "doctor", NASTY, NASTY, url="#", action=NASTY),
        turns=[Turn(NASTY, "doctor", NASTY)],
        events=[Event(NOON, NASTY, seat, detail=NASTY)],
        thread=[Message(NOON, seat, NASTY, topic=NASTY)],
        columns=[Column(NASTY)],
        rows=[Row((NASTY,))],
    )

    assert "&lt;script&gt;" in drawn
    assert "<script" not in drawn


class Wish(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the passport.")
    note = forms.CharField(label="Note", required=False)
    how = forms.ChoiceField(label="How", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agree = forms.BooleanField(label="Agree")
    token = forms.CharField(widget=forms.HiddenInput)


def test_every_control_has_a_label_and_every_reference_a_target():
    for form in (Wish(), Wish({"name": ""})):
        drawn = shown("{% form_fields form %}", form=form)
        ids = set(re.findall(r'\sid="([^"]+)"', drawn))
        visible = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', drawn)

        assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', drawn)) == set(visible)
        assert {one for each in re.findall(r'aria-describedby="([^"]+)"', drawn) for one in each.split()} <= ids


def test_what_is_wrong_is_said_at_the_top_and_at_the_field():
    drawn = shown("{% form_fields form %}", form=Wish({"token": "x", "how": "a", "agree": "on"}))

    assert 'role="alert"' in drawn
    assert '<a href="#id_name">Name</a>: This field is required.' in drawn
    assert re.search(
        r'<input[^>]*name="name"[^>]*aria-invalid="true"[^>]*aria-describedby="id_name_helptext id_name_error"', drawn
    ) or re.search(
        r'<input[^>]*name="name"[^>]*aria-describedby="id_name_helptext id_name_error"[^>]*aria-invalid="true"', drawn
    )


def test_optional_fields_say_so_and_required_ones_do_not():
    drawn = shown("{% form_fields form %}", form=Wish())

    assert drawn.count("(optional)") == 1
