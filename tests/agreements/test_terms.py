"""Terms part by part: from what they begin, what changed, that nobody edits them, that missing parts wait."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from clearpath.agreements import rows, steps
from clearpath.agreements.drafting import clauses_for, templates
from clearpath.agreements.models import Fee, Terms
from clearpath.agreements.policies import missing_parts, what_is_wrong_with_parts
from clearpath.charter.document import default_charter
from clearpath.core.outcomes import Refused
from tests.agreements.factories import (
    COMPLETE,
    KOREAN_FEE,
    NETWORK,
    SERVICE_FEE,
    first,
    make_agreement,
    second,
    with_terms,
)
from tests.agreements.test_pages import page_of, sign_in

pytestmark = pytest.mark.django_db
ROLES = default_charter().subjects["agreement"].positions["first"]


def propose_url(agreement):
    return reverse("turns:take", args=["agreement", agreement.pk, "agreements.propose_terms"])


# From what terms begin


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
@pytest.mark.parametrize("second_role", ROLES)
@pytest.mark.parametrize("first_role", ROLES)
def test_the_clauses_for_every_pair_of_roles_lack_nothing_but_the_governing_law(first_role, second_role, language):
    clauses = clauses_for(first_role, second_role, language=language)

    assert what_is_wrong_with_parts(clauses) is None
    missing = missing_parts(Terms(**clauses.as_fields()), {first_role, second_role})
    assert [str(each) for each in missing] == ["Governing law"]
    assert clauses.language == language
    assert set(clauses.translations) == {"en", "tr", "ar"} - {language}


def test_the_clauses_are_the_same_whoever_is_first():
    assert clauses_for("facilitator", "provider") == clauses_for("provider", "facilitator")


def test_every_clause_is_there_in_every_language_in_which_the_file_has_any():
    file = templates()
    for pair in [file["common"], *file["pairs"]]:
        for texts in [*([pair["text"]] if "text" in pair else []), *pair.get("parts", {}).values()]:
            assert set(texts) == {"en", "tr", "ar"}
            assert all(text.strip() for text in texts.values())


def test_the_first_proposal_begins_from_clauses_in_the_writers_language_and_the_next_from_the_last(client):
    agreement = make_agreement()
    sign_in(client, first(agreement))
    Fee.objects.all().delete()

    begun = client.get(propose_url(agreement)).context["form"]
    with_terms(agreement, KOREAN_FEE, SERVICE_FEE, text="Our own words.")
    again = client.get(propose_url(agreement)).context["form"]

    assert begun["part_aftercare"].value() == clauses_for("provider", "facilitator").parts["aftercare"]
    assert begun["in_tr"].value().startswith("Kolaylaştırıcı")
    assert again["text"].value() == "Our own words."
    assert again["part_complaints"].value() == "Within 14 days."
    assert [again[f"fee1_{name}"].value() for name in ("type", "payer", "how_much", "institution", "currency")] == [
        "brokerage", "first", "15 %", "clinic", "KRW",
    ]  # fmt: skip
    assert again["fee2_how_much"].value() == "300.00"
    assert again["fee3_type"].value() in (None, "")


def test_what_the_form_is_filled_with_is_proposed_as_it_stands(client):
    agreement = with_terms(make_agreement(), KOREAN_FEE | {"bundled": ("visa",), "cap_minor": 500_000}, SERVICE_FEE)
    sign_in(client, second(agreement))
    form = client.get(propose_url(agreement)).context["form"]
    filled = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", [])}

    answer = client.post(propose_url(agreement), filled | {"key": uuid4().hex})

    assert answer.status_code == 302
    before, after = agreement.versions.order_by("number")
    for name in ("text", "parts", "exclusivity", "data_purposes", "language", "translations", "governing_law"):
        assert getattr(before, name) == getattr(after, name)
    what = ("fee_type", "payer", "rate_bps", "amount_minor", "cap_minor", "currency", "jurisdiction", "bundled", "base")
    assert list(before.fees.values_list(*what)) == list(after.fees.values_list(*what))


def test_a_counter_proposal_loses_no_fee_however_many_there_are(client):
    agreement = with_terms(make_agreement(), *[KOREAN_FEE] * 5)
    sign_in(client, second(agreement))
    form = client.get(propose_url(agreement)).context["form"]
    filled = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", [])}

    client.post(propose_url(agreement), filled | {"key": uuid4().hex})

    assert [terms.fees.count() for terms in agreement.versions.order_by("number")] == [5, 5]


def test_a_state_is_written_behind_the_country(client):
    agreement = make_agreement()
    sign_in(client, first(agreement))
    fee = {"type": "brokerage", "payer": "first", "how_much": "5 %", "currency": "usd", "jurisdiction": "us-fl",
           "care_paid_by": "federal_programme", "bundled": ["visa", "lodging"], "cap": "100"}  # fmt: skip

    client.post(
        propose_url(agreement), {"text": "We.", "key": uuid4().hex} | {f"fee1_{name}": fee[name] for name in fee}
    )

    fee = Fee.objects.get()
    assert (fee.jurisdiction, fee.region, fee.cap_minor, fee.bundled) == ("US", "FL", 10_000, ["lodging", "visa"])
    assert (fee.verdict, fee.rule) == ("forbidden", "us_federal_kickback")


# What changed


def test_a_proposal_shows_line_by_line_what_it_changes(client):
    agreement = with_terms(make_agreement(), KOREAN_FEE, text="One.\nTwo.\nThree.")
    said = COMPLETE | {"exclusivity": "second", "note": "Two was too much."}
    steps.propose_terms(
        agreement, text="One.\nTwo and a half.\nThree.", fees=[KOREAN_FEE | {"rate_bps": 1_000}], by=second(agreement),
        **said,
    )  # fmt: skip

    newest, oldest = rows.terms_rows_for(first(agreement), agreement)

    assert oldest.changes == []
    assert {change.line.field: change.pieces for change in newest.changes} == {
        "text": (("same", "One."), ("removed", "Two."), ("added", "Two and a half."), ("same", "Three.")),
        "exclusivity": (
            ("removed", "Both may work with anybody"),
            ("added", "The second party works with the first alone"),
        ),
        "fee1_how_much": (
            ("removed", newest.changes[2].pieces[0][1]),
            ("added", newest.changes[2].pieces[1][1]),
        ),
    }
    assert "15\u00a0%" in newest.changes[2].pieces[0][1]
    assert "10\u00a0%" in newest.changes[2].pieces[1][1]
    sign_in(client, first(agreement))
    page = page_of(client, agreement)
    assert "<del>Two.</del>" in page
    assert "<ins>Two and a half.</ins>" in page
    assert "Two was too much." in page


def test_each_line_leads_to_its_place_in_the_counter_proposal_while_it_is_negotiated(client):
    agreement = with_terms(make_agreement(), KOREAN_FEE)
    sign_in(client, second(agreement))
    page, form = page_of(client, agreement), client.get(propose_url(agreement)).content.decode()

    for field in ("text", "part_complaints", "exclusivity", "data_purposes", "governing_law", "fee1_how_much"):
        assert f'href="{propose_url(agreement)}#id_{field}"' in page
        assert f'id="id_{field}' in form


def test_a_line_that_is_gone_or_new_is_a_change_too():
    agreement = with_terms(make_agreement(), KOREAN_FEE)
    parts = {**COMPLETE["parts"], "exclusivity": "Neither is bound."}
    del parts["aftercare"]
    steps.propose_terms(agreement, text="We work together.", by=second(agreement), **(COMPLETE | {"parts": parts}))

    newest = rows.terms_rows_for(first(agreement), agreement)[0]

    states = {change.line.field: [state for state, _text in change.pieces] for change in newest.changes}
    assert states == {"part_exclusivity": ["added"], "part_aftercare": ["removed"], "fee1_how_much": ["removed"]}


def test_a_version_in_another_language_says_which_one_prevails():
    agreement = with_terms(make_agreement(), language="tr", translations={"en": "Together."})

    lines = {line.field: line for line in rows.terms_rows_for(first(agreement), agreement)[0].lines}

    assert (lines["text"].language, lines["in_en"].language, lines["in_en"].text) == ("tr", "en", "Together.")
    assert lines["language"].text == "Turkish"


# Nobody edits them, and missing parts wait


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"parts": {}}, {"governing_law": "TR"}, {"number": 7}])
def test_the_database_refuses_to_edit_terms(change):
    agreement = with_terms(make_agreement(), KOREAN_FEE)

    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        agreement.versions.update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"rate_bps": 100},
        {"per": "month"},
        {"cap_minor": 1},
        {"currency": "EUR"},
        {"fee_type": "service"},
        {"jurisdiction": "TR"},
    ],
)
def test_the_database_refuses_to_edit_what_a_fee_is_but_keeps_what_is_known_of_it(change):
    with_terms(make_agreement(), KOREAN_FEE)

    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        Fee.objects.update(**change)

    assert Fee.objects.update(verdict="unknown", rule="") == 1


def test_terms_that_do_not_say_everything_are_not_signed_and_what_is_missing_is_named(client):
    agreement = with_terms(make_agreement(), KOREAN_FEE, governing_law="", exclusivity="")
    steps.check_fees(agreement, by=NETWORK)

    with pytest.raises(Refused, match="parts_missing") as refusal:
        steps.sign_first(agreement, by=first(agreement))

    assert "Governing law" in str(refusal.value.objection.message)
    sign_in(client, second(agreement))
    page = page_of(client, agreement)
    assert "Missing before both can sign" in page
    agreement.refresh_from_db()
    assert "first_signed" not in agreement.facts


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_the_page_of_negotiated_terms_is_drawn_in_every_language(client, language):
    agreement = with_terms(with_terms(make_agreement(), KOREAN_FEE), SERVICE_FEE, text="New.")
    sign_in(client, first(agreement))

    with translation.override(language):
        page = page_of(client, agreement)

    assert "<ins>New.</ins>" in page
