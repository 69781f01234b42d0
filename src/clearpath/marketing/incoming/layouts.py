"""The columns of each kind of file, as its product writes them.

Meta: what Ads Manager and Business Suite hand out for an instant form, as TSV in UTF-16 or CSV in UTF-8. Fixed columns
stand first, then one per question, named after it; keys carry their kind (`l:` lead, `f:` form, `p:` phone).
Source: Meta, Marketing API, "Retrieving leads", read 2026-11-26, and exports in public repositories.
Google: the CSV of a lead form asset. Its headings differ by account and language; those that stand here are the
identifiers of the webhook (Google Ads, "Lead form webhook", read 2026-11-26) and their English names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: for each of our fields the headings that may hold it, the best first. `left_out`: what nobody needs.

    Every other column is a question of the form: what is answered there is what the person asks for.
    """

    key: str
    columns: dict[str, tuple[str, ...]]
    left_out: frozenset[str] = frozenset()
    has_questions: bool = True


NAMES = {
    "name": ("full_name", "name", "ad_soyad", "الاسم"),
    "first_name": ("first_name",),
    "last_name": ("last_name", "surname"),
    "email": ("email", "e_mail", "user_email", "email_address", "work_email"),
    "phone": ("phone_number", "phone", "telephone", "user_phone", "mobile", "mobile_number", "work_phone_number"),
    "country": ("country", "country_code"),
    "language": ("language",),
    "channel": ("channel",),
    "consent": ("consent", "agreed"),
    "consent_wording": ("consent_wording",),
    "consent_language": ("consent_language",),
    "consented_at": ("consented_at",),
    "asks": ("asks", "message", "question"),
}
META = Layout(
    "meta",
    NAMES | {"consented_at": ("created_time",), "channel": ("platform",), "key": ("id", "lead_id")},
    frozenset({
        "id", "lead_id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name",
        "form_id", "form_name", "is_organic", "platform", "inbox_url", "lead_status", "retailer_item_id", "vehicle",
        "partner_name", "post_code", "zip_code", "zip", "street_address", "city", "state", "province", "date_of_birth",
        "gender", "marital_status", "relationship_status", "military_status", "company_name", "job_title",
    }),
)  # fmt: skip
GOOGLE = Layout(
    "google",
    NAMES
    | {
        "name": ("full_name", "user_name", "name"),
        "consented_at": ("lead_submit_time", "lead_submission_time", "submission_time", "date_submitted", "date"),
        "key": ("lead_id",),
        "is_test": ("is_test", "test_lead"),
    },
    frozenset({
        "lead_id", "gclid", "gcl_id", "google_click_id", "form_id", "lead_form_id", "form_name", "lead_form_name",
        "campaign_id", "campaign", "campaign_name", "adgroup_id", "ad_group_id", "ad_group", "ad_group_name",
        "creative_id", "asset_group_id", "asset_group", "lead_stage", "api_version", "google_key", "is_test",
        "test_lead", "postal_code", "zip_code", "city", "region", "street_address", "company_name", "job_title",
        "lead_submit_time", "lead_submission_time", "submission_time", "date_submitted", "date",
    }),
)  # fmt: skip
OWN = Layout("own", NAMES | {"key": ("key",)}, has_questions=False)
LAYOUTS = {layout.key: layout for layout in (META, GOOGLE, OWN)}


def plain(heading: str) -> str:
    """A heading as it is compared: small letters, one underscore for whatever stands between words."""
    return _WORDS.sub("_", heading.strip().casefold()).strip("_")


def layout_of(headings: Iterable[str]) -> Layout:
    """Which kind of file these headings are."""
    names = {plain(heading) for heading in headings}
    if {"created_time", "form_id"} <= names:
        return META
    if names & {"gclid", "gcl_id", "google_click_id", "lead_submit_time", "user_email", "user_phone"}:
        return GOOGLE
    return OWN


def places(layout: Layout, headings: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """For each of our fields the heading that holds it, and the headings of the form's questions."""
    by_name: dict[str, str] = {}
    for heading in headings:
        by_name.setdefault(plain(heading), heading)
    found = {
        field: by_name[name]
        for field, names in layout.columns.items()
        for name in [next((each for each in names if each in by_name), "")]
        if name
    }
    taken = {plain(heading) for heading in found.values()} | layout.left_out
    questions = [heading for name, heading in by_name.items() if name and name not in taken]
    return found, questions if layout.has_questions else []
