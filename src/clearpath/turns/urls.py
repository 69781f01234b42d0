"""Addresses of the pages that every subject has."""

from django.urls import path

from clearpath.turns import pages

app_name = "turns"
KINDS = (
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
)

urlpatterns = [
    *(path(f"{kind}s", pages.subject_list, {"kind": kind}, name=f"all_{kind}") for kind in KINDS),
    path("notices", pages.notices, name="notices"),
    path("new/<str:name>", pages.start, name="start"),
    path("<str:kind>/<uuid:subject_id>/", pages.subject_page, name="subject"),
    path("<str:kind>/<uuid:subject_id>/do/<str:name>", pages.take, name="take"),
    path("<str:kind>/<uuid:subject_id>/write", pages.write, name="write"),
    path("<str:kind>/<uuid:subject_id>/hand-off", pages.hand_off, name="hand_off"),
    path("<str:kind>/<uuid:subject_id>/hand-off/<uuid:hand_off_id>", pages.answer_hand_off, name="answer_hand_off"),
    path("<str:kind>/<uuid:subject_id>/seat/<uuid:seat_id>", pages.answer_seat, name="answer_seat"),
    path("<str:kind>/<uuid:subject_id>/document/<uuid:document_id>", pages.document, name="document"),
]
